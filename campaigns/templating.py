"""Schedule templates made of what there is: of a campaign's work schedule, or of another template (DEP4)."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from agency.flow import Refused, lock
from agency.workdays import calendar
from campaigns.arithmetic import length_of
from campaigns.models import ScheduleTemplate, StepLink, TemplateLink, TemplateStep

KEEP, KEPT = "campaigns.change_template", "kept_as_template"
LATEST = range(0, 61)  # working days that a step of a template may be allowed beyond its last
COPIED = ("position", "key", "name", "department", "kind", "days", "needs_evidence", "latest_after")


@dataclass(frozen=True)
class Source:
    """A step as a template keeps it, and the source's own keys of the steps it waits for with their lags."""

    own: object
    fields: dict
    waits: list


@transaction.atomic
def keep_as_template(campaign, *, by, token, key, name, really=False):
    """A template of the campaign's schedule: departments, kinds, links and lags; people, days and steps left out stay behind.

    really: a step that is done keeps the working days it really took, else those planned. Sent twice it is made once.
    Raises PermissionDenied, or Refused: there is no schedule, or the key is taken.
    """
    lock(campaign)
    if not by.has_perm(KEEP, campaign):
        raise PermissionDenied(_("Templates are kept by the coordinators."))
    if there := campaign.events().filter(verb=KEPT, details__token=str(token)).first():
        return ScheduleTemplate.objects.get(key=there.details["template"])
    steps = list(campaign.steps.kept().select_related("department").order_by("position", "pk"))
    if not steps:
        raise Refused(_("This campaign has no work schedule yet."))
    template = written(key, name, _of_steps(steps, really), by=by)
    campaign.record_event(KEPT, by=by, template=template.key, token=str(token))
    return template


def copied(template, *, by):
    """Another template with the same steps, under a key of its own."""
    key = free(f"{template.key[:44]}-2", set(ScheduleTemplate.objects.values_list("key", flat=True)))
    steps = template.steps.prefetch_related("links_before").order_by("position", "pk")
    return written(key, _("%(template)s (copy)") % {"template": template.name[:60]}, map(_of_step, steps), by=by)


def _of_step(step):
    waits = [(link.before_id, link.lag) for link in step.links_before.all()]
    return Source(step.pk, {name: getattr(step, name) for name in COPIED}, waits)


def _of_steps(steps, really):
    workdays, taken, waits, keys = calendar(), set(), {}, [step.pk for step in steps]
    for link in StepLink.objects.filter(after__in=keys, before__in=keys):
        waits.setdefault(link.after_id, []).append((link.before_id, link.lag))
    for number, step in enumerate(steps, start=1):
        key = free(slugify(step.name)[:16].strip("-_") or "step", taken)
        taken.add(key)
        days = (really and _really(step, workdays)) or step.days
        fields = {name: getattr(step, name) for name in ("name", "department", "kind", "needs_evidence")}
        told = {"position": number, "key": key, "days": days, "latest_after": _beyond(step, workdays)}
        yield Source(step.pk, {**fields, **told}, waits.get(step.pk, []))


def _really(step, workdays):
    """The working days a step that is done took, or None."""
    if step.began_on and step.done_on:
        return length_of((min(step.began_on, step.done_on), step.done_on), workdays)
    return None


def _beyond(step, workdays):
    """How many working days after its last the step might have ended, or None where nobody had said."""
    return step.latest_on and min(max(workdays.between(step.ends_on, step.latest_on), LATEST[0]), LATEST[-1])


def free(key, taken):
    """The key, or the next with a number behind it that is not taken."""
    found, number = key, 2
    while found in taken:
        found, number = f"{key}-{number}", number + 1
    return found


@transaction.atomic
def written(key, name, sources, *, by):
    """The template with its steps and links, each with its history. Raises Refused where the key is taken."""
    if ScheduleTemplate.objects.filter(key=key).exists():
        raise Refused(_("There is a template with this key already. Please choose another."))
    sources = list(sources)
    template = _kept(ScheduleTemplate(key=key, name=name), by)
    steps = {it.own: _kept(TemplateStep(template=template, **it.fields), by) for it in sources}
    for it in sources:
        for before, lag in it.waits:
            _kept(TemplateLink(before=steps[before], after=steps[it.own], lag=lag), by)
    return template


def _kept(row, by):
    row._history_user = by
    row.save()
    return row
