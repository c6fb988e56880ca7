"""What a client's contact is asked about a brief through a safe link: questions, and whether we understood (DEP2, DEP3)."""

from functools import partial

from django import forms
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agency.forms import attempt
from briefs.models import Enquiry, Playback
from briefs.models.enquiry import PURPOSE as QUESTIONS
from briefs.models.playback import PURPOSE as PLAYBACK
from briefs.models.playback import WHAT
from clients.answering import Answer, AnswerForm, take
from clients.links import Purpose, Visitor, register

RIGHT = "briefs.submit_brief"


# ── Questions ───────────────────────────────────────────────────────────────────────────────────
class RepliesForm(forms.Form):
    """The questions that are still open in an enquiry, and only those. What is left empty stays open."""

    token = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, data=None, *, enquiry):
        super().__init__(data)
        self.enquiry = enquiry
        self.questions = list(enquiry.questions.filter(state="asked").order_by("pk"))
        for it in self.questions:
            words, unknown = enquiry.kept.get(str(it.pk), ["", False])
            box = forms.Textarea(attrs={"rows": 4})
            self.fields[f"reply_{it.pk}"] = forms.CharField(
                label=it.words, required=False, max_length=4000, initial=words, widget=box
            )
            self.fields[f"unknown_{it.pk}"] = forms.BooleanField(label=_("I do not know"), required=False, initial=unknown)

    @property
    def lines(self):
        for it in self.questions:
            yield it, self[f"reply_{it.pk}"], self[f"unknown_{it.pk}"]

    def clean(self):
        given = super().clean()
        self.replies = {it: said for it in self.questions if any(said := self._said(it, given))}
        if "keep" not in self.data and not self.replies and not self.errors:
            self.add_error(None, _("Please answer at least one question, or save and come back."))
        return given

    def _said(self, question, given):
        words = (given.get(f"reply_{question.pk}") or "").replace("\r\n", "\n").strip()
        return words, bool(given.get(f"unknown_{question.pk}")) and not words


def questions_page(request, link):
    """Opening answers nothing; "save" keeps what is typed for the next visit, "send" gives it to us and ends the link."""
    enquiry = link.subject
    form = RepliesForm(request.POST if request.method == "POST" else None, enquiry=enquiry)
    if enquiry.state != Enquiry.State.ASKED or not form.questions:
        raise Http404
    if form.is_bound and form.is_valid():
        visitor = Visitor(link)
        if "keep" in form.data:
            enquiry.keep_replies(by=visitor, replies=form.replies)
            return _questions(request, link, form, saved=True)
        enquiry.answer(by=visitor, replies=form.replies)
        link.spend(token=form.cleaned_data["token"])
        return redirect("client_thanks")
    return _questions(request, link, form, status=422 if form.is_bound else 200)


def _questions(request, link, form, status=200, **more):
    return render(request, "briefs/client_questions.html", {"link": link, "form": form, **more}, status=status)


# ── Playback ────────────────────────────────────────────────────────────────────────────────────
REMARKED = "remarked"
CHOICES = [
    (Answer.CONFIRMED, gettext_lazy("This is right")),
    (REMARKED, gettext_lazy("Right, with these remarks")),
    (Answer.CHANGES, gettext_lazy("This must change")),
]


class UnderstoodForm(AnswerForm):
    """Right, right with remarks, or not. Remarks do not hold the work up; a change does."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, choices=CHOICES, **kwargs)
        self.fields["answer"].error_messages["required"] = _("Please choose one of the three.")

    def clean(self):
        given = super().clean()
        if given.get("answer") == REMARKED:
            if not given.get("words") and "words" not in self.errors:
                self.add_error("words", _("Please write your remarks."))
            given["answer"] = Answer.CONFIRMED
        return given


def playback_page(request, link):
    playback = link.subject
    if playback.state != Playback.State.SENT or playback.digest != link.digest:
        raise Http404
    form = UnderstoodForm(request.POST if request.method == "POST" else None)
    decided = partial(_decide, playback)
    if form.is_bound and (thanks := attempt(form, lambda: take(link, form, what=WHAT, then=decided))):
        return thanks
    shown = {
        "link": link, "form": form, "playback": playback, "brief": playback.brief, "sheet": "briefs/_playback_words.html",
        "question": _("Did we understand you?"),
    }  # fmt: skip
    return render(request, "client/answer.html", shown, status=422 if form.is_bound else 200)


def _decide(playback, visitor, confirmation):
    decide = playback.confirm if confirmation.answer == Answer.CONFIRMED else playback.ask_changes
    decide(by=visitor, words=confirmation.words)


register(Purpose(QUESTIONS, gettext_lazy("Answer our questions on your brief"), questions_page, right=RIGHT))
register(Purpose(PLAYBACK, gettext_lazy("Confirm that we understood your brief"), playback_page, right=RIGHT))
