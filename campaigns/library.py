"""The list of specifications (SAL6): what media and printers ask, for everybody in the house."""

from django import forms
from django.db.models.functions import Lower
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from agency.forms import ListFilter
from agency.lists import Column, Listing, by_choice
from agency.words import all_words
from campaigns.models import Specification

SEARCHED = ("code", "name", "format", "source")
MOST_WORDS = 8


class SpecificationFilter(ListFilter):
    """The questions of the list of specifications."""

    q = forms.CharField(label=_("Word"), required=False, max_length=60)
    medium = forms.ChoiceField(label=_("Medium"), required=False, choices=[("", _("All")), *Specification.Medium.choices])

    def narrowed(self, specifications):
        found = specifications.filter(all_words(SEARCHED, self.cleaned_data["q"].split()[:MOST_WORDS]))
        medium = self.cleaned_data["medium"]
        return found.filter(medium=medium) if medium else found


def headed(it):
    return format_html('<a href="{}">{}</a> <span class="list__note">{}</span>', it.get_absolute_url(), it.name, it.format)


class SpecificationList(Listing):
    name, order, filters, icon = "specifications", "code", SpecificationFilter, "plan"
    title, empty = _("Specifications"), _("No specifications here")
    explained = _("Coordinators and administrators enter what media and printers ask, each with its source.")
    columns = (
        Column("code", _("Code"), sort="code", fixed=True, named=False),
        Column("name", _("Name"), show=headed, sort=Lower("name"), what=True),
        Column("medium", _("Medium"), "get_medium_display", sort=by_choice("medium", Specification.Medium), kind="rank"),
        Column("size", _("Size"), sort="width"),
        Column("length", _("Length"), sort="seconds"),
        Column("lead", _("Lead time in working days"), "lead_days", sort="lead_days", kind="number"),
        Column("file_type", _("File type"), sort=Lower("file_type"), spare=True),
        Column("colour", _("Colour"), sort=Lower("colour"), spare=True),
        Column("source", _("Source"), sort=Lower("source"), spare=True),
    )

    def visible(self):
        """The library is the house's: whoever is in the house reads what is in use."""
        return Specification.objects.filter(in_use=True)
