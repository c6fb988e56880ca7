"""Lines of a desk: records that lie with somebody, each with its days, the one next thing to do, and why it came back.

However many lines there are, each of these readings costs a constant number of queries.
"""

from dataclasses import dataclass, field
from urllib.parse import quote

from django.contrib.contenttypes.models import ContentType
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import Evaluation
from agency.flow import Court
from agency.records import with_writers
from agency.workdays import calendar
from approvals.models import Draft, DraftVersion, Sample, SupervisionNote
from approvals.models.draft import CLEAR
from approvals.models.sample import REVIEW
from briefs.models import Brief, Enquiry, Opinion, Playback, Study
from briefs.models.playback import with_playbacks
from campaigns import reading
from campaigns.brief_changes import changed_under
from campaigns.models import Baseline, ChangeOrder, Plan, ProgressReport, Rearrangement, Step
from campaigns.models.plan import ready_to_answer
from clients.models import Event
from clients.owed import days_left

RETURNS = ("return_to_writer", "hand_back")
BEGUN_ANEW = ("withdraw", "reopen", "take_up", "ask_changes", "record_no")  # a draft that was returned before is made again


@dataclass(frozen=True)
class Link:
    """Where the next thing is done, if it is not a move that can be made from here."""

    label: str
    url: str


@dataclass
class Group:
    """Some lines under a heading."""

    title: str
    lines: list = field(default_factory=list)
    state: str = ""
    more: str = ""
    more_url: str = ""


class Days:
    """The days of one person's desk: today where he is, and the agency's calendar, read once."""

    def __init__(self, today):
        self.today = today

    @cached_property
    def workdays(self):
        return calendar()

    def told(self, records):
        """The records, each with `kind`, `left` (working days to its due date) and `waited` (working days it lies there)."""
        for record in records:
            record.kind = record._meta.verbose_name
            record.left = days_left(record.due_on, self.today, self.workdays) if record.due_on else None
            record.waited = self.workdays.between(localtime(record.court_since).date(), self.today)
        return records


def of(kind, lines):
    return [line for line in lines if isinstance(line, kind)]


def with_next(lines, person):
    """The lines, each with `next_moves` (the one move the person would make from here) or a `link` to where it is done."""
    reading.with_next_move(of(Step, lines), person)
    with_playbacks(of(Brief, lines))
    ready_to_answer(of(Plan, lines))
    for section in of(Opinion, lines):
        _link(section, *_answered_at(section))
    for study in of(Study, lines):
        _link(study, _("Close"), reverse("study_close", args=[study.pk]))
    for enquiry in with_answers(of(Enquiry, lines)):
        _link(enquiry, _said(enquiry), enquiry.get_absolute_url())
    for playback in of(Playback, lines):
        _link(playback, _("Write on") if playback.state == playback.State.DRAFT else _("Read"), playback.get_absolute_url())
    for kind in (Brief, Plan):
        for line in with_writers(of(kind, lines)):
            _decide_or_write(line, person)
    for plan in of(Plan, lines):
        if plan.state == plan.State.AGREED:
            _link(plan, _("Send"), reverse("plan_send", args=[plan.campaign.job_number]))
    for order in of(ChangeOrder, lines):
        _link(order, _("Write on"), order.get_absolute_url())
    for schedule in of(Baseline, lines):
        _link(schedule, _("Send"), schedule.get_absolute_url())
    for report in of(ProgressReport, lines):
        _link(report, _("Write on") if report.state == report.State.DRAFT else _("Read"), report.get_absolute_url())
    for draft in with_open_version(of(Draft, lines)):
        _link(draft, *_next_of_draft(draft, person))
    for sample in of(Sample, lines):
        _link(sample, *_next_of(sample, person))
    for note in of(SupervisionNote, lines):
        to_fix = note.state == SupervisionNote.State.OPEN
        _link(
            note, *((_("Fix"), reverse("supervision_fix", args=[note.pk])) if to_fix else (_("Look"), note.get_absolute_url()))
        )
    for wish in of(Rearrangement, lines):
        _link(wish, _("Answer"), wish.get_absolute_url())
    for evaluation in of(Evaluation, lines):
        to_sign = evaluation.state == Evaluation.State.WITH_PERSON
        _link(evaluation, _("Read and sign") if to_sign else _("Write on"), evaluation.get_absolute_url())
    return lines


def with_open_version(drafts):
    """The drafts, each with `at_work`: the version that is being put together, or None; one query for all of them."""
    versions = DraftVersion.objects.filter(draft__in=[it.pk for it in drafts], state=DraftVersion.State.OPEN) if drafts else ()
    found = {version.draft_id: version for version in versions}
    for draft in drafts:
        draft.at_work = found.get(draft.pk)
    return drafts


def _next_of_draft(draft, person):
    """Straight to where it is made, cleared or sent; whoever may not do so opens it."""
    if draft.at_work:
        return _("Write on"), reverse("draft_version_edit", args=[draft.pk, draft.at_work.number])
    if draft.state == Draft.State.REVIEW and person.has_perm(CLEAR) and not draft.is_work_of(person):
        return _("Review"), reverse("draft_review", args=[draft.pk])
    if draft.state == Draft.State.CLEARED:
        return _("Send"), reverse("draft_send", args=[draft.pk])
    making = draft.state in (Draft.State.MAKING, Draft.State.AMENDING)
    return (_("Begin a version") if making else _("Open")), draft.get_absolute_url()


def _next_of(sample, person):
    """Whoever checks samples goes straight to the checklist; whoever has one made opens it."""
    said = {"received": _("Check the sample"), "corrected": _("Verify"), "passed": _("Release")}.get(sample.state, _("Open"))
    if sample.state == Sample.State.RECEIVED and person.has_perm(REVIEW):
        return said, reverse("sample_check", args=[sample.pk])
    return said, sample.get_absolute_url()


def _answered_at(section):
    """Whoever is asked answers for the department; we answer it where it says no, and write down what it says by telephone."""
    if section.person_id == section.holder_id:
        return _("Answer"), section.get_absolute_url()
    if section.is_silent:
        return _("Record"), reverse("opinion_record", args=[section.pk])
    return _("Answer"), reverse("opinion_reply", args=[section.pk])


def with_answers(enquiries):
    """The enquiries, each with `answers`: how many of its answers wait to be taken over; one query for all of them."""
    rows = Enquiry.objects.filter(pk__in=[it.pk for it in enquiries]).counted().values_list("pk", "answer_count", "open_count")
    found = {pk: counts for pk, *counts in rows} if enquiries else {}
    for it in enquiries:
        it.answers, it.unanswered = found.get(it.pk, (0, 0))
    return enquiries


def _said(enquiry):
    if not enquiry.answers:
        return _("Ask again")
    return ngettext("%(n)d answer", "%(n)d answers", enquiry.answers) % {"n": enquiry.answers}


def _decide_or_write(line, person):
    """A text that waits for a decision is decided here; one that is not ready to be submitted is opened where it is written."""
    line.next_moves = line.moves_open_to(person)[:1]
    line.move_url = f"{line.get_absolute_url()}plan/" if isinstance(line, Plan) else line.get_absolute_url()
    if line.state in type(line).WRITABLE and (line.missing or line.state == line.State.RETURNED):
        line.next_moves = []
        _link(line, _("Write on"), _place_of_writing(line))


def _place_of_writing(line):
    return (
        reverse("plan_edit", args=[line.campaign.job_number])
        if isinstance(line, Plan)
        else reverse("brief_edit", args=[line.pk])
    )


def _link(line, label, url):
    line.next_moves, line.link = [], Link(label, url)


def with_chase(lines, person):
    """The lines, each with a `link` to whoever has to be asked: the client's contacts, or the colleague's mail."""
    for line in lines:
        line.link = _chase(line, person)
    return lines


def _chase(line, person):
    if line.court == Court.CLIENT:
        return Link(_("Call"), f"{line.client.get_absolute_url()}#contacts")
    if line.holder is None or line.holder == person:
        return None
    return Link(_("Mail"), f"mailto:{line.holder.email}?subject={quote(_subject(line))}")


def _subject(line):
    return f"{line.client.code} {line}" if getattr(line, "client", None) else str(line)


def with_brief_changes(lines):
    """The lines, each with `brief_changed`: the newer edition of the brief under its campaign that nobody has looked at yet."""
    on_campaigns = [line for line in lines if isinstance(line, Plan | Step)]
    found = changed_under({line.campaign_id for line in on_campaigns}) if on_campaigns else {}
    for line in lines:
        line.brief_changed = found.get(getattr(line, "campaign_id", None))
    return lines


def with_return(lines):
    """The lines, each with `came_back`: the event by which it was returned, while it is being mended; one query."""
    mended = {(ContentType.objects.get_for_model(line).pk, line.pk): line for line in lines if _is_being_mended(line)}
    for line in lines:
        line.came_back = None
    kinds, keys = {kind for kind, _pk in mended}, {pk for _kind, pk in mended}
    events = Event.objects.filter(verb__in=RETURNS + BEGUN_ANEW, content_type__in=kinds, object_id__in=keys)
    for event in events.with_who().order_by("at", "pk"):
        if line := mended.get((event.content_type_id, event.object_id)):
            line.came_back = event if event.verb in RETURNS else None
    return lines


def _is_being_mended(line):
    begun = {Step: Step.State.IN_PROGRESS, Draft: Draft.State.MAKING}
    return line.state == "returned" or line.state == begun.get(type(line))
