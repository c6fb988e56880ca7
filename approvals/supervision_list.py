"""The supervision notes of a campaign, as a list (DEP7)."""

from django.db.models.functions import Lower
from django.utils.html import format_html
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.lists import by_name
from agency.flow import Court
from agency.lists import Column, Listing, by_choice
from agency.templatetags.dates import due
from agency.templatetags.ui import chip, person_tag
from approvals.models import SupervisionNote
from approvals.supervision_forms import NoteFilter
from clients.owed import with_days_left


def headed(note):
    link = format_html('<a href="{}">{}</a>', note.get_absolute_url(), Truncator(note.words).chars(120))
    return format_html(
        '{} <span class="list__note"><span class="jobno">{}</span> · {}</span>', link, note.reference, note.about
    )


def lies_with(note):
    return note.holder if note.court != Court.NOBODY else None


class NoteList(Listing):
    name, order, filters, icon = "supervision", "-noted", NoteFilter, "approvals"
    title, empty = gettext_lazy("Supervision"), gettext_lazy("No supervision note here")
    explained = gettext_lazy("What is seen while a piece is designed, produced or put up is noted here, with a photo.")
    columns = (
        Column("words", gettext_lazy("What was seen"), "words", headed, Lower("words"), what=True),
        Column("about", gettext_lazy("Piece or step"), lambda it: str(it.about), spare=True),
        Column("kind", gettext_lazy("Looked at"), "get_kind_display",
               sort=by_choice("kind", SupervisionNote.Kind), kind="rank"),
        Column("verdict", gettext_lazy("Found"), "get_verdict_display",
               sort=by_choice("verdict", SupervisionNote.Verdict), kind="rank"),
        Column("state", gettext_lazy("State"), "get_state_display", lambda it: chip(it, bare=True),
               by_choice("state", SupervisionNote.State), "rank", named=False),
        Column("holder", pgettext_lazy("a person", "With"), lies_with,
               lambda it: person_tag(it.holder) if lies_with(it) else "", by_name("holder")),
        Column("due", pgettext_lazy("a deadline", "Due"), "due_on",
               lambda it: due(it.due_on, left=it.left) if it.due_on else "", "due_on", "date"),
        Column("by", gettext_lazy("Noted by"), "created_by", lambda it: person_tag(it.created_by), by_name("created_by")),
        Column("noted", gettext_lazy("Noted"), "created_at", sort="created_at", kind="moment"),
    )  # fmt: skip

    def __init__(self, request, campaign):
        self.campaign = campaign
        super().__init__(request)

    def visible(self):
        return SupervisionNote.objects.visible_to(self.person).filter(campaign=self.campaign).for_list()

    def prepare(self, rows):
        return with_days_left(rows, self.person)
