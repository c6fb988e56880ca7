"""Two versions of a draft compared: the pages, the words, and what an address may not ask for (DEP7)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from approvals.comparison import lines_compared
from approvals.drawing import draw
from approvals.models import Difference
from campaigns.models import Campaign
from tests.drafts import a_draft, a_picture, a_version, decided


@pytest.fixture
def draft(cast):
    """Two versions: another colour, another line of copy."""
    made = a_draft(Campaign.objects.get(job_number="HRB-26-014").deliverables.first(), cast.marta, maker=cast.felix)
    a_version(made, cast.felix, copy="Sunday.\nEight o’clock.")
    decided(made, cast.marta, outcome="returned", reply="no", reason="The price is missing.")
    a_version(made, cast.felix, files=[a_picture("#8c3b2a")], copy="Sunday.\nNine o’clock.\nEUR 4.80", changed="The price.")
    draw()
    return made


@pytest.fixture
def page(login, cast, draft):
    def look(asked="", status=200):
        answer = login(cast.jonas).get(f"{reverse('draft_compare', args=[draft.pk])}?{asked}")
        assert answer.status_code == status
        return answer.content.decode()

    return look


def test_the_newest_stands_beside_the_one_before(page):
    words = page()
    assert words.count('class="beside__one"') == 2 and words.index(">v1</a>") < words.index(">v2</a>")
    assert "<del>" in words and "Eight" in words and "<ins>" in words and "EUR 4.80" in words


def test_what_changed_is_drawn_in_the_background_and_says_from_which_difference_on(page):
    assert "being compared" in page("way=difference")
    assert Difference.objects.count() == 1
    draw()
    words = page("way=difference")
    assert "100.00 per cent of the page differ." in words
    assert "more than 24 of 255 steps" in words and "0 % across, 0 % down, 100 × 100 % of the page" in words
    page("way=difference")
    assert Difference.objects.count() == 1, "asked for once"


def test_the_slider_holds_both_pages_and_works_by_keyboard(page):
    words = page("way=slider")
    assert words.count('class="slider__one"') == 2 and '<input type="range" min="0" max="100"' in words


def test_a_version_beside_itself_has_nothing_that_changed(page):
    page("from=2&to=2&way=difference")
    draw()
    assert "Nothing: no colour differs" in page("from=2&to=2&way=difference")


@pytest.mark.parametrize(
    "wrong", ["from=9", "to=0", "from=x", "from=1.5", "page=2", "file=2", "way=magic", "page=99999999999", "file=%D9%A3"]
)
def test_what_an_address_may_not_ask_for_is_said_in_a_sentence(page, wrong):
    assert "Choose " in page(wrong, status=404)


def test_one_version_has_nothing_to_compare(cast, login, draft):
    single = a_draft(draft.deliverable, cast.marta, maker=cast.felix, title="Another")
    a_version(single, cast.felix)
    assert "Nothing to compare yet" in login(cast.jonas).get(reverse("draft_compare", args=[single.pk])).content.decode()


def test_another_clients_people_compare_nothing(cast, login, draft):
    assert login(cast.amina).get(reverse("draft_compare", args=[draft.pk])).status_code == 404


def test_it_asks_the_same_for_one_page_and_for_three(cast, login, draft):
    browser, url, counts = login(cast.jonas), reverse("draft_compare", args=[draft.pk]), []
    for more in (0, 2):
        for n in range(more):
            decided(draft, cast.marta, outcome="returned", reply="no", reason="Not yet.")
            a_version(draft, cast.felix, files=[a_picture(name=f"{n}{each}.png") for each in range(3)])
        browser.get(url)
        with CaptureQueriesContext(connection) as queries:
            browser.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_lines_that_were_put_in_or_taken_out_stand_beside_nothing():
    rows = lines_compared(["one", "two"], ["one", "three", "four"])
    assert [(was, now, differs) for was, _old, now, _new, differs in rows] == [
        (1, 1, False),
        (2, 2, True),
        (None, 3, True),
    ]
