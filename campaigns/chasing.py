"""What the page of a step shows of its thread, its nudges and how far it is: read at once, as far as the person may (COO2)."""

from agency import clock
from campaigns.chasing_forms import NoteForm, NudgeForm, ProgressForm, PromiseForm
from campaigns.models import Nudge, Step, StepNote, StepProgress
from campaigns.models.nudge import why_no_nudge
from campaigns.models.progress import LONG, said_this_week, unanswered
from campaigns.models.thread import NUDGE, may_write

NOTES, NUDGES, SAID, WEEKLY = 50, 10, 5, 200


def chasing_of(step, person, forms=None):
    """The parts of the page by name. forms: those that come back with what was typed, by name."""
    forms, today = forms or {}, clock.today_for(person)
    nudges = nudges_of(step, person, today)
    open_to_me = next((it for it in nudges if it.state == Nudge.State.ASKED and it.person_id == person.pk), None)
    no_nudge = why_no_nudge(step, person) if person.has_perm(NUDGE, step) else None
    asked = step.state == Step.State.IN_PROGRESS and step.days > LONG and person.has_perm("campaigns.work_step", step)
    return {
        "notes": notes_of(step, person),
        "note_form": forms.get("note") or (NoteForm() if may_write(person, step) else None),
        "nudges": nudges,
        "no_nudge": no_nudge,
        "nudge_form": forms.get("nudge") or (NudgeForm() if no_nudge == "" else None),
        "promised": forms.get("promised") or open_to_me,
        "promise_form": forms.get("promise") or (open_to_me and open_to_me.is_asked and PromiseForm(nudge=open_to_me)),
        "said": list(StepProgress.objects.visible_to(person).filter(step=step).select_related("created_by")[:SAID]),
        "progress_form": forms.get("progress") or (ProgressForm(step=step) if asked else None),
    }


def notes_of(step, person):
    """The newest of the thread, oldest first; each says whether the person may take it back."""
    notes = list(StepNote.objects.visible_to(person).filter(step=step).select_related("created_by").order_by("-pk")[:NOTES])
    for note in notes:
        note.step, own = step, note.created_by_id == person.pk and note.state == StepNote.State.NOTED
        note.may_go = own and note.is_fresh
    return notes[::-1]


def nudges_of(step, person, today):
    nudges = list(Nudge.objects.visible_to(person).filter(step=step).select_related("created_by", "person")[:NUDGES])
    for nudge in nudges:
        nudge.step = step
        nudge.stands = nudge.standing(today)
    return nudges


def asked_this_week(person, today):
    """(the long steps whose owner has not said this week how far they are, most urgent first; what the others have said).

    Those whom `person` may nudge; each of the first with `last_said`. Three queries, however many.
    """
    mine = Step.objects.where(person, NUDGE).values("pk")
    silent = list(unanswered(today).filter(pk__in=mine).for_list().order_by("ends_on", "pk")[:WEEKLY])
    said = said_this_week(today).filter(step__in=mine).select_related("step__campaign", "step__client", "step__person")
    last = {}
    for it in StepProgress.objects.filter(step__in=[step.pk for step in silent]).order_by("created_at", "pk"):
        last[it.step_id] = it
    for step in silent:
        step.last_said = last.get(step.pk)
    return silent, newest(said.order_by("-created_at", "-pk")[:WEEKLY])


def newest(said):
    """Of each step what was said last; `past` where that lies beyond its last day."""
    found = {}
    for it in said:
        it.past = it.forecast_on > it.step.ends_on
        found.setdefault(it.step_id, it)
    return list(found.values())
