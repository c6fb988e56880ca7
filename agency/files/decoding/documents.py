"""PDF and the words of documents."""

import zlib
from io import BytesIO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from pypdfium2 import PdfDocument, PdfiumError
from refusing import No

ZIP_END = b"PK\x05\x06"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main}"


# ── PDF ─────────────────────────────────────────────────────────────────────────────────────────
def pdf(content, limits):
    """`application/pdf`, if it opens without a password, is no longer than allowed and is nothing else besides."""
    if ZIP_END in content[-66_000:] and is_zip(content):
        raise No("two_things")
    with opened(content) as document:
        if not len(document):
            raise No("broken")
        if len(document) > limits["pages"]:
            raise No("too_many_pages", n=len(document))
    return "application/pdf"


def is_zip(content):
    try:
        with ZipFile(BytesIO(content)):
            return True
    except (BadZipFile, ValueError):
        return False


def opened(content):
    try:
        return PdfDocument(content)
    except PdfiumError as error:
        raise No("locked" if "password" in str(error).lower() else "broken") from error


def words_of_pdf(content, most):
    parts, length = [], 0
    with opened(content) as document:
        for number in range(len(document)):
            parts.append(document[number].get_textpage().get_text_bounded().replace("\r\n", "\n").strip())
            length += len(parts[-1])
            if length > most:
                break
    return "\n\n".join(parts)


# ── DOCX ────────────────────────────────────────────────────────────────────────────────────────
class Words:
    """What is read in a document of Word: paragraphs as lines, cells of a row with a tab between them.

    A document type declaration ends the reading: no entity is ever looked at.
    """

    def __init__(self, most):
        self.parts, self.length, self.most, self.is_word, self.in_cell = [], 0, most, False, 0
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.StartElementHandler, self.parser.EndElementHandler = self.begins, self.ends
        self.parser.CharacterDataHandler, self.parser.StartDoctypeDeclHandler = self.said, self.refuse
        self.parser.buffer_text = True

    def begins(self, name, _attributes):
        name = local(name)
        self.is_word = name == "t"
        self.in_cell += name == "tc"
        if name in {"tab", "br", "cr"}:
            self.add("\t" if name == "tab" else "\n")

    def ends(self, name):
        name = local(name)
        self.is_word = False
        self.in_cell -= name == "tc"
        if name in {"p", "tr"}:
            self.add(" " if self.in_cell else "\n")
        elif name == "tc":
            self.add("\t")

    def said(self, text):
        if self.is_word:
            self.add(text)

    def refuse(self, *_declaration):
        raise No("broken")

    def add(self, text):
        self.parts.append(text)
        self.length += len(text)


def local(name):
    for space in (WORD, STRICT):
        if name.startswith(space):
            return name.removeprefix(space)
    return ""


def words_of_docx(content, most):
    words = Words(most)
    with ZipFile(BytesIO(content)) as package, package.open("word/document.xml") as source:
        while words.length <= most and (chunk := source.read(65_536)):
            words.parser.Parse(chunk)
        if words.length <= most:
            words.parser.Parse(b"", True)
    lines = ("".join(words.parts)).split("\n")
    return "\n".join(line.strip(" ").rstrip("\t ") for line in lines).strip()


def text_of(content, limits):
    """The words of a PDF or a DOCX, cut off after so many letters; `none` where there are none (a scan)."""
    read = words_of_pdf if content.startswith(b"%PDF-") else words_of_docx
    try:
        text = read(content, limits["letters"])[: limits["letters"]]
    except (No, PdfiumError, BadZipFile, KeyError, expat.ExpatError, zlib.error, NotImplementedError, OSError, RuntimeError):
        return {"reading": "unreadable", "text": ""}
    return {"reading": "read" if text.strip() else "none", "text": text}
