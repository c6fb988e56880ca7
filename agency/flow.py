"""The one staircase: how a record changes its state, and how its text is revised.

A *move* is a method on a record, declared once: what it is called, from which states it leads where, the right it needs and
whose court it leaves the ball in. Calling it does everything, in one transaction: lock the row, ask the right, compare the
version the person saw, check the state, run the body (which may refuse with a sentence), save with history, record the event.
The same declaration draws the buttons. Nothing else assigns a state.
"""

from dataclasses import dataclass
from datetime import timedelta
from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from agency import clock
from agency.refusals import Conflict, Refused, Row, both_texts, meanwhile
from agency.workdays import calendar

__all__ = [
    "Conflict",
    "Court",
    "Move",
    "Refused",
    "Row",
    "both_texts",
    "lock",
    "meanwhile",
    "move",
    "moves_of",
    "revise",
    "undo",
]
UNDO_MINUTES = 15  # long enough to see a slip, too short for others to have built on it


class Court(models.TextChoices):
    OURS = "ours", _("With us")
    CLIENT = "client", _("With the client")
    DEPARTMENT = "department", _("With a department")
    NOBODY = "nobody", _("Settled")


@dataclass(frozen=True)
class Move:
    """A declared move. `to=None` leaves the state as it is; `hidden` moves follow from others and have no button; one that
    `undoes` another brings back what was before it."""

    name: str
    label: str
    told: str
    sources: frozenset
    to: str | None
    needs: str
    court: Court | None = None
    holder: str = ""
    within: int | str | None = None
    four_eyes: bool = False
    when: str = ""
    only: str = ""
    asks_reason: bool = False
    hidden: bool = False
    undoes: str = ""

    def right_on(self, record):
        """The right it needs: of the table, or what the record says where each has its own."""
        return self.needs if "." in self.needs else getattr(record, self.needs)

    def is_open_to(self, person, record):
        """Whether `person` would be let up this step with `record` as it stands now."""
        return (
            record.state in self.sources
            and person.has_perm(self.right_on(record), record)
            and not (self.four_eyes and record.is_work_of(person))
            and (not self.when or getattr(record, self.when))
            and (not self.only or getattr(record, f"{self.only}_id") == person.pk)
            and (not self.undoes or (last_is(self.undoes, record, person) and in_time(record)))
        )


def move(label, *, told, sources, to, needs, reason=False, **declared):
    """Declare a move; the body gets `by` (the person) and whatever else the move takes.

    label: the button's imperative · told: how the trail tells it ("accepted the brief") · needs: a right of the table, or the
    name of an attribute that says which ·
    court, holder (name of an attribute that gives the person who has the ball next), within (working days for the answer, or
    the name of an attribute that gives its last day) ·
    four_eyes: nobody makes this move on the own work · when (name of an attribute that must be true) ·
    only (name of the field with the one person who makes it) ·
    reason: a sentence is asked for and kept in history and event.
    Calling it raises PermissionDenied, Conflict (somebody was there first) or Refused; then nothing has changed.
    The body may return a dictionary of details for the event; it holds no money.
    """

    def decorate(body):
        it = Move(body.__name__, label, told, frozenset(sources), to, needs, asks_reason=reason, **declared)

        @wraps(body)
        def perform(record, *, by, seen=None, reason="", **details):
            with transaction.atomic():
                lock(record)
                _ask(it, record, by)
                _compare(it, record, seen)
                _look_back(it, record, by)
                if it.asks_reason and not reason.strip():
                    raise Refused(_("Please give a reason: it is kept with the record and told to those concerned."))
                told = body(record, by=by, **({"reason": reason} if it.asks_reason else {}), **details) or {}
                _go_back(it, record, by) if it.undoes else _arrive(it, record)
                record.keep(by=by, reason=reason or it.label)
                record.record_event(it.name, by=by, reason=reason, version=record.version, **told)
            return record

        perform.move = it
        return perform

    return decorate


def undo(made, *, told, hidden=False):
    """Declare that the move `made` can be taken back: by who made it, for UNDO_MINUTES, while nothing else has happened.

    It needs the right of the move, and is one like any other: locked, with history and event. The record becomes what it was
    before, and who was told is told again or, if nothing was read or sent yet, has nothing to hear of. The body takes back what
    the move did to other records, and refuses where somebody has gone on from there.
    """
    it = made.move
    sources = it.sources if it.to is None else [it.to]
    return move(_("Undo"), told=told, sources=sources, to=None, needs=it.needs, undoes=it.name, hidden=hidden)


def lock(record):
    """Read the row again under a lock that lasts until the transaction ends, so that two people queue here.

    The key stays free: a move elsewhere may write events and children that point at this row, or the two would wait for each
    other (a client is locked while it is handed over, and its steps after it).
    """
    record.refresh_from_db(from_queryset=type(record)._base_manager.select_for_update(no_key=True))


def _ask(it, record, by):
    if not by.has_perm(it.right_on(record), record):
        raise PermissionDenied(_("Your role does not make this move on this record."))
    if it.four_eyes and record.is_work_of(by):
        raise PermissionDenied(_("Four eyes: nobody does this on the own work. A colleague with the right has to."))
    if it.only and getattr(record, f"{it.only}_id") != by.pk:
        raise PermissionDenied(_("Only %(person)s does this.") % {"person": getattr(record, it.only)})


def _compare(it, record, seen):
    if record.state not in it.sources or (seen is not None and seen != record.version):
        raise Conflict(record, meanwhile(record))
    if it.when and not getattr(record, it.when):
        raise Refused(_("%(record)s does not allow “%(move)s” as it stands now.") % {"record": record, "move": it.label})


def _look_back(it, record, by):
    if it.undoes and not last_is(it.undoes, record, by):
        raise Conflict(record, meanwhile(record))
    if it.undoes and not in_time(record):
        raise Refused(_("What was done is taken back within %(n)d minutes; by now others count on it.") % {"n": UNDO_MINUTES})


def _arrive(it, record):
    if it.to is not None:
        record.state = it.to
    if it.court is None:
        return
    record.court, record.court_since = it.court, clock.now()
    record.holder = getattr(record, it.holder) if it.holder else None
    record.due_on = _last_day(it, record)


def _last_day(it, record):
    if isinstance(it.within, str):
        return getattr(record, it.within)
    return None if it.within is None else calendar().add(clock.today(), it.within)


def last_is(verb, record, person):
    """Whether the last thing that happened to the record was this move, made by this person."""
    last = record.last_event()
    return (
        last is not None
        and (last.verb, last.actor_id) == (verb, person.pk)
        and last.details.get("version") == record.version  # dates can be moved without an event of the step's own
    )


def in_time(record):
    return clock.now() - record.last_event().at <= timedelta(minutes=UNDO_MINUTES)


def _go_back(it, record, by):
    """Every field as it was one version ago; the version itself goes on, and so does the history."""
    undone = moves_of(type(record))[it.undoes]
    record.take_news_back(by=by, move=undone.label)
    then = record.history.get(version=record.version - 1)
    for field in record._meta.concrete_fields:
        if field.name != "version" and hasattr(then, field.attname):
            setattr(record, field.attname, getattr(then, field.attname))


def undo_of(record, name):
    """The move that takes back the move `name` of this record, or None."""
    return next((it for it in moves_of(type(record)).values() if it.undoes == name), None)


def revise(record, *, by, needs, seen, changes, while_in=None, reason="", merged=None, together=False):
    """Change the text of a record. changes: field name → new value; seen: the version the person had before him ·
    merged: field name → a dictionary laid over the one kept there (None as a value takes a key out) ·
    together: several people write at once, as in a form that saves itself; see `_own_changes`.

    Returns the names of the fields that really changed. Raises PermissionDenied, or Conflict with both texts when somebody
    saved meanwhile or the record has left the states (`while_in`) in which it may be written.
    """
    with transaction.atomic():
        lock(record)
        if not by.has_perm(needs, record):
            raise PermissionDenied(_("Your role does not change this record."))
        may_send = while_in is None or record.state in while_in
        if not may_send or (seen != record.version and not together):
            raise Conflict(record, meanwhile(record), both_texts(record, changes, seen=seen), may_send=may_send)
        if seen != record.version:
            changes = _own_changes(record, changes, seen)
        changes = changes | {name: _laid_over(getattr(record, name), more) for name, more in (merged or {}).items() if more}
        changed = [name for name, value in changes.items() if getattr(record, name) != value]
        if changed:
            for name in changed:
                setattr(record, name, changes[name])
            record.keep(by=by, reason=reason or "revised")
            record.record_revision(by=by, fields=changed, sitting=together)
    return changed


def _own_changes(record, changes, seen):
    """Of what a person sends who began from the version `seen`: the fields that this person changed. What others changed
    meanwhile stays as they left it; a field that both changed, differently, is a Conflict, for these fields alone."""
    rows = both_texts(record, changes, seen=seen)
    then = record.history.filter(version=seen).first()
    if then is None:
        raise Conflict(record, meanwhile(record), rows, may_send=True)
    own = {name: value for name, value in changes.items() if getattr(then, name) != value}
    both = {name for name, value in own.items() if getattr(record, name) not in (value, getattr(then, name))}
    if both:
        raise Conflict(record, meanwhile(record), [row for row in rows if row.name in both], may_send=True)
    return own


def _laid_over(kept, more):
    laid = {**kept, **more}
    return {key: value for key, value in laid.items() if value is not None}


def moves_of(model):
    """Every move declared on a model, in the order in which the class tells them."""
    found = {}
    for kind in reversed(model.__mro__):
        found.update({name: body.move for name, body in vars(kind).items() if hasattr(body, "move")})
    return found
