"""Comments on a draft: said, answered, settled (DEP7)."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from agency.forms import attempt
from agency.pages import make_move, require
from approvals.comment_forms import AnswerForm, CommentForm
from approvals.models import DraftComment
from approvals.models.draft import COMMENT
from approvals.views.drafts import page_for, visible_draft
from approvals.views.versions import visible_version


@require_POST
def comment_new(request, pk, number):
    """Write a comment on a version; what is refused stands on the page again, with everything typed."""
    draft, version = visible_version(request.user, pk, number)
    require(request.user, COMMENT, draft)
    form = CommentForm(request.POST)
    if said := attempt(form, lambda: form.say(version, by=request.user)):
        told = _("Said. The client reads it too.") if said.audience == "client" else _("Said, inside.")
        messages.success(request, told)
        return redirect(f"{version.get_absolute_url()}#comment-{said.pk}")
    shown = {**page_for(draft, version, request.user), "comment_form": form}
    return render(request, "approvals/draft.html", shown, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def comment_answer(request, pk, comment):
    """Answer in a thread; whoever reads the thread reads the answer."""
    draft = visible_draft(request.user, pk)
    require(request.user, COMMENT, draft)
    thread = get_object_or_404(draft.comments.threads(), pk=comment)
    version, form = draft.sheet, AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and attempt(form, lambda: form.say(thread, by=request.user, version=version)):
        return redirect(f"{draft.get_absolute_url()}#comment-{thread.pk}")
    shown = {**page_for(draft, version, request.user), "thread": thread, "form": form}
    return render(request, "approvals/comment_answer.html", shown, status=422 if form.is_bound else 200)


@require_POST
def comment_move(request, pk, comment, name):
    draft = visible_draft(request.user, pk)
    thread = get_object_or_404(DraftComment.objects.filter(draft=draft).select_related("draft", "client"), pk=comment)
    return make_move(request, thread, name, url=f"{draft.get_absolute_url()}#comment-{thread.pk}")
