"""Finding records by words: each word somewhere in one of the fields, whatever its case and accents.

On PostgreSQL an index of trigrams answers (`WordIndex`); it is used only if its expression is to the letter that of `Folded`,
so a change here needs new indexes (`tests/test_search.py` asks the planner). SQLite reads every row; see docs/search.md.
"""

from functools import reduce
from operator import and_, or_

from django.db import migrations
from django.db.models import Func, Q, TextField
from django.db.models.lookups import Contains, StartsWith

from agency.folding import folded

SHORT = 3  # trigrams find nothing shorter in the middle of a word; what is shorter is looked for where words begin
BOUNDS = (" ", "-")


class Folded(Func):
    """A field without case and accents; the same as `agency.folding.folded`."""

    function, arity, output_field = "folded", 1, TextField()
    POSTGRESQL = (
        "lower(translate(regexp_replace(normalize(%(expressions)s, NFKD), '[\\u0300-\\u036f]', '', 'g'), 'ØøŁłĐđ', 'OoLlDd'))"
    )

    def as_postgresql(self, compiler, connection, **context):
        return self.as_sql(compiler, connection, template=self.POSTGRESQL, **context)


def holds(field, word):
    """The condition that `word` is in `field`; a short one at the beginning of a word."""
    text, word = Folded(field), folded(word)
    if len(word) >= SHORT or not word.isascii():
        return Q(Contains(text, word))
    return reduce(or_, (Q(Contains(text, bound + word)) for bound in BOUNDS), Q(StartsWith(text, word)))


def any_holds(fields, word):
    """One of the fields holds the word."""
    return reduce(or_, (holds(field, word) for field in fields))


def all_words(fields, words):
    """Every word is in one of the fields; without a word, anything."""
    return reduce(and_, (any_holds(fields, word) for word in words), Q())


class WordIndex(migrations.RunSQL):
    """Migration: an index of trigrams on a text column, by which PostgreSQL finds words. Other databases do nothing."""

    def __init__(self, table, column):
        self.table, self.column = table, column
        expression, name = Folded.POSTGRESQL % {"expressions": f'"{column}"'}, f"{table}_{column}_words"
        super().__init__(f'CREATE INDEX "{name}" ON "{table}" USING gin (({expression}) gin_trgm_ops)', f'DROP INDEX "{name}"')

    def deconstruct(self):
        return type(self).__name__, [self.table, self.column], {}

    def describe(self):
        return f"Index of the words in {self.table}.{self.column} (PostgreSQL)"

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        if schema_editor.connection.vendor == "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)
