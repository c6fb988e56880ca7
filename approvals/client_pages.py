"""What a client's contact is asked about a draft through a safe link: the rationale first, then the artwork, then one question
(SAL2, DIR4). Nothing internal is on the page; its pictures and the contact's comments lie below the address of the link."""

from functools import partial

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.files import served
from agency.forms import attempt
from approvals.comment_forms import PlaceForm
from approvals.models import Draft
from approvals.models.draft import SEND
from approvals.models.page_image import pages_of
from approvals.serving import serve_page
from approvals.showing import comments_for_client, pieces_of
from clients.answering import Answer, answer_page
from clients.links import Purpose, register
from clients.models.attachment import attachments_of
from clients.visitor import Visitor

CHOICES = [
    (Answer.CONFIRMED, gettext_lazy("Yes, as it is"), gettext_lazy("We go on with exactly this version.")),
    (
        Answer.WITH,
        gettext_lazy("Yes, with these changes"),
        gettext_lazy("We make them and show you the result once more; it is no round of amends."),
    ),
    (
        Answer.CHANGES,
        gettext_lazy("No, please change it and show it again"),
        gettext_lazy("This begins the next round of amends."),
    ),
]


def draft_page(request, link):
    """The version that was sent, for as long as it is the one to be decided on."""
    version = asked(link)
    return answer_page(
        request, link, what=Draft.what, template="approvals/draft_client.html", shown=shown(request, version),
        question=_("May we go on with this?"), choices=CHOICES, then=partial(_decide, version.draft),
    )  # fmt: skip


def asked(link):
    """The version behind a link, or 404 where it is no longer the one to be decided on."""
    version = link.subject
    draft = version.draft
    if draft.state != Draft.State.CLIENT or version.digest != link.digest or not version.is_latest:
        raise Http404
    return version


def shown(request, version):
    """What is shown of a version, and where its parts lie: all of them below the address of the link."""
    here, comments = address(request), comments_for_client(version)
    pieces = pieces_of(
        version, comments, file_url=lambda _file, number: f"{here}file/{number}/",
        page_url=lambda _file, number, page, _thumb: f"{here}page/{number}/{page}/",
    )  # fmt: skip
    told = {"draft": version.draft, "version": version, "comments": comments, "pieces": pieces}
    return {**told, "here": here, "comment_form": PlaceForm()}


def address(request):
    """The address of the link itself, from the page or from what lies below it."""
    return "/".join(request.path.split("/")[:3]) + "/"


def _decide(draft, visitor, confirmation):
    decide = {Answer.CONFIRMED: draft.confirm, Answer.WITH: draft.confirm_with}.get(confirmation.answer, draft.ask_changes)
    decide(by=visitor, words=confirmation.words)


# ── Below the address ───────────────────────────────────────────────────────────────────────────
def draft_parts(request, link, rest):
    """`file/2/`, `page/2/7/` to look at, `comment/` to send."""
    version, words = asked(link), rest.strip("/").split("/")
    kind, *numbers = words
    if kind == "comment" and not numbers and request.method == "POST":
        return _comment(request, link, version)
    if request.method == "POST" or not all(it.isdecimal() and len(it) < 6 for it in numbers):
        raise Http404
    numbers = [int(it) for it in numbers]
    if kind == "file" and len(numbers) == 1:
        return _file(request, version, *numbers)
    if kind == "page" and len(numbers) == 2:
        return _page(request, version, *numbers)
    raise Http404


def _nth(version, number):
    files = list(attachments_of(version))
    if not 1 <= number <= len(files):
        raise Http404
    return files[number - 1]


def _file(request, version, number):
    file = _nth(version, number)
    try:
        content = file.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return served(content, name=file.name, media_type=file.media_type, request=request)


def _page(request, version, number, page):
    return serve_page(get_object_or_404(pages_of(_nth(version, number)), number=page), request=request)


def _comment(request, link, version):
    """A pin of the contact's; refused, it stands on the page with everything typed."""
    form = PlaceForm(request.POST)
    if attempt(form, lambda: form.say(version, by=Visitor(link))):
        return redirect(f"{address(request)}#comments")
    page = {**shown(request, version), "comment_form": form, "link": link}
    return render(request, "approvals/comment_client.html", page, status=422)


register(Purpose(Draft.purpose, gettext_lazy("Approve a draft"), draft_page, right=SEND, parts=draft_parts))
