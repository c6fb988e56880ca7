"""Playing a campaign of the story: brief, plan, schedule, and every step as far as it has come."""

from decimal import Decimal
from uuid import uuid4

from agency import clock
from agency.flow import revise
from campaigns.arithmetic import Task, early
from campaigns.models import Baseline, JobCounter, Plan, Rearrangement, ScheduleTemplate
from campaigns.schedule import make_schedule
from desk.demo import briefs, estimates, studies
from desk.demo.campaigns import EARLIER_JOBS, STORIES, USUAL, WISHES
from desk.demo.clients import ADVERTISERS
from desk.demo.people import GROUPS
from desk.demo.stage import Act, token
from desk.demo.texts import PLANS

SEATS = {code: (group, director or manager, salesman) for code, *_it, group, director, manager, salesman in ADVERTISERS}
COORDINATORS = {"North": "mei", "South": "rafael"}
UNTOUCHED, STARTED, DONE, TAKEN, CHECKED = "idle", "started", "done", "taken over", "checked"
LIFE = [UNTOUCHED, STARTED, DONE, TAKEN, CHECKED]


def acts(stage):
    """Everything that happened to the campaigns, in no order yet."""
    for story in STORIES:
        stage.jobs[story.key] = job = Job(stage, story)
        yield from job.acts()
    for key, step, by, to, reason in WISHES:
        yield Act(-1, "15:05", lambda job=stage.jobs[key], wish=(step, by, to, reason): job.wish(*wish))


class Job:
    """One campaign being played. `steps` holds its steps by the keys of the template."""

    def __init__(self, stage, story):
        self.stage, self.story = stage, story
        group, lead, salesman = SEATS[story.code]
        self.lead, self.salesman = stage.people[lead], stage.people[salesman]
        self.coordinator, self.head = stage.people[COORDINATORS[group]], stage.people[GROUPS[group]]
        self.template = ScheduleTemplate.objects.get(key=story.template)
        self.parts = {it.key: it for it in self.template.steps.prefetch_related("links_before__before")}
        self.before = {key: [link.before.key for link in it.links_before.all()] for key, it in self.parts.items()}
        self.spans = {**self._on_plan(), **story.real}
        self.steps = {}

    def _on_plan(self):
        """The days of every step if all goes by the template."""
        tasks = [
            Task(key, it.days, tuple((link.before.key, link.lag) for link in it.links_before.all()))
            for key, it in self.parts.items()
        ]
        begins = self.story.begins
        return {key: (begins + start, begins + finish - 1) for key, (start, finish) in early(tasks).items()}

    def acts(self):
        story, opened = self.story, self.spans["brief"][1]
        yield from briefs.accepted(
            self.stage, story.key, story.code, self.salesman.username, self.lead.username, story.begins, opened
        )
        yield Act(opened, "15:00", self.open)
        yield from studies.closed(self.stage, story.key, self.lead.username, opened, self.spans["study"][1])
        yield from self._plan_acts(self.spans["plan"][1])
        yield from estimates.agreed(self, *self.spans["planok"])
        if story.appears:
            yield Act(-2, "11:00", self.schedule)
            return
        yield Act(opened, "15:30", self.schedule)
        if story.agreed:
            yield Act(self.spans["planok"][1], "15:40", self.agree_schedule)
        yield from self._step_acts()
        for offset, hour, *move in story.moves:
            yield Act(offset, hour, lambda move=move: self.rearrange(*move))

    def _plan_acts(self, day):
        yield Act(day, "13:40", self.write_plan)
        yield Act(day, "14:05", lambda: self.plan.submit(by=self.lead))
        yield Act(day, "15:10", lambda: self.plan.agree(by=self.head))

    def _step_acts(self):
        reached = {}
        for key, it in self.parts.items():
            reached[key] = self._reach(key, reached)
            yield from self._life(key, it.position, LIFE.index(reached[key]))

    def _reach(self, key, reached):
        """How far a step has come by today: what the story says, else what its dates say."""
        if key in self.story.short:
            return self.story.short[key]
        if any(reached[before] != CHECKED for before in self.before[key]):
            return UNTOUCHED
        first, last = self.spans[key]
        return CHECKED if last < 0 else STARTED if first <= 0 else UNTOUCHED

    def _life(self, key, place, far):
        """The moves of one step up to a place in LIFE. The step of the brief is entered when the schedule is there."""
        first, last = self.spans[key]
        start = (last, "15:45") if key == "brief" else (first, f"09:{place + 5:02d}")
        moves = [(*start, self.start), (last, f"16:{place:02d}", self.report), (last, f"16:{place + 30:02d}", self.take)]
        moves.append((last, f"17:{place:02d}", self.check))
        if key in self.story.returned:
            done, back, hour, reason = self.story.returned[key]
            moves[1:1] = [(done, "15:30", self.report), (back, hour, lambda key: self.hand_back(key, reason))]
            far += 2 * (far > 0)
        for offset, hour, do in moves[:far]:
            yield Act(offset, hour, lambda do=do: do(key))

    # What the people do

    def open(self):
        year = clock.today().year
        if self.story.code in EARLIER_JOBS:
            JobCounter.objects.get_or_create(
                client=self.stage.clients[self.story.code], year=year, defaults={"last": EARLIER_JOBS[self.story.code]}
            )
        brief, name = self.stage.briefs[self.story.key], PLANS[self.story.key][0]
        self.plan = Plan.open_with(brief=brief, name=name, by=self.lead, token=token(f"campaign {self.story.key}"))
        self.campaign = self.plan.campaign

    def write_plan(self):
        _name, objectives, strategy, budget = PLANS[self.story.key]
        changes = {"objectives": objectives, "strategy": strategy, "budget": Decimal(budget)}
        revise(self.plan, by=self.lead, needs="campaigns.change_plan", seen=self.plan.version, changes=changes)
        estimates.write(self)

    def schedule(self):
        """Made by the coordinator, who then names the owners and the latest days."""
        by, story = self.coordinator, self.story
        goal = ("appearance", story.appears) if story.appears else ("start", story.begins)
        made = make_schedule(self.campaign, self.template, by=by, on=self.stage.day(goal[1]), count_from=goal[0])
        self.steps = dict(zip(self.parts, made, strict=True))
        for key, step in self.steps.items():
            owner = story.owners.get(key) or (step.department and USUAL.get(step.department.code))
            if owner and key not in story.loose:
                step.give_to(by=by, person=self.stage.people[owner])
        for key, latest in story.latest.items():
            changes, seen = {"latest_on": self.stage.day(latest)}, self.steps[key].version
            revise(self.steps[key], by=by, needs="campaigns.make_schedule", seen=seen, changes=changes)

    def agree_schedule(self):
        """The client agrees the days at the table, with the plan; what follows is held against them."""
        made = Baseline.freeze(self.campaign, by=self.coordinator, token=token(f"schedule {self.story.key}"))
        told = {"answer": "confirmed", "words": self.story.agreed, "how": "meeting", "on": clock.today()}
        made.hear(by=self.lead, seen=made.version, contact=made.confirmers.order_by("pk").first(),
                  token=token(f"schedule agreed {self.story.key}"), **told)  # fmt: skip

    def start(self, key):
        self.steps[key].start(by=self._doer(key))

    def report(self, key):
        self.steps[key].report_done(by=self._doer(key))

    def _doer(self, key):
        """The owner; the coordinator enters what nobody else does."""
        return self.steps[key].person or self.coordinator

    def take(self, key):
        """The owner of the next step takes it over, if there is one."""
        if taker := self.steps[key].next_owner:
            self.steps[key].take_over(by=taker)

    def check(self, key):
        self.steps[key].check_off(by=self.coordinator)

    def hand_back(self, key, reason):
        self.steps[key].hand_back(by=self.steps[key].next_owner, reason=reason)

    def rearrange(self, key, to, reason):
        day = self.stage.day(to)
        Rearrangement.make(step=self.fresh(key), to_start=day, reason=reason, by=self.coordinator, token=uuid4())

    def wish(self, key, by, to, reason):
        day, by = self.stage.day(to), self.stage.people[by]
        Rearrangement.ask(step=self.fresh(key), to_start=day, reason=reason, by=by, token=uuid4())

    def fresh(self, key):
        """The step as it stands now: an earlier rearrangement wrote its dates elsewhere."""
        self.steps[key].refresh_from_db()
        return self.steps[key]
