"""The approval board: every draft that is open, by stage and court, with how long it has lain there (DEP7, SAL2)."""

from django import forms
from django.db.models import Case, CharField, Count, Q, Value, When
from django.db.models.functions import Lower
from django.utils.html import format_html
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.lists import by_name
from accounts.models import Person
from agency import clock
from agency.flow import Court
from agency.forms import ListFilter
from agency.lists import Column, Listing, by_choice
from agency.pages import CAP
from agency.templatetags.dates import due, since_when
from agency.templatetags.ui import chip, client_tab, person_tag
from agency.workdays import calendar
from approvals.models import Draft, DraftVersion
from campaigns.models import Campaign
from clients.models import Client, SafeLink
from clients.owed import with_days_left

State = Draft.State
WANTED = Q(state=State.AMENDING) | Q(state=State.MAKING, wants_round=True)
# The word in the address → its name, the state whose colour it has, the condition. Each open draft is in exactly one.
STAGES = {
    "making": (gettext_lazy("Being made"), "draft", Q(state=State.MAKING, wants_round=False)),
    "review": (gettext_lazy("To be cleared"), "ours", Q(state=State.REVIEW)),
    "cleared": (gettext_lazy("To be sent"), "ours", Q(state=State.CLEARED)),
    "client": (gettext_lazy("With the client"), "client", Q(state=State.CLIENT)),
    "changes": (gettext_lazy("Changes wanted"), "risk", WANTED),
}
LATE = "late"


def is_late(today):
    """Lies with somebody past its day."""
    return ~Q(court=Court.NOBODY) & Q(due_on__lt=today)


def staged(drafts):
    """The open drafts, each with `stage`."""
    falls = [When(condition, then=Value(word)) for word, (_label, _state, condition) in STAGES.items()]
    return drafts.open().annotate(stage=Case(*falls, output_field=CharField()))


def counts(drafts, today):
    """How many open drafts are in which stage, and how many of all are late; one query."""
    asked = {word: Count("pk", filter=condition) for word, (_label, _state, condition) in STAGES.items()}
    return drafts.open().order_by().aggregate(**asked, **{LATE: Count("pk", filter=is_late(today))})


def capped(count):
    return f"{CAP}+" if count > CAP else count


class BoardFilter(ListFilter):
    """The questions of the board."""

    client = forms.ModelChoiceField(
        Client.objects.none(),
        label=gettext_lazy("Client"),
        to_field_name="code",
        required=False,
        empty_label=gettext_lazy("All"),
    )
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=gettext_lazy("Campaign"), to_field_name="job_number", required=False,
        empty_label=gettext_lazy("All"),
    )  # fmt: skip
    person = forms.ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("Lies with"), to_field_name="username", required=False,
        empty_label=gettext_lazy("All"),
    )  # fmt: skip
    maker = forms.ModelChoiceField(
        Person.objects.none(), label=gettext_lazy("Made by"), to_field_name="username", required=False,
        empty_label=gettext_lazy("All"),
    )  # fmt: skip
    late = forms.ChoiceField(
        label=gettext_lazy("Deadline"), required=False, choices=[("", gettext_lazy("All")), ("1", gettext_lazy("Late only"))]
    )
    stage = forms.ChoiceField(
        required=False, choices=[("", ""), *((word, told[0]) for word, told in STAGES.items())], widget=forms.HiddenInput
    )

    def narrow(self, seen, person):
        self.today, seen = clock.today_for(person), seen.order_by()
        people = Person.objects.order_by("first_name", "last_name", "pk")
        self.fields["client"].queryset = Client.objects.filter(pk__in=seen.values("client")).order_by("code")
        self.fields["campaign"].queryset = Campaign.objects.filter(pk__in=seen.values("campaign")).order_by("job_number")
        self.fields["campaign"].label_from_instance = lambda campaign: f"{campaign.job_number} {campaign.name}"
        self.fields["person"].queryset = people.filter(pk__in=seen.values("holder"))
        self.fields["maker"].queryset = people.filter(pk__in=seen.values("maker"))

    def narrowed(self, drafts):
        """In whatever stage: that is asked apart, so that the stages are counted side by side."""
        asked = {"client": "client", "campaign": "campaign", "person": "holder", "maker": "maker"}
        drafts = drafts.filter(**{path: self.cleaned_data[name] for name, path in asked.items() if self.cleaned_data[name]})
        return drafts.filter(is_late(self.today)) if self.cleaned_data["late"] else drafts

    @property
    def asked_stage(self):
        return self.cleaned_data.get("stage", "") if self.is_valid() else ""


def headed(draft):
    link = format_html('<a href="{}">{}</a>', draft.get_absolute_url(), draft.title)
    told = '{} <span class="list__note"><span class="jobno">{}</span> · {} · {}</span>'
    return format_html(told, link, draft.reference, draft.deliverable.what, draft.campaign.name)


def version(draft):
    """The version that is looked at, and the one being put together behind it."""
    handed_in = f"v{draft.handed_in}" if draft.handed_in else "—"
    return f"{handed_in} → v{draft.at_work}" if draft.at_work else handed_in


def rounds(draft):
    return f"{draft.deliverable.used} / {draft.deliverable.allowed}"


def lies_with(draft):
    return draft.client.name if draft.court == Court.CLIENT else draft.holder


def lies_with_tag(draft):
    if draft.court != Court.CLIENT:
        return person_tag(draft.holder)
    chased = format_html(' <span class="list__note">{}</span>', draft.holder) if draft.holder else ""
    return format_html("{}{}", _("The client"), chased)


def link_told(draft):
    return draft.link.standing[1] if draft.link else ""


def link_chip(draft):
    return chip(state=draft.link.standing[0], word=draft.link.standing[1], bare=True) if draft.link else ""


class Board(Listing):
    """Everything on its way to an approval."""

    name, order, sort, filters, icon = "approvals", "since", "order", BoardFilter, "approvals"
    title, empty = gettext_lazy("Drafts"), gettext_lazy("Nothing waits for an approval")
    explained = gettext_lazy("Drafts begin on the page of their campaign, once the client has agreed the plan.")
    columns = (
        Column("client", gettext_lazy("Client"), "client.code", lambda it: client_tab(it.client), "client__code", fixed=True,
               named=False),
        Column("draft", gettext_lazy("Draft"), "title", headed, Lower("title"), what=True),
        Column("reference", gettext_lazy("Number"), "reference", spare=True),
        Column("job", gettext_lazy("Job number"), "campaign.job_number", sort="campaign__job_number", spare=True),
        Column("stage", gettext_lazy("Stage"), lambda it: it.standing[1],
               lambda it: chip(state=it.standing[0], word=it.standing[1], bare=True), by_choice("state", State), "rank",
               named=False),
        Column("version", gettext_lazy("Version"), version),
        Column("rounds", gettext_lazy("Rounds"), rounds),
        Column("holder", gettext_lazy("With"), lies_with, lies_with_tag, by_name("holder")),
        Column("since", gettext_lazy("Since"), "court_since", lambda it: since_when(it.court_since), "court_since", "moment"),
        Column("days", gettext_lazy("Days waiting"), "waited", kind="number"),
        Column("due", pgettext_lazy("a deadline", "Due"), "due_on", lambda it: due(it.due_on, left=it.left), "due_on", "date"),
        Column("link", gettext_lazy("Link"), link_told, link_chip),
        Column("maker", gettext_lazy("Made by"), "maker", lambda it: person_tag(it.maker), by_name("maker"), spare=True),
    )  # fmt: skip

    def __init__(self, request):
        super().__init__(request)
        self.today, self.counted_over = clock.today_for(self.person), self.found
        if self.filter.asked_stage:
            self.found = self.found.filter(STAGES[self.filter.asked_stage][2])
        self.found = self.found.for_list()

    def visible(self):
        return staged(Draft.objects.visible_to(self.person))

    def prepare(self, rows):
        return with_links(with_versions(with_waited(with_days_left(rows, self.person), self.today)), self.person)

    def tiles(self):
        """The stages side by side, each with the address that shows it alone; and what is late of all."""
        found = counts(self.counted_over, self.today)
        for word, (label, state, _condition) in STAGES.items():
            current = self.filter.asked_stage == word
            url = self.address(stage=None if current else word)
            yield {"label": label, "value": capped(found[word]), "state": state if found[word] else "", "url": url,
                   "current": current}  # fmt: skip
        late = self.asked.get("late")
        yield {"label": _("Late"), "value": capped(found[LATE]), "state": "late" if found[LATE] else "done",
               "url": self.address(late=None if late else "1", stage=None), "current": bool(late)}  # fmt: skip


# ── What a page of rows needs besides; a query each, however many rows ──────────────────────────
def with_waited(drafts, today):
    """The drafts, each with `waited`, the working days since it lies where it lies, and `standing` (state, word)."""
    workdays = calendar()
    for draft in drafts:
        draft.waited = workdays.between(localtime(draft.court_since).date(), today)
        label, state, _condition = STAGES[draft.stage]
        draft.standing = (LATE if draft.left is not None and draft.left < 0 else state, label)
    return drafts


def with_versions(drafts):
    """The drafts, each with the number `handed_in` last, the key of that version, and the number `at_work`; 0 for none."""
    versions = DraftVersion.objects.filter(draft__in=[draft.pk for draft in drafts]).exclude(state="discarded")
    found = {}
    for pk, draft, number, state in versions.order_by("number").values_list("pk", "draft", "number", "state"):
        found.setdefault(draft, {})[state] = (pk, number)
    for draft in drafts:
        there = found.get(draft.pk, {})
        draft.sheet_pk, draft.handed_in = there.get("final", (None, 0))
        draft.at_work = there.get("open", (None, 0))[1]
    return drafts


def with_links(drafts, person):
    """The drafts, each with `link`: the last one by which its version was sent, or None while it is not with the client."""
    out = [draft.sheet_pk for draft in drafts if draft.state == State.CLIENT]
    links = SafeLink.objects.visible_to(person).with_names().filter(content_type__model="draftversion", object_id__in=out)
    found = {link.object_id: link for link in links.order_by("pk")} if out else {}
    for draft in drafts:
        draft.link = found.get(draft.sheet_pk)
    return drafts
