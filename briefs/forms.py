"""What is asked about a brief."""

from uuid import uuid5

from django import forms
from django.db.models import Q
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from agency import clock
from agency.files import UploadField
from agency.forms import CreateForm, ListFilter, ReviseForm
from briefs import marks
from briefs.fields import BY_NAME, CATALOGUE, COLUMNS
from briefs.models import Brief, BriefTemplate
from briefs.row_inputs import RowsAsked
from briefs.rows import RowsField
from clients.forms import DayInput
from clients.models import Client, Contact
from clients.models.attachment import attach

RIGHT = "briefs.change_brief"


class KindOfJob(forms.ModelChoiceField):
    """The kinds of job, each with what it is for."""

    def label_from_instance(self, template):
        name = format_html('<span class="kind__name">{}</span>', template)
        return format_html('{} <span class="kind__for">{}</span>', name, template.for_what) if template.for_what else name


class TakeForm(CreateForm):
    """A new brief: for whom and what for. The client is one for whom the person may take briefs."""

    client = forms.ModelChoiceField(
        Client.objects.none(), label=_("Client"), to_field_name="code", empty_label=_("Choose a client"),
        error_messages={"invalid_choice": _("Choose one of the clients for whom you take briefs.")},
    )  # fmt: skip
    title = forms.CharField(label=_("Title"), max_length=120, help_text=_("What it is for, as the client would say it."))
    template = KindOfJob(
        BriefTemplate.objects.filter(in_use=True), label=_("Kind of job"), required=False, widget=forms.RadioSelect, blank=True,
        empty_label=_("The whole brief"),
        help_text=_("Decides what is asked first and what weighs most. Everything else can be answered as well."),
    )  # fmt: skip
    document = UploadField(
        label=_("The client's own brief"), required=False,
        help_text=_("A DOCX or PDF, if there is one: kept with the brief, its text beside the form to copy from."),
    )  # fmt: skip

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["client"].queryset = takers_clients(person)

    def open(self, *, by):
        """The brief of this form, with the document it came with; sent twice, it is one."""
        return self.make_once(Brief, by=by, make=lambda token: self._opened(token, by))

    def _opened(self, token, by):
        fields = {name: self.cleaned_data[name] for name in ("client", "title", "template")}
        brief, arrived = Brief.open(by=by, token=token, **fields), self.cleaned_data["document"]
        if arrived:
            attach(brief, arrived, by=by, note=gettext("The client's own brief"), token=uuid5(token, arrived.sha256))
        return brief


def takers_clients(person):
    """The clients for whom `person` may take a brief; the relation with a former client has to be renewed first."""
    return Client.objects.where(person, RIGHT).exclude(state=Client.State.FORMER)


ROWS = tuple(name for name in COLUMNS if isinstance(Brief._meta.get_field(name), RowsField))
PLAIN = [name for name in COLUMNS if name not in ROWS]
PROSE = [name for name in PLAIN if Brief._meta.get_field(name).get_internal_type() == "TextField"]
DAYS = ("budget_from", "budget_until", "launch_on")
CHOSEN = [name for name in PLAIN if Brief._meta.get_field(name).choices]
APPROVERS = ("budget_approver", "work_approver")


class BriefForm(ReviseForm):
    """Every question of the brief (DEP2). Only what was sent counts, so that a part of it can be saved by itself."""

    class Meta:
        model = Brief
        fields = ["title", *PLAIN]
        widgets = {
            **{name: forms.Textarea(attrs={"rows": 2}) for name in PROSE},
            **{name: DayInput() for name in DAYS},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.stood = {name: getattr(self.instance, name) for name in DAYS}
        self.initial |= {name: getattr(self.instance, name) for name in ROWS}
        self.fields |= {name: RowsAsked(Brief._meta.get_field(name)) for name in ROWS}
        for asked in CATALOGUE:
            self.fields[asked.name].help_text = asked.asks
        for name in CHOSEN:
            self.fields[name].choices = [("", _("Not said")), *Brief._meta.get_field(name).choices]
        for name in APPROVERS:
            self._offer_contacts(name)
        self.marks_typed = {name: marks.typed(self.data, name) for name in BY_NAME if marks.was_sent(self.data, name)}
        if self.is_bound:
            self.sent = {name for name in self.fields if self._was_sent(name)}
            self._fill_in()

    def _offer_contacts(self, name):
        """Those who are at the client's now; who stands there already may stay."""
        own = Contact.objects.filter(client=self.instance.client_id)
        there = Q(state=Contact.State.CURRENT) | Q(pk=getattr(self.instance, f"{name}_id"))
        self.fields[name].empty_label = _("Not said")
        self.fields[name].queryset = own.filter(there).order_by("name")
        self.fields[name].error_messages["invalid_choice"] = _("Choose one of this client's own contacts.")

    def _fill_in(self):
        """What was not sent stays as it is."""
        self.data = self.data.copy()
        for name in self.fields.keys() - self.sent:
            if name in ROWS:
                self.fields[name].widget.put(self.data, name, self.initial[name])
            else:
                self.data[name] = self.get_initial_for_field(self.fields[name], name)

    def _was_sent(self, name):
        """A box that is not ticked sends nothing; it was there if the answer that it belongs to was."""
        owner = next((asked.name for asked in CATALOGUE if name in asked.beside), name)
        if name in ROWS:
            return not self.fields[name].widget.value_omitted_from_data(self.data, {}, name)
        return name in self.data or (isinstance(self.fields[name].widget, forms.CheckboxInput) and owner in self.data)

    def clean_launch_on(self):
        day = self.cleaned_data["launch_on"]
        if day and day != self.stood["launch_on"] and day < clock.today():
            raise forms.ValidationError(_("The launch cannot be before today."))
        return day

    def clean(self):
        data = super().clean()
        least, most, first, last = (data.get(it) for it in ("budget_amount", "budget_to", "budget_from", "budget_until"))
        if most and (least is None or most < least) and "budget_amount" not in self.errors:
            self.add_error("budget_to", _("A range goes from the smaller to the larger sum."))
        if last and first and last < first:
            self.add_error("budget_until", _("The period ends before it begins."))
        self.marks = {name: mark for name, given in self.marks_typed.items() if (mark := self._mark(name, given, data)) != ""}
        self.marks |= {name: None for name in self._known_by_now(data)}
        return data

    def _mark(self, name, given, data):
        """The mark to keep, None to keep none, or "" where what was typed cannot be kept."""
        try:
            mark = marks.clean(given)
        except forms.ValidationError as error:
            self.add_error(name, error)
            return ""
        if mark and mark["mark"] == "unknown" and data.get(name):
            self.add_error(name, _("There is an answer: take it out, or do not mark it as accepted as unknown."))
            return ""
        return mark

    def _known_by_now(self, data):
        """What was accepted as unknown and has been answered by a form that does not speak of it."""
        answered = (name for name in self.sent & BY_NAME.keys() if data.get(name) and name not in self.marks_typed)
        return [name for name in answered if self.instance.mark_of(name) == "unknown"]

    @property
    def changes(self):
        return {name: value for name, value in self.cleaned_data.items() if name != "seen" and name in self.sent}

    def write(self, *, by):
        """Keep what was sent; see `Brief.write`. A mark that the page merely showed is no change of this person's."""
        seen = self.cleaned_data["seen"]
        then = self.instance.history.filter(version=seen).values_list("marks", flat=True).first() or {}
        changed = {name: mark for name, mark in self.marks.items() if mark != then.get(name)}
        return self.instance.write(by=by, seen=seen, changes=self.changes, marks=changed)


class BriefFilter(ListFilter):
    """The questions of the list of briefs."""

    client = forms.ModelChoiceField(
        Client.objects.none(), label=_("Client"), to_field_name="code", required=False, empty_label=_("All")
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=[("", _("All")), *Brief.State.choices])

    def narrow(self, seen, person):
        self.fields["client"].queryset = Client.objects.visible_to(person)
