"""Two versions of a brief side by side, field by field, word by word (DEP3).

A version is an edition ("2"), what stands now ("now") or a line of the history ("v14"). The words are compared here with
difflib; a page needs no script to show what was taken out and what was put in.
"""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from agency.flow import Refused
from agency.templatetags.dates import timed
from briefs.fields import BY_NAME, COLUMNS, Block
from briefs.models import Brief
from briefs.models.brief import content_of
from briefs.reading import in_words

NOW = "now"
HISTORY = re.compile(r"v(\d{1,9})")
EDITION = re.compile(r"\d{1,4}")
WORDS = re.compile(r"[⺀-鿿가-힯]|\w+\s*|[^\w\s]\s*|\s+")  # Han and Hangul are compared sign by sign
LONG = 250_000  # words of one text times those of the other: from here on frequent words are no landmarks


@dataclass(frozen=True)
class Version:
    """One side of a comparison. ref: its name in the address · digest: what a confirmation quotes; "" outside editions."""

    ref: str
    label: str
    who: Any
    at: Any
    content: dict
    digest: str = ""

    def text(self, name):
        """One answer in words."""
        if name == "title":
            return self.content["title"]
        return in_words(Brief._meta.get_field(name), self.content["answers"].get(name))

    def mark(self, name):
        """How sure the answer was and who said it, in words."""
        mark = self.content["marks"].get(name, {})
        sure = {"guess": _("our guess"), "unknown": _("accepted as unknown")}.get(mark.get("mark"), "")
        return ", ".join(filter(None, (sure, mark.get("source"), mark.get("on"))))


@dataclass(frozen=True)
class Difference:
    """One field in both versions. parts: (kind, words) with kind "same", "out" or "in", for each side those it shows."""

    name: str
    label: str
    before: list
    after: list
    marks: tuple

    @property
    def is_changed(self):
        return any(kind != "same" for kind, _words in [*self.before, *self.after]) or self.marks[0] != self.marks[1]


def version_of(brief, ref):
    """The version of a brief that an address names. Raises Refused with a sentence where there is none."""
    if ref == NOW:
        return Version(NOW, _("As it stands now"), None, brief.kept_at, brief.content())
    if EDITION.fullmatch(ref) and (found := brief.editions.select_related("created_by").filter(number=int(ref)).first()):
        return edition_side(found)
    if (of_history := HISTORY.fullmatch(ref)) and (row := _line(brief, int(of_history[1]))):
        label = _("Version %(n)d of %(when)s") % {"n": row.version, "when": timed(row.history_date)}
        return Version(ref, label, row.history_user, row.history_date, content_of(row))
    raise Refused(_("This brief has no such version. Choose two of those it has."))


def edition_side(edition):
    label = _("Edition %(n)d, withdrawn") if edition.withdrawn else _("Edition %(n)d")
    words = {"n": edition.number}
    return Version(str(edition.number), label % words, edition.created_by, edition.created_at, edition.content, edition.digest)


def changed_since(brief, edition):
    """The questions of which the answer differs now from what the edition says; None or the same edition: none."""
    if edition is None or edition.content == (content := brief.content()):
        return set()
    return changed_questions(edition_side(edition), Version(NOW, "", None, None, content))


def _line(brief, number):
    return brief.history.filter(version=number).select_related("history_user", "budget_approver", "work_approver").first()


def differences(before, after):
    """Every field of two versions, in the order of the brief, changed or not."""
    return [_difference(name, before, after) for name in ("title", *COLUMNS)]


def changed_labels(before, after):
    """The names of the fields that differ, as they are read; costs no comparison of words."""
    names = (name for name in ("title", *COLUMNS) if _told(before, name) != _told(after, name))
    return [label_of(name) for name in names]


def changed_questions(before, after):
    """The names of the questions of which the answer, or what stands beside it, differs."""
    return {asked.name for asked in BY_NAME.values() for name in asked.names if _told(before, name) != _told(after, name)}


def in_blocks(rows):
    """The rows of a comparison under the blocks of the brief: (letter, name, rows), the title first."""
    block_of = {name: asked.block for asked in BY_NAME.values() for name in asked.names}
    found = [("", _("Title"), [it for it in rows if it.name == "title"])]
    found += [(block.value, block.label, [it for it in rows if block_of.get(it.name) == block]) for block in Block]
    return [it for it in found if it[2]]


def label_of(name):
    return capfirst(str(Brief.label_of(name)))


def _told(version, name):
    return version.text(name), version.mark(name)


def _difference(name, before, after):
    old, new = words_compared(before.text(name), after.text(name))
    return Difference(name, label_of(name), old, new, (before.mark(name), after.mark(name)))


def words_compared(before, after):
    """Two texts → the parts of each: ("same", …), ("out", …) in the first, ("in", …) in the second."""
    if before == after:
        return ([("same", before)] if before else []), ([("same", after)] if after else [])
    old, new = WORDS.findall(before), WORDS.findall(after)
    left, right = [], []
    for kind, a, b, c, d in SequenceMatcher(None, old, new, autojunk=len(old) * len(new) > LONG).get_opcodes():
        if kind == "equal":
            left.append(("same", "".join(old[a:b])))
            right.append(("same", "".join(new[c:d])))
            continue
        if a < b:
            left.append(("out", "".join(old[a:b])))
        if c < d:
            right.append(("in", "".join(new[c:d])))
    return left, right
