"""How words are compared: without case and without accents, by the same rule in Python, on SQLite and on PostgreSQL.

Knows nothing of Django, because the settings hand `FoldingConnection` to SQLite.
"""

import re
import sqlite3
import unicodedata

ACCENTS = re.compile("[\u0300-\u036f]")
STROKES = str.maketrans("ØøŁłĐđ", "OoLlDd")


def folded(text):
    """ "Łódź Café" → "lodz cafe"; None stays None."""
    if text is None or text.isascii():
        return text and text.lower()
    return ACCENTS.sub("", unicodedata.normalize("NFKD", text)).translate(STROKES).lower()


class FoldingConnection(sqlite3.Connection):
    """SQLite's own comparison knows neither É nor é, so it gets ours."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.create_function("folded", 1, folded, deterministic=True)
