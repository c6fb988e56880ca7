"""The door for a client's contact: `/c/<token>/`, without a login. See docs/decisions/12-safe-links.md.

Whatever does not open is answered alike: wrong, malformed, used, expired, taken back, no longer the contact's. Opening decides
nothing: a machine that looks through mail may come first.
"""

from functools import partial

from allauth.core.internal.httpkit import get_client_ip
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt

from agency.flow import Refused, lock
from agency.log import security
from clients import throttle
from clients.models.link import SafeLink
from clients.purposes import PURPOSES
from clients.tokens import address_of

METHODS = {"GET", "HEAD", "POST"}


def outside(view):
    """A page for people without a login. The secret in the address stands for session and form token; neither is made.

    Nor is it kept or found: see `clients.middleware.OutsideTheHouse`.
    """
    return csrf_exempt(login_not_required(view))


@outside
def client_page(request, token):
    """The page behind a link; to whoever has none, always the same words."""
    if throttle.is_busy(request):
        return come_later(request)
    secret, _stroke, rest = token.partition("/")
    link, sent = SafeLink.objects.behind(secret), request.method == "POST"
    if sent and is_sent_again(link, request):
        return redirect("client_thanks")
    if link is None or not link.is_live or request.method not in METHODS:
        return replaced(request, link) if link and link.newer else guessed(request)
    if rest:
        return part(request, link, rest)
    if sent:
        throttle.count("post", request)
    elif request.method == "GET":
        link.note_opening()
    return opened(request, link)


def part(request, link, rest):
    """What lies below the address of a link: a picture, a file, a comment that is sent."""
    if PURPOSES[link.purpose].parts is None:
        return guessed(request)
    if request.method == "POST":
        throttle.count("post", request)
    return opened(request, link, partial(PURPOSES[link.purpose].parts, rest=rest))


@outside
def client_thanks(request):
    """The same for everybody, for nobody can be told here what he did."""
    return render(request, "client/thanks.html")


def opened(request, link, page=None):
    """The purpose's own page. What it refuses and did not tell itself is told here; nothing of the house's frame is shown."""
    page = page or PURPOSES[link.purpose].page
    try:
        return answered(request, link, page) if request.method == "POST" else page(request, link)
    except Refused as why:
        return render(request, "client/refused.html", {"link": link, "sentence": str(why)}, status=409)
    except (PermissionDenied, Http404):
        return nothing_here(request)


def answered(request, link, page):
    """A form, with the record and then the link locked: of two sent at once the second finds what the first did."""
    with transaction.atomic():
        if whole := link.subject.locked_after:
            lock(getattr(link.subject, whole))
        lock(link.subject)
        lock(link)
        if is_sent_again(link, request):
            return redirect("client_thanks")
        if not link.is_live:
            return replaced(request, link) if link.newer else nothing_here(request)
        link.visit = get_client_ip(request) or "", request.headers.get("User-Agent", "")[:300]
        if request.user.is_authenticated:
            security("link used by one of ours", actor=request.user, object=link)
        return page(request, link)


def is_sent_again(link, request):
    """Whether this is the very form that was taken before: a double click, or a reload whose answer was lost."""
    kept = link.answered_with if link else None
    return bool(kept) and request.POST.get("token") == str(kept)


def come_later(request):
    response = render(request, "client/busy.html", status=429)
    response["Retry-After"] = str(throttle.WINDOW)
    return response


def replaced(request, link):
    """A newer version has taken the place of what this contact was asked: nothing is decided here, what was typed stays, and
    the way leads on to the new one. It goes to the same contact, at the same address, and nowhere else."""
    newer, words = link.newer, request.POST.get("words", "")[:4000]
    shown = {"link": link, "newer": newer, "address": address_of(newer.seed), "words": words}
    return render(request, "client/replaced.html", shown, status=410)


def guessed(request):
    throttle.count("guess", request)
    return nothing_here(request)


def nothing_here(request):
    return render(request, "client/nothing.html", status=404)
