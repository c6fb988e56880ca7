"""A language for tests: every message of ours in brackets. What a page shows outside of them never went through gettext."""

import re
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import read_mo, write_mo
from django.apps import apps
from django.conf import settings
from django.db.models import CharField, TextField

from accounts.forms import ZONES
from agency import languages
from agency.flow import moves_of
from agency.records import REASONS
from clients.models.record import business_models

CODE = "en-xa"
SPOKEN = ("aria-label", "title", "placeholder", "alt", "data-label", "label")
# What is the same in every tongue.
NAMES = ["Accord", settings.AGENCY_NAME, settings.CURRENCY, "English", "简体中文", CODE, "CSV", "XLSX", "PDF", "mm", "px"]
OWN_REASONS = {*REASONS, *(str(it.label) for model in business_models() for it in moves_of(model).values())}
# Catalogues beside ours: what they say in Chinese counts as said.
THEIRS = ["django.conf", "django.contrib.auth", "allauth"]


def lay_down(folder):
    """Write and compile the catalogue of brackets below `folder`."""
    catalogue = Catalog(locale="en")
    for message in (*theirs(), *languages.source()):
        if message.id:
            one = isinstance(message.id, str)
            text = f"⟦{message.id}⟧" if one else tuple(f"⟦{form}⟧" for form in message.id)
            catalogue.add(message.id, text, context=message.context)
    place = folder / "en_XA" / "LC_MESSAGES"
    place.mkdir(parents=True)
    with (place / "django.mo").open("wb") as file:
        write_mo(file, catalogue)


def theirs():
    for package in THEIRS:
        place = Path(import_module(package).__file__).parent / "locale/zh_Hans/LC_MESSAGES/django.mo"
        with place.open("rb") as file:
            for message in read_mo(file):
                message.context = message.context and message.context.decode()
                yield message


class Page(HTMLParser):
    """Collects what a person reads or hears of a page and what of it stands outside the brackets."""

    def __init__(self, html):
        super().__init__()
        self.depth, self.bare, self.silent = 0, [], 0
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in {"script", "style"}:
            self.silent += 1
        for name in SPOKEN:
            self.read(attrs.get(name) or "")
        if tag in {"button", "input"} and attrs.get("type") in {"submit", "button"}:
            self.read(attrs.get("value") or "")

    def handle_endtag(self, tag):
        if tag in {"script", "style"}:
            self.silent -= 1

    def handle_data(self, data):
        if not self.silent:
            self.read(data)

    def read(self, text):
        outside = []
        for part in re.split("([⟦⟧])", text):
            if part in {"⟦", "⟧"}:
                self.depth += 1 if part == "⟦" else -1
                outside.append(" | ")
            elif self.depth == 0:
                outside.append(part)
        self.bare.append("".join(outside))


class House:
    """What is data and needs no gettext: the words given, longest first; codes, initials and addresses."""

    CODES = re.compile(r"[A-Z]{3}-\d\d-\d{3}|SHA-256(?: [0-9a-f]{4,64})?|\S+@\S+|\b[A-Z]{2}\b")

    def __init__(self, words=()):
        words = {" ".join(word.split()) for word in (*NAMES, *words)}
        self.words, self.seen = sorted(words, key=len, reverse=True), dict.fromkeys(words, ())

    def bare(self, html):
        """The words of a page that are neither in brackets nor data, sorted; empty if all is well."""
        page = Page(html)
        found = {"a bracket was cut off"} if page.depth else set()
        for text in {" ".join(text.split()) for text in page.bare}:
            if text not in self.seen:
                self.seen[text] = self.left_of(text)
            found.update(self.seen[text])
        return sorted(found)

    def left_of(self, text):
        for word in self.words:
            if word in text:
                text = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", " | ", text)
        return re.findall(r"[^\W\d_]{2,}(?:[ '’-]+[^\W\d_]+)*", self.CODES.sub(" | ", text))


def typed():
    """Everything that somebody typed into a record, the names of the records, and the names of time zones."""
    words = {part.replace("_", " ") for zone in ZONES for part in (zone, *zone.split("/", 1))}
    for model in (model for model in apps.get_models() if model._meta.app_label in settings.FLOORS):
        rows = model._base_manager.all()
        if model.__name__.startswith("Historical"):
            words.update(rows.values_list("history_change_reason", flat=True).distinct())
            continue
        fields = [f.name for f in model._meta.fields if isinstance(f, (CharField, TextField)) and not f.choices]
        words.update(str(value) for row in rows.values_list(*fields) for value in row)
        words.update(str(record) for record in rows if hasattr(model, "get_absolute_url"))
    return words - OWN_REASONS - {None, ""}
