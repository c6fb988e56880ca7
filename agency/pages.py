"""What every view does the same way: making a move from a button, and paging a list by key."""

from urllib.parse import urlencode

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from agency.flow import Conflict, Refused, moves_of, undo_of
from agency.forms import MoveForm

LISTS = ("desk", "schedule", "schedule_handoffs")  # whose lines can be moved right there
PAGE = 50
CAP = 1000


def require(person, right, record=None):
    """Go on only if `person` holds `right` on `record` (403 otherwise)."""
    if not person.has_perm(right, record):
        raise PermissionDenied


def make_move(request, record, name, *, url):
    """Answer the POST of a move's button: make the move `name` on `record`, then go to `url`.

    A refusal comes back on a page with the sentence and everything typed; a conflict becomes the 409 page (middleware);
    a missing right becomes 403. An unknown or hidden move does not exist (404).
    """
    it = moves_of(type(record)).get(name)
    if it is None or it.hidden:
        raise Http404
    form = MoveForm(request.POST)
    if not form.is_valid():
        return _again(request, record, it, form, _("Please check what you typed."))
    try:
        getattr(record, name)(by=request.user, seen=form.cleaned_data["seen"], **_reason(it, form))
    except Conflict:
        raise
    except Refused as why:
        return _again(request, record, it, form, str(why))
    tell_done(request, _done(record, it), record, name, at=request.path.removesuffix(f"move/{name}/"))
    return redirect(list_it_came_from(request) or url)


def _done(record, it):
    if it.undoes:
        return _("Taken back: %(move)s.") % {"move": moves_of(type(record))[it.undoes].label}
    return _("Done: %(move)s.") % {"move": it.label}


def submit_saved(request, form, *, at, done, again):
    """The second half of "Save and submit": what was typed is saved by now, whatever comes of it.

    done: the sentence, with a place for the %(person)s asked · again: gives the page of writing, for a form and a status.
    """
    record = form.instance
    try:
        record.submit(by=request.user, seen=record.version)
    except Conflict:
        raise
    except Refused as why:
        form = form.again({**request.POST.dict(), "seen": record.version})
        form.is_valid()
        form.tell_missing(str(why))
        messages.info(request, _("What you typed is saved; it is not submitted yet."))
        return again(form, status=422)
    tell_done(request, done % {"person": record.holder or _("Nobody yet")}, record, "submit", at=at)
    return redirect(record)


def tell_done(request, sentence, record, name, *, at):
    """Say on the next page what the move `name` did and, where it can be taken back, offer that: a button that posts to the
    ordinary address of the move, below `at`."""
    back = undo_of(record, name)
    tell(request, sentence, **({"undo": f"{at}move/{back.name}/", "seen": record.version} if back and not back.hidden else {}))


def tell(request, sentence, **offer):
    """Say on the next page that something is done. offer: `undo`, where to take it back, and `seen`, the version to name there;
    or `see`, where it is told what stood there before."""
    messages.success(request, sentence, extra_tags=urlencode(offer))


def tell_saved(request, record):
    """Say on the next page that the record is saved, with the way to what its fields said before for whoever may see that."""
    may_see = request.user.has_perm("clients.view_history", record)
    url = reverse("history", args=[record._meta.label_lower, record.pk])
    tell(request, _("Saved."), **({"see": url} if may_see else {}))


def list_it_came_from(request):
    """The list on which the button was pressed, as it was asked for, so that the next line can be taken; else nothing."""
    came_from = request.META.get("HTTP_REFERER", "")
    if not url_has_allowed_host_and_scheme(came_from, {request.get_host()}, require_https=request.is_secure()):
        return ""
    here, _sep, query = came_from.partition("?")
    for name in LISTS:
        if here.partition("#")[0] == request.build_absolute_uri(reverse(name)):
            return reverse(name) + (f"?{query}" if query else "")
    return ""


def _reason(it, form):
    return {"reason": form.cleaned_data["reason"]} if it.asks_reason else {}


def _again(request, record, it, form, sentence):
    context = {"record": record, "move": it, "form": form, "sentence": sentence}
    return render(request, "refused.html", context, status=422)


class Page:
    """Some rows of a list, where the older ones begin, and a count that stops at a thousand."""

    def __init__(self, rows, older, count):
        self.rows, self.older, self.count = rows, older, count

    def __iter__(self):
        return iter(self.rows)

    def __len__(self):
        return len(self.rows)

    @property
    def count_text(self):
        return f"{CAP}+" if self.count > CAP else str(self.count)


def page_of(queryset, request):
    """A page of `queryset`, the newest first: `?after=` names the last row of the page before.

    For what is only read from the top, an inbox or a history; a list with questions and columns is an `agency.lists.Listing`.
    Two queries, however long it is.
    """
    after = request.GET.get("after", "")
    rows = list(_behind(queryset, after).order_by("-pk")[: PAGE + 1])
    older = ""
    if len(rows) > PAGE:
        query = request.GET.copy()
        query["after"] = str(rows[PAGE - 1].pk)
        older = "?" + query.urlencode()
    return Page(rows[:PAGE], older, queryset.order_by()[: CAP + 1].count())


def _behind(queryset, after):
    if not after:
        return queryset
    try:
        return queryset.filter(pk__lt=queryset.model._meta.pk.to_python(after))
    except ValidationError as error:
        raise BadRequest(_("This address does not lead to a page of the list.")) from error
