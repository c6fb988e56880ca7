"""Every page of the table of doors, seen by somebody who may: axe finds nothing, nothing is too wide, too small or moves.

Role, theme and width rotate from page to page; with EVERY_COMBINATION=1 (`make axe`) each is seen in all themes and widths.
"""

import os
from itertools import cycle, product

import pytest

from tests.browser.checks import what_axe_finds, what_is_too_small, what_is_too_wide, what_moves
from tests.browser.house import PAGES, ROLES, THEMES, WIDTHS, look, visitors

pytestmark = pytest.mark.browser

FULL = os.environ.get("EVERY_COMBINATION") == "1"
MAIN = ["desk", "schedule", "campaign_schedule", "brief", "client"]
SAYING_NO = ["/nothing/here/", "/clients/new/", "/people/nobody/"]
COMBINATIONS = list(product(THEMES, WIDTHS))
TURNS = [
    (name, people[turn % len(people)], looks)
    for turn, (name, looks) in enumerate(zip(PAGES, cycle(COMBINATIONS)))
    for people in [visitors(name)]
]


@pytest.mark.parametrize(("name", "person", "looks"), TURNS, ids=[name for name, *_ in TURNS])
def test_everybody_can_read_and_use_every_page(house, name, person, looks):
    theme, width = looks
    page = house.visit(name, person, theme=theme, width=width)
    if page is not None:
        assert seen(page, COMBINATIONS if FULL else [looks]) == {}
        assert narrowed(page) == {}
        assert what_moves(page) == []


@pytest.mark.parametrize("there", SAYING_NO)
def test_everybody_can_read_a_page_that_says_no(house, there):
    page = house.visit(there, "jonas", width=390)
    assert seen(page, COMBINATIONS if FULL else [("dark", 390)]) == {}
    assert narrowed(page) == {}


@pytest.mark.parametrize("person", ROLES)
@pytest.mark.parametrize("name", MAIN)
def test_the_main_pages_are_clean_for_every_role_in_every_theme_and_width(house, name, person):
    assert seen(house.visit(name, person), COMBINATIONS) == {}


def seen(page, combinations):
    """What axe finds, by theme and width."""
    found = {}
    for theme, width in combinations:
        look(page, theme=theme, width=width)
        found[theme, width] = what_axe_finds(page)
    return {looks: faults for looks, faults in found.items() if faults}


def narrowed(page):
    """What sticks out or is too small to press, by width."""
    found = {}
    for width in (1440, 390, 320):
        look(page, theme="light", width=width)
        found[width] = what_is_too_wide(page) + what_is_too_small(page)
    return {width: faults for width, faults in found.items() if faults}
