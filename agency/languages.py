"""The catalogues of the languages: found in the source, kept in locale/ (and compiled in the build, see `catalogues.py`).

All of it by Babel, so that nobody needs GNU gettext. `make messages` brings them up to date; see docs/languages.md.
"""

from io import BytesIO

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.pofile import read_po, write_po
from django.conf import settings
from django.utils.translation import gettext_noop as _
from django.utils.translation import to_locale
from django.utils.translation.template import templatize

LAZY = {f"{name}_lazy": DEFAULT_KEYWORDS[name] for name in ("gettext", "ngettext", "pgettext", "npgettext")}
KEYWORDS = {**DEFAULT_KEYWORDS, **LAZY, "gettext_noop": None}
# Short names of the weekdays; Django's own Chinese ones are as long as the full names, and ours go before them.
WEEKDAYS = [_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun")]


def translated():
    """The codes of the languages that have a catalogue: all but the one the source is written in."""
    return [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


def path_of(code):
    return settings.BASE_DIR / "locale" / to_locale(code) / "LC_MESSAGES" / "django.po"


def source():
    """A catalogue of everything that the source hands to gettext, untranslated, in the order of the files."""
    found = Catalog()
    for path in sorted(files()):
        text = path.read_text()
        if path.suffix != ".py":
            text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
        for line, message, _comments, context in extract("python", BytesIO(text.encode()), keywords=KEYWORDS):
            found.add(message, context=context, locations=[(path.relative_to(settings.BASE_DIR).as_posix(), line)])
    return found


def files():
    """The modules of our floors and the templates."""
    for floor in settings.FLOORS:
        yield from (settings.BASE_DIR / floor).rglob("*.py")
    yield from (path for path in (settings.BASE_DIR / "templates").rglob("*") if path.is_file())


def read(code):
    """The catalogue of a language as it stands in locale/; an empty one if there is none yet."""
    path = path_of(code)
    if not path.exists():
        return Catalog(to_locale(code), header_comment=f"# Accord: {code}", project="Accord", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=to_locale(code))


def bring_up_to_date(code, found):
    """Write the catalogue of a language: what is new comes untranslated, what is gone goes, nothing is guessed."""
    catalogue = read(code)
    catalogue.update(found, no_fuzzy_matching=True, update_creation_date=False)
    path_of(code).parent.mkdir(parents=True, exist_ok=True)
    with path_of(code).open("wb") as file:
        write_po(file, catalogue, width=0, include_lineno=False, ignore_obsolete=True)
    return catalogue


def untranslated(catalogue):
    """The messages without a translation, or with one that somebody has only guessed."""
    return [message for message in catalogue if message.id and (message.fuzzy or not all(texts(message)))]


def texts(message):
    """The translations of a message: one, or one for each plural form of the language."""
    return list(message.string) if isinstance(message.string, (list, tuple)) else [message.string]
