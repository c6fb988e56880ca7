"""Files that somebody sends: what they are is found out from their content, in a process of its own (`decoding/`).

`examine` gives a file that may be kept, or refuses with a sentence; `UploadField` asks for one in a form; `stored` and `served`
put it into the private storage under a random name and hand it out; `draw_page` and `draw_difference` make images of pages.
docs/files.md tells what is taken.
"""

from agency.files.asking import FilesField, UploadField, takes_media
from agency.files.drawing import WITH_PAGES, draw_difference, draw_page
from agency.files.keeping import random_name, served, stored
from agency.files.looking import Arrived, digest_of, examine, text_of
from agency.files.types import TYPES, WITH_TEXT, clean_name

__all__ = [
    "TYPES",
    "WITH_PAGES",
    "WITH_TEXT",
    "Arrived",
    "FilesField",
    "UploadField",
    "clean_name",
    "digest_of",
    "draw_difference",
    "draw_page",
    "examine",
    "random_name",
    "served",
    "stored",
    "takes_media",
    "text_of",
]
