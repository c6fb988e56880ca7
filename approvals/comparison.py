"""Two versions of a draft beside each other: a page of a file, the copy line by line, the reasons word by word (DEP7).

What is compared stands in the address, so that it can be sent as a link; what it names and does not exist is refused.
"""

from dataclasses import dataclass
from difflib import SequenceMatcher

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.flow import Refused
from approvals.models import Difference, PageImage
from approvals.showing import pieces_of
from briefs.comparison import words_compared

MOST_SPOTS = 12  # changed places that are listed one by one
TEXTS = ("idea", "on_brief", "how", "changed")


class Way(TextChoices):
    SIDE = "side", gettext_lazy("Side by side")
    SLIDER = "slider", gettext_lazy("Slider")
    DIFFERENCE = "difference", gettext_lazy("What changed")


@dataclass
class Pair:
    """Two versions on one page of one file. pieces: the files of each, as `showing.pieces_of` gives them."""

    before: object
    after: object
    way: str
    file: int
    page: int
    pieces: tuple
    difference: Difference | None = None

    @property
    def files(self):
        """(number, name) of the files that one of the two has."""
        longest = max(self.pieces, key=len)
        return [(it.number, it.file.name) for it in longest]

    @property
    def sides(self):
        return [piece_at(own, self.file) for own in self.pieces]

    @property
    def pages(self):
        return range(1, max((len(it.pages) for it in self.sides if it), default=0) + 1)

    @property
    def shown(self):
        """(version, file, page) of both; file and page None where that version has none."""
        return [(version, piece, page_at(piece, self.page)) for version, piece in
                zip((self.before, self.after), self.sides, strict=True)]  # fmt: skip

    @property
    def has_both(self):
        return all(page and page.url for _version, _piece, page in self.shown)

    @property
    def spots(self):
        """Where it changed, in per cent of the page: number, across, down, wide and high; the largest first."""
        found = self.difference
        if not (found and found.is_ready):
            return []
        whole = (found.width, found.height) * 2
        places = [[round(100 * part / of) for part, of in zip(box, whole, strict=True)] for box in found.boxes]
        return [
            dict(zip(("n", "x", "y", "w", "h"), (n, *place), strict=True)) for n, place in enumerate(places[:MOST_SPOTS], 1)
        ]

    @property
    def more_spots(self):
        return max(0, len(self.difference.boxes) - MOST_SPOTS) if self.difference else 0

    # ── Words ───────────────────────────────────────────────────────────────────────────────────
    @property
    def reasons(self):
        """(label, parts before, parts after) of what is said differently about it."""
        label = self.after._meta.get_field
        asked = [(label(name).verbose_name, getattr(self.before, name), getattr(self.after, name)) for name in TEXTS]
        return [(label, *words_compared(old, new)) for label, old, new in asked if old != new]

    @property
    def lines(self):
        """The copy line by line: number before, parts, number after, parts, whether it differs; empty where it is the same."""
        same = self.before.copy == self.after.copy
        return [] if same else lines_compared(self.before.copy.splitlines(), self.after.copy.splitlines())


def piece_at(pieces, number):
    return next((it for it in pieces if it.number == number), None)


def page_at(piece, number):
    return next((it for it in piece.pages if it.number == number), None) if piece else None


def lines_compared(old, new):
    """Lines that belong together side by side, an empty side where a line was taken out or put in."""
    rows = []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for step in range(max(b - a, d - c)):
            here, there = (first + step if first + step < last else None for first, last in ((a, b), (c, d)))
            parts = words_compared("" if here is None else old[here], "" if there is None else new[there])
            numbers = [None if it is None else it + 1 for it in (here, there)]
            rows.append((numbers[0], parts[0], numbers[1], parts[1], kind != "equal"))
    return rows


def pair_of(versions, asked, **urls):
    """The comparison that an address asks for, of `versions` (the newest first, at least two). Raises Refused."""
    numbers = {it.number: it for it in versions}
    after = numbers.get(number_in(asked, "to", versions[0].number))
    usual = next((it.number for it in versions if after and it.number < after.number), versions[-1].number)
    before = numbers.get(number_in(asked, "from", usual))
    if before is None or after is None:
        raise Refused(_("This draft has no such version. Choose two of those it has."))
    pieces = tuple(pieces_of(it, [], **urls) for it in (before, after))
    way = asked.get("way") or Way.SIDE
    pair = Pair(before, after, way, number_in(asked, "file", 1), number_in(asked, "page", 1), pieces)
    if way not in Way.values or (pair.files and not any(pair.sides)) or (pair.pages and pair.page not in pair.pages):
        raise Refused(_("There is no such page to compare. Choose one of those it has."))
    if way == Way.DIFFERENCE and pair.has_both:
        pair.difference = difference_of(pair)
    return pair


def difference_of(pair):
    """What changed on the page, asked for now unless it was before; it is drawn in the background."""
    found = PageImage.objects.select_related("attachment")
    return Difference.wanted(*(found.get(attachment=it.file, number=pair.page) for it in pair.sides))


def number_in(asked, name, usual):
    """A number of the address; Refused where something else stands there."""
    text = asked.get(name, "").strip()
    if text and not (text.isascii() and text.isdecimal() and len(text) < 6):
        raise Refused(_("There is no such page to compare. Choose one of those it has."))
    return int(text) if text else usual
