"""What is due of drafts: to be made, cleared, sent, and answered by the client (DEP7, SAL2); of samples: to come, to be
checked, mended and released (SAL3, SAL5); of what was seen to be wrong: to be fixed and verified (DEP7)."""

from django.utils.translation import gettext_lazy as _

from approvals.models import Draft, DraftComment, Presentation, Sample, SupervisionNote
from clients.owed import is_owed, owed_knots
from clients.stranded import heads_of, is_still_stranded, owed_stranded
from reminders.registry import Kind, register

VIEW = "approvals.view_draft"
PROOF, NOTED = Sample.view_right, SupervisionNote.view_right
SAID = {
    Sample.State.EXPECTED: _("%(record)s of %(client)s is expected: due %(due)s, with %(holder)s."),
    Sample.State.RECEIVED: _("%(record)s of %(client)s waits to be checked by %(holder)s: due %(due)s."),
    Sample.State.CORRECTIONS: _("Corrections on %(record)s of %(client)s wait to be verified by %(holder)s: due %(due)s."),
    Sample.State.PASSED: _("%(record)s of %(client)s waits to be released by %(holder)s: due %(due)s."),
}
NOTES = {
    SupervisionNote.State.OPEN: _("Defect %(record)s of %(client)s waits to be fixed by %(holder)s: due %(due)s."),
    SupervisionNote.State.FIXED: _("Fixed, and to be verified by %(holder)s: %(record)s of %(client)s, due %(due)s."),
}


def owed_drafts(today):
    """Drafts that lie with somebody: the maker, whoever clears or sends, the client."""
    return owed_knots(Draft.objects.open(), today, _("Draft %(record)s of %(client)s: due %(due)s, with %(holder)s."))


def owed_samples(today):
    """Each with the sentence of its state; a bounded query or two for each of them."""
    for state, text in SAID.items():
        waiting = Sample.objects.filter(state=state).select_related("campaign", "deliverable")
        yield from owed_knots(waiting, today, text)


def owed_notes(today):
    """Defects, and what waits to be verified; each with the sentence of its state."""
    for state, text in NOTES.items():
        waiting = SupervisionNote.objects.filter(state=state).select_related("campaign")
        yield from owed_knots(waiting, today, text)


register(Kind("approvals.comment", label=_("Comments on drafts"), view_right=VIEW, model=DraftComment))
register(Kind("approvals.draft_news", label=_("Drafts"), view_right=VIEW, model=Draft))
register(
    Kind("approvals.draft", label=_("Drafts due and late"), view_right=VIEW, model=Draft, owed=owed_drafts, is_due=is_owed)
)
register(
    Kind(
        "approvals.draft_stranded",
        label=_("Drafts that lie with nobody who can do them"),
        view_right=VIEW,
        model=Draft,
        owed=owed_stranded(Draft, heads_of),
        is_due=is_still_stranded,
    )
)
register(Kind("approvals.draft.shared", label=_("Shares"), view_right=VIEW, model=Draft))
register(Kind("approvals.sample_news", label=_("Samples"), view_right=PROOF, model=Sample))
register(Kind("approvals.sample.shared", label=_("Shares"), view_right=PROOF, model=Sample))
register(
    Kind("approvals.sample", label=_("Samples waiting"), view_right=PROOF, model=Sample, owed=owed_samples, is_due=is_owed)
)
register(
    Kind(
        "approvals.sample_stranded",
        label=_("Samples that lie with nobody who can check them"),
        view_right=PROOF,
        model=Sample,
        owed=owed_stranded(Sample, heads_of),
        is_due=is_still_stranded,
    )
)
register(Kind("approvals.presentation_news", label=_("Presentations"), view_right=VIEW, model=Presentation))
register(Kind("approvals.supervision_news", label=_("Supervision notes"), view_right=NOTED, model=SupervisionNote))
register(
    Kind(
        "approvals.supervision",
        label=_("Defects due and late"),
        view_right=NOTED,
        model=SupervisionNote,
        owed=owed_notes,
        is_due=is_owed,
    )
)
register(
    Kind(
        "approvals.supervision_stranded",
        label=_("Defects that lie with nobody who can do them"),
        view_right=NOTED,
        model=SupervisionNote,
        owed=owed_stranded(SupervisionNote, heads_of),
        is_due=is_still_stranded,
    )
)
