"""How sure an answer is, who said it and on which day, as it is typed beside the question: `mark-price`, `source-price`,
`on-price`. What is known needs no mark."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency import clock
from agency.templatetags.dates import day

LONGEST = 200
WAYS = (
    ("", gettext_lazy("Known")),
    ("guess", gettext_lazy("Our guess")),
    ("unknown", gettext_lazy("Accepted as unknown")),
)  # as a person chooses; the empty one says nothing about an answer that is not there
PARTS = ("mark", "source", "on")


def was_sent(data, name):
    return f"mark-{name}" in data


def typed(data, name):
    """What stands beside one question, as it was typed."""
    return {part: (data.get(f"{part}-{name}") or "").strip() for part in PARTS}


def clean(given):
    """What was typed → what is kept of it; None for an answer that is simply known. Raises ValidationError."""
    if given["mark"] not in {"", "known", "guess", "unknown"}:
        raise ValidationError(_("Say whether it is known, our guess or accepted as unknown."))
    if len(given["source"]) > LONGEST:
        raise ValidationError(_("Who said it: at most %(n)d characters.") % {"n": LONGEST})
    kept = {part: text for part, text in {**given, "on": _day(given["on"])}.items() if text}
    return {"mark": "known", **kept} if kept and kept != {"mark": "known"} else None


def _day(text):
    try:
        said = date.fromisoformat(text) if text else None
    except ValueError:
        raise ValidationError(_("The day on which it was said: a day such as 2026-11-16.")) from None
    if said and said > clock.today():
        raise ValidationError(_("The day on which it was said cannot lie ahead."))
    return said.isoformat() if said else ""


def in_words(mark):
    """“Our guess · Paul Reyes · Mon 16 Nov”; "" where nothing is said."""
    said = _("said by %(who)s") % {"who": mark["source"]} if mark.get("source") else ""
    sure = dict(WAYS).get(mark.get("mark"), "")
    return " · ".join(filter(None, (str(sure), said, _day_in_words(mark.get("on", "")))))


def _day_in_words(text):
    try:
        return day(date.fromisoformat(text)) if text else ""
    except ValueError:
        return ""
