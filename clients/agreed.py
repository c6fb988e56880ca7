"""Terms as pages tell them: fact by fact beside those before, and who confirms what in one glance. Nothing of our margin for
those who do not see it."""

from dataclasses import dataclass
from typing import Any

from django.template.defaultfilters import floatformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agency.templatetags.dates import dated
from clients.models import Authority, Contact, Terms


@dataclass(frozen=True)
class Fact:
    """One fact of several terms: what each says, and whether they differ."""

    label: Any
    several: list
    said: list

    @property
    def each(self):
        return zip(self.several, self.said, strict=True)

    @property
    def differs(self):
        return len(set(self.said)) > 1


@dataclass(frozen=True)
class Confirmer:
    """A contact and what he confirms, in lines that have one limit each."""

    contact: Contact
    lines: list


def days(terms):
    if terms.is_of_the_house:
        return _("where nothing is agreed")
    if terms.valid_until is None:
        return _("from %(first)s on") % {"first": dated(terms.valid_from)}
    return _("%(first)s to %(last)s") % {"first": dated(terms.valid_from), "last": dated(terms.valid_until)}


def answer(terms):
    return ngettext("in %(n)d working day", "in %(n)d working days", terms.answer_days) % {"n": terms.answer_days}


def holidays(terms):
    return ", ".join(filter(None, (terms.country, terms.subdivision))) or _("our own calendar")


def late(terms):
    return _("shifts our dates day for day") if terms.late_shift else _("leaves our dates")


def markup(terms):
    return _("%(n)s %%") % {"n": floatformat(terms.markup, -2)}


def silence(terms):
    return _("accepts contact reports") if terms.deemed_acceptance else _("accepts nothing")


FACTS = (
    ("", gettext_lazy("Valid"), days),
    ("answer_days", gettext_lazy("The client answers"), answer),
    ("country", gettext_lazy("Holidays"), holidays),
    ("rounds", gettext_lazy("Rounds of amends"), lambda it: str(it.rounds)),
    ("late_shift", gettext_lazy("A late answer"), late),
    ("deemed_acceptance", gettext_lazy("Silence"), silence),
    ("deemed_clause", gettext_lazy("Clause on silence"), lambda it: it.deemed_clause if it.deemed_acceptance else ""),
    ("currency", gettext_lazy("Currency"), lambda it: it.currency),
    ("fee_basis", gettext_lazy("Basis of the fee"), lambda it: it.get_fee_basis_display()),
    ("fee_note", gettext_lazy("Note on the fee"), lambda it: it.fee_note),
    ("markup", gettext_lazy("Mark-up"), markup),
)  # fmt: skip


AT_A_GLANCE = {"answer_days", "rounds", "late_shift", "deemed_acceptance"}


def facts(several, person):
    """The facts of these terms of one client, side by side, as far as `person` sees them, without what none of them says."""
    withheld = several[0].withheld_from(person)
    told = [Fact(label, several, [say(terms) for terms in several]) for name, label, say in FACTS if name not in withheld]
    return [fact for fact in told if any(fact.said)]


def confirmers(terms, person, day):
    """Who confirms what under these terms on a day. One query."""
    if terms.is_of_the_house:
        return []
    seen = Authority.objects.visible_to(person).filter(terms=terms).held_on(day).select_related("contact")
    held = {}
    for it in seen.order_by("contact__name", "contact", "pk"):
        held.setdefault(it.contact, {}).setdefault(it.up_to, []).append(it)
    return [Confirmer(contact, lines(limits)) for contact, limits in held.items()]


def lines(limits):
    """(what, limit) for each limit: the things in the order of the work, or everything; None where there is no limit."""
    return [(named({it.what for it in held}), up_to) for up_to, held in limits.items()]


def named(kinds):
    names = [str(label) for what, label in Authority.What.choices if what in kinds]
    return _("Everything") if len(names) == len(Authority.What) else ", ".join(names)


@dataclass(frozen=True)
class Glance:
    """The terms that hold on a day, for the panel of the client's page."""

    terms: Terms
    facts: list
    confirmers: list


def glance(client, person, day):
    """What holds with the client, in one glance; None for those who see a share of the client file and nothing below."""
    terms = client.terms_on(day)
    if not person.has_perm(Terms.view_right, terms):
        return None
    told = [(label, say(terms)) for name, label, say in FACTS if name in AT_A_GLANCE]
    return Glance(terms, told, confirmers(terms, person, day))
