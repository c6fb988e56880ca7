"""What is asked about campaigns, plans, work schedules and their steps."""

from datetime import timedelta

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import BusinessGroup, Department, Person
from agency import clock
from agency.forms import CreateForm, ListFilter
from briefs.models import Brief
from campaigns.arithmetic import DAYS
from campaigns.board import SORTS
from campaigns.models import Campaign, Plan, ScheduleTemplate, standing
from campaigns.schedule import TooLate, make_schedule, planned
from clients.models import Client

OPEN_RIGHT = "campaigns.open_campaign"
PLAN_RIGHT = "campaigns.change_plan"
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
YEARS_BACK, YEARS_AHEAD = 1, 5


class DayField(forms.DateField):
    """A day near enough to be meant: not a slip of the keyboard in the year 2206."""

    widget = DAY

    def validate(self, value):
        super().validate(value)
        today = clock.today()
        if value and not today - timedelta(days=366 * YEARS_BACK) <= value <= today + timedelta(days=366 * YEARS_AHEAD):
            raise forms.ValidationError(_("Please choose a day from last year to five years ahead."))


class OpenForm(CreateForm):
    """A new campaign: on which accepted brief, and its name. The job number is given, not chosen."""

    brief = forms.ModelChoiceField(
        Brief.objects.none(), label=_("Intake brief"), empty_label=_("Choose an accepted brief"),
        error_messages={"invalid_choice": _("Choose one of the accepted briefs of the clients for whom you open campaigns.")},
    )  # fmt: skip
    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As everybody will call the job."))

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["brief"].queryset = briefs_to_open_on(person)
        self.fields["brief"].label_from_instance = lambda brief: f"{brief.client.code} {brief}"

    def open(self, *, by):
        """The empty plan of the campaign that is opened; the form sent twice opens one."""
        words = {"brief": self.cleaned_data["brief"], "name": self.cleaned_data["name"], "by": by}
        return self.make_once(Campaign, by=by, make=lambda token: Plan.open_with(token=token, **words).campaign).plan


def briefs_to_open_on(person):
    """The accepted briefs on which `person` may open a campaign; a former client is taken back first."""
    accepted = Brief.objects.where(person, OPEN_RIGHT).filter(state=Brief.State.ACCEPTED)
    return accepted.exclude(client__state=Client.State.FORMER).select_related("client").order_by("-pk")


class ScheduleForm(forms.Form):
    """From which template, and from which day the work is counted (DEP4)."""

    COUNTS = [
        ("start", _("the first day of the work")),
        ("deadline", _("the media deadline")),
        ("appearance", _("the appearance")),
    ]
    template = forms.ModelChoiceField(
        ScheduleTemplate.objects.none(), label=_("Template"), to_field_name="key", empty_label=_("Choose the kind of job")
    )
    count_from = forms.ChoiceField(label=_("Counted from"), choices=COUNTS, initial="start", widget=forms.RadioSelect)
    on = DayField(label=_("Day"), help_text=_("Weekends and public holidays are left out; the nearest working day counts."))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["template"].queryset = ScheduleTemplate.objects.filter(in_use=True)
        self.too_late = None

    def clean(self):
        """Beside the template's own days those typed for single steps (`days-<key>`), where they are others."""
        lengths, template = {}, self.cleaned_data.get("template")
        for step in template.steps.all() if template else ():
            typed = self.data.get(f"days-{step.key}", "").strip()
            if typed and not (typed.isdecimal() and len(typed) < 4 and int(typed) in DAYS):
                words = {"step": step.name, "most": DAYS[-1]}
                self.add_error(None, _("“%(step)s” takes a number of working days from 1 to %(most)d.") % words)
            elif typed:
                lengths[step.key] = int(typed)
        return {**self.cleaned_data, "lengths": lengths}

    def plan(self):
        """How the schedule would fall; nothing is written. Refused beside the day where it cannot be met."""
        return self._unless_too_late(lambda: planned(**self.cleaned_data))

    def make(self, campaign, *, by):
        """The steps; Refused beside the day where it cannot be met."""
        return self._unless_too_late(lambda: make_schedule(campaign, by=by, **self.cleaned_data))

    def _unless_too_late(self, act):
        """Keeps which steps could give days, for the page."""
        try:
            return act()
        except TooLate as why:
            self.too_late = why
            raise


class GiveForm(forms.Form):
    """Who does a step: one of those who may."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages={"required": _("Please reload the page.")})
    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Owner"), to_field_name="username", required=False, empty_label=_("nobody yet"),
        error_messages={"invalid_choice": _("Choose somebody who serves this client, or somebody of another department.")},
    )  # fmt: skip

    def __init__(self, *args, step, **kwargs):
        now = {"seen": step.version, "person": step.person and step.person.username}
        super().__init__(*args, initial=now, **kwargs)
        serves = Q(pk__in=step.campaign.candidates().values("pk"))
        people = Person.objects.filter(serves | Q(pk=step.person_id)).annotate(serves=serves).select_related("department")
        self.fields["person"].queryset = people.order_by("first_name", "last_name")
        self.fields["person"].label_from_instance = candidate


def candidate(person):
    """Somebody who may own a step; the present owner stands among them even when he no longer may."""
    if not person.serves:
        return _("%(person)s (no longer serves this client)") % {"person": person}
    return f"{person}, {person.department or person.get_role_display()}"


class CampaignFilter(ListFilter):
    """The questions of the list of campaigns."""

    client = forms.ModelChoiceField(
        Client.objects.none(), label=_("Client"), to_field_name="code", required=False, empty_label=_("All")
    )
    plan = forms.ChoiceField(label=_("Plan"), required=False, choices=[("", _("All")), *Plan.State.choices])

    def narrow(self, seen, person):
        self.fields["client"].queryset = Client.objects.filter(pk__in=seen.order_by().values("client")).order_by("code")

    def narrowed(self, campaigns):
        asked = {"client": self.cleaned_data["client"], "plan__state": self.cleaned_data["plan"]}
        return campaigns.filter(**{name: value for name, value in asked.items() if value})


# What the schedule can be asked for: the word in the address → its name, the state whose colour it has, the condition.
SHOWN = {
    "late": (_("Late"), "late", standing.is_late),
    "risk": (_("At risk"), "risk", standing.is_at_risk),
    "due": (_("Due today"), "ours", standing.is_due),
    "blocked": (_("Blocked"), "stopped", standing.is_blocked),
    "unassigned": (_("Unassigned"), "draft", standing.is_unassigned),
    "check": (_("To check"), "ours", standing.is_to_check),
    "client": (_("Waits for the client"), "client", standing.waits_for_client),
}
CLIENTS_OWN = "client"


class WorkFilter(ListFilter):
    """Which steps: of which group and client, whose, in which department."""

    group = forms.ModelChoiceField(BusinessGroup.objects.none(), label=_("Group"), required=False, empty_label=_("All"))
    client = forms.ModelChoiceField(
        Client.objects.none(), label=_("Client"), to_field_name="code", required=False, empty_label=_("All")
    )
    person = forms.ModelChoiceField(
        Person.objects.none(), label=_("Owner"), to_field_name="username", required=False, empty_label=_("All")
    )
    department = forms.ChoiceField(label=_("Department"), required=False)

    def narrow(self, seen, person):
        seen = seen.order_by()
        self.fields["client"].queryset = Client.objects.filter(pk__in=seen.values("client")).order_by("code")
        self.fields["person"].queryset = Person.objects.filter(pk__in=seen.values("person")).order_by("first_name", "last_name")
        groups = BusinessGroup.objects.filter(pk__in=seen.values("client__group")).order_by("name")
        self.fields["group"].queryset = groups
        self.several = len(groups) > 1
        if not self.several:
            del self.fields["group"]
        departments = Department.objects.values_list("code", "name")
        self.fields["department"].choices = [("", _("All")), *departments, (CLIENTS_OWN, _("The client"))]

    def narrowed(self, steps):
        """The steps of the group, client, owner and department asked for, however they stand."""
        names = {"group": "client__group", "client": "client", "person": "person"}
        asked = {path: value for name, path in names.items() if (value := self.cleaned_data.get(name))}
        if code := self.cleaned_data["department"]:
            asked |= {"department": None} if code == CLIENTS_OWN else {"department__code": code}
        return steps.filter(**asked)


class ScheduleFilter(WorkFilter):
    """The questions of the schedule dashboard: which steps, how they stand, and how the board shows them."""

    ways = ("by", "from", "board")  # how the bars are shown: no question about steps
    show = forms.ChoiceField(
        required=False, choices=[("", ""), *((name, told[0]) for name, told in SHOWN.items())], widget=forms.HiddenInput
    )
    board = forms.ChoiceField(label=_("Campaigns"), required=False, choices=[("", SORTS["worst"]), *list(SORTS.items())[1:]])

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("by", "from"):
            self.fields[name] = forms.CharField(required=False, widget=forms.HiddenInput)

    @property
    def shown(self):
        return self.cleaned_data.get("show", "") if self.is_valid() else ""

    @property
    def asked(self):
        return [name for name in super().asked if name not in self.ways]


class ViewForm(forms.Form):
    """A name for the questions of the schedule."""

    name = forms.CharField(label=_("Name of the view"), max_length=60)
    query = forms.CharField(widget=forms.HiddenInput, max_length=1000)
