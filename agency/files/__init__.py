"""Files that somebody sends: what they are is found out from their content, in a process of its own (`decoding/`).

`examine` gives a file that may be kept, or refuses with a sentence; `UploadField` asks for one in a form; `stored` and `served`
put it into the private storage under a random name and hand it out. docs/files.md tells what is taken.
"""

from agency.files.asking import FilesField, UploadField
from agency.files.keeping import random_name, served, stored
from agency.files.looking import Arrived, digest_of, examine, text_of
from agency.files.types import TYPES, WITH_TEXT, clean_name

__all__ = [
    "TYPES",
    "WITH_TEXT",
    "Arrived",
    "FilesField",
    "UploadField",
    "clean_name",
    "digest_of",
    "examine",
    "random_name",
    "served",
    "stored",
    "text_of",
]
