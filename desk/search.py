"""One search over everything that has a page, and only what the person may see (docs/search.md).

A kind of thing is one entry of KINDS: what of it is searched, what a hit tells. Each kind is one bounded query that starts from
`visible_to`; one more finds the clients whom a word may mean, so that "HRB loaf" finds the loaf of that client.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db.models import Case, Q, TextField, Value, When
from django.db.models.functions import Concat, Lower
from django.db.models.lookups import EndsWith, Exact, StartsWith
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.models import Evaluation, Person
from agency.folding import folded
from agency.templatetags.dates import day
from agency.words import SHORT, any_holds
from approvals.models import Draft
from briefs.models import Brief
from campaigns.models import Campaign, Step
from clients.models import Client, Contact, Requirement
from desk.context import places

LONGEST, SHORTEST, MOST_WORDS = 100, 2, 8
TYPING, PAGE = 6, 20
MEANT = 50  # so many clients a word may mean
NONE = Q(pk__in=[])


@dataclass(frozen=True)
class Hit:
    """A thing found: where it leads, what it is called, whose it is, how it stands, and what else tells it from others."""

    url: str
    title: Any
    client: Any = None
    state: Any = None
    note: Any = ""


@dataclass(frozen=True)
class Meant:
    """The keys of the clients a word may mean: those whose code it is, and those in whose name it stands."""

    coded: list
    named: list

    @classmethod
    def by(cls, word, clients):
        coded = [key for key, code, _name in clients if word == folded(code)]
        return cls(coded, [key for key, _code, name in clients if len(word) >= SHORT and word in folded(name)])


@dataclass(frozen=True)
class Kind:
    """A kind of thing: the fields searched (by the first one an exact hit is known), their neighbours, how a hit is told.

    of_client: a word may also mean the thing's client · order: among equals · made: what the rows are searched by besides their
    columns, pairs of name and expression · listed: the list that takes the same words as ?q=
    """

    label: Any
    model: type
    fields: tuple
    told: Callable
    related: tuple = ()
    of_client: bool = True
    order: str = "-pk"
    listed: str = ""
    made: tuple = ()

    def find(self, person, text, words, meant, most):
        """At most `most` things this person sees, the exact one first."""
        seen = self.model.objects.visible_to(person).annotate(**dict(self.made)).select_related(*self.related)
        return list(seen.filter(self.holding(words, meant)).order_by(self.rank(text), self.order)[:most])

    def holding(self, words, meant):
        """Every word is in the thing, or on its tab (the client's code), or in its client's name; but not all only there."""
        held, by_name = {word: any_holds(self.fields, word) for word in words}, {}
        for word, clients in meant.items() if self.of_client else ():
            held[word] |= Q(client__in=clients.coded)
            if len(words) > 1:
                by_name[word] = Q(client__in=clients.named)
        each = reduce(and_, (held[word] | by_name.get(word, NONE) for word in words))
        return each & reduce(or_, held.values()) if by_name else each

    def rank(self, text):
        """0 for exactly this, 1 for what begins with it. Accents count here: folding thousands of rows once more takes long."""
        first, text = Lower(self.fields[0]), text.lower()
        exact = Q(Exact(first, text)) | Q(EndsWith(first, f"-{text}"))
        begins = reduce(or_, (Q(StartsWith(Lower(field), text)) for field in self.fields))
        return Case(When(exact, then=Value(0)), When(begins, then=Value(1)), default=Value(2))

    def more(self, text):
        """The list that goes on where the hits end, or nothing."""
        return reverse(self.listed, query={"q": text}) if self.listed else ""


def told_client(client):
    return Hit(client.get_absolute_url(), client.name, client, client, client.industry)


def told_contact(contact):
    gone = None if contact.is_current else contact
    return Hit(contact.client.get_absolute_url(), contact.name, contact.client, gone, contact.position)


def told_campaign(campaign):
    plan = getattr(campaign, "plan", None)
    return Hit(campaign.get_absolute_url(), campaign.name, campaign.client, plan, campaign.job_number)


def told_brief(brief):
    return Hit(brief.get_absolute_url(), brief.title, brief.client, brief, day(brief.created_at))


def told_requirement(line):
    return Hit(line.get_absolute_url(), line, line.client, line, line.get_kind_display())


def told_step(step):
    return Hit(step.get_absolute_url(), step.name, step.client, step, step.campaign)


def told_draft(draft):
    return Hit(draft.get_absolute_url(), draft.title, draft.client, draft, draft.reference)


def told_person(person):
    return Hit(person.get_absolute_url(), person, note=person.department or person.get_role_display())


def told_evaluation(evaluation):
    return Hit(evaluation.get_absolute_url(), evaluation, state=evaluation, note=day(evaluation.period_to))


NAMES = ("username", "first_name", "last_name")
# A draft as it is called on paper: HRB-26-014-BA.
NUMBERED = ("numbered", Concat("campaign__job_number", Value("-"), "deliverable__letter", "concept", output_field=TextField()))
KINDS = (
    Kind(_("Clients"), Client, ("code", "name", "industry"), told_client, of_client=False, order="code"),
    Kind(_("Contacts"), Contact, ("name",), told_contact, ("client",), order="name"),
    Kind(_("Campaigns"), Campaign, ("job_number", "name"), told_campaign, ("client", "plan")),
    Kind(_("Briefs"), Brief, ("title",), told_brief, ("client",)),
    Kind(_("Requirements"), Requirement, ("text",), told_requirement, ("client",)),
    Kind(_("Steps"), Step, ("name",), told_step, ("client", "campaign")),
    Kind(_("Drafts"), Draft, ("numbered", "title"), told_draft, ("client", "campaign", "deliverable"), made=(NUMBERED,)),
    Kind(_("People"), Person, NAMES, told_person, ("department",), of_client=False, order="first_name", listed="people"),
    Kind(
        _("Evaluations"), Evaluation, tuple(f"person__{name}" for name in NAMES), told_evaluation, ("person",), of_client=False
    ),
)  # fmt: skip
HOUSE = ((_("Notices"), "notices"), (_("My settings"), "me"), (_("Evaluations"), "evaluations"),
         (_("Specifications"), "specifications"), (_("Glossary"), "glossary"))  # fmt: skip


@dataclass(frozen=True)
class Group:
    """The hits of one kind; `more`: whether there are others, and where."""

    label: Any
    hits: list
    is_exact: bool = False
    is_cut: bool = False
    more: str = ""

    @property
    def count_text(self):
        return f"{len(self.hits)}+" if self.is_cut else str(len(self.hits))


class Search:
    """What one person gets for what was typed. Whatever it is, it is answered; below two characters nothing is asked."""

    def __init__(self, person, typed, most=PAGE):
        self.person, self.most = person, most
        self.text = " ".join(typed.split())[:LONGEST].rstrip()
        self.words = list(dict.fromkeys(self.text.split()))[:MOST_WORDS]

    @property
    def is_short(self):
        return len(self.text) < SHORTEST

    @cached_property
    def groups(self):
        """The kinds of which something was found; those with an exact hit first."""
        if self.is_short:
            return []
        found = [*(self.group(kind) for kind in KINDS), Group(_("Pages"), self.pages())]
        return sorted((group for group in found if group.hits), key=lambda group: not group.is_exact)

    @property
    def count(self):
        return sum(len(group.hits) for group in self.groups)

    def group(self, kind):
        records = kind.find(self.person, self.text, self.words, self.meant, self.most + 1)
        cut, shown = len(records) > self.most, records[: self.most]
        exact = any(folded(str(getattr(record, kind.fields[0], ""))) == folded(self.text) for record in shown)
        return Group(kind.label, [kind.told(record) for record in shown], exact, cut, kind.more(self.text) if cut else "")

    @cached_property
    def meant(self):
        """word → the clients it means, of the first fifty whom the person sees; a word that means none is left out."""
        seen = Client.objects.visible_to(self.person)
        asked = reduce(or_, (any_holds(("code", "name"), word) for word in self.words))
        clients = list(seen.filter(asked).order_by("code").values_list("pk", "code", "name")[:MEANT])
        found = {word: Meant.by(folded(word), clients) for word in self.words}
        return {word: meant for word, meant in found.items() if meant.coded or meant.named}

    def pages(self):
        """Pages of the house that the person has, found by their names."""
        named = [(place["label"], place["url"]) for place in places(self.person, "")]
        named += [(label, reverse(name)) for label, name in HOUSE]
        return [Hit(url, label) for label, url in named if all(folded(word) in folded(str(label)) for word in self.words)]
