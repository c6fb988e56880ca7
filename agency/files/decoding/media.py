"""Video and sound: known by how they are packed, walked through from end to end, and never decoded by us.

Whoever walks through the boxes, elements, pages or frames knows where the file ends: what hangs behind it is a second file.
"""

import re
import struct

from documents import ZIP_END, is_zip
from refusing import No

PICTURES = {b"heic": "HEIC", b"heix": "HEIC", b"hevc": "HEIC", b"hevx": "HEIC", b"heim": "HEIC", b"heis": "HEIC",
            b"mif1": "HEIC", b"msf1": "HEIC", b"avif": "AVIF", b"avis": "AVIF"}  # fmt: skip
FOREIGN_BRANDS = {**PICTURES, b"qt  ": "MOV", b"crx ": "CR3", b"jp2 ": "JPEG 2000", b"jpx ": "JPEG 2000"}
BRANDS = {b"isom", b"mp41", b"mp42", b"mp71", b"avc1", b"hvc1", b"av01", b"dash", b"msdh", b"MSNV", b"XAVC", b"cmfc",
          b"M4V ", b"M4VH", b"M4VP", b"M4A ", b"M4B ", *(f"iso{n}".encode() for n in range(2, 10))}  # fmt: skip
OLD_MOVIES = (b"moov", b"mdat", b"wide", b"pnot")  # QuickTime from before files said what they are
BOXES = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"uuid", b"moof", b"mfra", b"sidx", b"ssix", b"styp", b"meta",
         b"udta", b"emsg", b"prft", b"pdin", b"beam"}  # fmt: skip
WAYS_DOWN = {b"moov", b"trak", b"mdia"}

EBML, DOCTYPE, SEGMENT, TRACKS, CLUSTER = 0x1A45DFA3, 0x4282, 0x18538067, 0x1654AE6B, 0x1F43B675
IN_A_SEGMENT = {TRACKS, CLUSTER, 0x114D9B74, 0x1549A966, 0x1C53BB6B, 0x1254C367, 0x1043A770, 0xEC, 0xBF}
IN_A_CLUSTER = {0xA3, 0xA0, 0xE7, 0xAB, 0xA7, 0xEC, 0xBF}

RATES = {3: (44100, 48000, 32000), 2: (22050, 24000, 16000), 0: (11025, 12000, 8000)}
BITS_1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
BITS_2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
TAGS_BEHIND = (b"TAG", b"APETAGEX", b"LYRICSBEGIN")
OGG_SOUNDS = (b"\x01vorbis", b"OpusHead", b"\x7fFLAC", b"Speex   ")
PCM = {1, 3, 6, 7, 0xFFFE}

# What a browser or a reader would take for a page, a drawing or a document, where such programs look for it.
SECOND = re.compile(rb"<!doctype\s|<(?:html|script|svg|iframe|body|head)[\s>/]|%PDF-\d", re.IGNORECASE)
LOOKED_AT = 4096


def kind_of(content):
    """`video/mp4` and so on, for what is whole and nothing else besides; "" for what is neither video nor sound."""
    walk = walk_through(content[:64])
    if walk is None:
        return ""
    kind = walk(content)
    if any(SECOND.search(part) for part in (content[:LOOKED_AT], content[-LOOKED_AT:])):
        raise No("two_things")
    if ZIP_END in content[-66_000:] and is_zip(content):
        raise No("two_things")
    return kind


def walk_through(head):
    """The function that goes through a file that begins so, or None."""
    return next((walk for is_it, walk in KINDS if is_it(head)), None)


# ── MP4 and M4A: boxes ──────────────────────────────────────────────────────────────────────────
def mp4(content):
    """By its brand, and by whether there is a picture in it."""
    if content[4:8] in OLD_MOVIES:
        raise No("foreign", name="MOV")
    brands = content[8 : min(int.from_bytes(content[:4]), 512)]
    if content[8:12] in FOREIGN_BRANDS or content[8:10] == b"3g":
        raise No("foreign", name=FOREIGN_BRANDS.get(content[8:12], "3GP"))
    if not BRANDS & {brands[at : at + 4] for at in (0, *range(8, len(brands), 4))}:
        raise No("unknown")
    found = list(boxes(content, 0, len(content)))
    names = {name for name, _start, _end in found}
    if names - BOXES:
        raise No("two_things")
    tracks = {content[start + 8 : start + 12] for name, start, _end in inside(content, found) if name == b"hdlr"}
    if b"moov" not in names or not names & {b"mdat", b"moof"} or not tracks & {b"vide", b"soun"}:
        raise No("broken")
    return "video/mp4" if b"vide" in tracks else "audio/mp4"


def boxes(content, at, end):
    """(name, beginning, end) of what lies in each box between `at` and `end`."""
    while at < end:
        if end - at < 8:
            raise No("two_things")
        size, name, head = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8], 8
        if size == 1:
            size, head = int.from_bytes(content[at + 8 : at + 16]), 16
        size = size or end - at
        if size < head or at + size > end:
            raise No("broken" if name in BOXES else "two_things")
        yield name, at + head, at + size
        at += size


def inside(content, found, deep=0):
    """The boxes in these boxes, down to what says of which kind a track is."""
    for name, start, end in found:
        if name in WAYS_DOWN and deep < 4:
            try:
                parts = list(boxes(content, start, end))
            except No as why:
                raise No("broken") from why
            yield from parts
            yield from inside(content, parts, deep + 1)


# ── WebM: elements ──────────────────────────────────────────────────────────────────────────────
def webm(content):
    at, end = 0, len(content)
    name, start, at = element(content, at, end)
    kind = next((content[first:last] for inner, first, last in elements(content, start, at) if inner == DOCTYPE), b"")
    if kind.rstrip(b"\x00") != b"webm":
        raise No("foreign", name="MKV") if kind.startswith(b"matroska") else No("broken")
    name, start, last = element(content, at, end)
    if name != SEGMENT:
        raise No("broken")
    if last != end:
        raise No("two_things")
    names = {inner for inner, _first, _last in elements(content, start, end)}
    if names - IN_A_SEGMENT - IN_A_CLUSTER:
        raise No("two_things")
    if not {TRACKS, CLUSTER} <= names:
        raise No("broken")
    return "video/webm"


def elements(content, at, end):
    """Each element; one whose length was not known when it was written is entered instead of leapt over."""
    while at < end:
        name, start, last = element(content, at, end)
        yield name, start, last
        at = start if name == CLUSTER and last == end else last


def element(content, at, end):
    """(name, beginning, end) of the element at this place; without a length it goes on to the end."""
    name, start, _unknown = number(content, at, 4, keep=True)
    size, start, unknown = number(content, start, 8)
    last = end if unknown else start + size
    if last > end:
        raise No("broken")
    return name, start, last


def number(content, at, most, *, keep=False):
    """A number whose first byte says how long it is: (number, where it ends, whether it stands for "not known")."""
    first = content[at] if at < len(content) else 0
    length = 9 - first.bit_length()
    if not first or length > most or at + length > len(content):
        raise No("broken")
    value = int.from_bytes(content[at : at + length])
    bare = value & ((1 << (7 * length)) - 1)
    return value if keep else bare, at + length, bare == (1 << (7 * length)) - 1


# ── WAV: chunks ─────────────────────────────────────────────────────────────────────────────────
def wav(content):
    size = int.from_bytes(content[4:8], "little") + 8
    if size > len(content) or len(content) - size > 1:
        raise No("broken" if size > len(content) else "two_things")
    at, names = 12, set()
    while at + 8 <= size:
        name, length = content[at : at + 4], int.from_bytes(content[at + 4 : at + 8], "little")
        if at + 8 + length > size:
            raise No("broken")
        if name == b"fmt " and int.from_bytes(content[at + 8 : at + 10], "little") not in PCM:
            raise No("unknown")
        names.add(name)
        at += 8 + length + length % 2
    if not {b"fmt ", b"data"} <= names:
        raise No("broken")
    return "audio/wav"


# ── MP3: frames ─────────────────────────────────────────────────────────────────────────────────
def mp3(content):
    at, frames, end = behind_the_tag(content), 0, len(content)
    while at < end and not content[at]:  # what writes the tag may leave room behind it
        at += 1
    while length := frame(content, at):
        at, frames = at + length, frames + 1
    if frames < 3:
        raise No("broken")
    rest = content[at : at + 16] if at < end else b""
    if rest.strip(b"\x00") and not rest.startswith(TAGS_BEHIND):
        raise No("two_things")
    return "audio/mpeg"


def behind_the_tag(content):
    if content[:3] != b"ID3":
        return 0
    size = 0
    for part in content[6:10]:
        size = size << 7 | part & 0x7F
    return 10 + size + (10 if int.from_bytes(content[5:6]) & 0x10 else 0)


def frame(content, at):
    """How long the frame at this place is; 0 where there is none. The last one may be cut off, as recorders do."""
    if at + 4 > len(content) or content[at] != 0xFF or content[at + 1] & 0xE0 != 0xE0:
        return 0
    version, layer = content[at + 1] >> 3 & 3, content[at + 1] >> 1 & 3
    bits, rate, padded = content[at + 2] >> 4, content[at + 2] >> 2 & 3, content[at + 2] >> 1 & 1
    if version == 1 or layer != 1 or bits in {0, 15} or rate == 3:
        return 0
    if version == 3:
        return 144_000 * BITS_1[bits] // RATES[3][rate] + padded
    return 72_000 * BITS_2[bits] // RATES[version][rate] + padded


# ── Ogg: pages ──────────────────────────────────────────────────────────────────────────────────
def ogg(content):
    at, end, first = 0, len(content), True
    while at < end:
        if content[at : at + 5] != b"OggS\x00":
            raise No("two_things")
        count = content[at + 26] if at + 27 <= end else 0
        start = at + 27 + count
        length = sum(content[at + 27 : start])
        if not count or start + length > end:
            raise No("broken")
        if first and not content[start : start + 8].startswith(OGG_SOUNDS):
            raise No("foreign", name="OGV")
        at, first = start + length, False
    return "audio/ogg"


def is_mp3(head):
    return head[:3] == b"ID3" or bool(frame(head, 0))


KINDS = (
    (lambda head: head[4:8] == b"ftyp" or head[4:8] in OLD_MOVIES, mp4),
    (lambda head: head[:4] == struct.pack(">I", EBML), webm),
    (lambda head: head[:4] == b"RIFF" and head[8:12] == b"WAVE", wav),
    (lambda head: head[:4] == b"OggS", ogg),
    (is_mp3, mp3),
)
