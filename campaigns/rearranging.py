"""What a rearrangement would change (COO6): the steps of a campaign as they are, and as each kind would leave them.

A kind is a function that gets the `Scene` and what is wanted, as it is kept with the rearrangement, and gives back the
`Outcome`; it raises `Refused` or `Impossible`. Nothing is written here.
"""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from accounts.models import Department
from agency import clock
from agency.flow import Refused
from agency.workdays import Impossible, calendar
from campaigns import reshaping
from campaigns.models.crossing import joined, network_links
from campaigns.models.evidence import Evidence
from campaigns.models.step import Step
from campaigns.models.template import Kind
from campaigns.reshaping import NEW, Shape

MILESTONES = (Kind.DEADLINE, Kind.EXECUTION, Kind.GATE, Kind.CONFIRMATION)
WITH_CLIENT = (Kind.CLIENT, Kind.PRESENTATION, Kind.CONFIRMATION)
NOT_BEGUN = (Step.State.PLANNED, Step.State.READY)
KINDS = {}


class Change:
    """One step of a preview, from → to. fields: {name: (old, new)} of what changes besides its days; a step that comes into
    being has no old days, one that is left out no new ones."""

    def __init__(self, step, old_first, old_last, new_first, new_last, fields=None):
        self.step, self.fields, self.taker, self.is_hidden = step, fields or {}, None, False
        self.old_first, self.old_last, self.new_first, self.new_last = old_first, old_last, new_first, new_last

    @property
    def is_new(self):
        return self.old_first is None

    @property
    def is_skipped(self):
        return self.new_first is None

    @property
    def moves(self):
        return (self.old_first, self.old_last) != (self.new_first, self.new_last)

    @property
    def breaks_deadline(self):
        latest = self.fields.get("latest_on", (None, self.step.latest_on))[1]
        return bool(latest and self.new_last and self.new_last > latest)

    @property
    def is_clients_date(self):
        """A day that the client keeps, or waits for."""
        return self.step.is_clients or self.step.kind in WITH_CLIENT

    @property
    def is_deadline(self):
        return self.step.kind in (Kind.DEADLINE, Kind.EXECUTION)

    def owners(self):
        """The keys of the owner before and after."""
        return self.fields.get("person_id", (self.step.person_id, self.step.person_id))

    @property
    def giver(self):
        """Whether the step gets another owner."""
        return "person_id" in self.fields

    def as_row(self):
        """As it is kept once it is carried out; the version is the one that the move made."""
        days = [day and day.isoformat() for day in (self.old_first, self.old_last, self.new_first, self.new_last)]
        fields = {name: [_kept(value) for value in pair] for name, pair in self.fields.items()}
        return {"step": self.step.pk, "name": self.step.name, "days": days, "version": self.step.version, "fields": fields}


def _kept(value):
    return value.isoformat() if isinstance(value, date) else value


@dataclass
class Outcome:
    """The schedule before and after. fields: {key: {name: new value}} · made: the fields of the step that comes into being."""

    scene: object
    new: Shape
    fields: dict = field(default_factory=dict)
    made: dict = field(default_factory=dict)

    @property
    def links(self):
        """[(before, after, old lag or None, new lag or None)] of the links that change; NEW stands for the new step."""
        old, new = self.scene.shape.links, self.new.links
        pairs = [*old, *(pair for pair in new if pair not in old)]
        return [(*pair, old.get(pair), new.get(pair)) for pair in pairs if old.get(pair) != new.get(pair)]

    @property
    def told_links(self):
        """[(name of the step before, name of the step after, old lag or None, new lag or None)]"""
        names = {**self.scene.shape.names, NEW: self.made.get("name")}
        return [(names[before], names[after], old, new) for before, after, old, new in self.links]

    @property
    def changes(self):
        """Every step that changes, in the order of the schedule."""
        found = [self._change(key, step) for key, step in self.scene.steps.items() if self._differs(key)]
        if self.made:
            found.append(Change(self.scene.a_step(self.made), None, None, *self.new.spans[NEW]))
        return sorted(found, key=self._place)

    def _place(self, change):
        """The campaign that is rearranged first, then the order of the schedule."""
        step, own = change.step, self.scene.campaign.pk
        return step.campaign_id != own, step.campaign_id, step.position, step.pk or self.scene.last_key

    def _differs(self, key):
        return key in self.scene.shape.spans and (
            self.scene.shape.spans[key] != self.new.spans.get(key) or bool(self._fields(key))
        )

    def _fields(self, key):
        step = self.scene.steps[key]
        pairs = {name: (getattr(step, name), value) for name, value in self.fields.get(key, {}).items()}
        return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}

    def _change(self, key, step):
        change = Change(step, *self.scene.shape.spans[key], *self.new.spans.get(key, (None, None)), self._fields(key))
        change.is_hidden = key in self.scene.hidden
        change.taker = self.scene.people.get(change.owners()[1])
        return change

    @property
    def is_empty(self):
        return not self.changes and not self.links


class Scene:
    """The schedule of a campaign about to be rearranged at `step`, with those of the campaigns that hang together with it.

    by: who does it, or None while it is only asked for · viewer: for whom steps of other campaigns stay unnamed that he may not
    see · also: keys of further steps, of any campaign of the client · held: lock the steps until the transaction ends."""

    def __init__(self, step, *, by=None, viewer=None, also=(), held=False):
        self.campaign, self.by, self.people = step.campaign, by, {}
        mine = Step.objects.filter(pk__in=also, client=self.campaign.client_id) if also else Step.objects.none()
        campaigns = joined(self.campaign, mine.values_list("campaign", flat=True))
        steps = Step.objects.filter(campaign__in=campaigns).select_related("person", "department", "campaign").order_by("pk")
        self.steps = {it.pk: it for it in (steps.select_for_update(of=("self",), no_key=True) if held else steps)}
        self.step, self.last_key = self.steps[step.pk], max(self.steps) + 1
        kept = {key: it for key, it in self.steps.items() if it.state != Step.State.SKIPPED}
        self.hidden = self._hidden(viewer)
        self.shape = Shape(
            {key: (it.starts_on, it.ends_on) for key, it in kept.items()}, network_links(campaigns),
            calendar(), clock.today(), frozenset(key for key, it in kept.items() if not it.is_open),
            {key: _("a step of another campaign") if key in self.hidden else it.name for key, it in kept.items()},
        )  # fmt: skip

    def _hidden(self, viewer):
        """The keys of the steps of other campaigns that the viewer does not see."""
        others = {key for key, it in self.steps.items() if it.campaign_id != self.campaign.pk}
        if viewer is None or not others:
            return set()
        return others - set(Step.objects.visible_to(viewer).filter(pk__in=others).values_list("pk", flat=True))

    @property
    def campaigns(self):
        return {step.campaign_id: step.campaign for step in self.steps.values()}

    def other(self, key):
        """Another step of this campaign. Refused where it is none, or left out."""
        if key not in self.shape.spans or self.steps[key].campaign_id != self.campaign.pk:
            raise Refused(_("Choose a step of this campaign."))
        return self.steps[key]

    def of_client(self, key):
        """Another step of this client, of this campaign or another. Refused where it is none, or left out."""
        if key not in self.shape.spans:
            raise Refused(_("Choose a step of this client."))
        return self.steps[key]

    def not_begun(self, *steps):
        for step in steps:
            if step.state not in NOT_BEGUN:
                raise Refused(_("“%(step)s” has begun already: its place is kept.") % {"step": step})

    def person(self, key):
        """Somebody who may own a step here, or None."""
        if key is None:
            return None
        found = self.campaign.candidates().filter(pk=key).first()
        if found is None:
            raise Refused(_("That person does not serve this client: assign the client first."))
        self.people[found.pk] = found
        return found

    def may_leave_out(self, step):
        """A milestone, or what has been shown for a step, is left out by minister or supervisor alone."""
        held = step.kind in MILESTONES or step.evidence_id or step.evidence_words
        if held and self.by is not None and not self.by.has_perm("campaigns.skip_milestone", step):
            sentence = _("“%(step)s” is a milestone, or has its evidence: only the supervisor or the minister leaves it out.")
            raise Refused(sentence % {"step": step})

    def a_step(self, made):
        """The step that comes into being, not saved."""
        client = {"client_id": self.campaign.client_id, "campaign": self.campaign}
        return Step(**client, position=self.step.position, state=Step.State.PLANNED, **made)

    def outcome(self, new, fields=None, made=None):
        return Outcome(self, new, fields or {}, made or {})


def kind(name):
    def keep(plan):
        KINDS[name] = plan
        return plan

    return keep


def touched(step, kind, wanted):
    """The keys of the campaigns that such a rearrangement may change."""
    also = Step.objects.filter(pk=wanted.get("before"), client=step.client_id).values_list("campaign", flat=True)
    return joined(step.campaign, also if kind == "link" else ())


def planned(step, kind, wanted, *, by=None, viewer=None, held=False):
    """The `Outcome` of a rearrangement of this kind. Refused, with a sentence, where it cannot be."""
    also = [wanted["before"]] if kind == "link" else ()
    scene = Scene(step, by=by, viewer=viewer, also=also, held=held)
    if not scene.step.is_open:
        raise Refused(_("“%(step)s” is done; only open steps can be moved.") % {"step": step})
    try:
        outcome = KINDS[kind](scene, **wanted)
    except Impossible as why:
        raise Refused(str(why)) from why
    if outcome.is_empty:
        raise Refused(_("Nothing would change: it stands like that already."))
    return outcome


@kind("move")
def _move(scene, to_start, pull=False):
    first = date.fromisoformat(to_start)
    if first < clock.today():
        raise Refused(_("That day has passed: a step is moved to today or later."))
    outcome = scene.outcome(reshaping.moved(scene.shape, scene.step.pk, first, pull=pull))
    if outcome.is_empty:
        raise Refused(_("Nothing would move: the step already begins on that day."))
    return outcome


@kind("length")
def _length(scene, days, pull=False):
    key = scene.step.pk
    return scene.outcome(reshaping.lengthened(scene.shape, key, days, pull=pull), {key: {"days": days}})


@kind("person")
def _person(scene, person=None):
    found = scene.person(person)
    return scene.outcome(scene.shape, {scene.step.pk: {"person_id": found and found.pk}})


@kind("swap")
def _swap(scene, other, pull=False):
    one, other = scene.step, scene.other(other)
    scene.not_begun(one, other)
    places = {one.pk: {"position": other.position}, other.pk: {"position": one.position}}
    return scene.outcome(reshaping.swapped(scene.shape, one.pk, other.pk, pull=pull), places)


@kind("insert")
def _insert(scene, name, days, step_kind, department=None, person=None, ahead=None):
    if ahead is not None:
        scene.other(ahead)
    new = reshaping.inserted(scene.shape, scene.step.pk, days, ahead=ahead)
    scene.not_begun(*(scene.steps[key] for key, _lag in new.behind(NEW)))
    house = Department.objects.filter(pk=department).first() if department else None
    made = {"name": name, "days": days, "kind": step_kind, "department": house, "person": scene.person(person)}
    return scene.outcome(new, made=made)


@kind("split")
def _split(scene, days, name, person=None):
    """What the step is, what it has to show and its latest day go with the second part, which ends where it ended."""
    step = scene.step
    new = reshaping.split(scene.shape, step.pk, days)
    rest = scene.shape.days(step.pk) - days
    made = {"name": name, "days": rest, "kind": step.kind, "department": step.department, "person": scene.person(person)}
    made |= {"needs_evidence": step.needs_evidence, "latest_on": step.latest_on}
    fields = {"days": days, "needs_evidence": Evidence.NONE, "latest_on": None}
    if step.kind in (Kind.DEADLINE, Kind.EXECUTION, Kind.PRESENTATION):
        fields["kind"] = Kind.WORK
    return scene.outcome(new, {step.pk: fields}, made)


@kind("merge")
def _merge(scene, other, pull=False):
    """The first keeps name, owner and department; what the second has to show and its latest day go over to it."""
    one, other = scene.step, scene.other(other)
    scene.not_begun(other)
    scene.may_leave_out(other)
    if one.is_clients != other.is_clients:
        raise Refused(_("A step of the client and one of ours stay two."))
    new = reshaping.merged(scene.shape, one.pk, other.pk, pull=pull)
    fields = {"days": new.days(one.pk), "latest_on": other.latest_on or one.latest_on}
    if other.needs_evidence != Evidence.NONE:
        fields["needs_evidence"] = other.needs_evidence
    return scene.outcome(new, {one.pk: fields})


@kind("skip")
def _skip(scene, pull=False):
    scene.may_leave_out(scene.step)
    return scene.outcome(reshaping.skipped(scene.shape, scene.step.pk, pull=pull))


@kind("link")
def _link(scene, before, lag, pull=False):
    scene.of_client(before)
    scene.not_begun(scene.step)
    return scene.outcome(reshaping.linked(scene.shape, before, scene.step.pk, lag, pull=pull))


@kind("unlink")
def _unlink(scene, before):
    scene.of_client(before)
    scene.not_begun(scene.step)
    return scene.outcome(reshaping.unlinked(scene.shape, before, scene.step.pk))


@kind("assign")
def _assign(scene, steps, person=None):
    found = scene.person(person)
    for key in steps:
        if not scene.other(key).is_open:
            raise Refused(_("“%(step)s” is done; only open steps can be moved.") % {"step": scene.steps[key]})
    return scene.outcome(scene.shape, {key: {"person_id": found and found.pk} for key in steps})
