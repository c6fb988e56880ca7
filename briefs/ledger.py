"""What an accepted brief says that the client asked, forbade or fixed, line by line for the requirements ledger (DEP8)."""

import re
from datetime import date
from hashlib import sha256

from django.conf import settings
from django.utils.text import capfirst
from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import override

from briefs.models.blocks import Delivery
from clients.models import Requirement

LISTED = ("mandatories", "legal_lines")  # one requirement on a line
FORBIDS = re.compile(r"^(no|not|never|without|nothing|do not|don.t|must not|may not|不|禁|勿|别)\b", re.IGNORECASE)
BULLET = re.compile(r"^[-–•*·\s]+")


def lines(content):
    """The requirements in the content of an edition: (key, kind, text, day or None). The key goes by the words, so that a line
    keeps its life when others come before it, and other words are another line."""
    answers = content["answers"]
    for name in LISTED:
        for text in filter(None, (BULLET.sub("", line).strip() for line in answers.get(name, "").splitlines())):
            yield _key(name, text), _kind(name, text), text, None
    if answers.get("launch_on") and answers.get("launch_is_fixed"):
        day = date.fromisoformat(answers["launch_on"])
        with override(settings.LANGUAGE_CODE):
            label = capfirst(str(Delivery._meta.get_field("launch_on").verbose_name))
        yield "launch_on", Requirement.Kind.DATE, f"{label}: {day.isoformat()}", day


def write_ledger(brief, content, *, by):
    """Let the ledger say what the brief says now: new lines are born, those that it no longer says wait to be settled.

    content: of the edition that holds; None where none does any more.
    """
    told = list(lines(content)) if content else []
    for key, kind, text, day in told:
        mark = brief.marks.get(key.partition(":")[0], {})
        said_on = date.fromisoformat(mark["on"]) if mark.get("on") else localdate(brief.created_at, get_default_timezone())
        Requirement.born(
            source=brief, key=key, client=brief.client, text=text, kind=kind, said_on=said_on, said=mark.get("source", ""),
            on=day, by=by,
        )  # fmt: skip
    Requirement.gone(brief, {key for key, *_rest in told}, by=by)


def _key(name, text):
    return f"{name}:{sha256(' '.join(text.casefold().split()).encode()).hexdigest()[:24]}"


def _kind(name, text):
    forbids = name == "mandatories" and FORBIDS.match(text)
    return Requirement.Kind.MUST_NOT if forbids else Requirement.Kind.MUST
