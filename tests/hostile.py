"""Files for tests: good ones of every type, and such as somebody with bad intentions would send. All made here."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from PIL import Image

from desk.demo.ledger import document

GPS, ORIENTATION = 0x8825, 0x0112
OFFICE = "application/vnd.openxmlformats-officedocument."
PARTS = {
    "xlsx": ("xl/workbook.xml", f"{OFFICE}spreadsheetml.sheet.main+xml"),
    "pptx": ("ppt/presentation.xml", f"{OFFICE}presentationml.presentation.main+xml"),
}
LETTER = (
    b"From: Clara Hollin <clara@hollin-rye.example>\r\nTo: jonas@quill.example\r\nSubject: The loaf\r\n"
    b"Date: Mon, 23 Nov 2026 09:00:00 +0000\r\nMessage-ID: <1@hollin-rye.example>\r\n\r\nUncut, please.\r\n"
)
SCRIPT = b"<script>alert(1)</script>"


def picture(form="PNG", size=(40, 20), mode="RGB", colour="navy", **how):
    out = BytesIO()
    Image.new(mode, size, colour).save(out, form, **how)
    return out.getvalue()


def moving(form="GIF", frames=3, size=(20, 20), grey=40):
    out = BytesIO()
    parts = [Image.new("L", size, (grey + 40 * number) % 256) for number in range(frames)]
    parts[0].save(out, form, save_all=True, append_images=parts[1:], duration=80, loop=0)
    return out.getvalue()


def photograph():
    """A JPEG of a telephone: lying on its side, with the place where it was taken and a word of the camera."""
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    exif[0x010E] = "Kanarienvogel"
    exif.get_ifd(GPS).update({1: "N", 2: (55.0, 58.0, 31.0), 3: "W", 4: (3.0, 10.0, 14.0)})
    return picture("JPEG", size=(40, 20), exif=exif, comment=b"Kanarienvogel")


def pdf(text="The loaf is shown whole.", *, pages=1, script=False, locked=False):
    """A PDF by hand: one line of text on each page, perhaps with a script, perhaps behind a password."""
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(pages))
    action = "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>" if script else ""
    parts = [
        f"<< /Type /Catalog /Pages 2 0 R {action} >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {pages} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number in range(pages):
        drawn = f"BT /F1 18 Tf 72 720 Td ({text}) Tj ET" if text else ""
        parts.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {5 + 2 * number} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        parts.append(f"<< /Length {len(drawn)} >>\nstream\n{drawn}\nendstream")
    return bound(parts, locked)


def bound(parts, locked):
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n".encode()
    start, wrong = len(out), "<" + "ab" * 32 + ">"
    lock = f"/Encrypt << /Filter /Standard /V 1 /R 2 /P -4 /O {wrong} /U {wrong} >> /ID [<01> <01>]" if locked else ""
    lines = "".join(f"{place:010} 00000 n \n" for place in places)
    out += f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{lines}".encode()
    out += f"trailer << /Size {len(parts) + 1} /Root 1 0 R {lock} >>\nstartxref\n{start}\n%%EOF\n".encode()
    return bytes(out)


def docx(*paragraphs):
    return document(paragraphs or ("The loaf is shown whole.",))


def package(kind="docx", extra=(), types=None, comment=b""):
    """A document of Office with further parts (name, content) in it; types: what its table of contents says besides."""
    source, out = BytesIO(docx()), BytesIO()
    with ZipFile(source) as there, ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for name in there.namelist():
            packed.writestr(name, told(there.read(name), kind, types) if name == "[Content_Types].xml" else there.read(name))
        for name, content in extra:
            packed.writestr(name, content)
        packed.comment = comment
    return out.getvalue()


def told(content, kind, types):
    if kind in PARTS:
        content = content.replace(f"{OFFICE}wordprocessingml.document.main+xml".encode(), PARTS[kind][1].encode())
    return content.replace(b"</Types>", types + b"</Types>") if types else content


def archive(**parts):
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name, content)
    return out.getvalue()


def with_words(xml):
    """A DOCX whose text is this XML."""
    source, out = BytesIO(docx()), BytesIO()
    with ZipFile(source) as there, ZipFile(out, "w", ZIP_DEFLATED) as packed:
        for name in there.namelist():
            packed.writestr(name, xml if name == "word/document.xml" else there.read(name))
    return out.getvalue()


def lying(content):
    """A package whose list of parts gives every part as one byte long."""
    out, at = bytearray(content), 0
    while (at := out.find(b"PK\x01\x02", at)) >= 0:
        out[at + 24 : at + 28] = (1).to_bytes(4, "little")
        at += 4
    return bytes(out)


LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "Kanarienvogel"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
    '<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY s SYSTEM "file:///etc/passwd">]>'
    '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&c;&s;</w:t>'
    "</w:r></w:p></w:body></w:document>"
)

GOOD = {
    "sketch.png": (picture(), "image/png"),
    "proof.jpg": (picture("JPEG"), "image/jpeg"),
    "proof.JPEG": (picture("JPEG", mode="CMYK", colour=(10, 20, 30, 40)), "image/jpeg"),
    "banner.webp": (picture("WEBP"), "image/webp"),
    "banner.gif": (moving(), "image/gif"),
    "moving.webp": (moving("WEBP"), "image/webp"),
    "brief.pdf": (pdf(), "application/pdf"),
    "brief.docx": (docx(), f"{OFFICE}wordprocessingml.document"),
    "costs.xlsx": (package("xlsx"), f"{OFFICE}spreadsheetml.sheet"),
    "talk.pptx": (package("pptx"), f"{OFFICE}presentationml.presentation"),
    "wishes.txt": ("Bread, café, 面包".encode(), "text/plain"),
    "wishes in latin.txt": ("Bread, café".encode("latin-1"), "text/plain"),
    "wishes.csv": ("\ufeffbranch;street\r\nLeith;4 Shore Row\r\n".encode(), "text/csv"),
    "letter.eml": (LETTER, "message/rfc822"),
}
HUGE = picture("PNG", size=(10_000, 10_000), mode="1", colour=0)
# name → content and a word of the sentence with which it is refused
BAD = {
    "empty.png": (b"", "is empty"),
    "huge.png": (HUGE, "100 million pixels; up to 50"),
    "long.gif": (moving(frames=250), "250 pictures; up to 200"),
    "page.png": (b"<!doctype html><html>" + SCRIPT, "web page"),
    "drawing.jpg": (b'<svg xmlns="http://www.w3.org/2000/svg">' + SCRIPT + b"</svg>", "drawing made of code"),
    "page.pdf": (b"<html>" + SCRIPT, "web page"),
    "page.txt": (b"  \n<HTML><body>" + SCRIPT, "web page"),
    "page.csv": (b"a,b\n" + SCRIPT, "web page"),
    "page in two bytes.txt": ("<html><script>".encode("utf-16"), "web page"),
    "drawing.svg": (b"<svg/>", "not taken here"),
    "page.html": (b"<html/>", "not taken here"),
    "macro.docm": (package(), "not taken here"),
    "no ending": (picture(), "not taken here"),
    "picture.pdf": (picture(), "in truth of another type: PNG picture"),
    "picture.jpg": (picture(), "in truth of another type: PNG picture"),
    "brief.xlsx": (docx(), "in truth of another type: Word document"),
    "letter.png": (pdf(), "in truth of another type: PDF"),
    "scan.png": (b"II*\x00" + b"\x00" * 60, "TIFF"),
    "art.jpg": (b"8BPS\x00\x01" + b"\x00" * 60, "PSD"),
    "art.pdf": (b"%!PS-Adobe-3.0 EPSF-3.0\n", "EPS"),
    "tool.pdf": (b"MZ\x90\x00" + b"\x00" * 60, "EXE"),
    "tool.txt": (b"\x7fELF\x02\x01" + b"\x00" * 60, "ELF"),
    "script.txt": (b"#!/bin/sh\nrm -rf /\n", "is a program"),
    "old.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 60, "OLE"),
    "telephone.jpg": (b"\x00\x00\x00\x18ftypheic" + b"\x00" * 40, "HEIC"),
    "noise.txt": (bytes(range(256)), "something that is not taken"),
    "noise.eml": (b"Dear Jonas,\n\nuncut please.\n", "no e-mail"),
    "cut.png": (picture(size=(400, 400))[:120], "damaged or cut off"),
    "cut.jpg": (picture("JPEG", size=(400, 400))[:300], "damaged or cut off"),
    "cut.pdf": (pdf()[:60], "damaged or cut off"),
    "cut.docx": (docx()[:300], "two files in one"),
    "locked.pdf": (pdf(locked=True), "protected by a password"),
    "long.pdf": (pdf(pages=501), "501 pages; up to 500"),
    "pdf and archive.pdf": (pdf() + archive(a="b"), "two files in one"),
    "archive.docx": (archive(readme="Hello"), "archive and no document"),
    "picture and document.docx": (picture("GIF") + docx(), "in truth of another type: GIF picture"),
    "text before.docx": (b"PK\x03\x04hello" + docx(), "two files in one"),
    "remark.docx": (package(comment=b"MZ" + b"x" * 100), "two files in one"),
    "macro.docx": (package(extra=[("word/vbaProject.bin", b"\x00")]), "holds a program"),
    "macro in types.docx": (package(types=b'<Override ContentType="application/x.macroEnabled.main+xml"/>'), "holds a program"),
    "page inside.docx": (package(extra=[("word/media/page.html", SCRIPT)]), "holds a program"),
    "bomb.docx": (package(extra=[("word/media/zero.bin", b"\x00" * 30_000_000)]), "unpacks to more"),
    "lying bomb.docx": (lying(package(extra=[("word/media/zero.bin", b"\x00" * 30_000_000)])), "damaged"),
    "many parts.docx": (package(extra=[(f"word/{number}.xml", "") for number in range(5_001)]), "unpacks to more"),
    "way out.docx": (package(extra=[("../../etc/cron.d/job", "x")]), "damaged"),
}  # fmt: skip


# ── Video and sound: as small as they can be and still be whole ─────────────────────────────────
def box(name, *parts):
    inside = b"".join(parts)
    return (8 + len(inside)).to_bytes(4) + name + inside


def track(kind=b"vide"):
    return box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + kind + bytes(13))))


def mp4(brand=b"isom", *also, tracks=(b"vide", b"soun"), film=b"\x00" * 64):
    head = box(b"ftyp", brand, bytes(4), *(also or (b"mp42",)))
    return head + box(b"moov", box(b"mvhd", bytes(100)), *map(track, tracks)) + box(b"free") + box(b"mdat", film)


def element(name, *parts):
    inside = b"".join(parts)
    return bytes.fromhex(name) + (0x10000000 | len(inside)).to_bytes(4) + inside


def webm(kind=b"webm", *, live=False, more=b""):
    """live: as a browser records it, not knowing how long it will be."""
    head = element("1A45DFA3", element("4286", b"\x01"), element("4282", kind))
    tracks = element("1654AE6B", element("AE", element("83", b"\x01"), element("86", b"V_VP9")))
    film = [element("E7", b"\x00"), element("A3", b"\x81\x00\x00\x80" + bytes(40))]
    if live:
        endless = b"\x01" + b"\xff" * 7
        cluster = bytes.fromhex("1F43B675") + endless + b"".join(film)
        return head + bytes.fromhex("18538067") + endless + tracks + cluster * 2 + more
    return head + element("18538067", tracks, element("1F43B675", *film), more)


def wav(form=1, *, more=b"", sound=b"\x00" * 800):
    said = form.to_bytes(2, "little") + (1).to_bytes(2, "little") + (8000).to_bytes(4, "little") * 2 + b"\x01\x00\x08\x00"
    chunks = b"fmt " + len(said).to_bytes(4, "little") + said + b"data" + len(sound).to_bytes(4, "little") + sound + more
    return b"RIFF" + (4 + len(chunks)).to_bytes(4, "little") + b"WAVE" + chunks


def mp3(frames=8, *, words=b"", behind=b""):
    """Frames of 417 bytes (128 kbit/s, 44,100 Hz), behind a tag that holds these words."""
    tag = b"ID3\x04\x00\x00" + bytes([0, 0, len(words) >> 7, len(words) & 0x7F]) + words if words else b""
    return tag + (b"\xff\xfb\x90\x00" + b"\x00" * 413) * frames + behind


def ogg(codec=b"\x01vorbis", pages=3):
    out = b""
    for number in range(pages):
        inside = codec + bytes(40) if not number else bytes(60)
        kind = 2 if not number else 4 if number == pages - 1 else 0
        out += b"OggS\x00" + bytes([kind]) + bytes(8) + b"\x01\x00\x00\x00" + number.to_bytes(4, "little") + bytes(4)
        out += bytes([1, len(inside)]) + inside
    return out


PAGE = b"<html><body>" + SCRIPT
MEDIA = {
    "spot.mp4": (mp4(), "video/mp4"),
    "spot.m4v": (mp4(b"M4V "), "video/mp4"),
    "silent.mp4": (mp4(b"dash", b"iso6", tracks=(b"vide",)), "video/mp4"),
    "spot.webm": (webm(), "video/webm"),
    "recorded.webm": (webm(live=True), "video/webm"),
    "spot.mp3": (mp3(), "audio/mpeg"),
    "spot with words.mp3": (mp3(words=b"TIT2" + bytes(200), behind=b"TAG" + bytes(125)), "audio/mpeg"),
    "spot.m4a": (mp4(b"M4A ", tracks=(b"soun",)), "audio/mp4"),
    "jingle.wav": (wav(), "audio/wav"),
    "jingle.ogg": (ogg(), "audio/ogg"),
    "jingle.oga": (ogg(b"OpusHead"), "audio/ogg"),
}
HALVES = [name for name in MEDIA if not name.endswith((".mp3", "recorded.webm"))]  # of these half a film is a film
BAD_MEDIA = {
    "telephone.heic": (mp4(b"heic"), "not taken here"),
    "telephone.mov": (mp4(b"qt  "), "not taken here"),
    "film.mkv": (webm(b"matroska"), "not taken here"),
    "telephone.mp4": (mp4(b"heic"), "HEIC"),
    "still.mp4": (mp4(b"avif", b"isom"), "AVIF"),
    "renamed.mp4": (mp4(b"qt  ", b"isom"), "MOV"),
    "old.mp4": (box(b"moov", track()) + box(b"mdat", bytes(9)), "MOV"),
    "old telephone.mp4": (mp4(b"3gp4"), "3GP"),
    "renamed.webm": (webm(b"matroska"), "MKV"),
    "strange.mp4": (mp4(b"zzzz", b"yyyy"), "something that is not taken"),
    "film.wav": (b"RIFF\x10\x00\x00\x00AVI LIST" + bytes(8), "AVI"),
    "film.ogg": (ogg(b"\x80theora"), "OGV"),
    "sound.mp3": (b"fLaC" + bytes(60), "FLAC"),
    "raw.mp3": (b"\xff\xf1" + bytes(60), "AAC"),
    "strange.wav": (wav(0x55), "something that is not taken"),
    "sound.mp4": (mp4(b"M4A ", tracks=(b"soun",)), "in truth of another type: M4A sound"),
    "video.m4a": (mp4(), "in truth of another type: MP4 video"),
    "sound.webm": (mp3(), "in truth of another type: MP3 sound"),
    "brief.mp4": (pdf(), "in truth of another type: PDF"),
    "picture.mp4": (picture(), "in truth of another type: PNG picture"),
    "page.mp4": (PAGE, "web page"),
    "page.mp3": (PAGE, "web page"),
    "spot.pdf": (mp4(), "in truth of another type: MP4 video"),
    "no tracks.mp4": (mp4(tracks=()), "damaged or cut off"),
    "cut.mp4": (mp4()[:-20], "damaged or cut off"),
    "cut.webm": (webm()[:-20], "damaged or cut off"),
    "cut.wav": (wav()[:-20], "damaged or cut off"),
    "cut.ogg": (ogg()[:-20], "damaged or cut off"),
    "short.mp3": (mp3(2), "damaged or cut off"),
    "no end.webm": (bytes.fromhex("1A45DFA3") + b"\x01", "damaged or cut off"),
    "deep.mp4": (mp4()[:20] + box(b"moov", b"\x00\x00\x00\x01trak" + b"\xff" * 8) + box(b"mdat"), "damaged or cut off"),
    "page before.mp4": (mp4(b"isom", PAGE + b"  "), "two files in one"),
    "page in free.mp4": (mp4(film=b"") + box(b"free", PAGE), "two files in one"),
    "page behind.mp4": (mp4() + PAGE, "two files in one"),
    "page in a tag.mp3": (mp3(words=b"TIT2" + PAGE), "two files in one"),
    "page behind.mp3": (mp3(behind=PAGE), "two files in one"),
    "page in a tag behind.mp3": (mp3(behind=b"TAG" + PAGE), "two files in one"),
    "drawing in words.mp3": (mp3(words=b"TIT2<svg onload=alert(1)>"), "two files in one"),
    "document in words.mp3": (mp3(words=b"TIT2" + pdf()[:9]), "two files in one"),
    "archive behind.mp3": (mp3(behind=archive(a="b")), "two files in one"),
    "archive in a tag behind.mp3": (mp3(behind=b"APETAGEX" + archive(a="b")), "two files in one"),
    "archive behind.mp4": (mp4() + archive(a="b"), "two files in one"),
    "archive in free.mp4": (mp4() + box(b"free", archive(a="b")), "two files in one"),
    "page behind.webm": (webm() + PAGE, "two files in one"),
    "page in void.webm": (webm(more=element("EC", PAGE)), "two files in one"),
    "attachment.webm": (webm(more=element("1941A469", SCRIPT)), "two files in one"),
    "page behind.wav": (wav() + PAGE, "two files in one"),
    "page in a chunk.wav": (wav(more=b"LIST" + len(PAGE).to_bytes(4, "little") + PAGE), "two files in one"),
    "archive behind.wav": (wav() + archive(a="b"), "two files in one"),
    "page behind.ogg": (ogg() + PAGE, "two files in one"),
    "page inside.ogg": (ogg(b"\x01vorbis" + SCRIPT), "two files in one"),
}  # fmt: skip
