"""What of briefs can be due: the acceptor's answer, the writer's second try, what clients say when they are asked; what a
department says in a joint study, our answer where it says no, the closing."""

from django.utils.translation import gettext_lazy as _

from briefs.models import Brief, Enquiry, Opinion, Playback, Study
from clients.owed import is_owed, owed_knots
from clients.stranded import heads_of, is_still_stranded, owed_stranded
from reminders.registry import Kind, register


def owed(today):
    """Briefs that wait for their holder's answer (DEP3)."""
    waiting = Brief.objects.filter(state__in=(Brief.State.SUBMITTED, Brief.State.RETURNED))
    return owed_knots(waiting, today, _("Brief “%(record)s” of %(client)s waits for %(holder)s: due %(due)s."))


def owed_answers(today):
    """Questions that the client has not answered, and answers that nobody has taken over (DEP2, SAL1)."""
    open_ones = Enquiry.objects.filter(state__in=(Enquiry.State.ASKED, Enquiry.State.ANSWERED)).select_related("brief")
    return owed_knots(open_ones, today, _("%(record)s, %(client)s: due %(due)s, with %(holder)s."))


def owed_playbacks(today):
    """Playbacks that the client has not answered, and those it wants changed."""
    open_ones = Playback.objects.filter(state__in=(Playback.State.SENT, Playback.State.CHANGES)).select_related("brief")
    return owed_knots(open_ones, today, _("%(record)s, %(client)s: due %(due)s, with %(holder)s."))


def owed_opinions(today):
    """Departments that owe an answer, and those who owe one to a department that says no (DEP3)."""
    waiting = Opinion.objects.select_related("department", "study__brief")
    return owed_knots(waiting, today, _("Joint study, %(record)s (%(client)s): due %(due)s, with %(holder)s."))


def owed_studies(today):
    """Studies in which every department has spoken (DEP3)."""
    waiting = Study.objects.select_related("brief")
    return owed_knots(waiting, today, _("%(record)s (%(client)s) waits to be closed by %(holder)s: due %(due)s."))


def leads_of(ladder, client):
    """Who asks another colleague of a department: the lead of the client's business, else the head of its group."""
    lead = ladder.lead(client)
    return [lead] if lead and lead.is_active else heads_of(ladder, client)


VIEW = "briefs.view_brief"
register(Kind("briefs.enquiry_news", label=_("Answers of clients"), view_right=VIEW, model=Enquiry))
register(Kind("briefs.playback_news", label=_("Playbacks"), view_right=VIEW, model=Playback))
register(
    Kind("briefs.enquiry", label=_("Questions to clients"), view_right=VIEW, model=Enquiry, owed=owed_answers, is_due=is_owed)
)
register(
    Kind("briefs.playback", label=_("Playbacks waiting"), view_right=VIEW, model=Playback, owed=owed_playbacks, is_due=is_owed)
)
STRANDED = (
    ("briefs.enquiry_stranded", _("Questions that lie with nobody who can see to them"), Enquiry, heads_of),
    ("briefs.playback_stranded", _("Playbacks that lie with nobody who can see to them"), Playback, heads_of),
    ("briefs.opinion_stranded", _("Departments asked of whom nobody can answer"), Opinion, leads_of),
    ("briefs.study_stranded", _("Joint studies that lie with nobody who can close them"), Study, leads_of),
)
for name, label, model, mended_by in STRANDED:
    owed_by = owed_stranded(model, mended_by)
    register(Kind(name, label=label, view_right=VIEW, model=model, owed=owed_by, is_due=is_still_stranded))
register(Kind("briefs.news", label=_("Briefs"), view_right="briefs.view_brief", model=Brief))
register(
    Kind("briefs.brief", label=_("Briefs waiting"), view_right="briefs.view_brief", model=Brief, owed=owed, is_due=is_owed)
)
register(
    Kind(
        "briefs.stranded",
        label=_("Briefs that lie with nobody who can do them"),
        view_right="briefs.view_brief",
        model=Brief,
        owed=owed_stranded(Brief, heads_of),
        is_due=is_still_stranded,
    )
)
register(Kind("briefs.brief.shared", label=_("Shares"), view_right="briefs.view_brief", model=Brief))
register(Kind("briefs.opinion_news", label=_("Joint studies"), view_right=VIEW, model=Opinion))
register(Kind("briefs.study_news", label=_("Joint studies"), view_right=VIEW, model=Study))
register(
    Kind("briefs.opinion", label=_("Departments asked"), view_right=VIEW, model=Opinion, owed=owed_opinions, is_due=is_owed)
)
register(
    Kind("briefs.study", label=_("Joint studies to close"), view_right=VIEW, model=Study, owed=owed_studies, is_due=is_owed)
)
