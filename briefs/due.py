"""What of briefs can be due: the acceptor's answer, and the writer's second try."""

from django.utils.translation import gettext_lazy as _

from briefs.models import Brief
from clients.owed import is_owed, owed_knots
from clients.stranded import heads_of, is_still_stranded, owed_stranded
from reminders.registry import Kind, register


def owed(today):
    """Briefs that wait for their holder's answer (DEP3)."""
    waiting = Brief.objects.filter(state__in=(Brief.State.SUBMITTED, Brief.State.RETURNED))
    return owed_knots(waiting, today, _("Brief “%(record)s” of %(client)s waits for %(holder)s: due %(due)s."))


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
