"""A bigger agency around the demo: groups, people, clients, campaigns, steps and events written in bulk, for measuring.

No move is made and no history written: only what pages read has to be there. The same seed gives the same crowd.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random
from zoneinfo import ZoneInfo

from django.contrib.contenttypes.models import ContentType

from accounts.models import BusinessGroup, Department, Person, Role
from agency import clock
from agency.flow import Court
from briefs.models import Brief
from campaigns.models import Campaign, Plan, Step, StepLink
from clients.models import Assignment, Client, Event

LIFE = ("start", "report_done", "take_over", "check_off")
SEATS = ("director", "manager", "salesman")
REST_OF_LIFE = ("ready", "in_progress", "done")
BATCH = 2000
EDITIONS = {"brief_edition": 1, "plan_edition": 1, "schedule_edition": 1}
SERVED = 12  # so many clients of each group go to its own people, the rest to the last of all
DEMO_TEAMS = [("marta", "tomas", "jonas"), ("lucia", "priya", "amina")]


@dataclass
class Crowd:
    """groups × clients each × campaigns each × steps each. The first two groups are the demo's own, with its people.

    first: how many clients of a crowd are there already · notes: events on each campaign · told_until: the day of the newest.
    """

    groups: int = 2
    clients: int = 3
    campaigns: int = 2
    steps: int = 8
    members: int = 4
    notes: int = 2
    first: int = 0
    told_until: date = None
    random: Random = field(default_factory=lambda: Random(4))

    def come(self):
        self.today = clock.today()
        self.told_until = self.told_until or self.today - timedelta(days=1)
        self.cast = {person.username: person for person in Person.objects.all()}
        self.departments = {it.code: it for it in Department.objects.all()}
        self.engage_all()
        self.made_clients = self.take_on()
        self.made_campaigns = self.open_campaigns()
        self.made_steps = self.schedule()
        Event.objects.bulk_create(sorted(self.told(), key=lambda event: event.at), batch_size=BATCH)
        return self

    def engage_all(self):
        more = self.groups - len(DEMO_TEAMS)
        heads = self.engage(Role.SUPERVISOR, more)
        groups = [BusinessGroup(name=f"Group {self.first + n}", supervisor=head) for n, head in enumerate(heads)]
        self.made_groups = [*BusinessGroup.objects.order_by("name")[:2], *BusinessGroup.objects.bulk_create(groups)]
        leads, managers = self.engage(Role.DIRECTOR, more), self.engage(Role.MANAGER, more)
        sellers = self.engage(Role.SALESMAN, more, guide=self.cast["tomas"])
        demo = [tuple(self.cast[name] for name in team) for team in DEMO_TEAMS]
        self.teams = [*demo, *zip(leads, managers, sellers, strict=True)]
        members = self.engage(Role.MEMBER, self.members, department=self.departments["creative"])
        self.makers = [*members, *(self.cast[name] for name in ("felix", "noor", "sven"))]

    def engage(self, role, n, **fields):
        names = [f"{role}-{self.first + i}" for i in range(n)]
        people = [Person(username=it, first_name=it.title(), email=f"{it}@crowd.example", role=role, **fields) for it in names]
        return Person.objects.bulk_create(people)

    def take_on(self):
        made, seats, by = [], [], self.cast["helena"]
        for group, team in zip(self.made_groups, self.teams, strict=True):
            for n in range(self.clients):
                code = code_of(self.first + len(made))
                tier = self.random.choice(Client.Tier.values)
                made.append(Client(code=code, name=f"House {code}", tier=tier, state="active", group=group, created_by=by))
                people = team if n < SERVED else self.teams[-1]
                seats += [{"person": person, "seat": seat} for seat, person in zip(SEATS, people, strict=True)]
        made = Client.objects.bulk_create(made)
        of_client = [client for client in made for _seat in SEATS]
        rows = zip(of_client, seats, strict=True)
        held = [Assignment(client=client, since=date(2026, 1, 5), created_by=by, **seat) for client, seat in rows]
        Assignment.objects.bulk_create(held, batch_size=BATCH)
        return made

    def team_of(self, client):
        return self.teams[self.made_groups.index(client.group)]

    def open_campaigns(self):
        """A brief, a campaign and a plan each; some briefs wait for the director, some plans for the supervisor."""
        briefs = [self.brief(client, n) for client in self.made_clients for n in range(self.campaigns)]
        campaigns = []
        for n, brief in enumerate(Brief.objects.bulk_create(briefs, batch_size=BATCH)):
            words = {"job_number": f"{brief.client.code}-26-{500 + n % self.campaigns}", "name": f"Job {n}", **EDITIONS}
            campaigns.append(Campaign(client=brief.client, brief=brief, created_by=brief.created_by, **words))
        campaigns = Campaign.objects.bulk_create(campaigns, batch_size=BATCH)
        plans = [self.plan(campaign, n) for n, campaign in enumerate(campaigns)]
        Plan.objects.bulk_create(plans, batch_size=BATCH)
        return campaigns

    def brief(self, client, n):
        director, _manager, seller = self.team_of(client)
        waits = {"state": "accepted", "court": Court.NOBODY}
        if n == 0:
            due_on = self.today + timedelta(days=self.random.randint(-6, 6))
            waits = {"state": "submitted", "court": Court.OURS, "holder": director, "due_on": due_on}
        return Brief(client=client, title=f"Brief {n} of {client.code}", created_by=seller, submitted_by=seller, **waits)

    def plan(self, campaign, n):
        waits = {"state": "agreed", "court": Court.NOBODY}
        if n % 20 == 0:
            holder = campaign.client.group.supervisor
            waits = {"state": "submitted", "court": Court.OURS, "holder": holder, "due_on": self.today}
        by = campaign.created_by
        return Plan(client=campaign.client, campaign=campaign, created_by=by, submitted_by=by, **waits)

    def schedule(self):
        """Every other campaign is over; of the rest some steps are checked, one is under way, the others planned."""
        steps = []
        for n, campaign in enumerate(self.made_campaigns):
            over = n % 2 == 1
            reached = self.steps if over else self.random.randrange(self.steps)
            shift = -self.random.randint(40, 300) if over else self.random.choice((-3, 0, 2, 4))
            steps += [self.step(campaign, place, reached, shift) for place in range(self.steps)]
        steps = Step.objects.bulk_create(steps, batch_size=BATCH)
        pairs = pairwise(steps)
        links = [StepLink(before=one, after=two) for one, two in pairs if one.campaign_id == two.campaign_id]
        StepLink.objects.bulk_create(links, batch_size=BATCH)
        return steps

    def step(self, campaign, place, reached, shift):
        first = self.today + timedelta(days=shift + 4 * (place - reached))
        last = first + timedelta(days=2)
        state = "checked" if place < reached else "planned" if place > reached else self.random.choice(REST_OF_LIFE)
        whose, person = self.whose(campaign, place)
        if state == "planned" and person in self.makers and self.random.random() < 0.05:
            person = None
        holder = self.cast["mei"] if state == "done" else person
        ball = {"court": Court.NOBODY} if state == "checked" else {"court": whose[1], "holder": holder}
        return Step(
            campaign=campaign, client=campaign.client, position=place, name=f"Step {place}", state=state, days=2,
            department=self.departments.get(whose[0]), person=person, starts_on=first, ends_on=last, due_on=last,
            court_since=noon(min(first, self.today)), created_by=self.cast["mei"], **ball,
        )  # fmt: skip

    def whose(self, campaign, place):
        """(department and court, person): in turn ours, two of another department, the client's."""
        seller = self.team_of(campaign.client)[2]
        if place % 4 in (1, 2):
            return ("creative", Court.DEPARTMENT), self.random.choice(self.makers)
        return (("client-service", Court.OURS) if place % 4 == 0 else (None, Court.CLIENT)), seller

    def told(self):
        """Up to four events for each step, and `notes` for each campaign; none younger than `told_until`."""
        of_step, of_campaign = (ContentType.objects.get_for_model(model) for model in (Step, Campaign))
        for step in self.made_steps:
            far = {"checked": 4, "done": 2, "in_progress": 1}.get(step.state, 0)
            for n, verb in enumerate(LIFE[:far]):
                actor = self.cast["mei"] if verb == "check_off" or step.person is None else step.person
                at = noon(min(step.starts_on, self.told_until)) + timedelta(minutes=n)
                yield event(step, of_step, verb, actor, at)
        for campaign in self.made_campaigns:
            for n in range(self.notes):
                yield event(campaign, of_campaign, "revised", campaign.created_by, noon(self.told_until - timedelta(days=n)))


def event(record, kind, verb, actor, at):
    return Event(client_id=record.client_id, actor=actor, verb=verb, content_type=kind, object_id=record.pk, at=at)


def noon(day):
    return datetime.combine(day, time(12), ZoneInfo("UTC"))


def code_of(n):
    """ZAA, ZAB … YZZ: codes of which the demo uses none."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return "ZYXW"[n // 676] + letters[n // 26 % 26] + letters[n % 26]
