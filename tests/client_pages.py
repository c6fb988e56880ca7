"""A purpose for tests: a client's contact is shown a brief and says whether it is right."""

from hashlib import sha256

from django.template import Template

from clients.answering import answer_page
from clients.links import PLACE, Purpose, SafeLink, register
from clients.models import Confirmation
from clients.tokens import token_of

LETTER = ("Our summary", f"Please look at our summary and tell us whether it is right:\n{PLACE}\n")
SHEET = Template(
    '<article class="sheet"><h2 class="sheet__title">{{ brief.title }}</h2><p class="sheet__text">{{ brief }}</p></article>'
)
DIGEST = sha256(b"what was shown").hexdigest()


def show(request, link):
    return answer_page(request, link, what="playback", sheet=SHEET, shown={"brief": link.subject})


SUMMARY = register(Purpose("tests.summary", "Confirm our summary of your brief", show, right="briefs.submit_brief"))


def a_link(brief, contact, by, **given):
    """A link to a summary of the brief, sent as the house sends it."""
    given = {"letter": LETTER, "version": brief.version, "digest": DIGEST, **given}
    return SafeLink.send(SUMMARY.name, subject=brief, contact=contact, by=by, **given)


def through(link, **given):
    """An answer that came through a link."""
    given = {"answer": "confirmed", "name": "Clara Hollin", "how": "link", **given}
    shown = {"subject": link.subject, "version": link.subject_version, "digest": link.digest}
    return Confirmation.record(**shown, what="playback", contact=link.contact, link=link, **given)


def door(link):
    """The address of a link as its letter would carry it; nobody of ours sees it otherwise."""
    return f"/c/{token_of(link.seed)}/"
