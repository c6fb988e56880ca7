"""What is asked when the work is rearranged (COO6): one form for each kind, with the reason that all of them take."""

from functools import partial

from django import forms
from django.db.models import Case, Q, Value, When
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Department, Person
from agency.forms import CreateForm
from campaigns.arithmetic import DAYS, LAGS
from campaigns.forms import DayField, candidate
from campaigns.models import Rearrangement, Step
from campaigns.models.standing import OPEN
from campaigns.models.template import Kind as StepKind
from campaigns.rearranging import NOT_BEGUN

Kind = Rearrangement.Kind
ALONE = (Kind.MOVE, Kind.LENGTH, Kind.SKIP)  # kinds that name no other step and nobody: also for those who see this step alone
FOLLOW = _("What comes earlier, the steps behind follow")


DAYS_WORD, OWNER = _("Working days"), _("Owner")


def days_field(label=DAYS_WORD, **more):
    return forms.IntegerField(label=label, min_value=DAYS[0], max_value=DAYS[-1], **more)


def follow_field(**more):
    return forms.BooleanField(label=FOLLOW, required=False, **more)


def step_field(label, **more):
    wrong = {"invalid_choice": _("Choose a step of this campaign.")}
    return forms.ModelChoiceField(Step.objects.none(), label=label, error_messages=wrong, **more)


def person_field(label=OWNER, **more):
    wrong = {"invalid_choice": _("Choose somebody who serves this client, or somebody of another department.")}
    return forms.ModelChoiceField(
        Person.objects.none(), label=label, required=False, empty_label=_("nobody yet"), error_messages=wrong, **more
    )  # fmt: skip


def name_field(label):
    return forms.CharField(label=label, max_length=120)


def label_of(here, step):
    """A step as a choice names it; one of another campaign with its campaign."""
    return str(step) if step.campaign_id == here.campaign_id else f"{step.campaign}: {step}"


class RearrangeForm(CreateForm):
    """What every kind takes. `seen`: the version of the campaign in the preview · step: the one it begins from ·
    person: who asks, and sees what the choices offer."""

    kind = ""
    choices = {}  # name of a field → the name of the method that gives the steps it offers
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    cause = forms.ChoiceField(
        label=_("Why"), required=False, choices=Rearrangement.Cause.choices, initial=Rearrangement.Cause.OTHER
    )
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept with the schedule and told to those concerned."),
    )  # fmt: skip

    def __init__(self, *args, step, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.step = step
        self.seen_steps = step.campaign.steps.visible_to(person).kept().order_by("position", "pk")
        self.seen_of_client = Step.objects.visible_to(person).kept().filter(client=step.client_id)
        for name, source in self.choices.items():
            self.fields[name].queryset = getattr(self, source)
        if "person" in self.fields:
            people = step.campaign.candidates().annotate(serves=Value(True)).select_related("department")
            self.fields["person"].queryset = people.order_by("first_name", "last_name")
            self.fields["person"].label_from_instance = candidate
        self.begin()

    def begin(self):
        """What stands in the fields before anybody has typed."""

    @property
    def others(self):
        return self.seen_steps.exclude(pk=self.step.pk)

    @property
    def not_begun(self):
        return self.others.filter(state__in=NOT_BEGUN)

    @property
    def behind(self):
        return self.not_begun.filter(before=self.step.pk)

    @property
    def waited_for(self):
        waits = Q(links_after__after=self.step.pk) | Q(crossings_after__after=self.step.pk)
        return self.seen_of_client.filter(waits).select_related("campaign").order_by("campaign", "position", "pk").distinct()

    @cached_property
    def wants(self):
        """The names of the fields that say what is wanted."""
        common = {*RearrangeForm.base_fields, "token"}
        return [name for name in self.fields if name not in common]

    @property
    def wished(self):
        return [self[name] for name in self.wants]

    @property
    def sent(self):
        """[(name, value)] of what was typed, to be sent again with the confirmation."""
        names = [*self.wants, "cause", "reason"]
        return [(name, value) for name in names for value in self.data.getlist(name) if value]

    def wanted(self):
        """What is wanted, as typed; None where that makes no sense."""
        if not self.is_bound or (not self.is_valid() and set(self.errors) & set(self.wants)):
            return None
        return {name: self.cleaned_data.get(name) for name in self.wants}

    def words(self, by):
        cause = self.cleaned_data["cause"] or Rearrangement.Cause.OTHER
        told = {"step": self.anchor, "kind": self.kind, "cause": cause, "reason": self.cleaned_data["reason"], "by": by}
        return told | self.wanted()

    @property
    def anchor(self):
        return self.step

    def make(self, *, by):
        words = {**self.words(by), "seen": self.cleaned_data["seen"]}
        return self.make_once(Rearrangement, by=by, make=lambda token: Rearrangement.make(token=token, **words))

    def ask(self, *, by):
        words = self.words(by)
        return self.make_once(Rearrangement, by=by, make=lambda token: Rearrangement.ask(token=token, **words))


class DayForm(RearrangeForm):
    kind = Kind.MOVE
    to_start = DayField(label=_("New first day"))
    pull = forms.BooleanField(label=_("Moved earlier, the steps behind follow"), required=False)


class LengthForm(RearrangeForm):
    kind = Kind.LENGTH
    days = days_field()
    pull = follow_field()

    def begin(self):
        self.fields["days"].initial = self.step.days


class PersonForm(RearrangeForm):
    kind = Kind.PERSON
    person = person_field()

    def begin(self):
        self.fields["person"].initial = self.step.person_id


class SwapForm(RearrangeForm):
    kind = Kind.SWAP
    choices = {"other": "not_begun"}
    other = step_field(_("Changes places with"))
    pull = follow_field()


class InsertForm(RearrangeForm):
    kind = Kind.INSERT
    choices = {"ahead": "behind"}
    name = name_field(_("Name of the new step"))
    department = forms.ModelChoiceField(
        Department.objects.order_by("name"), label=_("Department"), required=False, empty_label=_("The client")
    )
    days = days_field(initial=1)
    step_kind = forms.ChoiceField(label=_("Kind"), choices=StepKind.choices, initial=StepKind.WORK)
    person = person_field()
    ahead = step_field(_("Ahead of"), required=False, empty_label=_("everything that waits for this step"))

    def begin(self):
        self.fields["department"].initial = self.step.department_id


class SplitForm(RearrangeForm):
    kind = Kind.SPLIT
    days = days_field(_("Working days of the first part"), initial=1)
    name = name_field(_("Name of the second part"))
    person = person_field(_("Owner of the second part"))

    def begin(self):
        self.fields["person"].initial = self.step.person_id


class MergeForm(RearrangeForm):
    kind = Kind.MERGE
    choices = {"other": "behind"}
    other = step_field(_("Together with"))
    pull = follow_field()


class SkipForm(RearrangeForm):
    kind = Kind.SKIP
    pull = forms.BooleanField(label=_("The steps behind close up"), required=False, initial=True)


class LinkForm(RearrangeForm):
    kind = Kind.LINK
    choices = {"before": "of_client"}
    before = step_field(_("Waits for"))
    lag = forms.IntegerField(
        label=_("Clear working days between"), initial=0, min_value=LAGS[0], max_value=LAGS[-1],
        help_text=_("Less than 0: it may begin before the other has ended."),
    )  # fmt: skip
    pull = follow_field()

    def begin(self):
        self.fields["before"].label_from_instance = partial(label_of, self.step)

    @property
    def of_client(self):
        """The steps of this campaign, and the open ones of the client's other campaigns."""
        mine = Q(campaign=self.step.campaign_id)
        own = Case(When(mine, then=0), default=1)
        found = self.seen_of_client.filter(mine | Q(state__in=OPEN)).exclude(pk=self.step.pk)
        return found.select_related("campaign").order_by(own, "campaign", "position", "pk")


class UnlinkForm(RearrangeForm):
    kind = Kind.UNLINK
    choices = {"before": "waited_for"}
    before = step_field(_("Waits no longer for"))

    def begin(self):
        self.fields["before"].label_from_instance = partial(label_of, self.step)


class AssignForm(RearrangeForm):
    """Many steps of a campaign to one owner; `step` is any of it."""

    kind = Kind.ASSIGN
    choices = {"steps": "open_steps"}
    steps = forms.ModelMultipleChoiceField(
        Step.objects.none(), label=_("Steps"), error_messages={"required": _("Choose at least one step.")}
    )
    person = person_field(_("New owner"))

    @property
    def open_steps(self):
        return self.seen_steps.open().select_related("department", "person")

    @property
    def anchor(self):
        return self.cleaned_data["steps"][0]


FORMS = {it.kind: it for it in (
    DayForm, LengthForm, PersonForm, SwapForm, InsertForm, SplitForm, MergeForm, SkipForm, LinkForm, UnlinkForm
)}  # fmt: skip


def kinds_for(step, sees_campaign):
    """The kinds that somebody can ask for here."""
    return [kind for kind in FORMS if sees_campaign or kind in ALONE]
