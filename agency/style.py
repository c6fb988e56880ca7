"""The style page: every part of our pages in every state, light beside dark. Only in the trial; docs/ui.md tells the rest.

Each part is a template below templates/style/. Its source is shown as the way to write it, so the two cannot differ.
Everything on it is an invented sample.
"""

from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace as Sample

from django import forms
from django.conf import settings
from django.http import Http404
from django.shortcuts import render
from django.template.loader import get_template
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from agency import clock
from agency.icons import ICONS
from agency.lanes import Bar
from agency.pages import Page
from agency.templatetags.ui import STATES

# name of the template → what it is called, and what it is for
PARTS = {
    "states": (_("The seven states"), _("Set once as data-state; everything inside reads its colours. Never colour alone.")),
    "small": (_("Small things"), _("Clients, people, dates with the working days left, money: known at a glance.")),
    "heads": (
        _("Heads of pages"),
        _("The way here, the name, the state, whose court and since when, at most one main button."),
    ),
    "buttons": (_("Buttons and menus"), _("One main button on a page, the rest quiet or in a menu. On its way, it says so.")),
    "list": (_("Lists"), _("One line for one thing. Where it is narrow, rows become cards.")),
    "filters": (_("Filters"), _("They live in the address; what is asked for stands out.")),
    "panels": (_("Panels and facts"), _("A sheet on the ground; who, when and money beside the work.")),
    "figures": (_("Figures and scales"), _("Each figure opens its list; each scale says its value in words.")),
    "lanes": (_("Lanes"), _("Working days from left to right, drawn by the server.")),
    "clock": (_("Clock"), _("Working hours that run out, with what to do about it.")),
    "notices": (
        _("Notices and messages"),
        _("Why, and what would make it possible. A message takes no focus and can be closed."),
    ),
    "dialog": (_("Dialog"), _("Only where words are needed. Without JavaScript it opens in place.")),
    "form": (_("Forms"), _("What has to be mended stands above, and again beside its field.")),
    "trail": (_("Trail"), _("What happened, newest first.")),
    "empty": (_("Nothing there yet"), _("What belongs here, and the first step.")),
    "sheet": (_("Sheet"), _("A document as the paper it will become, with its stamp.")),
    "icons": (_("Icons"), _("Always beside a word.")),
}
THEMES = {"light": _("Light"), "dark": _("Dark")}


@require_safe
def style(request):
    if not settings.TRIAL:
        raise Http404
    parts = [part(name, title, lead) for name, (title, lead) in PARTS.items()]
    shown = [(theme, word, samples(theme)) for theme, word in THEMES.items()]
    return render(request, "style/style.html", {"parts": parts, "themes": shown})


def part(name, title, lead):
    template = get_template(f"style/{name}.html").template
    return {"name": name, "title": title, "lead": lead, "template": template, "source": template.source.strip()}


class Record(Sample):
    """Enough of a record for heads, chips, stamps and buttons."""

    def __str__(self):
        return self.title

    def get_state_display(self):
        return self.word

    def get_court_display(self):
        return self.whose

    def get_absolute_url(self):
        return "/style/"


class Question(forms.Form):
    title = forms.CharField(label="Title", help_text="As the client says it.", max_length=20)
    budget = forms.DecimalField(label="Budget figure", required=False)
    due = forms.DateField(label="Wanted by", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    court = forms.ChoiceField(label="Goes to", choices=[("ours", "us"), ("client", "the client")], widget=forms.RadioSelect)
    urgent = forms.BooleanField(label="It cannot wait", required=False)
    talk = forms.CharField(label="What was said", required=False, widget=forms.Textarea(attrs={"rows": 2}))


def samples(theme):
    """What the parts show; identifiers are the theme's own, for every part stands there twice."""
    today = clock.today()
    return {
        "STATES": STATES,
        "ICONS": list(ICONS),
        "client": Sample(code="SMP", name="Sample & Co"),
        "clients": [
            Sample(code=code, name=f"Sample {code}") for code in ("SMP", "ABC", "DEF", "GHI", "JKL", "MNO", "PQR", "XYZ")
        ],
        "person": "Sam Sample",
        "contact": "Clara Example",
        "brief": record("submitted", "ours", "Awaiting acceptance", "With us"),
        "sent": record("sent", "client", "With the client", "With the client"),
        "done": record("accepted", "nobody", "Accepted", "Settled"),
        "moves": [move("accept", "Accept"), move("give_back", "Return with a reason", asks=True), move("pass_on", "Pass on")],
        "today": today,
        "soon": today + timedelta(days=2),
        "gone": today - timedelta(days=3),
        "amount": Decimal("144720.00"),
        "less": Decimal("-1540.5"),
        "events": [event(minutes, *told) for minutes, told in enumerate(HAPPENED)],
        "page": Page([], "?after=2", 40),
        "bars": bars(),
        "starts": [(0, today), (5, today + timedelta(days=7)), (10, today + timedelta(days=14))],
        "form": Question(auto_id=f"{theme}-new-%s"),
        "faulty": Question({"title": "A title that is far too long for a title"}, auto_id=f"{theme}-%s"),
        "dialog_name": f"{theme}-dialog",
        "panel_name": f"{theme}-panel",
    }


def record(state, court, word, whose):
    since, due = clock.now() - timedelta(days=4), clock.today() + timedelta(days=2)
    return Record(
        title="Sample crackers", state=state, court=court, word=word, whose=whose, holder="Sam Sample", version=4,
        court_since=since, due_on=due,
    )  # fmt: skip


def move(name, label, *, asks=False):
    return Sample(name=name, label=label, asks_reason=asks)


HAPPENED = (
    ("Sam Sample", "accepted the brief", ""),
    ("Clara Example", "opened version 3", ""),
    ("Ida Invented", "returned it", "Which shops are meant?"),
)


def event(minutes, actor, told, reason):
    return Sample(named=actor, told=told, reason=reason, at=clock.now() - timedelta(hours=20 * minutes, minutes=7))


def bars():
    """A bar of every form, one after the other."""
    forms_of_bars = [
        ("done", "past", "over"), ("late", "hatched", "client late"), ("ours", "", "running"), ("client", "ahead", "ahead"),
        ("draft", "unassigned", "nobody"), ("ours", "proposed", "proposed"),
    ]  # fmt: skip
    return [
        Bar(at * 2.5, at * 2.5 + 2.3, state, form=form, name=name, told=f"Sample step, {name}", ghost=(at * 2.5, at * 2.5 + 2))
        for at, (state, form, name) in enumerate(forms_of_bars)
    ]
