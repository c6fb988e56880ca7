"""Compiles the catalogues of locale/ whose text is newer than what was compiled of it. `python -P agency/catalogues.py`

A script, for the build has neither settings nor Django at hand. Not `pybabel compile`: it refuses a language with one form for
one and many (Chinese) to count where English says "the step is late", without a number.
"""

import os
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE = Path(__file__).resolve().parent.parent / "locale"


def compile_stale():
    """Runs beside others doing the same without harm: a catalogue is in its place whole or not at all."""
    for path in LOCALE.glob("*/LC_MESSAGES/*.po"):
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime_ns >= path.stat().st_mtime_ns:
            continue
        bits = BytesIO()
        with path.open("rb") as file:
            write_mo(bits, read_po(file, locale=path.parts[-3]))
        fresh = compiled.with_suffix(f".{os.getpid()}")
        fresh.write_bytes(bits.getvalue())
        fresh.replace(compiled)


if __name__ == "__main__":
    compile_stale()
