"""How the house says "not now", and how it shows two people's words side by side so that neither loses any."""

from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """The thing asked cannot be done now. `str()` is a sentence the person can act on."""


class Conflict(Refused):
    """Somebody else was there first. `rows` holds what the person typed beside what stands there now; nothing is lost.

    may_send: what was typed may be sent again on top of the newest version; the page of the conflict offers it ·
    is_gone: the record has closed to this person meanwhile; the page keeps what was typed and leads to the desk.
    """

    def __init__(self, record, sentence, rows=(), *, may_send=False, is_gone=False):
        super().__init__(sentence)
        self.record, self.sentence, self.rows, self.may_send = record, sentence, list(rows), may_send
        self.is_gone, self.url = is_gone, "/" if is_gone else record.get_absolute_url()


@dataclass(frozen=True)
class Row:
    """One field in a conflict: its label, what this person typed, what stands in the record now, what both began from.

    name: the form's field, if a choice can be made for it alone · ours: whether this person changed it at all.
    """

    label: str
    yours: str
    theirs: str
    before: str | None = None
    name: str = ""
    ours: bool = True
    long: bool = True


def meanwhile(record):
    """The sentence for whoever comes second: what the record is now and who brought it there."""
    last = record.last_event()
    state = getattr(record, "get_state_display", str)()
    if last is None:
        return _("%(record)s is now: %(state)s.") % {"record": capfirst(str(record)), "state": state}
    return _("Meanwhile %(person)s %(told)s. %(record)s is now: %(state)s.") % {
        "person": last.named,
        "told": last.told,
        "record": capfirst(str(record)),
        "state": state,
    }


def both_texts(record, changes, *, seen=None):
    """A row for every field whose typed value differs from what stands in the record now. seen: the version both began from."""
    then = record.history.filter(version=seen).first() if seen else None
    return [_row(record, then, name, value) for name, value in changes.items() if getattr(record, name) != value]


def _row(record, then, name, value):
    field = record._meta.get_field(name)
    before = getattr(then, name) if then else None
    return Row(
        label=capfirst(str(field.verbose_name)),
        yours=_words(field, value),
        theirs=_words(field, getattr(record, name)),
        before=_words(field, before) if then else None,
        name=name,
        ours=then is None or before != value,
        long=not (field.choices or field.is_relation or isinstance(value, bool) or hasattr(field, "in_words")),
    )


def _words(field, value):
    """A value as it is read: the word of a choice, yes or no, nothing for None; rows as their field tells them."""
    if hasattr(field, "in_words"):
        return field.in_words(value)
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    return "" if value is None else str(dict(field.flatchoices).get(value, value))
