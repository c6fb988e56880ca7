"""What is asked when a progress report is written, sent, and when its rhythm is set (DIR6)."""

from django import forms
from django.utils.translation import gettext_lazy as _

from agency.flow import revise
from agency.forms import CreateForm, ReviseForm
from campaigns.models import Campaign, ProgressReport
from campaigns.models.progress_report import ISSUE
from campaigns.telling import new_lines, texts_for

LABELS = {
    "happened": _("Done"),
    "at_work": _("In work"),
    "ahead": _("Next"),
    "awaited": _("What we wait for from you"),
    "days_lost": _("How the days stand"),
}


class NewReportForm(CreateForm):
    """Nothing but the button: the report begins with what has happened."""

    def __init__(self, *args, campaign, **kwargs):
        super().__init__(*args, **kwargs)
        self.campaign = campaign

    def draft(self, *, by):
        texts = texts_for(self.campaign)
        make = {"by": by, "texts": texts}
        return self.make_once(
            ProgressReport, by=by, make=lambda token: ProgressReport.draft(self.campaign, token=token, **make)
        )


class ReportForm(ReviseForm):
    class Meta:
        model = ProgressReport
        fields = [*ProgressReport.TEXTS]
        labels = LABELS
        widgets = {name: forms.Textarea(attrs={"rows": 6}) for name in ProgressReport.TEXTS}

    def write(self, *, by):
        changes = {name: self.cleaned_data[name] for name in ProgressReport.TEXTS}
        return self.instance.write(by=by, seen=self.cleaned_data["seen"], changes=changes) or ["nothing"]

    def with_news(self):
        """The same form, what was typed in it, and the lines of what has happened meanwhile; nothing is saved."""
        typed = {name: self.cleaned_data.get(name, "") for name in ProgressReport.TEXTS}
        fresh = new_lines(typed, self.instance.campaign)
        return type(self)(initial={**fresh, "seen": self.cleaned_data["seen"]}, instance=self.instance), fresh != typed


class ReaderForm(forms.Form):
    """Who gets the link."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=1, error_messages={"required": _("Please reload the page.")})
    contact = forms.ModelChoiceField(
        None, label=_("To"), widget=forms.RadioSelect, empty_label=None,
        error_messages={"invalid_choice": _("Choose a contact of this client."), "required": _("Choose a contact.")},
    )  # fmt: skip

    def __init__(self, *args, report, **kwargs):
        super().__init__(*args, initial={"seen": report.version}, **kwargs)
        self.report = report
        self.fields["contact"].queryset = report.readers

    def send(self, *, by):
        data = self.cleaned_data
        return self.report.send(by=by, seen=data["seen"], contact=data["contact"])


class RhythmForm(ReviseForm):
    """How often a campaign's client is told how it goes."""

    class Meta:
        model = Campaign
        fields = ["report_every", "report_day"]

    def write(self, *, by):
        return revise(self.instance, by=by, needs=ISSUE, seen=self.cleaned_data["seen"], changes={
            name: self.cleaned_data[name] for name in self._meta.fields
        }) or ["nothing"]  # fmt: skip
