"""DEP3: sort the material and study it with the departments, through the pages: asked, answered in their own sections, closed
with conclusions, and no plan over what is not settled."""

import re
from decimal import Decimal

import pytest

from briefs.models import Opinion, Study
from campaigns.models import Plan
from reminders.models import Notice
from tests.records import a_plan, an_accepted_brief
from tests.studies import a_study, section

SAID = {"verdict": "conditions", "grounds": "No metallic ink.", "note": "Three days on the press.", "days": "2.5",
        "cost": "1200.50", "currency": "eur", "questions": ""}  # fmt: skip


@pytest.fixture
def brief(cast, clients):
    return an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def form_of(answer):
    """What the form of a page would send as it stands."""
    form = answer.context["form"]
    return {name: form[name].value() or "" for name in form.fields if form[name].value() is not None}


def opened(browser, brief, cast, **more):
    there = f"/briefs/{brief.pk}/study/"
    sent = form_of(browser.get(there)) | {"asks": "Can it be printed by March?", **more}
    sent["answer_by"] = sent["answer_by"].isoformat() if hasattr(sent["answer_by"], "isoformat") else sent["answer_by"]
    return browser.post(there, sent)


def test_a_brief_is_studied_from_the_invitation_to_the_agreed_plan(brief, cast, login):
    """Marta asks two departments; Noor answers on her desk, Mei records what Sven said; Marta closes; Omar agrees the plan."""
    page = login(cast.marta).get(brief.get_absolute_url())
    assert f"/briefs/{brief.pk}/study/" in page.content.decode()
    answer = opened(login(cast.marta), brief, cast, ask_production=cast.noor.pk, ask_media=cast.sven.pk)
    study = Study.objects.get(brief=brief)
    assert (answer.status_code, answer.url) == (302, study.get_absolute_url())
    assert "2 departments are silent." in words(login(cast.marta).get(study.get_absolute_url()))

    desk = login(cast.noor).get("/")
    line = next(it for group in desk.context["groups"] if str(group.title) == "My studies" for it in group.lines
                if it.study_id == study.pk)  # fmt: skip
    there = line.link.url
    assert "Can it be printed by March?" in words(login(cast.noor).get(there))
    assert login(cast.noor).post(there, {"seen": line.version, **SAID}).status_code == 302
    assert "Production on “Rye crackers”: Feasible with conditions." in words(login(cast.marta).get("/notices/"))

    media = section(study, "media")
    record = f"/studies/sections/{media.pk}/record/"
    sent = {
        "seen": media.version,
        **SAID,
        "verdict": "feasible",
        "grounds": "",
        "said_by": "Sven Lindqvist",
        "said_how": "telephone",
    }
    assert login(cast.mei).post(record, sent).status_code == 302

    close = f"{study.get_absolute_url()}close/"
    shown = login(cast.marta).get(close)
    assert "No metallic ink." in words(shown)
    sent = form_of(shown) | {"conclusions": "Print without metallic ink."}
    assert login(cast.marta).post(close, sent).status_code == 302
    study.refresh_from_db()
    assert (study.state, study.conclusions) == ("closed", "Print without metallic ink.")
    assert login(cast.noor).get(there).status_code == 404
    assert login(cast.noor).get(brief.get_absolute_url()).status_code == 404

    plan = a_plan(brief, cast.marta)
    plan.submit(by=cast.marta)
    plan_page = login(cast.omar).get(plan.get_absolute_url())
    assert "cannot be agreed yet" not in words(plan_page)
    login(cast.omar).post(f"{plan.get_absolute_url()}plan/move/agree/", {"seen": plan.version})
    assert Plan.objects.get(pk=plan.pk).state == "agreed"


def test_the_plan_says_why_it_cannot_be_agreed_and_the_supervisor_can_say_why_it_is_all_the_same(cast, clients, login):
    study = a_study(cast, clients, "production", "media")
    section(study, "media").answer(by=cast.sven, words={**SAID, "days": None, "cost": None, "verdict": "no"})
    plan = a_plan(study.brief, cast.marta)
    plan.submit(by=cast.marta)
    page = login(cast.omar).get(plan.get_absolute_url())
    assert "Production has been silent since Mon 23 Nov." in words(page)
    assert "Media says “not feasible”, and we have not answered." in words(page)
    assert study.get_absolute_url() in page.content.decode()
    at = f"{plan.get_absolute_url()}plan/move/"
    assert f'action="{at}agree/"' not in page.content.decode()
    assert login(cast.omar).post(f"{at}agree/", {"seen": plan.version}).status_code == 422
    assert login(cast.omar).post(f"{at}agree_all_the_same/", {"seen": plan.version, "reason": ""}).status_code == 422
    login(cast.omar).post(f"{at}agree_all_the_same/", {"seen": plan.version, "reason": "The client wants it so."})
    assert Plan.objects.get(pk=plan.pk).state == "agreed"
    assert "agreed the plan all the same" in words(login(cast.marta).get(plan.get_absolute_url()))


def test_a_plan_whose_brief_no_department_saw_says_so(brief, cast, login):
    plan = a_plan(brief, cast.marta)
    plan.submit(by=cast.marta)
    page = words(login(cast.omar).get(plan.get_absolute_url()))
    assert "No department was asked about the brief" in page
    assert "no department was asked" in page


def test_departments_stand_side_by_side_with_days_and_cost_added_up(cast, clients, login):
    study = a_study(cast, clients, "production", "media", "creative")
    said = {"verdict": "feasible", "grounds": "", "note": "", "questions": ""}
    production, media = section(study), section(study, "media")
    production.answer(by=cast.noor, words={**said, "days": Decimal("2.5"), "cost": Decimal("1200.50"), "currency": "EUR"})
    media.answer(by=cast.sven, words={**said, "days": Decimal(1), "cost": Decimal(300), "currency": "GBP"})
    page = login(cast.marta).get(study.get_absolute_url())
    tally = page.context["tally"]
    assert (tally.days, tally.costs) == (Decimal("3.5"), {"EUR": Decimal("1200.50"), "GBP": Decimal(300)})
    assert [it.department.code for it in tally.silent] == ["creative"]
    assert "silent since Mon 23 Nov" in words(page)


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"verdict": ""}, "This field is required."),
        ({"verdict": "maybe"}, "Select a valid choice"),
        ({"verdict": "no", "grounds": "  "}, "Write why it is not feasible"),
        ({"grounds": ""}, "Write the conditions."),
        ({"days": "1.3"}, "Days are counted in halves"),
        ({"days": "-1"}, "greater than or equal to 0"),
        ({"days": "1000"}, "no more than 3 digits"),
        ({"days": "1e400"}, "digits"),
        ({"cost": "-5"}, "greater than or equal to 0"),
        ({"cost": "99999999999999"}, "digits"),
        ({"currency": "Euros"}, "at most 3 characters"),
        ({"currency": "€1"}, "Three capital letters"),
        ({"note": "x" * 4001}, "at most 4000 characters"),
        ({"seen": ""}, "Please reload the page."),
    ],
)  # fmt: skip
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(wrong, sentence, cast, clients, login):
    study = a_study(cast, clients)
    it = section(study)
    answer = login(cast.noor).post(it.get_absolute_url(), {"seen": it.version, **SAID, **wrong})
    assert answer.status_code == 422
    assert sentence in words(answer), words(answer)
    assert {**SAID, **wrong}["note"][:30] in answer.content.decode()
    assert Opinion.objects.get(pk=it.pk).state == "asked"


def test_an_answer_over_a_newer_one_shows_both_texts(cast, clients, login):
    it = section(a_study(cast, clients))
    browser = login(cast.noor)
    browser.post(it.get_absolute_url(), {"seen": it.version, **SAID})
    answer = browser.post(it.get_absolute_url(), {"seen": it.version, **SAID, "grounds": "No gold either."})
    assert answer.status_code == 409
    assert "No gold either." in answer.content.decode()
    assert "No metallic ink." in answer.content.decode()
    now = Opinion.objects.get(pk=it.pk)
    assert browser.post(it.get_absolute_url(), {"seen": now.version, **SAID, "grounds": "No gold either."}).status_code == 302


def test_a_form_of_invitation_sent_twice_opens_one_study(brief, cast, login):
    browser = login(cast.marta)
    sent = form_of(browser.get(f"/briefs/{brief.pk}/study/")) | {"ask_production": cast.noor.pk, "answer_by": "2026-11-26"}
    for _again in range(2):
        assert browser.post(f"/briefs/{brief.pk}/study/", sent).status_code == 302
    assert Study.objects.filter(brief=brief).count() == 1
    assert Notice.objects.filter(recipient=cast.noor, kind="briefs.opinion_news").exclude(path__contains="/0/").count() >= 1


@pytest.mark.parametrize(
    "wrong",
    [{"ask_production": ""}, {"ask_production": "9999999"}, {"answer_by": "2026-11-20"}, {"answer_by": "yesterday"},
     {"answer_by": ""}, {"answer_by": "2099-01-01"}, {"token": "x"}, {"asks": "x" * 2001}],
)  # fmt: skip
def test_an_invitation_that_makes_no_sense_is_refused(wrong, brief, cast, login):
    browser = login(cast.marta)
    sent = form_of(browser.get(f"/briefs/{brief.pk}/study/")) | {"ask_production": cast.noor.pk, "answer_by": "2026-11-26"}
    assert browser.post(f"/briefs/{brief.pk}/study/", sent | wrong).status_code == 422
    assert not brief.studies.exists()


def test_a_member_cannot_be_chosen_for_another_department(brief, cast, login):
    browser = login(cast.marta)
    sent = form_of(browser.get(f"/briefs/{brief.pk}/study/")) | {"ask_production": cast.sven.pk, "answer_by": "2026-11-26"}
    assert browser.post(f"/briefs/{brief.pk}/study/", sent).status_code == 422


def test_a_second_department_is_asked_later_and_another_colleague_instead(cast, clients, login):
    study = a_study(cast, clients)
    browser = login(cast.tomas)
    invite = f"{study.get_absolute_url()}invite/"
    assert "ask_production" not in browser.get(invite).context["form"].fields
    sent = form_of(browser.get(invite)) | {"ask_finance": "us"}
    assert browser.post(invite, sent).status_code == 302
    finance = section(study, "finance")
    assert (finance.person, finance.holder) == (None, cast.marta)
    ask = f"/studies/sections/{finance.pk}/ask/"
    assert browser.post(ask, {"seen": finance.version, "person": "noor"}).status_code == 422
    assert browser.post(ask, {"seen": finance.version, "person": "ida"}).status_code == 302
    assert login(cast.ida).get(finance.get_absolute_url()).status_code == 200


def test_a_study_is_not_closed_over_a_silence_without_a_reason(cast, clients, login):
    study = a_study(cast, clients)
    browser, close = login(cast.marta), f"{study.get_absolute_url()}close/"
    assert "Production has been silent since" in words(browser.get(close))
    seen = Study.objects.get(pk=study.pk).version
    assert browser.post(close, {"seen": seen, "conclusions": "Go on."}).status_code == 422
    assert browser.post(close, {"seen": seen, "conclusions": "", "reason": "Time."}).status_code == 422
    assert browser.post(close, {"seen": seen, "conclusions": "Go on.", "reason": "Time."}).status_code == 302
    assert Study.objects.get(pk=study.pk).state == "closed"
    assert "did not answer" in words(browser.get(study.get_absolute_url()))


def test_who_closes_it_while_an_answer_comes_in_is_told_and_keeps_the_words(cast, clients, login):
    study = a_study(cast, clients)
    seen = Study.objects.get(pk=study.pk).version
    login(cast.noor).post(section(study).get_absolute_url(), {"seen": 1, **SAID})
    answer = login(cast.marta).post(
        f"{study.get_absolute_url()}close/", {"seen": seen, "conclusions": "What I thought.", "reason": "Time."}
    )
    assert answer.status_code == 409
    assert "What I thought." in answer.content.decode()


def test_a_nudge_reaches_the_desk_once_in_four_hours(cast, clients, login):
    study = a_study(cast, clients)
    nudge = f"/studies/sections/{section(study).pk}/nudge/"
    assert login(cast.jonas).post(nudge).status_code == 302
    assert "asks for the answer of Production" in words(login(cast.noor).get("/notices/"))
    assert "nudged less than four hours ago" in words(login(cast.marta).post(nudge))
    assert login(cast.noor).post(nudge).status_code == 403


def test_a_reopened_brief_says_that_the_study_read_an_older_edition(cast, clients, login):
    study = a_study(cast, clients)
    study.brief.refresh_from_db()
    study.brief.reopen(by=cast.jonas, reason="Another bread.")
    assert "The brief is being changed." in words(login(cast.marta).get(study.get_absolute_url()))
