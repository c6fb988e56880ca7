"""Files dropped on a version: each with its bar, sent again where the connection broke, and told why where it is refused."""

from uuid import uuid4

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from approvals.models import DraftVersion
from clients.models import Client
from clients.models.attachment import attachments_of
from tests.browser.checks import SMALLEST, TOO_SMALL, TOO_WIDE, what_axe_finds
from tests.drafts import a_draft, a_piece
from tests.hostile import mp4, picture
from tests.records import a_confirmed_plan, an_accepted_brief

pytestmark = pytest.mark.browser
PNG, FILM = picture(), mp4(film=bytes(200_000))
BOTH = [
    {"name": "ad.png", "mimeType": "image/png", "buffer": PNG},
    {"name": "spot.mp4", "mimeType": "video/mp4", "buffer": FILM},
]


@pytest.fixture
def version(agency):
    brief = an_accepted_brief(Client.objects.get(code="HRB"), writer=agency.jonas, acceptor=agency.marta)
    draft = a_draft(a_piece(a_confirmed_plan(brief, writer=agency.marta, agreer=agency.omar), agency.marta), agency.marta)
    return DraftVersion.open(draft, by=agency.marta, token=uuid4())


def opened(visit, version, **how):
    page = visit("marta", **how)
    page.goto(reverse("draft_version_edit", args=[version.draft_id, version.number]))
    return page


def names(version):
    return sorted(file.name for file in attachments_of(version))


def test_files_are_sent_one_by_one_and_stand_in_the_list(visit, version):
    page = opened(visit, version)
    expect(page.get_by_role("button", name="Add files")).to_be_hidden()
    page.locator("sending-files [type=file]").set_input_files(BOTH)
    expect(page.locator("[data-there] .paper")).to_have_count(2)
    expect(page.locator("[data-lines] li")).to_have_count(0)
    expect(page.locator("sending-files [role=status]")).to_contain_text("kept.")
    assert names(version) == ["ad.png", "spot.mp4"] and what_axe_finds(page) == []


def test_a_file_that_is_dropped_is_sent(visit, version):
    page = opened(visit, version)
    page.evaluate(
        """(bytes) => {
          const files = new DataTransfer();
          files.items.add(new File([new Uint8Array(bytes)], "ad.png", { type: "image/png" }));
          const drop = new DragEvent("drop", { bubbles: true, cancelable: true, dataTransfer: files });
          document.querySelector("sending-files drop-files label").dispatchEvent(drop);
        }""",
        list(PNG),
    )
    expect(page.locator("[data-there] .paper")).to_have_count(1)


def test_where_the_connection_breaks_the_file_is_sent_again_and_kept_once(visit, version):
    page, broken = opened(visit, version), []

    def swallow(route):
        """The first answer is lost on its way: the server has kept the file, and the browser never hears of it."""
        if broken:
            route.continue_()
        else:
            broken.append(route.fetch().status)
            route.abort()

    page.route("**/files/", swallow)
    page.locator("sending-files [type=file]").set_input_files(BOTH[:1])
    line = page.locator("[data-lines] li")
    expect(line).to_contain_text("The connection broke off.")
    assert broken == [201] and what_axe_finds(page) == []
    line.get_by_role("button", name="Send again").click()
    expect(page.locator("[data-there] .paper")).to_have_count(1)
    assert names(version) == ["ad.png"]


@pytest.mark.parametrize("width", [1440, 390, 320])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_is_refused_stands_there_with_the_sentence(width, theme, visit, version, tmp_path):
    page = opened(visit, version, width=width)
    page.emulate_media(color_scheme=theme)
    drawing = {"name": "drawing.png", "mimeType": "image/png", "buffer": b"<svg xmlns='http://www.w3.org/2000/svg'/>"}
    page.locator("sending-files [type=file]").set_input_files([drawing, *BOTH])
    expect(page.locator("[data-there] .paper")).to_have_count(2)
    expect(page.locator("[data-lines] li")).to_have_count(1)
    expect(page.locator("[data-lines] li")).to_contain_text("a drawing made of code")
    assert what_axe_finds(page) == [] and page.evaluate(TOO_WIDE) == [] and page.evaluate(TOO_SMALL, SMALLEST) == []
    page.screenshot(path=str(tmp_path / f"sending-{width}-{theme}.png"), full_page=True)


def test_without_scripts_the_form_brings_all_files_at_once(visit, version):
    page = opened(visit, version, scripts=False)
    page.locator("sending-files [type=file]").set_input_files(BOTH)
    page.get_by_role("button", name="Add files").click()
    expect(page.locator("[data-there] .paper")).to_have_count(2)
    assert names(version) == ["ad.png", "spot.mp4"]
