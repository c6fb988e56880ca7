"""A real Chromium that talks to the live server. It keeps the console's errors: a page that causes one fails its test."""

import shutil

import pytest
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from tests.browser.house import House, KeptFiles

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        pytest.skip("needs Chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def live_server():
    """pytest-django's, but style sheets are kept by the browser, as in production."""
    server = LiveServer("localhost", start=False)
    server.thread.static_handler = KeptFiles
    server.start()
    yield server
    server.stop()


class Visitor:
    """Somebody at a browser of his own. `errors` collects what the console complained of."""

    def __init__(self, chromium, server, *, width=1440, scripts=True):
        self.context = chromium.new_context(
            viewport={"width": width, "height": 900}, base_url=server.url, java_script_enabled=scripts, locale="en-GB"
        )  # fmt: skip
        self.page, self.errors = self.context.new_page(), []
        self.page.set_default_timeout(10_000)
        self.page.on("console", self.note)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def note(self, message):
        """Answers that say no (403, 404, 409, 422) and connections that a test breaks off are part of the tests; all else that
        the console calls an error is not."""
        meant = ("the server responded with a status of 4", "net::ERR_FAILED")
        if message.type == "error" and not any(words in message.text for words in meant):
            self.errors.append(message.text)

    def leave(self):
        """Close the browser when its page is there: a request still under way would meet the database while it is emptied."""
        self.page.wait_for_load_state()
        self.context.close()

    def log_in(self, name):
        self.page.goto("/login/", wait_until="load")
        self.page.locator("input[name=login]").fill(name)
        self.page.locator("input[name=password]").fill("accord-demo")
        self.page.get_by_role("button", name="Log in").click()
        self.page.wait_for_url("**/")
        return self.page


@pytest.fixture
def visit(chromium, live_server, agency):
    """visit("jonas") → the page of somebody who has logged in with his own browser."""
    visitors = []

    def enter(name, **how):
        visitor = Visitor(chromium, live_server, **how)
        visitors.append(visitor)
        return visitor.log_in(name)

    yield enter
    for visitor in visitors:
        visitor.leave()
    assert [error for visitor in visitors for error in visitor.errors] == []


@pytest.fixture(scope="package")
def furnished(chromium, django_db_setup, django_db_blocker):
    """Pytest runs tests that look on after those that need the database for themselves, so that it serves them all at once."""
    with django_db_blocker.unblock():
        house = House(chromium)
        yield house
        house.leave()


@pytest.fixture
def house(furnished):
    """The house that is only looked at, see tests/browser/house.py."""
    assert not furnished.is_empty, "A test with real transactions has emptied the house."
    return furnished
