"""How a progress report begins (DIR6): lines about what really happened on a campaign since the last one, as a client reads it.

Nothing of ours stands in them: no prices, no returns between our desks, no names of colleagues, no notes; internal reviews and
what comes before the plan are steps of ours.
"""

from django.contrib.contenttypes.models import ContentType
from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agency.templatetags.dates import day as in_words
from agency.workdays import calendar
from campaigns.causes import reckoned
from campaigns.models import Baseline, Cause, ChangeOrder, Plan, Step
from campaigns.models.progress_report import ProgressReport, days_of_next
from campaigns.models.template import Kind
from clients.models import Event

OURS_ALONE = (Kind.BRIEF, Kind.MEETING, Kind.PLAN, Kind.GATE)
AHEAD, MOST = 10, 12  # working days looked ahead, lines of a part
AGREED = {
    Plan: (("confirm", "record_agreement"), lambda: _("You agreed the advertising plan and its estimate")),
    ChangeOrder: (("confirm", "record_agreement"), lambda: _("You agreed a change order")),
    Baseline: (("confirm", "record_agreement"), lambda: _("You agreed the work schedule")),
}  # fmt: skip


def texts_for(campaign):
    """{part: its lines} of the next report of a campaign, in the language that is active; a constant number of queries."""
    first, last = days_of_next(campaign)
    steps = list(campaign.steps.select_related("department").order_by("position", "pk"))
    lines = {
        "happened": agreed(campaign, first, last) + [done(step) for step in steps if is_told_done(step, first, last)],
        "at_work": [at_work(step) for step in steps if is_at_work(step)],
        "ahead": [ahead(step) for step in steps if is_ahead(step, last)],
        "awaited": [awaited(step, last) for step in steps if step.is_clients and step.is_open and begun(step)],
        "days_lost": days_lost(campaign),
    }
    return {part: "\n".join(f"– {line}" for line in found[:MOST]) for part, found in lines.items()}


def new_lines(texts, campaign):
    """{part: the text with the lines that a fresh draft has and the text has not}: nothing that was typed is lost."""
    fresh = texts_for(campaign)
    return {part: joined(texts[part], fresh[part]) for part in ProgressReport.TEXTS}


def joined(text, fresh):
    there = {line.strip() for line in text.splitlines()}
    missing = [line for line in fresh.splitlines() if line.strip() not in there]
    return "\n".join([*([text.rstrip()] if text.strip() else []), *missing])


def is_told(step):
    return step.kind not in OURS_ALONE


def is_told_done(step, first, last):
    done_on = step.done_on
    return is_told(step) and step.state == Step.State.CHECKED and done_on is not None and first <= done_on <= last


def done(step):
    return _("%(step)s: done on %(day)s") % {"step": step.name, "day": in_words(step.done_on)}


def begun(step):
    return step.state in (Step.State.READY, Step.State.IN_PROGRESS)


def is_at_work(step):
    handed_on = step.state in (Step.State.IN_PROGRESS, Step.State.DONE, Step.State.TAKEN_OVER)
    return is_told(step) and not step.is_clients and handed_on


def at_work(step):
    return _("%(step)s: planned until %(day)s") % {"step": step.name, "day": in_words(step.ends_on)}


def is_ahead(step, today):
    soon = calendar().add(today, AHEAD)
    return is_told(step) and step.state in (Step.State.PLANNED, Step.State.READY) and step.starts_on <= soon and not (
        step.is_clients and begun(step)
    )  # fmt: skip


def ahead(step):
    words = {"step": step.name, "day": in_words(step.starts_on)}
    return _("%(step)s (with you): from %(day)s") % words if step.is_clients else _("%(step)s: from %(day)s") % words


def awaited(step, today):
    """A step of the client's: since when, by when, and how many working days it is late."""
    words = {"step": step.name, "day": in_words(step.ends_on)}
    if (late := calendar().between(step.ends_on, today)) > 0:
        text = ngettext("%(step)s: was planned for %(day)s, %(n)d working day ago",
                        "%(step)s: was planned for %(day)s, %(n)d working days ago", late)  # fmt: skip
        return text % {**words, "n": late}
    return _("%(step)s: by %(day)s") % words


def days_lost(campaign):
    """How the end stands against the agreed schedule, and how many of the days were the client's."""
    found = reckoned(campaign)
    if found is None:
        return []
    words = {"day": in_words(found.ends_on), "agreed": in_words(found.agreed.ends_on), "n": found.days_late}
    if found.days_late <= 0:
        told = [_("The work ends on %(day)s, as agreed") % words]
    else:
        text = ngettext(
            "The work ends on %(day)s, %(n)d working day after %(agreed)s, which was agreed",
            "The work ends on %(day)s, %(n)d working days after %(agreed)s, which was agreed",
            found.days_late,
        )
        told = [text % words]
    for lost in found.lost:
        if lost.cause == Cause.CLIENT:
            text = ngettext("%(step)s took %(n)d working day more than agreed",
                            "%(step)s took %(n)d working days more than agreed", lost.days)  # fmt: skip
            told.append(text % {"step": lost.step.name, "n": lost.days})
    return told


def agreed(campaign, first, last):
    """What the client agreed in these days: plan, change orders, work schedule."""
    told = []
    for model, (verbs, say) in AGREED.items():
        records = model.objects.filter(campaign=campaign).values("pk")
        kind = ContentType.objects.get_for_model(model)
        events = Event.objects.filter(content_type=kind, object_id__in=records, verb__in=verbs, client_id=campaign.client_id)
        told += [(event.at, say()) for event in events if first <= localdate(event.at, get_default_timezone()) <= last]
    return [f"{text}: {in_words(at)}" for at, text in sorted(told)]
