"""Plain text, tables as text, and letters kept as a mail program keeps them."""

import re
from email import policy
from email.parser import BytesHeaderParser

from refusing import No

# What a browser would take for a page or a drawing, wherever it begins.
MARKUP = re.compile(
    rb"<\s*(?:!doctype|\?xml|html|head|body|script|svg|iframe|object|embed|img|link|meta|style|title|form|a\s)", re.IGNORECASE
)
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
LOOKED_AT = 4096
MARKED = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
LETTER = ("from", "to", "date", "subject", "received", "message-id")


def kind_of(content, ending):
    """Text is what its name says, if it can be read as text at all and no program would run it."""
    text = readable(content)
    if text.startswith("#!"):
        raise No("program")
    if ending == "eml":
        return letter(content)
    if MARKUP.search(text[:LOOKED_AT].encode("utf-8", "replace")):
        raise No("markup")
    return "text/csv" if ending == "csv" else "text/plain"


def readable(content):
    """The text, in whatever alphabet; no text holds the control characters that programs and pictures are made of."""
    code = next((code for begins, code in MARKED if content.startswith(begins)), "utf-8")
    try:
        text = content.decode(code)
    except UnicodeDecodeError:
        text = content.decode("latin-1")  # one of the older codes: which one does not matter here
    if CONTROL.search(text):
        raise No("unknown")
    return text.lstrip("\ufeff")


def letter(content):
    """`message/rfc822`, if it begins with the head of a letter."""
    head = BytesHeaderParser(policy=policy.compat32).parsebytes(content[:65_536])
    if sum(name in head for name in LETTER) < 3 or not head["from"]:
        raise No("no_letter")
    return "message/rfc822"
