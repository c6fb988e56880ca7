"""The frame around every page: the places a person has, and how many notices are new. A page without a frame asks nothing."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import IntegerField, Value
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from accounts import rights
from approvals.models import Draft
from briefs.models import Brief
from campaigns.models import Campaign
from clients.models import Client, GroupShare
from desk.inbox import Inbox
from reminders.models import Notice

MOST = 99

# name, icon, name of the address, the right that opens it, the model of which a member of another department needs a share
PLACES = (
    (_("Desk"), "desk", "desk", None, None),
    (_("Clients"), "clients", "clients", "clients.view_client", Client),
    (_("Briefs"), "briefs", "briefs", "briefs.view_brief", Brief),
    (_("Campaigns"), "campaigns", "campaigns", "campaigns.view_campaign", Campaign),
    (_("Schedule"), "schedule", "schedule", "campaigns.view_campaign", None),
    (_("Approvals"), "approvals", "approvals", "approvals.view_draft", Draft),
    (_("Money"), "chart", "money", "campaigns.see_margin", None),
    (_("Department"), "company", "department", "accounts.check_director", None),
    (_("People"), "people", "people", "accounts.view_own_evaluation", None),
)


def frame(request):
    """`places` and `notice_count` for the templates; nothing for a stranger, nor in the administration."""
    person = getattr(request, "user", None)
    match = getattr(request, "resolver_match", None)
    if person is None or not person.is_authenticated or (match and match.app_name == "admin"):
        return {}
    return {
        "places": SimpleLazyObject(lambda: places(person, request.path)),
        "notice_count": SimpleLazyObject(lambda: notice_count(person)),
    }


def notice_count(person):
    """How many notices are new, as the bell tells it: two queries, of which the second stops at a hundred rows."""
    return capped(Notice.objects.unseen().visible_to(person).capped_count(MOST))


def desk_count(person):
    """How many things need the person now: one query as well (3 to 9 ms beside 100,000 steps), and the one number for which
    people open the house. Every other place would be counted with a query of its own, and tells nobody what to do."""
    return capped(Inbox(person).count(MOST + 1)) if person.role else 0


def capped(count):
    return f"{MOST}+" if count > MOST else count


def places(person, path):
    """The places this person has, in the order of the rail. A member has those of which something is shared."""
    shared = shared_kinds(person)
    counts = {"desk": SimpleLazyObject(lambda: desk_count(person))}
    return [
        {"label": label, "icon": icon, "url": reverse(name), "current": is_in(path, reverse(name)), "count": counts.get(name)}
        for label, icon, name, right, model in PLACES
        if right is None or opens(person, right, model, shared)
    ]


def opens(person, right, model, shared):
    scope = rights.TABLE[right].scope(person)
    return model in shared if scope == "share" and model else bool(scope)


def shared_kinds(person):
    """The models of which something is shared with a member, drafts of his own hand among them: one query, and none for the
    department itself."""
    if rights.TABLE["clients.view_client"].scope(person) != "share":
        return set()
    groups = person.groups.through.objects.filter(person=person).values("group")
    own, through_groups = person.share_set.live(), GroupShare.objects.live().filter(group__in=groups)
    made = Draft.objects.filter(maker=person).order_by().annotate(content_type=Value(_kind_of_drafts(), IntegerField()))
    kinds = own.values("content_type").union(through_groups.values("content_type"), made.values("content_type"))
    return {ContentType.objects.get_for_id(kind["content_type"]).model_class() for kind in kinds}


def _kind_of_drafts():
    return ContentType.objects.get_for_model(Draft).pk


def is_in(path, url):
    return path == url if url == reverse("desk") else path.startswith(url)
