"""DOCX, XLSX and PPTX: packages that are unpacked once, within limits, and hold no program."""

import re
import zlib
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from refusing import No

OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = (
    (b"wordprocessingml.document.main+xml", f"{OFFICE}wordprocessingml.document"),
    (b"spreadsheetml.sheet.main+xml", f"{OFFICE}spreadsheetml.sheet"),
    (b"presentationml.presentation.main+xml", f"{OFFICE}presentationml.presentation"),
)
TYPES = "[Content_Types].xml"
PROGRAM = re.compile(r"vbaProject|vbaData|macrosheets|activeX|\.(?:exe|dll|js|vbs|bat|cmd|scr|jar|html?|svg)$", re.IGNORECASE)
MOST_PARTS, RATIO, SMALL = 5_000, 200, 10 * 1024 * 1024
END, ENTRY = b"PK\x05\x06", 22  # the last record of a package, and its length where no comment follows


def kind_of(content, limits):
    """The kind of document by its own table of contents. Everything in it is unpacked once, to be sure of its size."""
    if content[-ENTRY : -ENTRY + 4] != END:
        raise No("two_things")
    try:
        with ZipFile(BytesIO(content)) as package:
            parts = package.infolist()
            check(parts, limits)
            unpack(package, parts, len(content), limits["unpacked_mb"] * 1024 * 1024)
            return named(package)
    except (BadZipFile, zlib.error, KeyError, NotImplementedError, OSError, RuntimeError, ValueError, EOFError) as error:
        raise No("broken") from error


def check(parts, limits):
    """What the list of parts says about them, which is all cheap to ask."""
    names = [part.filename for part in parts]
    if len(parts) > MOST_PARTS or len(set(names)) < len(names):
        raise No("too_much_inside")
    if any(part.flag_bits & 1 for part in parts):
        raise No("locked")
    if any(part.compress_type not in {ZIP_STORED, ZIP_DEFLATED} for part in parts):
        raise No("broken")
    if any(name.startswith("/") or ".." in name.split("/") or "\\" in name for name in names):
        raise No("broken")
    if min(part.header_offset for part in parts):
        raise No("two_things")
    if TYPES not in names:
        raise No("no_document")
    if any(PROGRAM.search(name) for name in names):
        raise No("macros")
    if sum(part.file_size for part in parts) > limits["unpacked_mb"] * 1024 * 1024:
        raise No("too_much_inside")


def unpack(package, parts, packed, most):
    """Read everything, for a list of parts can lie: up to `most` bytes, and if it is large up to RATIO from each byte sent."""
    unpacked = 0
    for part in parts:
        with package.open(part) as source:
            while chunk := source.read(1024 * 1024):
                unpacked += len(chunk)
                if unpacked > most or (unpacked > SMALL and unpacked > RATIO * packed):
                    raise No("too_much_inside")


def named(package):
    types = package.read(TYPES)
    if b"macroEnabled" in types or b"vbaProject" in types:
        raise No("macros")
    found = [kind for says, kind in KINDS if says in types]
    if len(found) != 1:
        raise No("no_document")
    return found[0]
