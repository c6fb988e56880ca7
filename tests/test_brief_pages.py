"""The pages of intake briefs: what the browser sends and what comes back."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agency import clock
from briefs.models import Brief
from tests.records import FULL, PHONED, a_brief


@pytest.fixture
def brief(cast, clients):
    return a_brief(clients["HRB"], cast.jonas)


def typed(brief, **changes):
    """The form as the browser sends it."""
    fields = {"title": brief.title, "seen": brief.version, **{name: str(value) for name, value in FULL.items()}}
    return {**fields, **changes}


def queries(browser, address):
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(address).status_code == 200
    return len(seen)


def test_a_double_click_takes_one_brief(cast, clients, login):
    form = {"token": uuid4(), "client": "HRB", "title": "Seed rolls"}
    browser = login(cast.jonas)
    answers = [browser.post("/briefs/new/", form) for _click in range(2)]
    assert answers[0].url == answers[1].url
    assert Brief.objects.filter(title="Seed rolls").count() == 1


def test_the_token_of_a_colleagues_brief_gives_nobody_that_brief(brief, cast, login):
    answer = login(cast.tomas).post("/briefs/new/", {"token": brief.token, "client": "HRB", "title": "Mine"})
    assert answer.status_code == 422
    assert "Please look at the list" in answer.content.decode()


def test_a_salesman_takes_briefs_only_for_clients_he_serves(cast, clients, login):
    browser = login(cast.jonas)
    page = browser.get("/briefs/new/").content.decode()
    assert 'value="HRB"' in page
    assert 'value="VOL"' not in page
    answer = browser.post("/briefs/new/", {"token": uuid4(), "client": "VOL", "title": "Sneaked in"})
    assert answer.status_code == 422
    assert not Brief.objects.filter(title="Sneaked in").exists()


@pytest.mark.parametrize("name", ["felix", "admin"])
def test_who_has_no_right_takes_no_brief(name, cast, login):
    assert login(getattr(cast, name)).get("/briefs/new/").status_code == 403


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("budget_amount", "-5"), ("budget_amount", "0"), ("budget_amount", "99999999999999999999"), ("budget_amount", "much"),
        ("budget_amount", "1e400"), ("budget_amount", "NaN"), ("product_knowledge", "x" * 8001), ("title", ""),
        ("title", "x" * 121),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_told_beside_the_field_and_nothing_typed_is_lost(field, value, brief, cast, login):
    answer = login(cast.jonas).post(f"/briefs/{brief.pk}/edit/", typed(brief, market_plan="Keep my words", **{field: value}))
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert "Keep my words" in answer.content.decode()
    assert Brief.objects.get(pk=brief.pk).version == brief.version


@pytest.mark.parametrize("seen", ["", "0", "-1", "x", "99999999999999999999999"])
def test_a_version_that_makes_no_sense_is_refused(seen, brief, cast, login):
    answer = login(cast.jonas).post(f"/briefs/{brief.pk}/edit/", typed(brief, seen=seen))
    assert answer.status_code in {409, 422}
    assert Brief.objects.get(pk=brief.pk).version == brief.version


def test_whoever_saves_second_gets_both_texts_and_overwrites_nothing(brief, cast, login):
    login(cast.marta).post(f"/briefs/{brief.pk}/edit/", typed(brief, market_plan="Marta was first"))
    answer = login(cast.jonas).post(f"/briefs/{brief.pk}/edit/", typed(brief, market_plan="Jonas came second"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Marta was first" in page
    assert "Jonas came second" in page
    assert "Meanwhile Marta Kowalska wrote in the brief" in page
    assert Brief.objects.get(pk=brief.pk).market_plan == "Marta was first"


def test_an_accepted_brief_is_not_written_any_more(brief, cast, login):
    brief.submit(by=cast.jonas)
    brief.accept_without_playback(by=cast.marta, reason=PHONED)
    browser = login(cast.jonas)
    assert browser.get(f"/briefs/{brief.pk}/edit/").status_code == 409
    assert browser.post(f"/briefs/{brief.pk}/edit/", typed(brief, market_plan="Too late")).status_code == 409
    assert Brief.objects.get(pk=brief.pk).market_plan == FULL["market_plan"]


def test_line_breaks_of_the_browser_are_no_change(brief, cast, login):
    browser = login(cast.jonas)
    browser.post(f"/briefs/{brief.pk}/edit/", typed(brief, market_plan="One\r\nTwo"))
    saved = Brief.objects.get(pk=brief.pk)
    assert saved.market_plan == "One\nTwo"
    browser.post(f"/briefs/{brief.pk}/edit/", typed(saved, market_plan="One\r\nTwo"))
    assert Brief.objects.get(pk=brief.pk).version == saved.version


def test_two_acceptances_make_one(brief, cast, login):
    brief.submit(by=cast.jonas)
    browser = login(cast.marta)
    sent = f"/briefs/{brief.pk}/move/accept_without_playback/", {"seen": brief.version, "reason": PHONED}
    first, second = (browser.post(*sent) for _click in range(2))
    assert first.status_code == 302
    assert second.status_code == 409
    assert "Meanwhile Marta Kowalska accepted the brief" in second.content.decode()


@pytest.mark.parametrize("move", ["nothing", "keep", "_answer", "delete"])
def test_a_move_that_does_not_exist_is_not_found(move, brief, cast, login):
    assert login(cast.jonas).post(f"/briefs/{brief.pk}/move/{move}/", {"seen": 1}).status_code == 404


def test_a_brief_of_another_group_does_not_exist(brief, cast, login):
    browser = login(cast.amina)
    for address in (f"/briefs/{brief.pk}/", f"/briefs/{brief.pk}/edit/", f"/history/briefs.brief/{brief.pk}/"):
        assert browser.get(address).status_code == 404
    assert browser.post(f"/briefs/{brief.pk}/move/submit/", {"seen": brief.version}).status_code == 404


def test_the_filters_of_the_list_live_in_the_address(brief, cast, login):
    browser = login(cast.jonas)
    rows = {found.client.code for found in browser.get("/briefs/?client=HRB").context["page"]}
    assert rows == {"HRB"}
    assert {found.state for found in browser.get("/briefs/?state=draft").context["page"]} == {"draft"}


@pytest.mark.parametrize("query", ["client=VOL", "client=???", "state=eaten", "client=HRB&state=%F0%9F%A5%96"])
def test_a_question_that_makes_no_sense_finds_nothing_and_says_so(query, brief, cast, login):
    answer = login(cast.jonas).get(f"/briefs/?{query}")
    assert answer.status_code == 200
    assert len(answer.context["page"]) == 0
    assert "cannot be answered" in answer.content.decode()


def test_a_list_of_three_briefs_costs_what_a_list_of_one_costs(cast, clients, login):
    browser = login(cast.jonas)
    a_brief(clients["PAL"], cast.jonas).submit(by=cast.jonas)
    address = "/briefs/?client=PAL&state=submitted"
    queries(browser, address)
    assert len(browser.get(address).context["page"]) == 1
    one = queries(browser, address)
    for title in ("Second", "Third"):
        a_brief(clients["PAL"], cast.jonas, title=title).submit(by=cast.jonas)
    assert len(browser.get(address).context["page"]) == 3
    assert queries(browser, address) == one


# Sharing


def share(**changes):
    return {"until": (clock.today() + timedelta(days=7)).isoformat(), "reason": "Study it", **changes}


def test_a_colleague_of_another_department_sees_exactly_the_brief_that_was_shared(brief, cast, clients, login):
    other = a_brief(clients["HRB"], cast.jonas, title="Not for Ida")
    login(cast.marta).post(f"/share/briefs.brief/{brief.pk}/", share(person=cast.ida.pk))
    browser = login(cast.ida)
    assert browser.get(brief.get_absolute_url()).status_code == 200
    assert [found.pk for found in browser.get("/briefs/").context["page"]] == [brief.pk]
    assert "Rye crackers" in browser.get("/").content.decode()
    for address in (other.get_absolute_url(), "/clients/HRB/"):
        assert browser.get(address).status_code == 404
    assert browser.get(f"/briefs/{brief.pk}/edit/").status_code == 403
    assert browser.get(f"/share/briefs.brief/{brief.pk}/").status_code == 403


def test_a_share_taken_back_is_gone_with_the_next_request(brief, cast, login):
    login(cast.marta).post(f"/share/briefs.brief/{brief.pk}/", share(person=cast.ida.pk))
    given = brief.shares.get()
    login(cast.marta).post(f"/unshare/briefs.brief/{brief.pk}/", {"share": given.pk})
    assert login(cast.ida).get(brief.get_absolute_url()).status_code == 404
    answer = login(cast.marta).post(f"/unshare/briefs.brief/{brief.pk}/", {"share": given.pk}, follow=True)
    assert "had already ended" in answer.content.decode()


@pytest.mark.parametrize("name", ["jonas", "felix"])
def test_a_salesman_and_a_member_share_nothing(name, brief, cast, login):
    answer = login(getattr(cast, name)).post(f"/share/briefs.brief/{brief.pk}/", share(person=cast.ida.pk))
    assert answer.status_code in {403, 404}
    assert not brief.shares.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"until": "2020-01-01"},
        {"until": "soon"},
        {"until": "9999-99-99"},
        {"reason": ""},
        {"reason": "x" * 201},
        {"person": "1e9"},
    ],
)
def test_a_share_without_end_or_reason_is_refused_with_a_sentence(wrong, brief, cast, login):
    answer = login(cast.marta).post(f"/share/briefs.brief/{brief.pk}/", {**share(person=cast.ida.pk), **wrong})
    assert answer.status_code == 422
    assert answer.context["form"].errors
    assert not brief.shares.exists()


def test_the_department_itself_goes_by_assignments_not_by_shares(brief, cast, login):
    answer = login(cast.marta).post(f"/share/briefs.brief/{brief.pk}/", share(person=cast.amina.pk))
    assert answer.status_code == 422
    assert not brief.shares.exists()


@pytest.mark.parametrize(
    "kind", ["accounts.person", "accounts.evaluation", "clients.event", "clients.assignment", "x", "briefs.Brief"]
)
def test_only_what_can_be_shared_has_a_page_for_it(kind, brief, cast, login):
    assert login(cast.helena).get(f"/share/{kind}/{brief.pk}/").status_code == 404
