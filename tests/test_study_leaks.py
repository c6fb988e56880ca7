"""Leaks of a joint study: the canary sings in all else; whoever is asked meets the own brief and section alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Person
from tests.records import a_brief, an_accepted_brief
from tests.studies import FEASIBLE, REFUSED, a_study, section
from tests.test_leaks import crawl
from tests.thorough import one_of_each

CANARY = "Kanarienvogel"
THRUSH = "Singdrossel"


@pytest.fixture
def study(cast, clients):
    """A study of one brief of the bakery; the other departments' sections, the conclusions and every other record sing."""
    a_brief(clients["HRB"], cast.jonas, title=f"{CANARY} elsewhere")
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta, title=f"{THRUSH} bread")
    study = a_study(cast, clients, "production", "media", "creative", brief=brief)
    song = {**REFUSED, "grounds": CANARY, "note": CANARY, "questions": CANARY}
    section(study, "media").answer(by=cast.sven, words=song)
    section(study, "media").answer_back(by=cast.marta, reply=CANARY)
    section(study, "creative").answer(by=cast.felix, words=song)
    return study


def pages(person, login):
    return list(crawl(login(person)))


def test_whoever_is_asked_meets_the_brief_and_nothing_of_the_others(study, cast, login):
    found = pages(cast.noor, login)
    assert any(THRUSH in text for _at, _status, text in found)
    assert not [at for at, status, text in found if CANARY in text or status >= 500]
    assert any(at == section(study).get_absolute_url() and status == 200 for at, status, _text in found)


def test_a_colleague_of_the_same_department_meets_nothing(study, cast, login):
    place = {"role": "member", "department": cast.noor.department}
    nils = Person.objects.create_user("nils", "nils@quill-harbour.example", "accord-demo", **place)
    assert not [at for at, _status, text in pages(nils, login) if CANARY in text or THRUSH in text]


@pytest.mark.thorough
def test_after_the_closing_and_after_a_withdrawal_nothing_is_left(study, cast, login):
    section(study).withdraw(by=cast.marta, reason=CANARY)
    assert not [at for at, _status, text in pages(cast.noor, login) if CANARY in text or THRUSH in text]
    type(study).objects.get(pk=study.pk).close_despite(by=cast.marta, conclusions=CANARY, reason=CANARY)
    for person in (cast.noor, cast.sven, cast.felix):
        found = [(at, status, text) for at, status, text in pages(person, login)]
        assert not [at for at, _status, text in found if CANARY in text or THRUSH in text]


@pytest.mark.parametrize("name", one_of_each(["noor", "sven", "ida", "lucia", "amina", "admin"], "noor"))
def test_addresses_of_a_study_lead_nowhere_for_those_who_may_not_know(name, study, cast, login):
    """Noor and Sven see their own section; everything else of the study does not exist for them."""
    browser, own = login(getattr(cast, name)), {"noor": "production", "sven": "media"}.get(name)
    base = study.get_absolute_url()
    there = [base, *(f"{base}{it}/" for it in ("pdf", "invite", "close", "move/reopen"))]
    for it in study.opinions.select_related("department"):
        at = it.get_absolute_url()
        there += [f"{at}{word}/" for word in ("record", "reply", "ask", "nudge", "move/withdraw")]
        there += [] if it.department.code == own else [at]
    there += [f"/history/{kind}/{pk}/" for kind, pk in (("briefs.study", study.pk), ("briefs.opinion", section(study).pk))]
    for at in there:
        for answer in (browser.get(at), browser.post(at, {"seen": 1, "reason": "x"})):
            assert answer.status_code in {403, 404, 405}, (at, answer.status_code)
            assert CANARY not in answer.content.decode(errors="replace")


def price(browser, at):
    browser.get(at)
    with CaptureQueriesContext(connection) as seen:
        assert browser.get(at).status_code == 200
    return len(seen)


def test_a_study_of_three_departments_costs_as_much_as_of_one(cast, clients, login):
    browser = login(cast.marta)
    one, three = a_study(cast, clients, "production"), a_study(cast, clients, "production", "media", "creative")
    section(three, "media").answer(by=cast.sven, words=REFUSED)
    section(three, "creative").answer(by=cast.felix, words=FEASIBLE)
    for at in ("{0}", "{0}close/", "{0}pdf/", "{1}"):
        prices = [price(browser, at.format(it.get_absolute_url(), it.brief.get_absolute_url())) for it in (one, three)]
        assert prices[0] == prices[1], at
