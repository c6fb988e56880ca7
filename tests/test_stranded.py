"""Work whose holder lost access: found whatever the cause, shown to those who can mend it, told once, and to nobody else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import BusinessGroup
from agency import clock
from agency.flow import Court
from briefs.models import Brief, Study
from campaigns.hot import hot_of
from campaigns.models import Plan, Rearrangement, Step
from clients.models import Assignment
from clients.models.assignment import assign
from clients.stranded import is_stranded, owed_stranded
from desk.inbox import Inbox
from desk.panels.stranded import ALL, stranded
from reminders.models import Notice
from reminders.sweep import sweep
from tests.records import MONDAY, a_brief, a_plan, a_schedule, an_accepted_brief, days
from tests.reminders import settle_everything, utc

TITLE = "Lies with nobody who can do it"


def found(model):
    return set(model.objects.filter(is_stranded(model)))


def asked_one_by_one(model):
    """The same, from has_perm: the law."""
    return {it for it in model.objects.exclude(court=Court.NOBODY) if any(blind(it, name) for name in names_of(it))}


def names_of(it):
    if isinstance(it, Study):
        return [] if it.court == Court.DEPARTMENT else ["holder"]
    if not isinstance(it, Step):
        return ["holder"]
    names = ["holder"] if it.holder_id or it.state in Step.HANDED_ON else []
    return names + (["person"] if it.is_open and it.person_id else [])


def blind(it, name):
    person = getattr(it, name)
    return person is None or not person.has_perm(it.view_right, it)


@pytest.fixture
def work(cast, clients):
    """At the bakery: a brief being written, one submitted, a plan submitted, a wish, and every step somebody's."""
    settle_everything()
    bakery = clients["HRB"]
    draft, sent = a_brief(bakery, cast.jonas, title="Buns"), a_brief(bakery, cast.jonas, title="Rolls")
    sent.submit(by=cast.jonas)
    plan = a_plan(an_accepted_brief(bakery, writer=cast.jonas, acceptor=cast.marta), cast.marta)
    plan.submit(by=cast.marta)
    steps = a_schedule(plan.campaign, cast.mei)
    owners = [cast.jonas, cast.tomas, cast.felix, cast.marta, cast.omar, cast.mei]
    for n, step in enumerate(steps):
        step.give_to(by=cast.mei, person=owners[n % len(owners)])
    wish = Rearrangement.ask(step=steps[0], to_start=MONDAY + days(3), reason="fair", by=cast.jonas, token=draft.token)
    return [draft, sent, plan, wish, *steps]


def change(record, **fields):
    for name, value in fields.items():
        setattr(record, name, value)
    record.save()


def run_out(cast, clients, work):
    """Priya covers for a week, gets work, and the week passes."""
    assign(clients["HRB"], person=cast.priya, seat="cover", until=MONDAY, by=cast.helena)
    work[4].give_to(by=cast.mei, person=cast.priya)
    Assignment.objects.filter(person=cast.priya, seat="cover").update(since=MONDAY - days(9), until=MONDAY - days(1))


def end_without_handing_on(cast, clients, work):
    seat = Assignment.objects.current().get(person=cast.jonas, client=clients["HRB"])
    seat.end(by=cast.helena, reason="by hand")


def pass_to_a_member(cast, clients, work):
    """A brief that a member holds only while it is shared with him."""
    work[0].share_with(cast.noor, until=MONDAY, reason="read it", by=cast.marta)
    work[0].hand_on(to=cast.noor, by=cast.helena)
    assert work[0] not in found(Brief)
    work[0].shares.update(until=MONDAY - days(1))


CAUSES = {
    "nothing happened": lambda cast, clients, work: None,
    "the client went to another group": lambda cast, clients, work: change(
        clients["HRB"], group=cast.ingrid.headed_groups.get()
    ),
    "the client has no group any more": lambda cast, clients, work: change(clients["HRB"], group=None),
    "the group has a new head": lambda cast, clients, work: BusinessGroup.objects.filter(supervisor=cast.omar).update(
        supervisor=cast.ingrid
    ),
    "a salesman left": lambda cast, clients, work: change(cast.jonas, is_active=False),
    "a coordinator left": lambda cast, clients, work: change(cast.mei, is_active=False),
    "a member left": lambda cast, clients, work: change(cast.felix, is_active=False),
    "a director became somebody else": lambda cast, clients, work: change(cast.marta, role="member"),
    "a director has no role": lambda cast, clients, work: change(cast.marta, role=""),
    "a seat ended by hand": end_without_handing_on,
    "a cover ran out": run_out,
    "a share ran out": pass_to_a_member,
    "nobody was found": lambda cast, clients, work: work[1].hand_on(to=None, by=cast.helena),
}
STRANDS = {
    "nothing happened": set(),
    "the client went to another group": {"omar"},
    "the client has no group any more": {"omar"},
    "the group has a new head": {"omar"},
    "a salesman left": {"jonas"},
    "a coordinator left": {"mei"},
    "a member left": {"felix"},
    "a director has no role": {"marta"},
    "a seat ended by hand": {"jonas"},
    "a cover ran out": {"priya"},
    "a share ran out": {"noor"},
    "nobody was found": {None},
}


@pytest.mark.parametrize("cause", CAUSES)
def test_the_condition_answers_as_the_right_to_see_does_whatever_the_cause(cause, cast, clients, work):
    CAUSES[cause](cast, clients, work)
    both = {model: (found(model), asked_one_by_one(model)) for model in ALL}
    assert all(mine == law for mine, law in both.values()), both
    if cause in STRANDS:
        hands = {it.in_hands_of and it.in_hands_of.username for mine, _law in both.values() for it in mine}
        assert hands == STRANDS[cause]


@pytest.mark.parametrize("model", ALL)
def test_in_the_demo_it_answers_the_same_and_nothing_is_stranded(model, cast):
    assert found(model) == asked_one_by_one(model) == set()


def test_a_step_whose_owner_became_a_member_is_still_his_and_his_text_is_not(cast, clients, work):
    """A member sees the step of which he is the owner, as an insider; the brief that waits for him he no longer sees."""
    change(cast.marta, role="member")
    assert found(Brief) == {work[1]}
    assert found(Step) == set()


def test_work_that_is_over_is_not_stranded(cast, clients, work):
    Step.objects.update(state="checked", court=Court.NOBODY)
    change(cast.jonas, is_active=False)
    assert found(Step) == set()


# On the desks


def panel(browser):
    answer = browser.get("/")
    return answer.context.get("stranded"), TITLE in answer.content.decode(), answer.content.decode()


def test_nobodys_desk_has_the_panel_while_nothing_is_stranded(cast, login, work):
    for name in ("helena", "omar", "mei", "marta", "jonas", "felix"):
        lines, shown, _page = panel(login(getattr(cast, name)))
        assert (not lines, shown) == (True, False)


def test_those_who_can_mend_it_see_it_with_the_reason_and_the_way_and_others_do_not(cast, login, work):
    change(cast.jonas, is_active=False)
    draft, _sent, _plan, _wish, step, *_rest = work
    links = {}
    for name in ("helena", "omar", "mei", "rafael"):
        lines, shown, page = panel(login(getattr(cast, name)))
        assert shown
        assert "Jonas Weber no longer works here" in page
        links[name] = {line: (str(line.link.label), line.link.url) for line in lines}
    give = ("Give", f"{step.get_absolute_url()}#give")
    assert links["helena"][draft] == ("Assign", "/clients/HRB/assign/")
    assert links["omar"][draft] == ("Open", draft.get_absolute_url())
    assert all(links[name][step] == give for name in links)
    assert draft not in links["mei"]
    for name in ("ingrid", "marta", "tomas", "priya", "felix"):
        assert panel(login(getattr(cast, name)))[:2] in [(None, False), ([], False)]


def test_the_new_head_decides_the_plan_that_lay_with_the_former_one(cast, clients, login, work):
    change(clients["HRB"], group=cast.ingrid.headed_groups.get())
    plan = work[2]
    lines, _shown, page = panel(login(cast.ingrid))
    assert plan in lines
    assert "Omar Haddad no longer serves this client" in page
    assert panel(login(cast.omar))[0] == []
    Plan.objects.get(pk=plan.pk).agree(by=cast.ingrid)
    assert plan not in panel(login(cast.ingrid))[0]


def test_given_to_somebody_who_serves_the_client_a_step_is_stranded_no_more(cast, work):
    change(cast.jonas, is_active=False)
    for step in found(Step):
        step.give_to(by=cast.mei, person=cast.tomas)
    assert found(Step) == set()


def test_a_step_to_be_taken_over_by_somebody_who_left_is_checked(cast, login, work):
    step = work[4]
    step.start(by=cast.jonas)
    step.report_done(by=cast.jonas)
    change(step.holder, is_active=False)
    line = next(it for it in panel(login(cast.mei if step.holder != cast.mei else cast.rafael))[0] if it == step)
    assert (str(line.link.label), line.in_hands_of) == ("Check", step.holder)


def test_the_panel_is_bounded_and_costs_the_same_however_much_is_stranded(cast, clients, work):
    price = {}
    for n in (1, 3, 12):
        change(cast.jonas, is_active=True)
        while Brief.objects.filter(state="draft", holder=cast.jonas, court=Court.OURS).count() < n:
            a_brief(clients["HRB"], cast.jonas)
        change(cast.jonas, is_active=False)
        with CaptureQueriesContext(connection) as seen:
            lines, count = stranded(Inbox(cast.helena), ALL, most=4)
        price[n] = len(seen)
    assert len(set(price.values())) == 1, price
    assert (len(lines), count) == (4, sum(len(found(model)) for model in ALL))


def test_the_hot_list_counts_a_stranded_step_like_one_that_nobody_does(cast, work):
    change(cast.felix, is_active=False)
    step = next(iter(found(Step)))
    change(step, starts_on=MONDAY + days(2), ends_on=MONDAY + days(3), due_on=MONDAY + days(3), latest_on=None)
    hot = {it.step: it for it in hot_of(step.campaign.steps.filter(pk=step.pk), cast.mei, MONDAY)}
    assert hot[step].help[0] == "Give"
    assert hot[step].reason == "Begins on Wed 25 Nov and lies with Felix Arnaud, who can no longer do it."


def test_the_form_that_gives_a_step_shows_its_owner_who_no_longer_serves_the_client(cast, clients, login, work):
    step = work[4]
    assert "no longer serves" not in login(cast.mei).get(step.get_absolute_url()).content.decode()
    end_without_handing_on(cast, clients, work)
    page = login(cast.mei).get(step.get_absolute_url()).content.decode()
    assert '<option value="jonas" selected>Jonas Weber (no longer serves this client)</option>' in page
    sent = {"seen": Step.objects.get(pk=step.pk).version, "person": "jonas"}
    answer = login(cast.mei).post(f"{step.get_absolute_url()}give/", sent)
    assert answer.status_code == 422
    assert "Jonas Weber does not serve this client: assign the client first." in answer.content.decode()


# Told once


def told_of(record):
    rows = Notice.objects.about(record).filter(kind__contains="stranded").exclude(drop_reason="settled")
    return sorted(rows.values_list("recipient__username", "digest"))


def test_the_coordinator_is_told_of_steps_and_the_head_of_the_rest_once_in_the_morning(cast, work):
    sweep(clock.now())
    assert [told_of(it) for it in work] == [[]] * len(work)
    change(cast.jonas, is_active=False)
    for hour in (11, 12, 13):
        sweep(utc(23, hour))
    sweep(utc(24, 11))
    draft, _sent, _plan, _wish, step, *_rest = work
    assert (told_of(draft), told_of(step)) == ([("omar", True)], [("mei", True)])
    notice = Notice.objects.about(step).get(kind="campaigns.step_stranded")
    assert notice.text == f"“{step}” of HRB Hollin & Rye Bakeries lies with Jonas Weber, who can no longer do it."


def test_without_a_head_the_minister_is_told_and_who_left_is_not(cast, clients, work):
    change(clients["HRB"], group=None)
    sweep(utc(23, 11))
    assert told_of(work[2]) == [("helena", True)]


def test_what_is_mended_before_the_morning_is_not_told(cast, work):
    change(cast.jonas, is_active=False)
    sweep(utc(23, 6))
    assert told_of(work[4]) == [("mei", True)]
    work[4].give_to(by=cast.mei, person=cast.tomas)
    sweep(utc(23, 7))
    assert told_of(work[4]) == []


def test_who_is_told_costs_the_same_for_one_and_for_many(cast, clients, work):
    def price():
        with CaptureQueriesContext(connection) as seen:
            told = list(owed_stranded(Brief, lambda ladder, client: ladder.ministers)(MONDAY))
        return len(told), len(seen)

    change(cast.jonas, is_active=False)
    one = price()
    change(cast.jonas, is_active=True)
    for _n in range(2):
        a_brief(clients["HRB"], cast.jonas)
    change(cast.jonas, is_active=False)
    assert (one[0], price()[0]) == (1, 3)
    assert one[1] == price()[1]
