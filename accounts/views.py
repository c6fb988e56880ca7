"""The people of the department, one's own settings, and evaluations (MIN5)."""

from django.contrib import messages
from django.core.exceptions import BadRequest, PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.changes import changes_of
from accounts.forms import CRITERIA, BeginForm, Marks, MenuSettings, OwnSettings, RewriteForm, SignForm
from accounts.lists import EvaluationList, PeopleList
from accounts.models import Evaluation, Person
from agency import paper
from agency.flow import Conflict, Refused, Row, meanwhile
from agency.log import security
from agency.pages import make_move

MOST = 100  # of anything beside or below a record: more than any department has


@require_safe
def people(request):
    """Colleagues, for the six roles; members and administrators have no business here."""
    if not request.user.is_of_the_department:
        raise PermissionDenied(_("The list of people is for the customer department."))
    return PeopleList(request).response("accounts/people.html")


@require_safe
def person(request, username):
    """Role, group, line, guide and guided, clients served; what the viewer may not see is "another client"."""
    shown = get_object_or_404(Person.objects.visible_to(request.user).for_list(), username=username)
    context = {
        "person": shown,
        "guided": shown.guided.employed()[:MOST],
        "reports": shown.reports.employed()[:MOST],
        "seats": seats_of(shown, request.user),
        "evaluations": Evaluation.objects.visible_to(request.user).filter(person=shown).for_page()[:20],
        "may_evaluate": request.user.has_perm("accounts.evaluate") and shown != request.user and shown.can_be_evaluated,
    }
    return render(request, "accounts/person.html", context)


def seats_of(person, viewer):
    """Pairs of a seat and its client, or None where the viewer may not know the client; the known ones first."""
    seats = person.assignments.current().select_related("client").order_by("client__code", "pk")
    known = set(seats.visible_to(viewer).values_list("pk", flat=True))
    pairs = [(seat, seat.client if seat.pk in known else None) for seat in seats[:MOST]]
    return sorted(pairs, key=lambda pair: pair[1] is None)


@require_http_methods(["GET", "HEAD", "POST"])
def me(request):
    """One's own time zone, language, colours and news by mail, and nothing else."""
    form = OwnSettings(request.POST if request.method == "POST" else None, instance=Person.objects.get(pk=request.user.pk))
    if form.is_bound and form.is_valid():
        changed = request.user.adjust(by=request.user, **form.cleaned_data)
        with override(request.user.language):
            messages.success(request, _("Your settings are saved.") if changed else _("Nothing was different."))
        return redirect("me")
    return render(request, "accounts/me.html", {"form": form}, status=422 if form.is_bound else 200)


@require_POST
def me_adjust(request):
    """One setting from the menu, which is on every page; then back to that page, or to the desk if it is none of ours."""
    form = MenuSettings(request.POST)
    if not form.is_valid():
        raise BadRequest(_("This setting does not exist. Please choose one of those in the menu."))
    request.user.adjust(by=request.user, **form.chosen)
    back = form.cleaned_data["next"]
    ours = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if ours else "desk")


@require_safe
def evaluations(request):
    """The minister's evaluations; for everybody else the own ones that have been handed over."""
    return EvaluationList(request).response("accounts/evaluations.html")


@require_safe
def evaluation(request, pk):
    """The document itself. Signing asks for a comment and has a form of its own."""
    shown = get_object_or_404(Evaluation.objects.visible_to(request.user).for_page(), pk=pk)
    return document(request, shown)


@require_safe
def evaluation_pdf(request, pk):
    """The document to keep. Every copy leaves a line in the security log: it is read by the two who sign it alone."""
    shown = get_object_or_404(Evaluation.objects.visible_to(request.user).for_page(), pk=pk)
    security("evaluation on paper", actor=request.user, object=shown, about=shown.person.username)
    name = f"evaluation-{shown.person.username}-{shown.period_to:%Y-%m-%d}-v{shown.version}"
    return paper.pdf(request, "accounts/_evaluation_sheet.html", {**sheet_of(shown), "secret": True}, name=name)


def sheet_of(shown):
    """What the sheet of an evaluation tells, on the page and on paper."""
    return {
        "evaluation": shown,
        "marks": shown.marks.all(),
        **paper.document(shown, title=shown, number=f"{shown.period_from:%Y-%m-%d} – {shown.period_to:%Y-%m-%d}"),
    }


def document(request, shown, form=None, status=200):
    moves = shown.moves_open_to(request.user)
    context = {
        **sheet_of(shown),
        "moves": [it for it in moves if it.name != "sign"],
        "form": form or (SignForm(initial={"seen": shown.version}) if any(it.name == "sign" for it in moves) else None),
        "may_write": shown.state == Evaluation.State.DRAFT and request.user.has_perm("accounts.evaluate", shown),
        "events": shown.events()[:MOST],
    }
    return render(request, "accounts/evaluation.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def evaluate(request, username):
    """Begin an evaluation of a person (MIN5)."""
    about = get_object_or_404(Person.objects.visible_to(request.user), username=username)
    if not request.user.has_perm("accounts.evaluate"):
        raise PermissionDenied(_("Evaluating staff is the minister's."))
    form, marks = BeginForm(request.POST or None), Marks(request.POST or None, prefix="marks")
    if request.method == "POST" and form.is_valid() and marks.is_valid():
        try:
            token = form.cleaned_data["token"]
            begun = Evaluation.begin(by=request.user, person=about, token=token, marks=marks.marks, **form.period)
        except Refused as why:
            form.add_error(None, str(why))
        else:
            messages.success(request, _("The evaluation is begun. Nobody else sees it until you sign it."))
            return redirect(begun)
    return writing(request, form, marks, about, back=about.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
def edit_evaluation(request, pk):
    """Write in a draft: period and marks together, against the version the writer saw."""
    shown = get_object_or_404(Evaluation.objects.visible_to(request.user).for_page(), pk=pk)
    if not request.user.has_perm("accounts.evaluate", shown):
        raise PermissionDenied(_("Evaluating staff is the minister's."))
    if request.method == "POST":
        form, marks = RewriteForm(request.POST), Marks(request.POST, prefix="marks")
        if form.is_valid() and marks.is_valid():
            shown.rewrite(by=request.user, seen=form.cleaned_data["seen"], marks=marks.marks, **form.period)
            messages.success(request, _("Saved."))
            return redirect(shown)
    elif shown.state != Evaluation.State.DRAFT:
        return redirect(shown)
    else:
        form = RewriteForm(initial={"period_from": shown.period_from, "period_to": shown.period_to, "seen": shown.version})
        marks = Marks(prefix="marks", initial=list(shown.marks.values("criterion", "score", "sentence")))
    return writing(request, form, marks, shown.person, back=shown.get_absolute_url())


def writing(request, form, marks, about, *, back):
    """The form of a draft, new or begun; with what was wrong in it, and everything typed."""
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "marks": marks, "person": about, "criteria": CRITERIA, "back": back}
    return render(request, "accounts/evaluation_form.html", context, status=status)


@require_POST
def move_evaluation(request, pk, name):
    """Sign and hand over, or take back."""
    shown = get_object_or_404(Evaluation.objects.visible_to(request.user).for_page(), pk=pk)
    return make_move(request, shown, name, url=shown.get_absolute_url())


@require_POST
def sign_evaluation(request, pk):
    """The second signature. If the evaluation was taken back meanwhile, the comment typed is shown again."""
    mine = Evaluation.objects.visible_to(request.user) | Evaluation.objects.once_shown_to(request.user)
    shown = get_object_or_404(mine.for_page(), pk=pk)
    form = SignForm(request.POST)
    if not form.is_valid():
        return document(request, shown, form, status=422)
    comment = Row(form.fields["comment"].label, form.cleaned_data["comment"], shown.comment)
    try:
        if shown.state == Evaluation.State.DRAFT and shown.person == request.user:
            raise Conflict(shown, meanwhile(shown))
        shown.sign(by=request.user, seen=form.cleaned_data["seen"], comment=form.cleaned_data["comment"])
    except Conflict as conflict:
        conflict.rows, conflict.url = [comment], reverse("evaluations")
        raise
    messages.success(request, _("Signed. Both signatures stand below the evaluation."))
    return redirect(shown)


@require_safe
def evaluation_history(request, pk):
    """What every field and every mark said before (CRD3): for the two of them, as the evaluation itself."""
    shown = get_object_or_404(Evaluation.objects.visible_to(request.user).for_page(), pk=pk)
    return render(request, "accounts/evaluation_history.html", {"evaluation": shown, "changes": changes_of(shown)})
