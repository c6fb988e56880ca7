"""The form of a client's answer, the same wherever something is to be confirmed, and what it sets off."""

import uuid

from django import forms
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from agency.forms import attempt
from clients.models.confirmation import Confirmation
from clients.visitor import Visitor

Answer = Confirmation.Answer
CONFIRM_OR_CHANGE = [(Answer.CONFIRMED, _("I confirm this")), (Answer.CHANGES, _("Something has to be changed"))]


class AnswerForm(forms.Form):
    """Answer, words, who. Sent twice, as by a double click, it is taken once: it carries a token."""

    token = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64)
    answer = forms.ChoiceField(
        label=_("Your answer"),
        choices=CONFIRM_OR_CHANGE,
        widget=forms.RadioSelect,
        error_messages={"required": _("Please choose one of the two.")},
    )
    words = forms.CharField(
        label=_("Remarks, or what is to be changed"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Please type your name: it stands beside the answer.")},
    )
    role = forms.CharField(
        label=_("Your role in the firm"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "organization-title"}),
        error_messages={"required": _("Please type your role, such as Head of Marketing.")},
    )

    def __init__(self, *args, choices=CONFIRM_OR_CHANGE, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = [(value, explained(*said)) for value, *said in choices]
        self.fields["token"].initial = uuid.uuid4

    def clean_token(self):
        """A form without its token is taken as well; only the double click of such a form is not known again."""
        try:
            return uuid.UUID(self.cleaned_data["token"])
        except ValueError:
            return uuid.uuid4()

    def clean(self):
        given = super().clean()
        if given.get("answer") in Confirmation.WORDED and not given.get("words") and "words" not in self.errors:
            self.add_error("words", _("Please say what is to be changed."))
        return given


def explained(label, why=""):
    """A choice as it is read: what it says and, if there is more to say, what follows from it."""
    return format_html('<span class="chosen"><b>{}</b> <span class="quiet">{}</span></span>', label, why) if why else label


def answer_page(
    request, link, *, what, sheet="", shown=None, question="", choices=CONFIRM_OR_CHANGE, then=None,
    template="client/answer.html",
):  # fmt: skip
    """A whole page of a purpose: the document (template `sheet`, with `shown`) and one question.

    what, then: see `take` · choices: (word of Answer, label) or (word, label, what follows from it) · template: of a purpose
    that lays its document out itself; it extends client/answer.html.
    """
    form = AnswerForm(request.POST if request.method == "POST" else None, choices=choices)
    if form.is_bound and (thanks := attempt(form, lambda: take(link, form, what=what, then=then))):
        return thanks
    page = {**(shown or {}), "link": link, "form": form, "sheet": sheet, "question": question}
    return render(request, template, page, status=422 if form.is_bound else 200)


@transaction.atomic
def take(link, form, *, what, then=None):
    """Write a valid AnswerForm down for good and spend the link. Returns the way to the thanks.

    what: the word of Authority.What · then(visitor, confirmation): the move of the record, made in the client's name; what it
    refuses, refuses everything.
    """
    given, visitor = form.cleaned_data, Visitor(link)
    confirmation = Confirmation.record(
        subject=link.subject, version=link.subject_version, digest=link.digest, what=what, answer=given["answer"],
        words=given["words"], contact=link.contact, name=given["name"], role=given["role"], how=Confirmation.How.LINK,
        link=link, token=given["token"],
    )  # fmt: skip
    if then:
        then(visitor, confirmation)
    link.spend(token=given["token"])
    return redirect("client_thanks")
