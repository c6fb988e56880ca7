"""DIR6: the client is told how the campaign goes, every week, from what has really happened."""

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from agency import clock
from agency.flow import Conflict, Refused
from agency.workdays import calendar
from campaigns.due import is_report_owed, owed_reports
from campaigns.models import Campaign, ProgressReport, StepNote
from campaigns.reporting import report_due, reporting
from campaigns.telling import new_lines, texts_for
from clients.models import Confirmation, Contact, Dispatch, SafeLink
from clients.tokens import token_of
from tests.records import a_plan, a_report, a_schedule, an_accepted_brief

FRIDAY, THURSDAY = date(2026, 11, 27), date(2026, 11, 26)
REPORTS = "/campaigns/HRB-26-014/reports/"


@pytest.fixture
def loaf(cast):
    return Campaign.objects.get(job_number="HRB-26-014")


@pytest.fixture
def draft(loaf):
    return loaf.progress_reports.get(state="draft")


def sent(report, **changed):
    return {"seen": report.version, **{name: getattr(report, name) for name in report.TEXTS}, **changed}


# ── What a report begins with ───────────────────────────────────────────────────────────────────
def test_a_report_begins_with_what_was_done_since_the_last_one(loaf):
    told = loaf.progress_reports.get(number=4)
    assert (told.first, told.last) == (date(2026, 11, 16), date(2026, 11, 20))
    assert told.happened.splitlines() == [
        "– Printer's proof: done on Mon 16 Nov",
        "– Proof review with checklist: done on Tue 17 Nov",
        "– Client signs off proof: done on Wed 18 Nov",
    ]


def test_it_says_how_the_days_stand_and_which_of_them_the_client_took(draft):
    assert draft.days_lost.splitlines() == [
        "– The work ends on Mon 7 Dec, 4 working days after Tue 1 Dec, which was agreed",
        "– Client feedback on first draft took 3 working days more than agreed",
    ]
    assert "first draft" not in draft.days_lost.replace("feedback on first draft", ""), (
        "our own day is not laid before the client"
    )


def test_it_names_what_is_in_work_what_comes_and_what_we_wait_for(cast, draft):
    assert draft.at_work == "– Print run: planned until Wed 25 Nov"
    assert draft.ahead.splitlines()[0] == "– Posters delivered to media owner: from Thu 26 Nov"
    theatre = texts_for(Campaign.objects.get(job_number="PAL-26-001"))
    assert theatre["awaited"] == "– Client confirms draft: was planned for Fri 20 Nov, 1 working day ago"


def test_nothing_of_ours_stands_in_it(cast, loaf):
    step = loaf.steps.get(name="Print run")
    StepNote.write(step, by=cast.noor, token=uuid4(), words="Zaunkoenig costs us 120 more.")
    said = " ".join(text for campaign in Campaign.objects.all() for text in texts_for(campaign).values())
    internal = ("Zaunkoenig", "Internal review", "Take intake brief", "Joint study", "fonts missing", "EUR", "margin", "%")
    names = [person.last_name for person in vars(cast).values()]
    assert said and not [word for word in (*internal, *names) if word in said]


def test_each_campaign_is_told_of_itself_alone(cast):
    for campaign in Campaign.objects.all():
        before = texts_for(campaign)
        others = campaign.steps.model.objects.exclude(campaign=campaign)
        names = dict(others.values_list("pk", "name"))
        others.update(name="Kanarienvogel")
        assert texts_for(campaign) == before
        for pk, name in names.items():
            others.filter(pk=pk).update(name=name)


def test_what_happens_while_it_is_written_is_taken_in_and_what_was_typed_stays(cast, loaf, draft, login):
    step = loaf.steps.get(name="Print run")
    step.report_done(by=cast.noor)
    typed = sent(draft, at_work="– The print run goes well.", ahead="Nothing.")
    page = login(cast.marta).post(f"/progress-reports/{draft.pk}/edit/", {**typed, "again": "1"})
    form = page.context["form"]
    assert form["at_work"].value().splitlines()[0] == "– The print run goes well."
    assert form["ahead"].value().splitlines()[0] == "Nothing."
    assert "Posters delivered" in form["ahead"].value()
    draft.refresh_from_db()
    assert draft.ahead != form["ahead"].value(), "nothing is saved"
    twice = new_lines({name: form[name].value() for name in draft.TEXTS}, loaf)
    assert twice == {name: form[name].value() for name in draft.TEXTS}


# ── Written, released, sent ─────────────────────────────────────────────────────────────────────
def test_the_manager_drafts_the_director_releases_and_it_stays_as_it_was(cast, clients, login, loaf, draft):
    draft.drop(by=cast.marta, seen=draft.version, reason="Begun too early")
    tomas, marta = login(cast.tomas), cast.marta
    token = uuid4()
    answers = [tomas.post(REPORTS, {"token": token}) for _each in range(2)]
    made = loaf.progress_reports.get(number=6)
    assert [answer.status_code for answer in answers] == [302, 302]
    assert tomas.post(f"/progress-reports/{made.pk}/edit/", sent(made, happened="All is well.")).status_code == 302
    made.refresh_from_db()
    move = f"/progress-reports/{made.pk}/move/"
    assert tomas.post(f"{move}release/", {"seen": made.version}).status_code == 403
    assert tomas.post(f"{move}submit/", {"seen": made.version}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.holder) == ("submitted", marta)
    assert login(marta).post(f"{move}release/", {"seen": made.version}).status_code == 302
    made.refresh_from_db()
    assert (made.state, made.released_on, len(made.digest)) == ("released", clock.today(), 64)
    assert made.content["texts"]["happened"] == "All is well."
    assert login(marta).post(f"/progress-reports/{made.pk}/edit/", sent(made, happened="Changed")).status_code == 409
    made.refresh_from_db()
    assert made.happened == "All is well."


def test_it_is_returned_with_a_reason_to_whoever_drafted_it(cast, loaf, draft):
    draft.submit(by=cast.marta)
    with pytest.raises(Refused, match="reason"):
        draft.hand_back(by=cast.omar, seen=draft.version, reason=" ")
    draft.hand_back(by=cast.omar, seen=draft.version, reason="Say why the proof took two days.")
    assert (draft.state, draft.holder) == ("draft", cast.marta)


def test_a_salesman_reads_it_and_writes_nothing(cast, draft, login):
    jonas = login(cast.jonas)
    assert jonas.get(draft.get_absolute_url()).status_code == 200
    assert jonas.post(REPORTS, {"token": uuid4()}).status_code == 403
    assert jonas.post(f"/progress-reports/{draft.pk}/edit/", sent(draft, happened="x")).status_code == 403
    assert login(cast.lucia).get(draft.get_absolute_url()).status_code == 404


def test_two_who_write_at_once_lose_nothing(cast, draft, login):
    stale = sent(draft, happened="Mine.")
    draft.write(by=cast.tomas, seen=draft.version, changes={"happened": "His."})
    answer = login(cast.marta).post(f"/progress-reports/{draft.pk}/edit/", stale)
    assert answer.status_code == 409
    assert "Mine." in answer.content.decode() and "His." in answer.content.decode()


def test_only_one_is_written_at_a_time_and_an_empty_one_is_not_released(cast, loaf, draft):
    with pytest.raises(Refused, match="is being written"):
        a_report(loaf, cast.tomas)
    draft.write(by=cast.marta, seen=draft.version, changes=dict.fromkeys(draft.TEXTS, ""))
    with pytest.raises(Refused):
        draft.release(by=cast.marta, seen=draft.version)


def test_the_client_reads_it_under_a_link_and_nothing_is_asked(cast, draft, login, client):
    draft.release(by=cast.marta, seen=draft.version)
    clara = Contact.objects.get(name="Clara Hollin")
    before = Confirmation.objects.count()
    send = f"/progress-reports/{draft.pk}/send/"
    stranger = Contact.objects.exclude(client=draft.client).first()
    assert login(cast.marta).post(send, {"seen": draft.version, "contact": stranger.pk}).status_code == 422
    assert login(cast.marta).post(send, {"seen": draft.version, "contact": clara.pk}).status_code == 302
    link = SafeLink.objects.about(draft).get()
    assert Dispatch.objects.about(draft).get().contact == clara
    client.logout()
    at = reverse("client_page", args=[token_of(link.seed)])
    shown = client.get(at, follow=True)
    said = shown.content.decode()
    assert "Print run: planned until Wed 25 Nov" in said and "Nothing is asked of you" in said
    assert not [word for word in ("<form", "Released", "EUR", "Marta drafted") if word in said]
    assert client.post(at, {"answer": "confirmed"}).status_code in (403, 405)
    link.refresh_from_db()
    assert (link.state, Confirmation.objects.count()) == ("sent", before)


def test_a_link_to_another_wording_leads_nowhere(cast, draft, client):
    draft.release(by=cast.marta, seen=draft.version)
    draft.send(by=cast.marta, seen=draft.version, contact=Contact.objects.get(name="Clara Hollin"))
    link = SafeLink.objects.about(draft).get()
    ProgressReport.objects.filter(pk=draft.pk).update(digest="0" * 64)
    assert client.get(reverse("client_page", args=[token_of(link.seed)]), follow=True).status_code == 404


# ── When it is due ──────────────────────────────────────────────────────────────────────────────
def of(campaign, today):
    return [(due.recipient.username, due.rung, due.due_on) for due in owed_reports(today) if due.subject == campaign]


def test_the_day_before_and_on_the_day_whoever_leads_is_reminded_then_the_ladder_climbs(cast, loaf):
    assert of(loaf, date(2026, 11, 25)) == []
    assert of(loaf, THURSDAY) == [("marta", -1, FRIDAY)]
    assert of(loaf, FRIDAY) == [("marta", 0, FRIDAY)]
    assert {name: rung for name, rung, _on in of(loaf, date(2026, 12, 2))} == {"marta": 2, "mei": 1, "omar": 3, "helena": 3}


def test_a_released_report_takes_the_reminder_back(cast, loaf, draft, monday):
    monday.move_to(datetime(2026, 11, 27, 9, 0, tzinfo=UTC))
    assert is_report_owed(loaf, FRIDAY, FRIDAY)
    draft.release(by=cast.marta, seen=draft.version)
    assert of(loaf, FRIDAY) == []
    assert not is_report_owed(loaf, FRIDAY, FRIDAY)
    assert of(loaf, date(2026, 12, 3)) == [("marta", -1, date(2026, 12, 4))]


def test_a_campaign_without_rhythm_or_with_all_done_owes_none(cast, loaf, login):
    page = login(cast.marta).get(f"{REPORTS}rhythm/").context["form"]
    asked = {"seen": page["seen"].value(), "report_every": "never", "report_day": "4"}
    assert login(cast.tomas).post(f"{REPORTS}rhythm/", asked).status_code == 403
    assert login(cast.marta).post(f"{REPORTS}rhythm/", asked).status_code == 302
    assert of(loaf, FRIDAY) == []
    assert "GRE-26-001" not in {it.job_number for it in reporting()}


def test_a_campaign_that_begins_owes_its_first_report_on_the_next_friday(cast, clients):
    campaign = a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta).campaign
    step = a_schedule(campaign, cast.mei)[0]
    assert not reporting().filter(pk=campaign.pk)
    step.start(by=cast.mei)
    asked = reporting().get(pk=campaign.pk)
    assert report_due(asked, calendar().add(clock.today(), 1), calendar()) is None
    assert report_due(asked, FRIDAY, calendar()) == FRIDAY


def test_reminders_ask_as_often_for_six_campaigns_as_for_three(cast, django_assert_num_queries):
    keys = list(reporting().values_list("pk", flat=True))
    assert len(keys) >= 6

    def price(left):
        Campaign.objects.exclude(pk__in=left).update(report_every="never")
        with django_assert_num_queries(12, exact=False) as asked:
            assert len({due.subject.pk for due in owed_reports(FRIDAY)}) == len(left)
        return len(asked)

    assert price(keys[:6]) == price(keys[:3])


def test_a_double_release_releases_once(cast, draft):
    other = ProgressReport.objects.get(pk=draft.pk)
    draft.release(by=cast.marta, seen=draft.version)
    with pytest.raises((Refused, Conflict)):
        other.release(by=cast.omar, seen=other.version)


def test_a_report_cannot_run_backward(cast, loaf, monday):
    monday.move_to(datetime(2026, 11, 20, 18, 0, tzinfo=UTC) + timedelta(days=10))
    draft = loaf.progress_reports.get(state="draft")
    draft.release(by=cast.marta, seen=draft.version)
    assert draft.first <= draft.last == clock.today()
