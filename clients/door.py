"""The door for a client's contact: `/c/<token>/`, without a login. See docs/decisions/12-safe-links.md.

Whatever does not open is answered alike: wrong, malformed, used, expired, taken back, no longer the contact's. Opening decides
nothing: a machine that looks through mail may come first.
"""

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
    link = SafeLink.objects.behind(token.removesuffix("/"))
    sent = request.method == "POST"
    if sent and is_sent_again(link, request):
        return redirect("client_thanks")
    if link is None or not link.is_live or request.method not in METHODS:
        throttle.count("guess", request)
        return nothing_here(request)
    if sent:
        throttle.count("post", request)
    elif request.method == "GET":
        link.note_opening()
    return opened(request, link)


@outside
def client_thanks(request):
    """The same for everybody, for nobody can be told here what he did."""
    return render(request, "client/thanks.html")


def opened(request, link):
    """The purpose's own page. What it refuses and did not tell itself is told here; nothing of the house's frame is shown."""
    try:
        return answered(request, link) if request.method == "POST" else PURPOSES[link.purpose].page(request, link)
    except Refused as why:
        return render(request, "client/refused.html", {"link": link, "sentence": str(why)}, status=409)
    except (PermissionDenied, Http404):
        return nothing_here(request)


def answered(request, link):
    """A form, with the record and then the link locked: of two sent at once the second finds what the first did."""
    with transaction.atomic():
        if whole := link.subject.locked_after:
            lock(getattr(link.subject, whole))
        lock(link.subject)
        lock(link)
        if is_sent_again(link, request):
            return redirect("client_thanks")
        if not link.is_live:
            return nothing_here(request)
        link.visit = get_client_ip(request) or "", request.headers.get("User-Agent", "")[:300]
        if request.user.is_authenticated:
            security("link used by one of ours", actor=request.user, object=link)
        return PURPOSES[link.purpose].page(request, link)


def is_sent_again(link, request):
    """Whether this is the very form that was taken before: a double click, or a reload whose answer was lost."""
    kept = link.answered_with if link else None
    return bool(kept) and request.POST.get("token") == str(kept)


def come_later(request):
    response = render(request, "client/busy.html", status=429)
    response["Retry-After"] = str(throttle.WINDOW)
    return response


def nothing_here(request):
    return render(request, "client/nothing.html", status=404)
