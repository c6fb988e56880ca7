"""Open work that lies with nobody who can do it, on the desks of those who can mend it (COO1, MIN6)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from approvals.models import Draft, Sample, SupervisionNote
from briefs.models import Brief, Enquiry, Opinion, Playback, Study
from campaigns.models import Baseline, ChangeOrder, Plan, ProgressReport, Rearrangement, Step
from clients.stranded import is_stranded
from desk.inbox import first, oldest, together
from desk.lines import Link

MOST = 8
TEXTS = (Brief, Playback, Plan, ChangeOrder, ProgressReport)
ALL = (
    Brief,
    Enquiry,
    Playback,
    Opinion,
    Study,
    Plan,
    ChangeOrder,
    Baseline,
    ProgressReport,
    Rearrangement,
    Draft,
    Sample,
    SupervisionNote,
    Step,
)


def stranded(inbox, kinds, most=MOST):
    """(what has lain longest, each with `why` and a `link` to where it is mended; how many)."""
    lying = [adrift(inbox, kind) for kind in kinds]
    found, count = inbox.days.told(first(oldest, lying, most)), together(lying).count()
    for line in found:
        line.why, line.link = why(line.in_hands_of), mended_at(line, inbox.person)
    return found, count


def adrift(inbox, kind):
    hands = (name for name, _while in kind.lies_with)
    return inbox.seen(kind).select_related(*hands).filter(is_stranded(kind))


def why(person):
    if person is None:
        return _("nobody has it")
    return _("no longer serves this client") if person.is_active else _("no longer works here")


def mended_at(line, person):
    """Open steps are given, texts still being written need a seat on the client; the rest is decided where it stands."""
    at = line.get_absolute_url()
    if isinstance(line, Step):
        return Link(_("Give"), f"{at}#give") if line.is_open else Link(_("Check"), at)
    if isinstance(line, TEXTS) and line.state in type(line).WRITABLE:
        if person.has_perm("clients.assign_client"):
            return Link(_("Assign"), reverse("client_assign", args=[line.client.code]))
        return Link(_("Open"), at)
    if isinstance(line, Opinion) and line.is_silent:
        return Link(_("Ask another"), reverse("opinion_ask", args=[line.pk]))
    if isinstance(line, SupervisionNote):
        return Link(_("Give"), reverse("supervision_give", args=[line.pk])) if line.state == "open" else Link(_("Open"), at)
    return Link(
        _("Open")
        if isinstance(line, Enquiry | Playback | Opinion | Study | ChangeOrder | Baseline | ProgressReport | Draft | Sample)
        else _("Decide"),
        at,
    )
