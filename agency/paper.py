"""Documents on paper: the sheet that a page shows, as a PDF to keep.

A sheet is one template (`_…_sheet.html`), which its page includes and `paper.html` too: page, print and PDF say the same.
Where the PDF cannot be made, `paper.html` itself is the answer: the sheet alone, for the browser's own print, and why.
"""

import logging
import math
import re
import warnings
from contextlib import redirect_stdout
from html import unescape
from io import StringIO
from threading import Lock

from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.utils.html import strip_tags
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from agency import clock
from agency.context import agency
from agency.flow import Court

# Without Pango the library cannot be imported. It then prints advice for its own developers, which is not for our console.
with redirect_stdout(StringIO()), warnings.catch_warnings(action="ignore"):
    try:
        from weasyprint import CSS, HTML
        from weasyprint.urls import URLFetcher
    except (ImportError, OSError) as error:
        MISSING, URLFetcher = str(error), object
    else:
        MISSING = ""

STYLE = "css/paper.css"
WIDTH, HEIGHT = 90, 45  # signs in a line, lines on a page
MOST = 40  # pages: about 4 s; what the fields of a record can hold of ordinary text is 20
WAIT = 15  # seconds for the document before: pressing takes memory, so there is one at a time
BREAK = re.compile(r"<(?:br|/p|/li|/h\d|/dd|/td)\b[^>]*>")
press_is_free = Lock()
logging.getLogger("weasyprint").setLevel(logging.ERROR)


class Nothing(URLFetcher):
    """Fetches nothing, whatever a document names: the style sheet is handed over as text, and sheets have no other parts."""

    def fetch(self, url, headers=None):
        raise ValueError(f"A document fetches nothing: {url}")


def document(record, *, title, number):
    """What every sheet tells besides its own text: its way from hand to hand, and who settled it.

    The foot of its pages names it by title, job number or client code, version and state, with the hour of printing.
    """
    course = list(record.course())
    return {
        "course": course,
        "settled": course[-1] if course and record.court == Court.NOBODY else None,
        "foot": {"title": str(title), "number": number, "record": record, "now": clock.now()},
    }


def pdf(request, sheet, context, *, name):
    """The answer that saves the template `sheet` as `name`.pdf; or the page to print instead, with the reason.

    context: what the sheet tells, `document` included.
    """
    told = {**context, **agency(request), "sheet": sheet, "user": request.user}
    html = render_to_string("paper.html", told)
    because = _("This server has no PDF library (Pango).") if MISSING else _too_long(html)
    body = None if because else _in_turn(html)
    if body is None:
        because = because or _("The press is busy with other documents.")
        return _private(HttpResponse(render_to_string("paper.html", {**told, "because": because})))
    answer = HttpResponse(body, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.pdf")
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return _private(answer)


def _private(answer):
    answer["Cache-Control"] = "private, no-store"
    return answer


def _too_long(html):
    """The sentence that refuses a text of more pages than a request has time for; measured in lines, before any is set."""
    lines = unescape(strip_tags(BREAK.sub("\n", html))).splitlines()
    pages = sum(math.ceil(len(line) / WIDTH) for line in lines if line.strip()) / HEIGHT
    return _("This document is longer than %(most)d pages.") % {"most": MOST} if pages > MOST else ""


def _in_turn(html):
    """The PDF of a page of HTML, or None if others are being pressed for too long."""
    if not press_is_free.acquire(timeout=WAIT):
        return None
    try:
        return press(html)
    finally:
        press_is_free.release()


def press(html):
    """The bytes of the PDF of a whole page of HTML: tagged for screen readers, with an outline, title and author in it."""
    nothing = Nothing(allowed_protocols=())
    style = CSS(string=_style(), url_fetcher=nothing)
    return HTML(string=html, url_fetcher=nothing).write_pdf(stylesheets=[style], pdf_variant="pdf/ua-1")


def _style():
    with open(finders.find(STYLE), encoding="utf-8") as file:
        return file.read()
