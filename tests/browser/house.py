"""A house that is only looked at: the demo agency and one record of each kind, laid down once for all pages that are visited.

Everybody comes in with a session of his own and keeps his browser, so that a visit costs one request for the page and no login.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property

import time_machine
from django.conf import settings
from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.core.management import call_command
from django.test import Client as Caller
from django.test.testcases import LiveServerThread
from playwright.sync_api import Error as BrowserError

from accounts.models import Person
from clients.models import Client
from tests.conftest import MONDAY, cast_now, lay_down
from tests.test_doors import DOORS, POST, PUBLIC, a_world, address

ROLES = ("helena", "omar", "marta", "tomas", "jonas", "mei")  # one of each role, all with Hollin & Rye Bakeries
THEMES, WIDTHS = ("light", "dark"), (1440, 390)
STRANGER = ""
WATCH = """document.addEventListener("securitypolicyviolation",
  (event) => console.error(`The policy blocked ${event.violatedDirective}: ${event.blockedURI || event.sample}`))"""

# Every address that shows a page by itself, in the order of the table: a new line there is visited here without being named.
PAGES = [name for name, who in DOORS.items() if who != POST]


def visitors(name):
    """Who may open the page: the people of the table, or a stranger."""
    return [STRANGER] if DOORS[name] == PUBLIC else sorted(DOORS[name])


class KeptFiles(StaticFilesHandler):
    """Style sheets are asked for once a browser, as in production, and not with every page."""

    def serve(self, request):
        answer = super().serve(request)
        answer["Cache-Control"] = "max-age=3600"
        return answer


def open_server(files=KeptFiles):
    """A server of this very process; `files` wraps the application and serves what is static."""
    server = LiveServerThread("localhost", static_handler=files)
    server.daemon = True
    server.start()
    server.is_ready.wait()
    if server.error:
        raise server.error
    return server


def outlive(session):
    """Lets a session outlive the tests, whatever the clock said while it was opened: the browser's clock is the machine's."""
    session.set_expiry(datetime.now(UTC) + timedelta(days=3650))
    session.save()


@dataclass
class Tab:
    """One person's browser."""

    page: object
    errors: list


class House:
    def __init__(self, chromium):
        self.chromium, self.tabs, self.keys = chromium, {}, {}
        lay_down()
        self.cast = cast_now()
        self.server = open_server()
        self.url = f"http://{self.server.host}:{self.server.port}"

    @cached_property
    def world(self):
        """One record of each kind, beside those of the demo agency."""
        with time_machine.travel(MONDAY, tick=False):
            return a_world(self.cast, {it.code: it for it in Client.objects.select_related("group__supervisor")})

    def key(self, name):
        """The session of somebody who has logged in."""
        if name not in self.keys:
            caller = Caller()
            caller.force_login(getattr(self.cast, name), backend="allauth.account.auth_backends.AuthenticationBackend")
            outlive(caller.session)
            self.keys[name] = caller.cookies[settings.SESSION_COOKIE_NAME].value
        return self.keys[name]

    def tab(self, name, **how):
        """The browser of somebody; it stays open. how: what else Playwright's context takes."""
        mark = (name, *sorted(how.items()))
        if mark not in self.tabs:
            context = self.context(name, **how)
            self.tabs[mark] = Tab(context.new_page(), [])
            listen(self.tabs[mark])
        return self.tabs[mark]

    def context(self, name, **how):
        how = {"base_url": self.url, "reduced_motion": "reduce", **how}
        context = self.chromium.new_context(locale="en-GB", **how)
        context.set_default_timeout(15_000)
        context.add_init_script(WATCH)
        if name != STRANGER:
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": self.key(name), "url": how["base_url"]}])
        return context

    def address(self, name):
        return address(name, self.world)

    def visit(self, there, person, *, theme="light", width=1440):
        """Opens an address (by name or path) and gives the page; None where it is no page but a file or a part of one."""
        look(self.tab(person).page, theme=theme, width=width)
        return self.ask(there, person)[0]

    def ask(self, there, person):
        """The page at an address (None where it is no page) and the status of the answer."""
        page = self.tab(person).page
        try:
            answer = page.goto(there if there.startswith("/") else self.address(there), wait_until="load")
        except BrowserError as error:
            if "Download is starting" in str(error):
                return None, 200
            raise
        is_page = "text/html" in answer.headers.get("content-type", "") and page.evaluate("document.doctype !== null")
        return page if is_page else None, answer.status

    def text(self, there, person):
        """What the server answers to somebody, before a browser has mended it; files come out empty."""
        answer = self.tab(person).page.context.request.get(self.address(there))
        return answer.text() if "text/html" in answer.headers.get("content-type", "") else ""

    def leave(self):
        """Browsers first, then the server, then what was laid down: whoever comes next finds the database empty."""
        for tab in self.tabs.values():
            tab.page.wait_for_load_state("networkidle")
            tab.page.context.close()
        self.server.terminate()
        call_command("flush", interactive=False, verbosity=0)

    @property
    def is_empty(self):
        return not Person.objects.exists()


def look(page, *, theme, width):
    """The same page in other colours or at another width, without asking the server again."""
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": width, "height": 900})


def listen(tab):
    """Answers that say no are part of the product; everything else the console calls an error or a warning is not."""

    def note(message):
        if message.type in {"error", "warning"} and "the server responded with a status of 4" not in message.text:
            tab.errors.append(f"{tab.page.url}: {message.text}")

    tab.page.on("console", note)
    tab.page.on("pageerror", lambda error: tab.errors.append(f"{tab.page.url}: {error}"))
