from itertools import groupby
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.forms import BaseFormSet, formset_factory
from django.utils.translation import gettext_lazy as _

from accounts.models import BusinessGroup, Department, Evaluation, News, Person, Role, Theme
from agency.forms import CreateForm, ListFilter

NO_PLACES = ("Etc/", "SystemV/", "posix", "right")
ZONES = sorted(zone for zone in available_timezones() if "/" in zone and not zone.startswith(NO_PLACES))


def zones_by_continent():
    """The zones as a choice, one group for each continent or ocean."""
    groups = groupby(ZONES, key=lambda zone: zone.split("/")[0])
    return [(head, [(zone, zone.split("/", 1)[1].replace("_", " ")) for zone in zones]) for head, zones in groups]


CRITERIA = [
    _("Contact with clients"),
    _("Quality of the work"),
    _("Dates kept"),
    _("Working with the other departments"),
    _("Growth in the trade"),
]


class PeopleFilter(ListFilter):
    """The questions of the list of people."""

    q = forms.CharField(label=_("Name"), required=False, max_length=60)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("All")), *Role.choices])
    group = forms.ModelChoiceField(BusinessGroup.objects.all(), label=_("Group"), required=False, empty_label=_("All"))
    department = forms.ModelChoiceField(Department.objects.all(), label=_("Department"), required=False, empty_label=_("All"))

    def narrowed(self, people):
        asked = {name: value for name, value in self.cleaned_data.items() if value}
        people = people.named_like(asked.pop("q", ""))
        return people.filter(**asked)


class EvaluationFilter(ListFilter):
    """The one question of the list of evaluations."""

    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *Evaluation.State.choices])


class Colours(forms.ChoiceField):
    """One of three, of which one is empty: as the device."""

    def validate(self, value):
        if value:
            super().validate(value)


class OwnSettings(forms.ModelForm):
    """What everybody sets for himself; everything else about a person is the administrator's."""

    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=zones_by_continent(),
        help_text=_("For due dates, reminders and all times."),
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("Of the pages and of the mails you get.")
    )
    theme = Colours(label=_("Colours"), choices=[("", _("As the device")), *Theme.choices[1:]], widget=forms.RadioSelect)
    news = forms.ChoiceField(
        label=_("News by mail"), choices=News.choices, widget=forms.RadioSelect,
        help_text=_(
            "What colleagues hand to you, accept or return. What is due or late goes out at its hour whatever you choose: "
            "a missed deadline costs the account."
        ),
    )  # fmt: skip

    slash = forms.BooleanField(
        label=_("The / key leads to the search"), required=False,
        help_text=_("Switch it off if you dictate, or if the key gets in your way."),
    )  # fmt: skip

    class Meta:
        model = Person
        fields = ["time_zone", "language", "theme", "news", "slash"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        own = self.instance.time_zone
        if own not in ZONES:
            self.fields["time_zone"].choices = [(own, own), *self.fields["time_zone"].choices]


class MenuSettings(forms.Form):
    """One setting, changed from the menu of any page."""

    theme = forms.ChoiceField(choices=[("", ""), *Theme.choices[1:]], required=False)
    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)
    next = forms.CharField(required=False, max_length=2000)

    @property
    def chosen(self):
        """Only what was sent; the language cannot be nothing."""
        given = {name: self.cleaned_data[name] for name in ("theme", "language") if name in self.data}
        return {name: value for name, value in given.items() if value or name == "theme"}


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


class Period(forms.Form):
    period_from = forms.DateField(label=_("From"), widget=DateInput())
    period_to = forms.DateField(label=_("To"), widget=DateInput())

    def clean(self):
        given = super().clean()
        begin, end = given.get("period_from"), given.get("period_to")
        if begin and end and begin >= end:
            self.add_error("period_to", _("The period ends after it begins."))
        return given

    @property
    def period(self):
        return {name: self.cleaned_data[name] for name in ("period_from", "period_to")}


class BeginForm(Period, CreateForm):
    """Begins an evaluation."""


class RewriteForm(Period):
    """Rewrites a draft; carries the version the writer saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages={"required": _("Please reload the page.")})


class MarkForm(forms.Form):
    """One criterion: a score and the sentence that carries it. All three or none."""

    criterion = forms.CharField(label=_("Criterion"), max_length=120, widget=forms.TextInput(attrs={"list": "criteria"}))
    score = forms.TypedChoiceField(
        label=_("Score, 5 is the best"), coerce=int, choices=[("", "—"), (5, "5"), (4, "4"), (3, "3"), (2, "2"), (1, "1")],
    )  # fmt: skip
    sentence = forms.CharField(
        label=_("Evidence"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("One sentence on what happened."),
    )  # fmt: skip


class BaseMarks(BaseFormSet):
    def clean(self):
        names = [mark["criterion"] for mark in self.marks]
        for name in set(names):
            if names.count(name) > 1:
                raise ValidationError(_("“%(name)s” is judged twice; one score for each criterion."), params={"name": name})

    @property
    def marks(self):
        """What was filled in and not struck out."""
        filled = [form.cleaned_data for form in self.forms if form.has_changed() and form.is_valid()]
        return [mark for mark in filled if mark and not mark.get("DELETE")]

    def add_fields(self, form, index):
        super().add_fields(form, index)
        if "DELETE" in form.fields:
            form.fields["DELETE"].label = _("Strike out")


Marks = formset_factory(MarkForm, formset=BaseMarks, extra=3, max_num=20, absolute_max=25, validate_max=True, can_delete=True)


class SignForm(forms.Form):
    """The second signature, with the comment of the person evaluated."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages={"required": _("Please reload the page.")})
    comment = forms.CharField(
        label=_("Your comment"), required=False, max_length=Evaluation._meta.get_field("comment").max_length,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("It stays with the evaluation. Signing says that you have read it."),
    )  # fmt: skip
