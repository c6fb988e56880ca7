"""The first words of a playback: what the brief says, gathered under the headings of one page for a person to put into ours."""

from django.conf import settings
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import override

from briefs.reading import answers

PARTS = {
    "task": ("product_name", "novelty", "product_knowledge", "price", "strengths", "weaknesses", "market_situation"),
    "aim": ("objectives", "market_plan", "channels", "measure"),
    "people": ("audience", "consumers", "message", "support", "tone_of_voice"),
    "frame": ("budget_amount", "budget_covers", "budget_from", "launch_on", "deliverables", "mandatories", "legal_lines"),
}  # fmt: skip
LONGEST = 220  # signs of one answer: the page has to be written, not filled
SHARE = 640  # signs of one part


def first_words(brief):
    """part of a playback → its words, in the language of the house."""
    with override(settings.LANGUAGE_CODE):
        told = {it.name: it for it in answers(brief)}
        parts = {part: _gathered(told, names) for part, names in PARTS.items()}
        return {**parts, "assumed": _cut("\n".join(_unsure(it) for it in told.values() if it.mark in {"guess", "unknown"}))}


def _gathered(told, names):
    lines = [f"{told[name].label}: {_short(told[name])}" for name in names if name in told and _short(told[name])]
    return _cut("\n".join(lines))


def _short(it):
    text = it.text or "; ".join(", ".join(cell for _head, cell in row if cell) for row in (it.table[1] if it.table else []))
    return Truncator(" ".join(text.split())).chars(LONGEST)


def _unsure(it):
    if it.mark == "unknown":
        return _("%(what)s: not known, and nobody will ask again.") % {"what": it.label}
    return _("%(what)s: our guess is %(guess)s") % {"what": it.label, "guess": _short(it)}


def _cut(text):
    return Truncator(text).chars(SHARE)
