"""How a rearrangement is written (COO6): many steps together, their links, and whether they are ready. Called by
`Rearrangement` alone, within its move and under the lock of the campaign."""

from datetime import date

from django.utils.translation import gettext_lazy as _
from simple_history.utils import bulk_update_with_history

from agency import clock
from agency.flow import Refused
from campaigns.models.crossing import link_between, waiting
from campaigns.models.step import Step
from campaigns.rearranging import Change


def back(row, step):
    """The change that undoes what a row tells. Refused where the step has changed since."""
    if step.version != row["version"]:
        raise Refused(_("“%(step)s” has been worked on since: move it again instead.") % {"step": step})
    days = [day and date.fromisoformat(day) for day in row["days"]]
    fields = {name: [Step._meta.get_field(name).to_python(it) for it in pair] for name, pair in row["fields"].items()}
    return Change(step, *days[2:], *days[:2], {name: (new, old) for name, (old, new) in fields.items()})


def begin(change, by, reason):
    """The new step, kept."""
    step = change.step
    step.starts_on, step.ends_on, step.created_by = change.new_first, change.new_last, by
    step.holder, step.due_on, step.court = step.person, change.new_last, step.own_court
    step.keep(by=by, reason=reason)
    step.record_event("created", by=by, reason=reason)
    return step


def relink(links, steps):
    """Write the links that change; returns them with the key of the new step in its place."""
    known = {step.pk: step for step in steps.values()}
    links = [[steps[key].pk for key in (before, after)] + [old, new] for before, after, old, new in links]
    for before, after, _old, new in links:
        kind, pair = link_between(known[before], known[after])
        if new is None:
            kind.objects.filter(**pair).delete()
        else:
            kind.objects.update_or_create(**pair, defaults={"lag": new})
    return links


def stand(campaign, steps, links, changes, by):
    """Whether the steps whose links changed are ready now, or wait again; the changes of those that no change tells of yet."""
    touched = sorted({steps[after].pk for _before, after, *_lags in links})
    told, more = {change.step.pk for change in changes}, []
    waits = waiting(touched)
    for step in (it for it in {it.pk: it for it in steps.values()}.values() if it.pk in touched):
        if step.state == Step.State.PLANNED and step.pk not in waits:
            step.become_ready(by=by)
        elif step.state == Step.State.READY and step.pk in waits:
            step.wait_again(by=by)
        else:
            continue
        if step.pk not in told:
            more.append(Change(step, step.starts_on, step.ends_on, step.starts_on, step.ends_on))
    return more


def store(changes, by, reason):
    """The one place where steps are written together: with their history, and never their state."""
    steps, names = [], {"starts_on", "ends_on", "due_on", "version"}
    for change in changes:
        step = change.step
        step.starts_on, step.ends_on, step.version = change.new_first, change.new_last, step.version + 1
        step.due_on = change.new_last if step.due_on is not None else None
        for name, (_old, new) in change.fields.items():
            setattr(step, name, new)
        if "person_id" in change.fields:
            step.holder_id, step.court_since = step.person_id, clock.now()
            names |= {"holder", "court_since"}
        names |= set(change.fields)
        steps.append(step)
    if steps:
        bulk_update_with_history(
            steps, Step, sorted(names), default_user=by, default_change_reason=reason, default_date=clock.now()
        )  # fmt: skip
