"""Looks into a file that somebody sent, in a process of its own, so that a hostile one can hang or kill nothing else.

Run by `agency.files` as `python agency/files/decoding TASK LIMITS OUT` with the file as standard input. It knows no Django, no
secret and no database; limits of CPU, memory and size it takes upon itself before it reads a byte. It answers in JSON:
`{"type": …}`, `{"refused": code, …}` or `{"reading": …, "text": …}`; a picture drawn anew is written to the descriptor OUT.
"""

import json
import os
import resource
import sys

import documents
import packages
import pictures
import plain
from refusing import No

# Begins with this → is that; said by its name, because whoever sends it has to know what to send instead.
FOREIGN = (
    (b"II*\x00", "TIFF"), (b"MM\x00*", "TIFF"), (b"8BPS", "PSD"), (b"%!PS", "EPS"), (b"\xc5\xd0\xd3\xc6", "EPS"),
    (b"MZ", "EXE"), (b"\x7fELF", "ELF"), (b"\xca\xfe\xba\xbe", "CLASS"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "OLE"),
    (b"Rar!", "RAR"), (b"7z\xbc\xaf", "7Z"), (b"\x1f\x8b", "GZ"), (b"BM", "BMP"), (b"{\\rtf", "RTF"),
)  # fmt: skip


def main(task, limits, out):
    limits = json.loads(limits)
    confine(limits)
    content = sys.stdin.buffer.read()
    try:
        answer = documents.text_of(content, limits) if task == "read" else look(content, limits, int(out))
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


def look(content, limits, out):
    """What the file is by its content, whatever its name says."""
    if kind := pictures.kind_of(content):
        with os.fdopen(out, "wb") as place:
            pictures.draw_anew(content, place, limits)
        return {"type": kind, "drawn": True}
    if content.startswith(b"%PDF-"):
        return {"type": documents.pdf(content, limits)}
    if content.startswith(b"PK\x03\x04"):
        return {"type": packages.kind_of(content, limits)}
    for begins, name in FOREIGN:
        if content.startswith(begins):
            raise No("foreign", name=name)
    if content[4:8] == b"ftyp":
        raise No("foreign", name="HEIC, MP4")
    return {"type": plain.kind_of(content, limits["ending"])}


if __name__ == "__main__":
    main(*sys.argv[1:])
