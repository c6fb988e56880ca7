"""What can be due, and what can be told. Each app registers its kinds in `due.py`; this floor knows them only from here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType

KINDS, POSTS = {}, {}


@dataclass(frozen=True)
class Due:
    """One person is to hear of one due thing: the highest rung of the ladder that this person has reached.

    subject: the record · recipient: a person · rung: working days from the due date (-1, 0, 1 …) · due_on: its due date ·
    text: the sentence, or a function that gives it, asked for in the recipient's language.
    """

    subject: Any
    recipient: Any
    rung: int
    due_on: date
    text: Any

    @property
    def place(self):
        """The ladder this stands on: the same four as `Notice.place`."""
        return ContentType.objects.get_for_model(self.subject).pk, self.subject.pk, self.recipient.pk, self.due_on


@dataclass(frozen=True)
class Kind:
    """A kind of notice.

    name: e.g. "campaigns.step" · label: what a list calls it · view_right: the right without which nobody is told ·
    model: the subject's class, whose default manager's `visible_to` says whom.
    owed(today) yields every `Due` that stands on this date; is_due(subject, due_on, today) says whether one written earlier
    still holds. A kind without both is news: told once, by the move that makes it.
    """

    name: str
    label: Any
    view_right: str
    model: type
    owed: Callable | None = None
    is_due: Callable | None = None


@dataclass(frozen=True)
class Post:
    """A kind of letter that is looked at again when it leaves.

    text(letter) gives the text as it may leave now, secrets put in; None if it must not leave any more.
    write(now), if there is one, writes the letters that are due, once each; every sweep calls it.
    """

    name: str
    text: Callable
    write: Callable | None = None


def register_post(post):
    """Make a kind of letter known."""
    if post.name in POSTS:
        raise ValueError(f"The kind of letter {post.name!r} is registered twice.")
    POSTS[post.name] = post
    return post


def register(kind):
    """Make a kind known. Refuses a name taken twice, and what can be owed but never said to be settled."""
    if kind.name in KINDS:
        raise ValueError(f"The kind of notice {kind.name!r} is registered twice.")
    if (kind.owed is None) != (kind.is_due is None):
        raise ValueError(f"The kind of notice {kind.name!r} needs both owed and is_due, or neither.")
    KINDS[kind.name] = kind
    return kind


def kind_of(name):
    """The registered kind; KeyError with a sentence if no app knows the name (any more)."""
    if name not in KINDS:
        raise KeyError(f"No app has registered the kind of notice {name!r}; it belongs in a due.py.")
    return KINDS[name]


def label_of(name):
    """What a list calls this kind; the bare name if the app that knew it is gone."""
    return KINDS[name].label if name in KINDS else name


def owing_kinds():
    """The kinds whose records can be due, in the order of their registration."""
    return [kind for kind in KINDS.values() if kind.owed]


def models_told_of():
    """Content type → model of everything a notice can be about."""
    models = {kind.model for kind in KINDS.values()}
    return {ContentType.objects.get_for_model(model): model for model in sorted(models, key=lambda it: it._meta.label)}
