"""The pages that belong to no app: the two probes and the pages that say no."""

import logging
import sys

import redis
from allauth.account.forms import LoginForm
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest, RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh
from redis.backoff import NoBackoff
from redis.retry import Retry

from agency import kept
from agency.context import agency
from agency.lists import LISTS
from agency.log import security

log = logging.getLogger("accord.pages")
AWAY = OperationalError, InterfaceError
TOO_MUCH = RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent


@login_not_required
@never_cache
@require_safe
def healthz(request):
    """The process answers; nothing else is asked."""
    return JsonResponse({"process": "ok"})


@login_not_required
@never_cache
@require_safe
def readyz(request):
    """503 only while the database is away or behind its migrations: without the broker people merely get their mail later."""
    database = database_state()
    return JsonResponse({"database": database, "broker": broker_state()}, status=200 if database == "ok" else 503)


def database_state():
    """`ok`, `unmigrated` or `down`."""
    try:
        executor = MigrationExecutor(connection)
        return "unmigrated" if executor.migration_plan(executor.loader.graph.leaf_nodes()) else "ok"
    except DatabaseError:
        return "down"


def broker_state():
    """`embedded`, `ok` or `degraded`, within 2 s: one to connect and one to answer, and no second attempt."""
    if settings.EMBEDDED_BROKER:
        return "embedded"
    try:
        patience = {"socket_connect_timeout": 1, "socket_timeout": 1, "retry": Retry(NoBackoff(), 0)}
        with redis.Redis.from_url(settings.REDIS_URL, **patience) as broker:
            broker.ping()
    except (redis.RedisError, OSError):
        return "degraded"
    return "ok"


@require_POST
def list_columns(request, name):
    """Which columns of a list somebody likes to see; it goes by the person, and so with him to every machine."""
    if name not in LISTS:
        raise Http404
    listing, chosen = LISTS[name], set(request.POST.getlist("column"))
    offered = [column.key for column in listing.optional()]
    if not chosen <= set(offered):
        raise BadRequest(_("This list has no such column. Open it anew and choose again."))
    if "usual" in request.POST:
        request.user.habits.filter(name=listing.habit()).delete()
    else:
        request.user.habits.keep(request.user, listing.habit(), [key for key in offered if key in chosen])
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if safe else "desk")


def bad_request(request, exception):
    """Comes before the session is there, so it is drawn without one."""
    too_much = isinstance(exception, TOO_MUCH)
    sentence = _("What was sent could not be read. Go back, check it and send it again.")
    if too_much:
        sentence = _("That was too much at once. Go back, shorten it and send it again.")
    elif isinstance(exception, BadRequest) and str(exception):
        sentence = str(exception)
    return bare_page(request, "400.html", sentence, status=413 if too_much else 400)


def permission_denied(request, exception):
    """Every refusal by right leaves a line in the security log."""
    security("refused", actor=getattr(request, "user", None), object=request.path, method=request.method)
    sentence = str(exception) or _("Your role does not allow this. Ask your account director or a coordinator if it should.")
    return render(request, "403.html", {"sentence": sentence, "back": kept.way_back(request)}, status=403)


def csrf_failed(request, reason=""):
    """The CSRF check refused a form: mostly a page left open over a log-in in another tab. What was typed on a page of ours is
    shown and can be sent again; of what came from elsewhere nothing is."""
    security("form refused", actor=getattr(request, "user", None), object=request.path, reason=reason)
    if kept.comes_from_here(request) and (answer := sent_again(request)):
        return answer
    if request.htmx:
        return HttpResponseClientRefresh()  # with the page comes a new token
    sentence = _("This page was open too long or came from elsewhere. Go back, reload it and send it again.")
    return render(request, "error.html", {"title": _("This form was not accepted"), "sentence": sentence}, status=403)


def sent_again(request):
    """The page on which a form of ours, refused for an old token, is sent with a new one; None if there is nothing in it."""
    person, at_login = request.user, request.path == resolve_url(settings.LOGIN_URL)
    if not person.is_authenticated:
        form = LoginForm(request=request)
        held = {kept.FIELD: request.POST.get(kept.FIELD, "")}
        return (
            render(request, "account/login.html", {"form": form, **held}, status=403) if at_login else kept.door(request, form)
        )
    if at_login:
        return redirect("kept" if kept.hold(request, person) else "desk")
    try:
        words = kept.gather(request, person.pk)
    except kept.TooLong:
        return None
    return kept.whole(request, render(request, "kept.html", kept.shown(words), status=403)) if words else None


@require_http_methods(["GET", "HEAD", "POST"])
def kept_words(request):
    """What was typed when the session ran out, to be sent again; POST throws it away."""
    if request.method == "POST":
        kept.let_go(request)
        messages.info(request, _("What you had typed is thrown away."))
        return redirect("desk")
    words = request.session.get(kept.FIELD)
    return render(request, "kept.html", {"held": True, **kept.shown(words)} if words else {})


def too_many(request):
    """Too many tries from one address. What was typed before the login goes on waiting in this page."""
    return render(request, "429.html", {kept.FIELD: request.POST.get(kept.FIELD, "")}, status=429)


def not_found(request, exception):
    """The same words for what is not there and for what the person may not know of."""
    sentence = _("There is nothing at this address, or it is not yours to see.")
    return render(request, "404.html", {"sentence": sentence, "back": kept.way_back(request)}, status=404)


def server_error(request):
    """Needs neither session nor database, for it may be one of them that failed: then it is not our mistake, but away (503)."""
    if isinstance(sys.exc_info()[1], AWAY):
        sentence = _("The house is being looked after. Nothing of what you sent was half saved; please try again in a minute.")
        response = bare_page(request, "503.html", sentence, status=503)
        response["Retry-After"] = "60"
        return response
    sentence = _("Something went wrong on our side. Nothing of what you sent was half saved; please try again in a minute.")
    return bare_page(request, "500.html", sentence, status=500)


def bare_page(request, template, sentence, *, status):
    """A page drawn without the frame: it knows the agency's name and the sentence, and nobody's desk.

    Where not even that can be drawn, the sentence stands alone.
    """
    try:
        return HttpResponse(render_to_string(template, {"sentence": sentence, **agency(request)}), status=status)
    except Exception:
        log.exception("The page %s could not be drawn.", template)
        return HttpResponse(sentence, content_type="text/plain; charset=utf-8", status=status)
