"""Every list of the house in one pattern: filters, sorting and paging in the address, columns as the person likes them, and the
same rows as a file. How to write one: docs/lists.md."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.core.exceptions import BadRequest
from django.db.models import Case, IntegerField, Value, When
from django.shortcuts import render
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency import clock
from agency.exports import WRITERS, attachment
from agency.keyset import Order
from agency.log import security
from agency.templatetags.dates import day, moment, money

MOST = 10_000  # rows of one file
BATCH = 1_000  # rows of a file prepared at once
TOLD = 200  # a file of more rows leaves a line in the security log
LISTS = {}  # name → the Listing, for the choice of its columns
PLACES = ("after", "export")  # what leads to a place in a list or to its file, and is no question
SHOW = {"date": day, "moment": moment, "money": money}
WAYS = {
    "text": (gettext_lazy("A to Z"), gettext_lazy("Z to A")),
    "rank": (gettext_lazy("first to last"), gettext_lazy("last to first")),
    "date": (gettext_lazy("earliest first"), gettext_lazy("latest first")),
    "moment": (gettext_lazy("oldest first"), gettext_lazy("newest first")),
    "number": (gettext_lazy("smallest first"), gettext_lazy("largest first")),
    "money": (gettext_lazy("smallest first"), gettext_lazy("largest first")),
}


@dataclass(frozen=True)
class Column:
    """A column: what a row says in it, how it looks, and how it sorts.

    value: the path of an attribute, or a function of the row (default: the key) · show: row → its HTML, if not just the value
    sort: a field's path, an expression, or a function of the person that gives one; None where the column cannot be sorted by
    kind: text, rank, date, moment, number or money · what: names the row and is never left out
    fixed: always there · spare: not there until the person asks for it · line: on a phone a line of its own
    named: on a phone its head stands beside the cell
    part: a template that draws the cell from `row`: something to press, on the page alone and in no file
    """

    key: str
    label: Any
    value: str | Callable | None = None
    show: Callable | None = None
    sort: Any = None
    kind: str = "text"
    what: bool = False
    fixed: bool = False
    spare: bool = False
    line: bool = False
    named: bool = True
    part: str = ""

    def read(self, row):
        """What stands in the cell: text, number, date, instant or None."""
        return self.value(row) if callable(self.value) else path_of(row, self.value or self.key)

    def html(self, row):
        """What the page shows in the cell."""
        if self.show:
            return self.show(row)
        value = self.read(row)
        return "" if value is None else SHOW.get(self.kind, str)(value)

    @property
    def looks(self):
        """The classes of its cells."""
        if self.kind in {"number", "money"}:
            return "list__end num"
        if self.part:
            return "list__tight list__go list__end"
        return "list__what" if self.what else "list__line" if self.line else "list__tight"

    @property
    def is_optional(self):
        return not (self.what or self.fixed or self.part)


def path_of(row, path):
    """The attribute at the end of a path of attributes, or None where the path breaks off; what can be called is called."""
    for name in path.split("."):
        row = getattr(row, name) if row is not None else None
    return row() if callable(row) else row


def by_choice(path, choices):
    """Sorts by the order of `choices` (states, tiers), which is the order of life, not of the alphabet."""
    ranks = [When(**{path: value}, then=Value(rank)) for rank, value in enumerate(choices.values)]
    return Case(*ranks, output_field=IntegerField())


class Listing:
    """One list of the house; a subclass says which, in a few lines, beside the forms of its app."""

    name = ""  # of the file, and of what is remembered about its columns
    title = empty = explained = icon = ""  # explained: what belongs here, said where nothing does yet
    columns = ()
    order = ""  # how it is sorted at first: a column's key, with a minus downwards
    sort = "sort"  # what the question for its sequence is called, where another on the page is called so already
    filters = None
    exports = tuple(WRITERS)  # none where a file would carry away what must stay in the house

    def __init_subclass__(cls):
        if cls.name and LISTS.setdefault(cls.name, cls) is not cls:
            raise ValueError(f"Two lists are called {cls.name}.")

    def __init__(self, request):
        self.request, self.person, self.asked = request, request.user, request.GET
        self.seen = self.visible()
        self.filter = self.filters(request.GET, seen=self.seen, person=self.person)
        self.found = self.filter.of(self.seen)

    def visible(self):
        """The queryset of what `self.person` sees, with everybody a row names. Starts with `visible_to`."""
        raise NotImplementedError

    def prepare(self, rows):
        """The rows (a list) with what they need besides, in a constant number of queries."""
        return rows

    def response(self, template, **more):
        """The page of this list, or, asked for one, the file."""
        if form := self.asked.get("export", ""):
            return self.file(form)
        page = self.sequence.page(self.found, self.asked.get("after", ""), lambda cursor: self.address(after=cursor))
        page.rows = self.prepare(page.rows)
        return render(self.request, template, {"listing": self, "page": page, "filters": self.filter, **more})

    # ── Sorting ─────────────────────────────────────────────────────────────────────────────────
    @property
    def sorted_by(self):
        return self.asked.get(self.sort) or self.order

    @cached_property
    def sequence(self):
        """The Order the address asks for."""
        key = self.sorted_by.removeprefix("-")
        column = next((it for it in self.columns if it.key == key and it.sort is not None), None)
        if column is None:
            raise BadRequest(_("This list cannot be sorted like that. Open it anew and choose one of its columns."))
        by = column.sort(self.person) if callable(column.sort) else column.sort
        return Order(by, down=self.sorted_by.startswith("-"), scope=f"list.{self.name}.{self.sorted_by}")

    def turn(self, column):
        """How the head of a column sorts when it is pressed: the other way round, or its own first way."""
        ways = [column.key, f"-{column.key}"]
        if column.kind == "moment":
            ways.reverse()
        return ways[1] if self.sorted_by == ways[0] else ways[0]

    @property
    def sorts(self):
        """Everything the list can be sorted by: (word in the address, sentence, whether it is so now)."""
        for column in self.columns:
            if column.sort is not None:
                for sort, way in zip((column.key, f"-{column.key}"), WAYS[column.kind], strict=True):
                    yield sort, f"{column.label}, {way}", sort == self.sorted_by

    def sorting(self, way):
        """The address of this list in another sequence."""
        return self.address(**{self.sort: way})

    # ── Addresses ───────────────────────────────────────────────────────────────────────────────
    def address(self, **changes):
        """This list with its questions and some changes, from the top."""
        return address(self.asked, **changes)

    @property
    def files(self):
        """(name, address) of every file this list can be had as."""
        return [(form.upper(), self.address(export=form)) for form in self.exports]

    # ── Columns ─────────────────────────────────────────────────────────────────────────────────
    @classmethod
    def habit(cls):
        """Under which name it is remembered which columns somebody likes."""
        return f"columns:{cls.name}"

    @classmethod
    def optional(cls):
        return [column for column in cls.columns if column.is_optional]

    @cached_property
    def shown(self):
        """The columns that the person sees, in the order of the list."""
        if not self.optional():
            return list(self.columns)
        usual = [column.key for column in self.columns if not column.spare]
        wanted = self.person.habits.read(self.person, self.habit(), usual)
        return [column for column in self.columns if not column.is_optional or column.key in wanted]

    @property
    def written(self):
        """The columns of its files: those shown, but what can only be pressed."""
        return [column for column in self.shown if not column.part]

    # ── Files ───────────────────────────────────────────────────────────────────────────────────
    def file(self, form):
        """The rows as shown: same questions, sequence and columns; the first `MOST` of them, and it says if there are more."""
        if form not in self.exports:
            raise BadRequest(_("This list cannot be had as such a file."))
        rows, cut = self._lines()
        name = f"{self.name}-{clock.today_for(self.person).isoformat()}"
        if len(rows) > TOLD:
            security("list exported", actor=self.person, object=self.name, rows=len(rows), form=form)
        told = _("Cut off here: a file holds the first %(n)d rows. Ask for fewer with the filters of the list.") % {"n": MOST}
        return attachment(form, self.written, [*rows, [told]] if cut else rows, self.name, f"{name}-cut" if cut else name)

    def _lines(self):
        """The cells of every row of the file, prepared in batches, and whether there would be more rows."""
        found, lines = self.sequence.sort(self.found)[: MOST + 1].iterator(chunk_size=BATCH), []
        while batch := list(islice(found, BATCH)):
            room = MOST - len(lines)
            lines += [[column.read(row) for column in self.written] for row in self.prepare(batch[:room])]
            if len(batch) > room:
                return lines, True
        return lines, False


def address(asked, **changes):
    """The questions `asked` (a QueryDict) with changes, None for one dropped; it never leads into the middle of a list."""
    query = asked.copy()
    for name in PLACES + tuple(changes):
        query.pop(name, None)
    for name, value in changes.items():
        if value is not None:
            query[name] = value
    for name in [name for name, value in query.items() if not value]:
        del query[name]
    return f"?{query.urlencode()}"
