"""Rearranging a step with everything behind it: first shown, then done, or asked of the coordinator (COO6)."""

from copy import copy

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from agency import clock
from agency.flow import Refused
from agency.forms import attempt
from agency.pages import make_move, tell
from campaigns.models import Rearrangement, Step
from campaigns.models.crossing import edition_of
from campaigns.models.rearrangement import as_kept, owners_told
from campaigns.rearrange_forms import FORMS, AssignForm, kinds_for
from campaigns.rearranging import planned
from campaigns.views.campaigns import visible_campaign
from campaigns.views.steps import visible_step
from campaigns.workload import broken_by

MAKE, ASK = "campaigns.rearrange_steps", "campaigns.ask_rearrangement"


@require_http_methods(["GET", "HEAD", "POST"])
def rearrange(request, pk):
    step = visible_step(request.user, pk)
    sees = request.user.has_perm(Step.view_right, step.campaign)
    asked = request.POST.get("kind") or request.GET.get("kind") or "move"
    kind = asked if asked in kinds_for(step, sees) else "move"
    return _answer(request, step, FORMS[kind], sees, "campaigns/rearrange.html")


@require_http_methods(["GET", "HEAD", "POST"])
def assign(request, job_number):
    """Many steps of a campaign to one owner."""
    campaign = visible_campaign(request.user, job_number)
    step = campaign.steps.visible_to(request.user).open().select_related("client", "campaign__client__group").first()
    if step is None:
        raise Http404
    return _answer(request, step, AssignForm, True, "campaigns/assign.html")


def _answer(request, step, form_class, sees, template):
    person = request.user
    makes = person.has_perm(MAKE, step)
    if not makes and not person.has_perm(ASK, step):
        raise PermissionDenied
    page = Page(request, step, form_class, sees, makes, template)
    return page.sent() if request.method == "POST" else page.asked()


class Page:
    """The form of one kind and, for those who see the campaign, what would change."""

    def __init__(self, request, step, form_class, sees, makes, template):
        self.request, self.step, self.sees, self.makes, self.template = request, step, sees, makes, template
        self.form_class, self.person = form_class, request.user

    def form(self, *data, **more):
        return self.form_class(*data, step=self.step, person=self.person, **more)

    def asked(self):
        """As an address asks for it, such as ?to_start=2026-12-04: shown, and nothing is an error yet."""
        wanted, names = self.form(self.request.GET).wanted(), self.form().wants
        multiple = self.request.GET.getlist("steps") if "steps" in names else []
        typed = {name: self.request.GET[name] for name in names if name in self.request.GET}
        initial = typed | ({"steps": multiple} if multiple else {})
        return self.shown(self.form(initial=initial), wanted)

    def sent(self):
        form = self.form(self.request.POST)
        if "confirm" not in self.request.POST:
            return self.shown(form, form.wanted(), status=200 if form.is_valid() else 422)
        act = form.make if self.makes else form.ask
        if not (wish := attempt(form, lambda: act(by=self.person), field=form.wants[0])):
            return self.shown(form, None, status=422)
        tell_made(self.request, wish) if self.makes else tell_asked(self.request, wish)
        return redirect(self.back)

    @property
    def back(self):
        if self.form_class is AssignForm:
            return reverse("campaign_schedule", args=[self.step.campaign.job_number])
        return self.step.get_absolute_url()

    def shown(self, form, wanted, status=200):
        outcome, refusal = self.outcome(wanted) if wanted and self.sees else (None, "")
        every = outcome.changes if outcome else []
        changes, unseen = [it for it in every if not it.is_hidden], sum(it.is_hidden for it in every)
        shown = {
            "step": self.step, "campaign": self.step.campaign, "edition": edition_of(self.step.campaign), "form": form,
            "makes": self.makes, "sees_campaign": self.sees,
            "kinds": self.kinds(), "back": self.back, "changes": changes, "unseen": unseen, "refusal": refusal,
            "links": outcome.told_links if outcome else [], "told": owners_told(changes, self.person),
            "broken": [change for change in changes if change.breaks_deadline],
            "outside": [change for change in changes if change.moves and (change.is_clients_date or change.is_deadline)],
            "clashes": clashes(changes) if self.makes and changes else [], "departments": departments(form),
            "ready": outcome is not None and form.is_bound and form.is_valid(),
        }  # fmt: skip
        return render(self.request, self.template, shown, status=422 if refusal else status)

    def outcome(self, wanted):
        try:
            return planned(
                self.step, self.form_class.kind, as_kept(wanted), by=self.person if self.makes else None, viewer=self.person
            ), ""
        except Refused as why:
            return None, str(why)

    def kinds(self):
        """[(label, address, whether it is this one)]"""
        if self.form_class is AssignForm:
            return []
        at = reverse("step_rearrange", args=[self.step.pk])
        asked = [(kind, kind if kind != "move" else None) for kind in kinds_for(self.step, self.sees)]
        return [
            (kind.label, f"{at}?kind={word}" if word else at, kind == self.form_class.kind) for kind, word in asked
        ]  # fmt: skip


def departments(form):
    """[(department or None, its steps)] for the choice of many; empty for the other kinds."""
    if form.kind != AssignForm.kind:
        return []
    found, chosen = {}, {str(it) for it in form["steps"].value() or ()}
    for step in form.fields["steps"].queryset:
        step.chosen = str(step.pk) in chosen
        found.setdefault(step.department, []).append(step)
    return list(found.items())


def clashes(changes):
    """Whose absences the new days hit, and who would be overbooked: [(step, person, sentence)]."""
    moved = []
    for change in changes:
        if not change.is_skipped:
            step = copy(change.step)
            step.starts_on, step.ends_on, step.person_id = change.new_first, change.new_last, change.owners()[1]
            moved.append(step)
    return broken_by(moved, clock.today())


def tell_made(request, wish):
    n = len(wish.moved)
    if wish.kind == Rearrangement.Kind.MOVE:
        done = ngettext("%(n)d step moved; its owner is told.", "%(n)d steps moved; their owners are told.", n)
    else:
        done = ngettext("%(n)d step changed; its owner is told.", "%(n)d steps changed; their owners are told.", n)
    tell(request, done % {"n": n}, undo=reverse("rearrangement_move", args=[wish.pk, "undo_carry_out"]), seen=wish.version)


def tell_asked(request, wish):
    asked = _("Asked. %(person)s answers.") % {"person": wish.holder or _("The coordinator")}
    tell(request, asked, undo=reverse("rearrangement_move", args=[wish.pk, "withdraw"]), seen=wish.version)


@require_POST
def wish_move(request, pk, name):
    seen = Rearrangement.objects.visible_to(request.user).select_related("step", "campaign", "client__group__supervisor")
    wish = get_object_or_404(seen, pk=pk)
    return make_move(request, wish, name, url=wish.get_absolute_url())
