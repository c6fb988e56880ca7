"""What is asked when drafts are presented: what is shown to whom, and afterwards what was said and chosen (DIR5, MGR2)."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Person, Role
from agency.forms import CreateForm, ReviseForm
from approvals.models import Draft, DraftVersion, Presentation
from approvals.models.presentation import INSIDE, OUTSIDE, may_drop, other_concepts
from campaigns.forms import DayField
from clients.models import Contact

Kind = Presentation.Kind
RIGHTS = {Kind.OUTSIDE: OUTSIDE, Kind.INSIDE: INSIDE}


def kinds_for(person, campaign):
    """The ways of presenting that are open to the person here."""
    return [kind for kind, right in RIGHTS.items() if person.has_perm(right, campaign)]


def of_the_house(campaign):
    """Those of the department who work for the client or head those who do."""
    serve = Q(pk__in=campaign.client.assignments.current().values("person"))
    head = Q(headed_groups=campaign.client.group_id) & Q(headed_groups__isnull=False)
    people = Person.objects.employed().filter(serve | head | Q(role__in=(Role.MINISTER, Role.COORDINATOR))).distinct()
    return people.order_by("first_name", "last_name", "pk")


def presenters(campaign, rights):
    """The people who hold one of the rights here."""
    fit = [person.pk for person in of_the_house(campaign) if any(person.has_perm(right, campaign) for right in rights)]
    return Person.objects.filter(pk__in=fit).order_by("first_name", "last_name", "pk")


def to_show(campaign):
    """The version of each draft that was handed in last."""
    drafts = Draft.objects.filter(campaign=campaign).exclude(state=Draft.State.DROPPED)
    latest = {}
    for pk, draft in DraftVersion.objects.handed_in().filter(draft__in=drafts).values_list("pk", "draft"):
        latest.setdefault(draft, pk)
    found = DraftVersion.objects.filter(pk__in=latest.values()).select_related("draft__deliverable", "draft__campaign")
    return found.order_by("draft__deliverable__letter", "draft__concept")


class Shown(forms.ModelMultipleChoiceField):
    """Versions, each with how its draft stands."""

    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, version):
        return f"{version} · {version.draft.get_state_display()}"


class PlanForm(CreateForm):
    """A presentation that is to come, or that was held today."""

    kind = forms.ChoiceField(label=_("To whom"), widget=forms.RadioSelect)
    held_on = DayField(label=_("Day"))
    place = forms.CharField(label=_("Place"), max_length=120, required=False, help_text=_("A room, an address, or a call."))
    presenter = forms.ModelChoiceField(Person.objects.none(), label=_("Presented by"), empty_label=None)
    shown = Shown(DraftVersion.objects.none(), label=_("What is shown"), help_text=_("The client sees only what is cleared."))

    def __init__(self, *args, campaign, person, **kwargs):
        super().__init__(*args, **kwargs)
        kinds = kinds_for(person, campaign)
        self.campaign, self.fields["kind"].choices = campaign, [(kind.value, kind.label) for kind in kinds]
        self.fields["kind"].initial = kinds[0].value if kinds else None
        self.fields["presenter"].queryset = presenters(campaign, [RIGHTS[kind] for kind in kinds])
        self.fields["presenter"].initial = person
        self.fields["shown"].queryset = to_show(campaign)

    def plan(self, *, by):
        told = {name: self.cleaned_data[name] for name in ("kind", "held_on", "place", "presenter")}
        told["shown"] = list(self.cleaned_data["shown"])
        return self.make_once(
            Presentation, by=by, make=lambda token: Presentation.plan(self.campaign, by=by, token=token, **told)
        )


class EditForm(ReviseForm):
    """What is said of it while it is planned."""

    held_on = DayField(label=_("Day"))
    shown = Shown(DraftVersion.objects.none(), label=_("What is shown"))

    class Meta:
        model = Presentation
        fields = ["held_on", "place", "presenter"]

    field_order = ["held_on", "place", "presenter", "shown"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        campaign, shown = self.instance.campaign, self.fields["shown"]
        shown.queryset = to_show(campaign) | DraftVersion.objects.filter(pk__in=self.instance.shown).select_related(
            "draft__deliverable", "draft__campaign"
        )
        shown.initial = self.instance.shown
        self.fields["presenter"].queryset = presenters(campaign, [self.instance.right])
        self.fields["presenter"].empty_label = None

    def write(self, *, by):
        changes = {name: value for name, value in self.cleaned_data.items() if name in Presentation.FIELDS}
        changes["shown"] = [version.pk for version in changes["shown"]]
        return self.instance.write(by=by, seen=self.cleaned_data["seen"], changes=changes) or ["nothing"]


class HoldForm(forms.Form):
    """How it went."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages={"required": _("Please reload the page.")})
    ours = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=_("There of ours"), required=False, widget=forms.CheckboxSelectMultiple
    )
    theirs = forms.ModelMultipleChoiceField(
        Contact.objects.none(), label=_("There of the client’s"), required=False, widget=forms.CheckboxSelectMultiple
    )
    others = forms.CharField(label=_("Others who were there"), max_length=300, required=False)
    said = forms.CharField(label=_("What was said"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6}))
    chosen = forms.ModelChoiceField(
        Draft.objects.none(), label=_("Chosen"), required=False, empty_label=_("Nothing was chosen yet")
    )
    why = forms.CharField(
        label=_("Why it was chosen"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    drop_others = forms.BooleanField(label=_("Drop the other concepts of this piece"), required=False)

    def __init__(self, *args, presentation, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.presentation, campaign = presentation, presentation.campaign
        versions = presentation.versions
        self.fields["seen"].initial = presentation.version
        self.fields["ours"].queryset = of_the_house(campaign)
        self.fields["ours"].initial = [presentation.presenter_id]
        self.fields["theirs"].queryset = Contact.objects.current().filter(client=presentation.client_id).order_by("name", "pk")
        shown = Draft.objects.filter(pk__in=[it.draft_id for it in versions]).select_related("deliverable")
        self.fields["chosen"].queryset = shown.order_by("deliverable__letter", "concept")
        if not (may_drop(person, campaign) and self._alternatives(versions)):
            del self.fields["drop_others"]

    @staticmethod
    def _alternatives(versions):
        """Whether there is anything to drop: a piece that was shown with several concepts open."""
        return any(other_concepts([version.draft]).exists() for version in versions)

    def hold(self, *, by):
        told = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        told |= {name: list(told[name]) for name in ("ours", "theirs")}
        return self.presentation.hold(by=by, seen=self.cleaned_data["seen"], **told)
