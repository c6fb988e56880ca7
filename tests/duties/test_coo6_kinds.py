"""COO6: more than another day. Lengths, owners, places, steps more or fewer and what waits for what: previewed, carried out in
one change, told once to each, taken back whole."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from accounts.models import Absence
from agency.flow import Refused
from campaigns.models import Campaign, Rearrangement, Step, StepLink
from reminders.models import Notice
from tests.records import a_plan, a_schedule, an_accepted_brief

REASON = "The client needs it sooner."


@pytest.fixture
def printing(cast):
    """The print run of Sunday Loaf, 19–25 November; behind it the delivery (26) and the posting (4–7 December)."""
    return Step.objects.get(campaign__job_number="HRB-26-014", name="Print run")


@pytest.fixture
def fresh(cast, clients):
    """A campaign with a schedule of which nothing has begun."""
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    campaign = a_plan(brief, cast.marta).campaign
    a_schedule(campaign, cast.mei)
    return campaign


def november(*days):
    return tuple(date(2026, 11, day) for day in days)


def named(campaign, name):
    return campaign.steps.get(name__startswith=name)


def work(campaign):
    """Everything that a rearrangement can change, to be compared before and after; without what was left out by taking back."""
    steps = campaign.steps.kept().order_by("pk").values_list(
        "pk", "name", "position", "days", "starts_on", "ends_on", "due_on", "person", "holder", "state", "kind", "latest_on",
        "needs_evidence", "court",
    )  # fmt: skip
    links = StepLink.objects.filter(after__campaign=campaign).order_by("before", "after").values_list("before", "after", "lag")
    return list(steps), list(links)


def links_of(campaign):
    links = StepLink.objects.filter(after__campaign=campaign)
    return {(link.before.name, link.after.name): link.lag for link in links.select_related("before", "after")}


def rearrange(step, by, kind, **wanted):
    return Rearrangement.make(step=step, kind=kind, reason=REASON, by=by, token=uuid4(), **wanted)


def page(step, kind):
    return f"/steps/{step.pk}/rearrange/?kind={kind}"


def typed(step, kind, **more):
    return {"token": str(uuid4()), "seen": step.campaign.version, "kind": kind, "reason": REASON, **more}


def previewed(browser, step, kind, **wanted):
    answer = browser.post(f"/steps/{step.pk}/rearrange/", typed(step, kind, preview="1", **wanted))
    assert answer.status_code == 200, answer.context["form"].errors or answer.context["refusal"]
    return answer


def confirmed(browser, shown, step):
    """Send what the preview's own button sends."""
    form = shown.context["form"]
    sent = dict(form.sent) | {"token": form["token"].value(), "seen": step.campaign.version, "kind": form.kind, "confirm": "1"}
    return browser.post(f"/steps/{step.pk}/rearrange/", sent)


def taken_back(wish, by):
    wish = Rearrangement.objects.get(pk=wish.pk)
    wish.undo_carry_out(by=by)


# ── Another length ──────────────────────────────────────────────────────────────────────────────
def test_a_print_run_that_takes_three_days_more_pushes_what_waits_for_it(cast, printing, login):
    browser, before = login(cast.mei), work(printing.campaign)
    shown = previewed(browser, printing, "length", days="8")
    moved = [(str(it.step), it.new_first, it.new_last) for it in shown.context["changes"]]
    assert moved == [
        ("Print run", *november(19, 30)),
        ("Posters delivered to media owner", date(2026, 12, 1), date(2026, 12, 1)),
        ("In charge (posted); site inspection photos", date(2026, 12, 9), date(2026, 12, 10)),
    ]
    assert "“Posters delivered to media owner” would end on Tue 1 Dec; the latest day allowed is Thu 26 Nov." in shown.text
    assert work(printing.campaign) == before
    assert confirmed(browser, shown, printing).status_code == 302
    printing.refresh_from_db()
    assert (printing.days, printing.starts_on, printing.ends_on, printing.due_on) == (8, *november(19, 30, 30))
    taken_back(Rearrangement.objects.get(step=printing), cast.mei)
    assert work(printing.campaign) == before


@pytest.mark.parametrize("days", ["0", "-1", "261", "9" * 40, "", "x"])
def test_a_length_that_cannot_be_is_refused_beside_its_field(days, cast, printing, login):
    answer = login(cast.mei).post(page(printing, "length"), typed(printing, "length", days=days, confirm="1"))
    assert answer.status_code == 422
    assert answer.context["form"].errors["days"]
    assert REASON in answer.text


# ── Another owner ───────────────────────────────────────────────────────────────────────────────
def what_breaks(shown):
    return shown.text.split("What breaks")[1].split("Who will be told")[0]


def test_a_step_given_to_somebody_who_is_away_then_says_so(cast, printing, login):
    browser, sent = login(cast.mei), {"person": str(cast.sven.pk)}
    assert "is away on" not in what_breaks(previewed(browser, printing, "person", **sent))
    Absence.enter(first=november(24)[0], last=november(25)[0], kind="holiday", by=cast.sven, token=uuid4())
    told = what_breaks(previewed(browser, printing, "person", **sent))
    assert "Print run: " in told and "Sven" in told and "is away on" in told
    assert "Noor" not in told


def test_a_step_given_to_another_tells_both_once(cast, printing, login):
    browser, before = login(cast.mei), work(printing.campaign)
    shown = previewed(browser, printing, "person", person=str(cast.sven.pk))
    assert [(it.step, it.taker) for it in shown.context["changes"]] == [(printing, cast.sven)]
    assert set(shown.context["told"]) == {cast.noor, cast.sven}
    assert confirmed(browser, shown, printing).status_code == 302
    printing.refresh_from_db()
    assert (printing.person, printing.holder) == (cast.sven, cast.sven)
    assert Notice.objects.filter(recipient=cast.sven, text__contains="You now do: Print run").count() == 1
    assert Notice.objects.filter(recipient=cast.noor, text__contains="Somebody else now does: Print run").count() == 1
    taken_back(Rearrangement.objects.get(step=printing), cast.mei)
    assert work(printing.campaign) == before


def test_a_step_is_given_to_nobody_who_does_not_serve_the_client(cast, printing, login):
    answer = login(cast.mei).post(page(printing, "person"), typed(printing, "person", person=str(cast.lucia.pk), confirm="1"))
    assert answer.status_code == 422
    assert "Choose somebody who serves this client" in answer.text
    with pytest.raises(Refused, match="does not serve this client"):
        rearrange(printing, cast.mei, "person", person=cast.lucia.pk)


# ── Left out ────────────────────────────────────────────────────────────────────────────────────
def test_a_step_left_out_stays_in_the_schedule_and_its_successors_close_up(cast, fresh, login):
    step = named(fresh, "Final artwork")
    before, browser = work(fresh), login(cast.mei)
    behind = list(step.successors.all())
    waited = list(step.before.all())
    shown = previewed(browser, step, "skip", pull="on")
    assert any(it.is_skipped and it.step == step for it in shown.context["changes"])
    assert confirmed(browser, shown, step).status_code == 302
    step.refresh_from_db()
    assert (step.state, step.court, step.holder, step.due_on) == ("skipped", "nobody", None, None)
    assert step.events()[0].reason == REASON
    for it in behind:
        old = it.starts_on
        it.refresh_from_db()
        assert it.starts_on < old
        assert {*waited} <= {*it.before.all()}
    assert "Final artwork" in browser.get(f"/campaigns/{fresh.job_number}/schedule/").text
    taken_back(Rearrangement.objects.get(step=step), cast.mei)
    assert work(fresh) == before


def test_what_waited_for_a_skipped_step_alone_is_ready_and_waits_again_when_it_is_taken_back(cast, fresh):
    first = fresh.steps.order_by("position").first()
    second = first.successors.get()
    wish = rearrange(first, cast.helena, "skip")
    second.refresh_from_db()
    assert (first.state, second.state) == ("ready", "ready")
    taken_back(wish, cast.helena)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state) == ("ready", "planned")


@pytest.mark.parametrize(("name", "may"), [("mei", False), ("omar", True), ("helena", True)])
@pytest.mark.parametrize("kind", ["deadline", "execution", "gate", "confirmation"])
def test_a_milestone_is_left_out_by_supervisor_or_minister_alone(kind, name, may, cast, fresh):
    step = fresh.steps.filter(kind=kind).first()
    if may:
        assert rearrange(step, getattr(cast, name), "skip").moved
    else:
        with pytest.raises(Refused, match="only the supervisor or the minister leaves it out"):
            rearrange(step, getattr(cast, name), "skip")
    step.refresh_from_db()
    assert (step.state == "skipped") == may


def test_a_campaign_whose_last_open_step_is_left_out_is_finished(cast, fresh):
    for step in list(fresh.steps.order_by("position")):
        rearrange(step, cast.helena, "skip")
    assert Campaign.objects.finished().filter(pk=fresh.pk).exists()
    assert not fresh.steps.unchecked().exists()


# ── Many at once ────────────────────────────────────────────────────────────────────────────────
def test_many_steps_are_given_to_one_owner_who_hears_of_it_once(cast, fresh, login):
    chosen = list(fresh.steps.filter(department__code="production").order_by("position")[:3])
    assert len(chosen) == 3
    before, browser = work(fresh), login(cast.mei)
    at = f"/campaigns/{fresh.job_number}/schedule/assign/"
    assert all(step.name in browser.get(at).text for step in chosen)
    sent = {"steps": [step.pk for step in chosen], "person": cast.felix.pk, "reason": REASON, "token": str(uuid4())}
    fresh.refresh_from_db()
    shown = browser.post(at, {**sent, "preview": "1", "seen": fresh.version})
    assert [it.step for it in shown.context["changes"]] == chosen
    assert "Change 3 steps" in shown.text
    assert browser.post(at, {**sent, "confirm": "1", "seen": fresh.version}).status_code == 302
    assert set(fresh.steps.filter(person=cast.felix)) == set(chosen)
    assert Notice.objects.filter(recipient=cast.felix, text__contains="You now do").count() == 1
    assert all(step.history.count() == 2 for step in chosen)
    taken_back(Rearrangement.objects.get(campaign=fresh), cast.mei)
    assert work(fresh) == before


def test_steps_of_another_campaign_are_not_given_along(cast, fresh, printing, login):
    sent = {"steps": [printing.pk], "person": cast.felix.pk, "reason": REASON, "token": str(uuid4()), "confirm": "1"}
    answer = login(cast.mei).post(f"/campaigns/{fresh.job_number}/schedule/assign/", sent)
    assert answer.status_code == 422
    with pytest.raises(Refused, match="Choose a step of this campaign"):
        rearrange(fresh.steps.first(), cast.mei, "assign", steps=[printing.pk], person=cast.felix.pk)


# ── What waits for what ─────────────────────────────────────────────────────────────────────────
def test_a_new_dependency_pushes_the_step_that_waits(cast, fresh, login):
    media, draft = named(fresh, "Space booking"), fresh.steps.filter(kind="draft").first()
    before, browser = work(fresh), login(cast.mei)
    shown = previewed(browser, media, "link", before=str(draft.pk), lag="2")
    assert (f"“{media.name}” waits for “{draft.name}”, 2 clear days between") in shown.text
    assert confirmed(browser, shown, media).status_code == 302
    assert links_of(fresh)[draft.name, media.name] == 2
    media.refresh_from_db()
    assert media.starts_on > draft.ends_on
    taken_back(Rearrangement.objects.get(campaign=fresh), cast.mei)
    assert work(fresh) == before


def test_a_dependency_is_dropped_and_the_step_is_ready_when_nothing_else_is_before_it(cast, fresh):
    first = fresh.steps.order_by("position").first()
    second = first.successors.get()
    before = work(fresh)
    wish = rearrange(second, cast.mei, "unlink", before=first.pk)
    second.refresh_from_db()
    assert second.state == "ready"
    assert (first.name, second.name) not in links_of(fresh)
    taken_back(wish, cast.mei)
    assert work(fresh)[1] == before[1]
    second.refresh_from_db()
    assert second.state == "planned"


def test_a_circle_is_refused_with_the_names_of_the_steps_in_their_order(cast, fresh, login):
    first, second, third = fresh.steps.order_by("position")[:3]
    answer = login(cast.mei).post(page(first, "link"), typed(first, "link", before=third.pk, lag="0", confirm="1"))
    assert answer.status_code == 422
    names = [first.name, second.name, third.name]
    circles = [" → ".join(names[place:] + names[:place]) for place in range(3)]
    assert any(
        f"These steps wait for each other: {circle}." in answer.context["form"].errors["before"][0] for circle in circles
    )


@pytest.mark.parametrize("lag", ["-21", "61", "x", ""])
def test_a_lag_that_cannot_be_is_refused(lag, cast, fresh, login):
    first, _second, third = fresh.steps.order_by("position")[:3]
    answer = login(cast.mei).post(page(third, "link"), typed(third, "link", before=first.pk, lag=lag, confirm="1"))
    assert answer.status_code == 422
    assert answer.context["form"].errors["lag"]


# ── A step more ─────────────────────────────────────────────────────────────────────────────────
def test_a_step_put_between_two_pushes_what_is_behind_and_goes_when_it_is_taken_back(cast, fresh, login):
    step = named(fresh, "Final artwork")
    (behind,) = step.successors.all()
    before, browser = work(fresh), login(cast.mei)
    wanted = {"name": "Retouching", "days": "2", "step_kind": "work", "department": str(step.department_id)}
    shown = previewed(browser, step, "insert", person=str(cast.felix.pk), **wanted)
    assert [it.step.name for it in shown.context["changes"] if it.is_new] == ["Retouching"]
    assert confirmed(browser, shown, step).status_code == 302
    new = fresh.steps.get(name="Retouching")
    assert (new.state, new.person, new.holder, new.days, new.due_on) == ("planned", cast.felix, cast.felix, 2, new.ends_on)
    assert (links_of(fresh)[step.name, "Retouching"], links_of(fresh)["Retouching", behind.name]) == (0, 0)
    assert (step.name, behind.name) not in links_of(fresh)
    old = behind.starts_on
    behind.refresh_from_db()
    assert behind.starts_on > new.ends_on >= new.starts_on >= old
    order = list(fresh.steps.order_by("position", "pk").values_list("name", flat=True))
    assert order.index("Retouching") == order.index(step.name) + 1
    assert Notice.objects.filter(recipient=cast.felix, text__contains="You now do: Retouching").count() == 1
    taken_back(Rearrangement.objects.get(campaign=fresh), cast.mei)
    assert work(fresh) == before
    new.refresh_from_db()
    assert new.state == "skipped"


# ── Change places ───────────────────────────────────────────────────────────────────────────────
def test_two_steps_change_places_and_what_is_behind_stays(cast, fresh, login):
    one = named(fresh, "Final artwork")
    (other,) = one.successors.all()
    before, browser, end = work(fresh), login(cast.mei), other.ends_on
    begin = one.starts_on
    shown = previewed(browser, one, "swap", other=str(other.pk))
    assert {it.step for it in shown.context["changes"]} == {one, other}
    assert confirmed(browser, shown, one).status_code == 302
    one.refresh_from_db()
    other.refresh_from_db()
    assert (other.starts_on, one.ends_on) == (begin, end)
    assert other.position < one.position
    assert (other.name, one.name) in links_of(fresh)
    taken_back(Rearrangement.objects.get(campaign=fresh), cast.mei)
    assert work(fresh) == before


def test_what_has_begun_changes_places_with_nothing(cast, printing):
    with pytest.raises(Refused, match="has begun already"):
        rearrange(printing, cast.mei, "swap", other=printing.successors.get().pk)


# ── Two of one, one of two ──────────────────────────────────────────────────────────────────────
def test_a_step_in_two_parts_with_two_owners_ends_where_it_ended(cast, printing, login):
    before, browser = work(printing.campaign), login(cast.mei)
    (behind,) = printing.successors.all()
    shown = previewed(browser, printing, "split", days="2", name="Print run, second half", person=str(cast.sven.pk))
    assert confirmed(browser, shown, printing).status_code == 302
    printing.refresh_from_db()
    rest = printing.campaign.steps.get(name="Print run, second half")
    assert (printing.days, printing.starts_on, printing.ends_on) == (2, *november(19, 20))
    assert (rest.days, rest.starts_on, rest.ends_on, rest.person, rest.state) == (3, *november(23, 25), cast.sven, "planned")
    assert set(behind.before.all()) == {rest}
    taken_back(Rearrangement.objects.get(step=printing), cast.mei)
    assert work(printing.campaign) == before


@pytest.mark.parametrize("days", [0, 5, 6])
def test_a_part_is_neither_nothing_nor_everything(days, cast, printing):
    with pytest.raises(Refused, match="takes 5 working days"):
        rearrange(printing, cast.mei, "split", days=days, name="Rest")


def test_two_neighbouring_steps_become_one_with_the_days_of_both(cast, fresh, login):
    one = named(fresh, "Final artwork")
    (other,) = one.successors.all()
    before, browser, end, days = work(fresh), login(cast.mei), other.ends_on, one.days + other.days
    behind = list(other.successors.all())
    shown = previewed(browser, one, "merge", other=str(other.pk))
    assert confirmed(browser, shown, one).status_code == 302
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.days, one.ends_on, other.state) == (days, end, "skipped")
    assert all((one.name, it.name) in links_of(fresh) for it in behind)
    taken_back(Rearrangement.objects.get(campaign=fresh), cast.mei)
    assert work(fresh) == before


# ── Who may, and what happens when somebody was first ───────────────────────────────────────────
WANTED = {
    "length": {"days": 9}, "person": {}, "skip": {}, "split": {"days": 2, "name": "Rest"},
    "insert": {"name": "Retouching", "days": 1, "step_kind": "work"},
}  # fmt: skip


@pytest.mark.parametrize("kind", WANTED)
@pytest.mark.parametrize("name", ["marta", "jonas", "noor", "lucia", "admin"])
def test_nobody_rearranges_who_may_only_ask(kind, name, cast, printing):
    before = work(printing.campaign)
    with pytest.raises(PermissionDenied):
        rearrange(printing, getattr(cast, name), kind, **WANTED[kind])
    assert work(printing.campaign) == before


@pytest.mark.parametrize("kind", WANTED)
def test_what_was_asked_is_granted_as_it_was_asked_and_the_granting_taken_back(kind, cast, printing, login):
    before = work(printing.campaign)
    wish = Rearrangement.ask(step=printing, kind=kind, reason=REASON, by=cast.jonas, token=uuid4(), **WANTED[kind])
    assert work(printing.campaign) == before
    browser = login(cast.mei)
    text = browser.get(printing.get_absolute_url()).text
    assert "Jonas Weber asks" in text
    assert browser.get(wish.preview_url).context["changes"]
    wish.grant(by=cast.mei)
    assert work(printing.campaign) != before
    wish.undo_grant(by=cast.mei)
    assert (wish.state, work(printing.campaign)) == ("asked", before)


def test_a_member_asks_for_a_length_but_is_offered_neither_other_steps_nor_colleagues(cast, printing, login):
    browser = login(cast.noor)
    assert [str(label) for label, _url, _now in browser.get(page(printing, "length")).context["kinds"]] == [
        "Another day", "Another length", "Leave it out"
    ]  # fmt: skip
    assert browser.get(page(printing, "swap")).context["form"].kind == "move"
    assert browser.post(page(printing, "length"), typed(printing, "length", days="9", confirm="1")).status_code == 302
    assert Rearrangement.objects.get(step=printing).wanted == {"days": 9, "pull": False}


def test_a_preview_that_has_grown_old_is_told_what_happened(cast, printing, login):
    old = typed(printing, "length", days="9", confirm="1")
    rearrange(printing, cast.rafael, "length", days=6)
    answer = login(cast.mei).post(page(printing, "length"), old)
    assert answer.status_code == 409
    assert "Rafael Costa rearranged the work schedule" in answer.text


@pytest.mark.parametrize("kind", ["person", "split", "skip", "length"])
def test_once_somebody_works_on_a_changed_step_it_is_not_taken_back(kind, cast, fresh):
    step = fresh.steps.order_by("position").first()
    wanted = {"person": {"person": cast.tomas.pk}, "length": {"days": 9}, "skip": {}}.get(kind, {"days": 1, "name": "Rest"})
    if kind == "skip":
        step.start(by=step.person)
        wish = rearrange(step, cast.mei, kind)
        step.successors.all()
        other = fresh.steps.filter(state="ready").first()
        other.start(by=other.person or cast.mei)
    else:
        wish = rearrange(step, cast.mei, kind, **wanted)
        step.refresh_from_db()
        step.start(by=cast.mei)
    with pytest.raises(Refused, match="has been worked on since"):
        taken_back(wish, cast.mei)


@pytest.mark.parametrize("kind", [it.value for it in Rearrangement.Kind if it != "assign"])
def test_every_kind_has_a_page_that_says_what_is_missing(kind, cast, fresh, login):
    step = fresh.steps.order_by("position")[1]
    browser = login(cast.mei)
    assert browser.get(page(step, kind)).context["form"].kind == kind
    for junk in ("", "\x00", "x" * 5000, "-1", "9" * 30):
        names = browser.get(page(step, kind)).context["form"].wants
        sent = typed(step, kind, confirm="1", **dict.fromkeys(names, junk))
        sent["reason"] = ""
        assert browser.post(page(step, kind), sent).status_code in {400, 422}
    assert not Rearrangement.objects.filter(campaign=fresh).exists()


def test_skipped_steps_are_on_no_desk_and_in_no_chase(cast, fresh):
    step = named(fresh, "Final artwork")
    rearrange(step, cast.mei, "skip")
    assert not Step.objects.open().filter(pk=step.pk).exists()
    assert not Step.objects.unchecked().filter(pk=step.pk).exists()


def test_a_quarter_of_an_hour_later_nothing_goes_back(cast, printing, monday):
    wish = rearrange(printing, cast.mei, "length", days=9)
    monday.shift(timedelta(minutes=16))
    with pytest.raises(Refused):
        taken_back(wish, cast.mei)
