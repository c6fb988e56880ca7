"""What somebody sent when the session had run out: kept until it can be sent again, so that nothing typed is lost.

It travels with the login form in a hidden field, signed and for one person; after the login it lies in that person's session.
Passwords and files are never in it. Sending it again is an ordinary form to the original address: versions, tokens and rights
are asked there as always. See docs/decisions/10-session-expiry.md.
"""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.shortcuts import render, resolve_url
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect

FIELD = "kept"  # in the login form, and in the session
LAST = "accord_last"  # cookie: who was the last to be logged in at this browser
HOURS = 12
MOST = 256 * 1024
NOT_TYPED = {"csrfmiddlewaretoken", FIELD}
MACHINERY = {"seen", "token", "next", "back", "up_to", "submit", "save", "confirm", "preview"}


class TooLong(Exception):
    """More was typed than can be carried along."""


def gather(request, person):
    """What this form says, for the person with this key; None where it says nothing. Raises TooLong."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values if name not in NOT_TYPED]
    left_out = sorted({name for name, _value in fields if "password" in name.lower()} | set(request.FILES))
    fields = [(name, value) for name, value in fields if name not in left_out]
    if sum(len(name.encode()) + len(value.encode()) for name, value in fields) > MOST:
        raise TooLong
    path = request.get_full_path()
    return {"person": person, "path": path, "fields": fields, "left_out": left_out} if fields else None


def pack(kept):
    return signing.dumps(kept, salt=FIELD, compress=True)


def unpack(text, person):
    """What was kept for this very person, or None: never what another typed, what is too old, or what is not ours."""
    try:
        kept = signing.loads(text, salt=FIELD, max_age=HOURS * 3600)
    except signing.BadSignature:
        return None
    return kept if kept["person"] == person.pk and is_ours(kept["path"]) else None


def is_ours(path):
    """Whether this is an address of the house."""
    try:
        return path.startswith("/") and not path.startswith("//") and bool(resolve(path.partition("?")[0]))
    except Resolver404:
        return False


def hold(request, person):
    """After a login: lay what came with it into the session. Returns whether there was anything."""
    kept = unpack(request.POST.get(FIELD, ""), person)
    if kept:
        request.session[FIELD] = kept
    return bool(kept)


def let_go(request):
    """What was kept has been sent again, or is not wanted any more."""
    request.session.pop(FIELD, None)


def shown(kept):
    """What the page of kept words needs: the lines a person reads, and the fields that only the form needs."""
    lines = [(label(name), name, value) for name, value in kept["fields"] if is_read(name, value)]
    hidden = [(name, value) for name, value in kept["fields"] if not is_read(name, value)]
    return {"path": kept["path"], "lines": lines, "hidden": hidden, "left_out": [label(name) for name in kept["left_out"]]}


def is_read(name, value):
    return bool(value.strip()) and name not in MACHINERY and not name.endswith("_FORMS")


def label(name):
    """A field's name as a person reads it; the languages know those of the records."""
    return capfirst(_(name.rpartition("-")[2].replace("_", " ")))


# ── Who is at this browser ──────────────────────────────────────────────────────────────────────
def last_person(request):
    """The key of whoever was logged in here last and did not log out; None where nobody is known."""
    return request.get_signed_cookie(LAST, default=None, salt=LAST)


def remember(request, response, person):
    if last_person(request) != str(person.pk):
        response.set_signed_cookie(
            LAST, person.pk, salt=LAST, max_age=365 * 24 * 3600,
            httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip


def forget(response):
    response.delete_cookie(LAST, samesite="Lax")


def comes_from_here(request):
    """Whether a page of ours sent this form. A browser says so itself; without a word it does not count."""
    origin = request.headers.get("Origin")
    if origin:
        return origin in {f"{request.scheme}://{request.get_host()}", *settings.CSRF_TRUSTED_ORIGINS}
    return request.headers.get("Sec-Fetch-Site") == "same-origin"


def page_before(request):
    """The path of our page from which this request was sent, or ""."""
    came_from = request.META.get("HTTP_HX_CURRENT_URL") or request.META.get("HTTP_REFERER", "")
    ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure())
    path = came_from.removeprefix(f"{request.scheme}://{request.get_host()}")
    return path if ours and is_ours(path) else ""


def way_back(request):
    """The page of ours from which this one was asked for, unless it is this one."""
    before = page_before(request)
    return before if before != request.get_full_path() else ""


# ── The pages ───────────────────────────────────────────────────────────────────────────────────
def door(request, form, *, status=401):
    """The login page in place of the answer to a form whose sender is not logged in any more, with what was typed in it.

    Where nobody is known at this browser, or nothing was typed, the way leads over the ordinary login to the page before.
    """
    person = last_person(request)
    try:
        kept = gather(request, int(person)) if person else None
    except TooLong:
        return whole(request, render(request, "account/login.html", {"form": form, "too_long": MOST // 1024}, status=status))
    if kept is None:
        there = redirect_to_login(page_before(request) or resolve_url(settings.LOGIN_REDIRECT_URL))
        return HttpResponseClientRedirect(there.url) if request.htmx else there
    return whole(request, render(request, "account/login.html", {"form": form, FIELD: pack(kept)}, status=status))


def whole(request, response):
    """The same page where a part of one was asked for: htmx puts it in place of the whole."""
    response["Cache-Control"] = "no-store"
    if request.htmx:
        response.status_code = 200
        response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML show:window:top"
    return response
