"""Looks into a file that somebody sent, in a process of its own, so that a hostile one can hang or kill nothing else.

Run by `agency.files` as `python agency/files/decoding TASK LIMITS` with the file as standard input. It knows no Django, no
secret and no database; limits of CPU, memory and size it takes upon itself before it reads a byte. It answers in JSON:
`{"type": …}`, `{"refused": code, …}`, `{"reading": …, "text": …}` or what it has drawn; pictures are written to the descriptors
`outs`, and a second file, where two are compared, is read from the descriptor `beside`.
"""

import json
import mmap
import os
import resource
import sys

import documents
import drawing
import media
import packages
import pictures
import plain
from refusing import No

# Begins with this → is that; said by its name, because whoever sends it has to know what to send instead.
FOREIGN = (
    (b"II*\x00", "TIFF"), (b"MM\x00*", "TIFF"), (b"8BPS", "PSD"), (b"%!PS", "EPS"), (b"\xc5\xd0\xd3\xc6", "EPS"),
    (b"MZ", "EXE"), (b"\x7fELF", "ELF"), (b"\xca\xfe\xba\xbe", "CLASS"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLE"),
    (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7Z"), (b"\x1f\x8b", "GZ"), (b"BM", "BMP"), (b"{\\rtf", "RTF"),
    (b"fLaC", "FLAC"), (b"FORM", "AIFF"), (b"RF64", "RF64"), (b"RIFF", "AVI"), (b"FLV\x01", "FLV"), (b"0&\xb2u", "WMV"),
    (b"\x00\x00\x01\xba", "MPEG"), (b"\x00\x00\x01\xb3", "MPEG"), (b"\xff\xf1", "AAC"), (b"\xff\xf9", "AAC"),
)  # fmt: skip


def main(task, limits):
    limits = json.loads(limits)
    confine(limits)
    content = sent()
    try:
        answer = TASKS[task](content, limits)
    except No as why:
        answer = {"refused": why.code, **why.words}
    except MemoryError:
        answer = {"refused": "too_heavy"}
    sys.stdout.write(json.dumps(answer))


def confine(limits):
    """No more than this much time, memory and room, and no core left behind."""
    mb = 1024 * 1024
    resource.setrlimit(resource.RLIMIT_CPU, (limits["seconds"], limits["seconds"]))
    resource.setrlimit(resource.RLIMIT_AS, (limits["memory_mb"] * mb, limits["memory_mb"] * mb))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits["unpacked_mb"] * mb, limits["unpacked_mb"] * mb))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def sent():
    """The file. Video and sound, which may be large, are looked at where they lie."""
    if media.walk_through(os.pread(0, 64, 0)):
        return mmap.mmap(0, 0, access=mmap.ACCESS_READ)
    return sys.stdin.buffer.read()


def look(content, limits):
    """What the file is by its content, whatever its name says."""
    if kind := media.kind_of(content):
        return {"type": kind}
    if kind := pictures.kind_of(content):
        with os.fdopen(limits["outs"][0], "wb") as place:
            pictures.draw_anew(content, place, limits)
        return {"type": kind, "drawn": True}
    if content.startswith(b"%PDF-"):
        return {"type": documents.pdf(content, limits)}
    if content.startswith(b"PK\x03\x04"):
        return {"type": packages.kind_of(content, limits)}
    for begins, name in FOREIGN:
        if content.startswith(begins):
            raise No("foreign", name=name)
    return {"type": plain.kind_of(content, limits["ending"])}


def draw(content, limits):
    return drawing.page(content, limits, limits["outs"])


def compare(content, limits):
    """The earlier picture is the file beside, the later one the file itself."""
    with os.fdopen(limits["beside"], "rb") as beside:
        return drawing.difference(beside.read(), content, limits, limits["outs"][0])


TASKS = {"look": look, "read": documents.text_of, "draw": draw, "compare": compare}

if __name__ == "__main__":
    main(*sys.argv[1:])
