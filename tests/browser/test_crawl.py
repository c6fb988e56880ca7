"""From link to link through everything one may see: the policy blocks nothing, the console is silent, no link is dead."""

from urllib.parse import urlsplit

import pytest
from django.urls import Resolver404, resolve

pytestmark = pytest.mark.browser

LINKS = """() => [...document.querySelectorAll("a[href]")].map((it) => new URL(it.getAttribute("href"), location).href)
  .filter((it) => it.startsWith(location.origin))"""
EACH = 1  # as many pages of one kind are enough, for every page of the table is visited elsewhere


@pytest.mark.parametrize("person", ["helena", "jonas", "mei", "admin"])
def test_everything_that_can_be_reached_is_quiet(house, person):
    tab = house.tab(person)
    tab.errors.clear()
    seen, dead = walk(house, person)
    tab.page.wait_for_load_state("networkidle")
    assert dead == []
    assert tab.errors == []
    assert len(seen) > 10


def walk(house, person):
    """Follows every link that has not been followed, beginning at the desk; gives what was opened and what was not there."""
    kinds, waiting, seen, dead = {}, ["/"], [], []
    while waiting:
        there = waiting.pop(0)
        kind = kind_of(there)
        if kind is None or kinds.get(kind, 0) == EACH or there in seen:
            continue
        kinds[kind] = kinds.get(kind, 0) + 1
        seen.append(there)
        page, status = house.ask(there, person)
        if status != 200:
            dead.append((there, status))
        if page is not None:
            waiting += [path_of(link) for link in page.evaluate(LINKS)]
    return seen, dead


def path_of(link):
    parts = urlsplit(link)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def kind_of(there):
    """Pages of one address are of one kind, with a question in it or without; a file is none, nor is the way out.

    The administration is Django's own house: its lists are all of one kind, whatever stands in them.
    """
    parts = urlsplit(there)
    try:
        match = resolve(parts.path)
    except Resolver404:
        return None if parts.path.startswith("/static/") else there
    kind = match.view_name.rsplit("_", 1)[-1] if match.app_name == "admin" else match.view_name
    return None if "logout" in kind else (kind, bool(parts.query))
