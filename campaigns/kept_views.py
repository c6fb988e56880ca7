"""Views of the schedule that a person has named: the questions in the address, kept under a name for him alone (COO1).

What is kept is an address and opens nothing: when it is used, the list answers its questions for the person as he is then.
"""

from dataclasses import dataclass

from django.db import transaction
from django.http import QueryDict
from django.utils.translation import gettext as _

from accounts.models import Person
from agency.flow import Refused
from campaigns.forms import ScheduleFilter

HABIT = "views:schedule"
MOST = 20
LONGEST = 1000  # characters of the questions of one view
KNOWN = (*ScheduleFilter.base_fields, "by", "from", "order")


@dataclass(frozen=True)
class KeptView:
    """A name and the questions behind it. is_first: the schedule opens with it."""

    name: str
    query: str
    is_first: bool

    @property
    def address(self):
        return f"?{self.query}"


def questions_of(query):
    """What of a query string the schedule knows, in one fixed sequence: equal questions give equal text."""
    asked = QueryDict(query[:LONGEST])
    kept = QueryDict(mutable=True)
    for name in KNOWN:
        if value := asked.get(name):
            kept[name] = value
    return kept.urlencode()


def views_of(person):
    """The views of a person by name, in the sequence in which he made them. One query."""
    kept = person.habits.read(person, HABIT, {"first": "", "views": []})
    return [KeptView(name, query, name == kept["first"]) for name, query in kept["views"]]


def first_view(person):
    """The view with which the schedule opens for a person, or None."""
    return next((view for view in views_of(person) if view.is_first), None)


def save_view(person, name, query):
    """Keep the questions under a name; the same twice is kept once. Refused: the name is taken, or there are too many."""
    with _changing(person) as views:
        there = views.get(name)
        if there is not None and there != query:
            raise Refused(_("You have a view of this name: choose another name, or delete that one first."))
        if there is None and len(views) >= MOST:
            raise Refused(_("You have %(n)d views already: delete one first.") % {"n": MOST})
        views[name] = query


def rename_view(person, name, to):
    with _changing(person) as views:
        _there(views, name)
        if to != name and to in views:
            raise Refused(_("You have a view of this name: choose another name, or delete that one first."))
        views.rename(name, to)


def drop_view(person, name):
    with _changing(person) as views:
        _there(views, name)
        views.drop(name)


def open_with(person, name):
    """Let the schedule open with this view; with the same again, let it open with everything."""
    with _changing(person) as views:
        _there(views, name)
        views.first = "" if views.first == name else name


def _there(views, name):
    if name not in views:
        raise Refused(_("There is no such view any more."))


class _Views(dict):
    """name → questions, and the name of the one the schedule opens with."""

    first = ""

    def rename(self, name, to):
        renamed = [(to if it == name else it, query) for it, query in self.items()]
        self.first = to if self.first == name else self.first
        self.clear()
        self.update(renamed)

    def drop(self, name):
        del self[name]
        self.first = "" if self.first == name else self.first


class _changing:
    """The views of a person to change, written when the block ends; two windows of his queue here."""

    def __init__(self, person):
        self.person, self.one = person, transaction.atomic()

    def __enter__(self):
        self.one.__enter__()
        Person.objects.select_for_update(no_key=True).get(pk=self.person.pk)
        self.views = _Views((view.name, view.query) for view in views_of(self.person))
        self.views.first = next((view.name for view in views_of(self.person) if view.is_first), "")
        return self.views

    def __exit__(self, *error):
        if error[0] is None:
            kept = {"first": self.views.first, "views": [list(it) for it in self.views.items()]}
            self.person.habits.keep(self.person, HABIT, kept)
        self.one.__exit__(*error)
