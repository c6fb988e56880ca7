"""A porter who packs pages, and three doorkeepers: one keeps unreadable input out, one asks strangers who they are and keeps
what they typed, one turns a refusal nobody caught into a page."""

import re
from urllib.parse import unquote_to_bytes

from allauth.account.forms import LoginForm
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import BadRequest
from django.http import UnreadablePostError
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.translation import gettext as _

from agency import kept
from agency.flow import Conflict, Refused

DECIDED = {"csrfmiddlewaretoken", "seen", "leave", "submit", "confirm"}
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


class PackPages(GZipMiddleware):
    """Sends pages compressed. Files and streams go as they are: most are compressed already, and a film is asked for in parts.

    What is secret in a page stays so: Django's tokens are masked anew in each answer, and each answer's length is blurred.
    """

    def process_response(self, request, response):
        is_page = response.get("Content-Type", "").startswith("text/html")
        return super().process_response(request, response) if is_page and not response.streaming else response


class RefuseControlCharacters:
    """Answers 400 to control characters and broken UTF-8 in whatever the pages read; a path of broken UTF-8 is merely unknown.

    Tab and line breaks may pass. PostgreSQL refuses NUL where SQLite stores it, so what passes here is what both can keep.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        _refuse_broken_utf8(request.META.get("QUERY_STRING", ""))
        _refuse([request.path, *_texts(request.GET)])
        _refuse(value for name, value in request.META.items() if name.startswith("HTTP_"))
        _refuse(request.COOKIES.get(name, "") for name in _own_cookies())
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """The form, read only now: an unknown address has been answered by then, and Django's limits on size hold."""
        try:
            _refuse(_texts(request.POST))
            _refuse([*request.FILES, *(file.name for name in request.FILES for file in request.FILES.getlist(name))])
        except UnreadablePostError as error:
            raise BadRequest(_("The form did not arrive whole. Please send it again.")) from error


class AskWhoItIs(LoginRequiredMiddleware):
    """A page for nobody in particular leads to the login and back. A form whose sender's session has run out is kept."""

    def handle_no_permission(self, request, view):
        if request.method == "POST" or request.htmx:
            return kept.door(request, LoginForm(request=request))
        return super().handle_no_permission(request, view)

    def process_response(self, request, response):
        """Who was here is known until he logs out; what was kept is let go when it has been sent again."""
        person = getattr(request, "_cached_user", None)  # only if somebody asked: a probe opens no session
        if person is None or not person.is_authenticated:
            return response
        if not request.user.is_authenticated:
            kept.forget(response)
            return response
        kept.remember(request, response, person)
        sent = request.method == "POST" and response.status_code < 500
        if sent and request.session.get(kept.FIELD, {}).get("path") == request.get_full_path():
            kept.let_go(request)
        return response


class TurnRefusalsIntoPages:
    """The net under every view: a refused move that no view caught is told on a page of its own, never as an error 500."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if response.status_code == 405 and not response.content and not request.htmx:
            return told_as_a_page(request, response)
        return response

    def process_exception(self, request, exception):
        if not isinstance(exception, Refused):
            return None
        shown = conflict_of(request, exception) if isinstance(exception, Conflict) else {}
        return render(request, "409.html", {"sentence": str(exception), **shown}, status=409)


def told_as_a_page(request, response):
    """An address that takes only what a button sends, asked for as a page: says so, with the ways on."""
    response.content = render(request, "405.html", {"back": kept.way_back(request)}).content
    response["Content-Type"] = "text/html; charset=utf-8"
    return response


def conflict_of(request, conflict):
    """What the page of a conflict shows: every word typed, and what the form needs to be sent again on the newest version.

    It is only saved then, or looked at anew: submitting and confirming are asked for again when one has seen the result.
    """
    named = {row.name for row in conflict.rows}
    sent = [(name, value) for name, values in request.POST.lists() for value in values if name not in DECIDED]
    typed = [(kept.label(name), value) for name, value in sent if kept.is_read(name, value)] if not conflict.rows else []
    rest = [(name, value) for name, value in sent if name not in named]
    pairs = [(row, request.POST.get(row.name, "")) for row in conflict.rows]
    return {"conflict": conflict, "typed": typed, "rest": rest, "pairs": pairs}


def _refuse_broken_utf8(query):
    try:
        unquote_to_bytes(query).decode()
    except UnicodeDecodeError as error:
        raise BadRequest(_("This address holds characters that cannot be read.")) from error


def _refuse(texts):
    if any(CONTROL.search(text) for text in texts if isinstance(text, str)):
        raise BadRequest(_("What was sent holds control characters. Remove them and send it again."))


def _texts(querydict):
    for name, values in querydict.lists():
        yield name
        yield from values


def _own_cookies():
    return settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME, "messages"
