"""What is looked at on a sample: the usual rows of its medium (`data/checklists.json`), with the figures of the piece woven in,
and the lines that the client has asked, forbidden or fixed by law (SAL3, DEP8)."""

import json
from pathlib import Path

from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from clients.models import Requirement

MOST = 16  # rows: what one person looks at with care
CHECKLISTS = json.loads((Path(__file__).parent / "data" / "checklists.json").read_text(encoding="utf-8"))
SAID = {"must": "The client asked: {text}", "must_not": "The client forbade: {text}"}


class Medium(models.TextChoices):
    PRINT = "print", _("Newspapers and magazines")
    OUTDOOR = "outdoor", _("Outdoor")
    TELEVISION = "tv", _("Television and cinema")
    RADIO = "radio", _("Radio and audio")
    DIGITAL = "digital", _("Digital")


class Source(models.TextChoices):
    USUAL = "usual", _("usual for the medium")
    SPECIFIED = "specified", _("from the specification")
    LEDGER = "ledger", _("from the client’s requirements")


# What people write as the medium of a piece → whose checklist it takes; the first that fits.
WORDS = (
    (Medium.TELEVISION, ("tele", "tv", "cinema", "film", "spot")),
    (Medium.RADIO, ("radio", "audio", "podcast")),
    (Medium.DIGITAL, ("digital", "web", "online", "banner", "social", "display", "mail")),
    (Medium.OUTDOOR, ("outdoor", "poster", "billboard", "transit", "point of sale", "window")),
)


def medium_of(deliverable):
    """Whose checklist a piece takes: by its specification, else by what the plan calls its medium."""
    known = deliverable.specified.get("medium")
    if known:
        return Medium(known) if known in Medium.values else Medium.PRINT
    said = deliverable.medium.lower()
    return next((medium for medium, words in WORDS if any(word in said for word in words)), Medium.PRINT)


def figures_of(deliverable):
    """What is known of the piece, as its rows tell it; what nobody has named is not there."""
    told = deliverable.specified
    size = "{width} × {height} {unit}".format(**told) if told.get("width") else deliverable.size
    bleed = "{bleed} {unit}".format(**told) if told.get("bleed") else ""
    length = f"{told['seconds']} seconds" if told.get("seconds") else ""
    named = {name: told.get(name, "") for name in ("colour", "file_type", "format")}
    told = {"size": size, "agreed": deliverable.size, "bleed": bleed, "length": length, **named}
    return {name: value for name, value in told.items() if value}


def rows_for(deliverable, medium):
    """(text, source) of every row, in the order in which a sample is looked at; 12 to 16 of them."""
    figures, rows = figures_of(deliverable), []
    for row in CHECKLISTS[medium]:
        known = next((name for name in row.get("with", ()) if name in figures), None)
        if known:
            rows.append((row["with"][known].format(**figures), Source.SPECIFIED))
        elif "text" in row:
            rows.append((row["text"], Source.USUAL))
    return rows + _said_by_the_client(deliverable, MOST - len(rows))


def _said_by_the_client(deliverable, most):
    """What the ledger holds for the piece: the lines of its campaign's brief first, legal ones before others."""
    brief = deliverable.campaign.brief
    lines = Requirement.objects.pinned(deliverable.client, [brief]).filter(kind__in=SAID, state=Requirement.State.OPEN)
    lines = sorted(lines.filter(gone_since=None), key=lambda it: (it.object_id != brief.pk, "legal" not in it.key, it.pk))
    told = dict.fromkeys(Truncator(SAID[it.kind].format(text=it.text)).chars(600) for it in lines)
    return [(text, Source.LEDGER) for text in list(told)[:most]]
