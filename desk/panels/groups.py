"""The groups in which a role thinks of what needs it now."""

from datetime import timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Role
from briefs.models import Brief, Opinion
from campaigns.models import Plan, Rearrangement, Step, standing
from desk.lines import Group, Link, with_chase
from desk.sieve import Sieve

FEW, SOON = 5, 10  # so many steps under a heading; so many working days ahead an owner has to be named


def by_deadline(lines, person, today):
    """Returned first, then what is to be decided, then the rest by day."""
    returned, lines = split(lines, lambda line: line.came_back)
    studies, lines = split(lines, lambda line: person.role == Role.MEMBER and isinstance(line, Opinion))
    decide, rest = split(lines, is_to_decide) if person.role != Role.MEMBER else ([], lines)
    two_kinds = person.role in {Role.DIRECTOR, Role.MANAGER}
    groups = [
        Group(_("Returned to me"), returned, state="stopped"),
        Group(_("My studies"), studies, state="ours"),
        Group(_("Briefs and plans to decide") if two_kinds else _("To decide"), decide, state="ours"),
        *bands(rest, today),
    ]
    return [group for group in groups if group.lines]


def split(lines, belongs):
    return [line for line in lines if belongs(line)], [line for line in lines if not belongs(line)]


def is_to_decide(line):
    return (isinstance(line, Brief | Plan) and line.state == "submitted") or isinstance(line, Rearrangement)


def bands(lines, today):
    """Overdue, today, this week, later, no day set."""
    sunday = today + timedelta(days=6 - today.weekday())
    tests = (
        (_("Overdue"), "late", lambda on: on and on < today),
        (_("Today"), "risk", lambda on: on == today),
        (_("This week"), "ours", lambda on: on and today < on <= sunday),
        (_("Later"), "draft", lambda on: on and on > sunday),
        (_("No day set"), "draft", lambda on: on is None),
    )
    return [Group(title, [line for line in lines if fits(line.due_on)], state) for title, state, fits in tests]


def of_coordinator(lines, inbox):
    """Hand-offs to check and requests to answer, then the whole schedule: late, due, blocked, unassigned (COO1, COO3, COO6).

    A step stands once, under what hurts most; the list behind each heading holds them all.
    """
    check, lines = split(lines, lambda line: isinstance(line, Step) and line.state in Step.HANDED_ON)
    answer, lines = split(lines, lambda line: isinstance(line, Rearrangement))
    groups = [
        Group(_("Hand-offs to check"), check, "ours", *_all("check")),
        Group(_("Requests to answer"), answer, "ours"),
        *bands(lines, inbox.today),
        *schedule_groups(inbox),
    ]
    return [group for group in groups if group.lines]


def schedule_groups(inbox):
    """The worst steps of the house under each heading of the schedule; two queries."""
    today, soon = inbox.today, inbox.days.workdays.add(inbox.today, SOON)
    headings = {
        "late": (_("Late"), "late", standing.is_late(today)),
        "due": (_("Due today"), "risk", standing.is_due(today)),
        "blocked": (_("Blocked"), "stopped", standing.is_blocked(today)),
        "unassigned": (_("Unassigned"), "draft", standing.is_unassigned(today) & Q(starts_on__lte=soon)),
    }
    elsewhere = inbox.elsewhere_or_nobodys(inbox.seen(Step))
    sieve = Sieve(elsewhere, {word: it[2] for word, it in headings.items()})
    steps = list(sieve.first(FEW, by=("ends_on",)))
    for step in with_chase(inbox.days.told(steps), inbox.person):
        step.came_back = None
        if step.person_id is None and not step.is_clients:
            step.link = Link(_("Name owner"), f"{step.get_absolute_url()}#give")
    return [
        Group(title, [step for step in steps if step.under == word], state, *_all(word))
        for word, (title, state, _condition) in headings.items()
    ]


def _all(word):
    return _("All"), f"{reverse('schedule')}?show={word}"
