"""MIN5: the minister evaluates staff, with evidence, a comment and two signatures; the two of them read it and nobody else."""

from datetime import date
from uuid import uuid4

import pytest

from accounts.models import Evaluation, Mark, StaffEvent
from agency.flow import Conflict, Refused
from reminders.models import Notice

CANARY = "Kingfisher on the third of November"
OTHERS = ["omar", "ingrid", "marta", "david", "lucia", "tomas", "priya", "mei", "rafael", "felix", "admin"]


def form_of(*marks, initial=0, **more):
    """What the browser sends for an evaluation with these marks (criterion, score, sentence)."""
    sent = {
        "period_from": "2026-06-01",
        "period_to": "2026-11-20",
        "marks-TOTAL_FORMS": len(marks),
        "marks-INITIAL_FORMS": initial,
    }
    for number, mark in enumerate(marks):
        sent |= {f"marks-{number}-{name}": value for name, value in zip(("criterion", "score", "sentence"), mark, strict=True)}
    return {key: str(value) for key, value in (sent | more).items()}


@pytest.fixture
def draft(cast):
    """Helena's evaluation of Amina, being written, with one criterion."""
    mark = {"criterion": "Dates kept", "score": 4, "sentence": CANARY}
    period = {"period_from": date(2026, 6, 1), "period_to": date(2026, 11, 20)}
    return Evaluation.begin(by=cast.helena, person=cast.amina, token=uuid4(), marks=[mark], **period)


@pytest.fixture
def handed(cast, draft):
    return draft.hand_over(by=cast.helena)


def test_the_minister_evaluates_a_salesman_from_the_first_word_to_both_signatures(login, cast):
    minister = login(cast.helena)
    assert b"Begin an evaluation" in minister.get("/people/amina/").content
    answer = minister.post("/people/amina/evaluate/", form_of(("Dates kept", 4, CANARY), token=uuid4()))
    found = Evaluation.objects.get(person=cast.amina)
    page = found.get_absolute_url()
    assert answer["Location"] == page
    assert CANARY in minister.get(page).content.decode()
    minister.post(f"{page}move/hand_over/", {"seen": found.version})

    salesman = login(cast.amina)
    assert Notice.objects.get(recipient=cast.amina, kind="accounts.evaluation_to_sign").path == page
    assert CANARY in salesman.get(page).content.decode()
    found.refresh_from_db()
    salesman.post(f"{page}sign/", {"seen": found.version, "comment": "I should like to lead a client."})
    found.refresh_from_db()
    assert (found.state, found.comment) == ("signed", "I should like to lead a client.")
    assert found.evaluator_signed_by == cast.helena
    assert found.person_signed_at is not None
    verbs = StaffEvent.objects.about(found).values_list("actor__username", "verb")
    assert list(verbs) == [("amina", "sign"), ("helena", "hand_over"), ("helena", "created")]
    assert Notice.objects.filter(recipient=cast.helena, kind="accounts.evaluation_signed", object_id=found.pk).exists()


def test_sending_the_form_twice_begins_one_evaluation(login, cast):
    sent = form_of(("Dates kept", 4, CANARY), token=uuid4())
    first = login(cast.helena).post("/people/amina/evaluate/", sent)
    second = login(cast.helena).post("/people/amina/evaluate/", sent)
    assert first["Location"] == second["Location"]
    assert Evaluation.objects.filter(person=cast.amina).count() == 1


@pytest.mark.parametrize("username", OTHERS[:9])
def test_nobody_but_the_minister_evaluates(login, cast, username):
    person = getattr(cast, username)
    assert login(person).get("/people/jonas/evaluate/").status_code == 403
    assert login(person).post("/people/jonas/evaluate/", form_of(("Dates kept", 4, "x"), token=uuid4())).status_code == 403


@pytest.mark.parametrize("username", ["helena", "felix", "admin"])
def test_only_people_of_the_department_are_evaluated_and_nobody_evaluates_himself(login, cast, username):
    person = getattr(cast, username)
    with pytest.raises(Refused):
        Evaluation.begin(by=cast.helena, person=person, token=uuid4(), period_from=date(2026, 1, 1), period_to=date(2026, 6, 1))


@pytest.mark.parametrize("username", OTHERS)
@pytest.mark.parametrize("way", ["", "edit/", "history/"])
def test_for_everybody_else_there_is_no_such_evaluation(login, cast, handed, username, way):
    browser = login(getattr(cast, username))
    assert browser.get(f"{handed.get_absolute_url()}{way}").status_code == 404


@pytest.mark.parametrize("username", OTHERS)
@pytest.mark.parametrize("way", ["sign/", "move/take_back/", "move/hand_over/", "edit/"])
def test_nobody_else_signs_takes_back_or_writes(login, cast, handed, username, way):
    browser = login(getattr(cast, username))
    assert browser.post(f"{handed.get_absolute_url()}{way}", {"seen": handed.version, "reason": "x"}).status_code == 404


@pytest.mark.parametrize("username", [name for name in OTHERS if name not in ("felix", "admin")])
def test_it_is_in_no_list_of_anybody_else(login, cast, handed, username):
    browser = login(getattr(cast, username))
    for path in ("/people/", "/people/amina/", "/people/evaluations/", "/notices/"):
        content = browser.get(path).content.decode()
        assert CANARY not in content
        assert handed.get_absolute_url() not in content


def test_the_person_does_not_see_a_draft(login, cast, draft):
    browser = login(cast.amina)
    assert browser.get(draft.get_absolute_url()).status_code == 404
    assert draft.get_absolute_url() not in browser.get("/people/evaluations/").content.decode()


def test_a_minister_does_not_read_what_another_minister_writes_about_her(cast, draft):
    cast.omar.role = "minister"
    cast.omar.save()
    period = {"period_from": date(2026, 6, 1), "period_to": date(2026, 11, 20)}
    about_helena = Evaluation.begin(by=cast.omar, person=cast.helena, token=uuid4(), **period)
    assert about_helena not in Evaluation.objects.visible_to(cast.helena)
    assert about_helena in Evaluation.objects.visible_to(cast.omar)
    assert not cast.helena.has_perm("accounts.evaluate", about_helena)


def test_the_notice_names_the_thing_and_not_what_it_says(cast, handed):
    texts = Notice.objects.filter(object_id=handed.pk, kind__startswith="accounts.evaluation").values_list("text", flat=True)
    assert list(texts) == ["Your evaluation is ready to be read and signed."]


def test_an_evaluation_without_a_criterion_is_not_handed_over(login, cast):
    empty = Evaluation.begin(
        by=cast.helena, person=cast.david, token=uuid4(), period_from=date(2026, 1, 1), period_to=date(2026, 6, 1)
    )
    answer = login(cast.helena).post(f"{empty.get_absolute_url()}move/hand_over/", {"seen": empty.version})
    assert answer.status_code == 422
    assert b"at least one criterion, with a sentence of evidence" in answer.content


@pytest.mark.parametrize(
    "mark", [("Dates kept", 6, "x"), ("Dates kept", 0, "x"), ("Dates kept", 4, ""), ("", 4, "x"), ("x" * 121, 4, "x")]
)
def test_a_mark_needs_criterion_score_and_sentence_and_nothing_typed_is_lost(login, cast, mark):
    answer = login(cast.helena).post("/people/amina/evaluate/", form_of(("Contact", 5, CANARY), mark, token=uuid4()))
    assert answer.status_code == 422
    assert CANARY in answer.content.decode()
    assert not Evaluation.objects.filter(person=cast.amina).exists()


def test_a_criterion_is_judged_once(login, cast):
    answer = login(cast.helena).post(
        "/people/amina/evaluate/", form_of(("Contact", 5, "a"), ("Contact", 1, "b"), token=uuid4())
    )
    assert answer.status_code == 422
    assert "judged twice" in answer.content.decode()


def test_the_period_runs_forward(login, cast):
    sent = form_of(("Contact", 5, "a"), token=uuid4(), period_to="2026-05-01")
    answer = login(cast.helena).post("/people/amina/evaluate/", sent)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {"period_to": ["The period ends after it begins."]}


def test_the_draft_is_rewritten_and_every_mark_keeps_its_history(login, cast, draft):
    sent = form_of(("Dates kept", 2, "Late twice"), ("Contact", 5, "Daily"), initial=1, seen=draft.version)
    answer = login(cast.helena).post(f"{draft.get_absolute_url()}edit/", sent)
    assert answer["Location"] == draft.get_absolute_url()
    assert list(draft.marks.values_list("criterion", "score")) == [("Dates kept", 2), ("Contact", 5)]
    rows = Mark.history.filter(evaluation=draft, criterion="Dates kept").order_by("history_id")
    assert list(rows.values_list("score", "history_user__username")) == [(4, "helena"), (2, "helena")]
    page = login(cast.helena).get(f"{draft.get_absolute_url()}history/").content.decode()
    assert f"4: {CANARY}" in page
    assert "2: Late twice" in page


def test_saving_without_a_change_leaves_no_trace(cast, draft):
    before = draft.version
    mark = {"criterion": "Dates kept", "score": 4, "sentence": CANARY}
    draft.rewrite(by=cast.helena, seen=before, marks=[mark], period_from=draft.period_from, period_to=draft.period_to)
    assert (draft.version, draft.events().count()) == (before, 1)
    assert Mark.history.filter(evaluation=draft).count() == 1


def test_a_struck_out_criterion_stays_in_the_history(login, cast, draft):
    sent = form_of(("Dates kept", 4, CANARY), initial=1, seen=draft.version) | {"marks-0-DELETE": "on"}
    login(cast.helena).post(f"{draft.get_absolute_url()}edit/", sent)
    assert not draft.marks.exists()
    assert Mark.history.filter(evaluation=draft).first().history_type == "-"


def test_who_saves_second_gets_both_texts_and_overwrites_nothing(login, cast, draft):
    url = f"{draft.get_absolute_url()}edit/"
    browser = login(cast.helena)
    browser.post(url, form_of(("Dates kept", 3, "First saved"), initial=1, seen=draft.version))
    answer = browser.post(url, form_of(("Dates kept", 1, "Second typed"), initial=1, seen=draft.version))
    assert answer.status_code == 409
    content = answer.content.decode()
    assert "Second typed" in content
    assert "First saved" in content
    assert draft.marks.get().sentence == "First saved"


def test_a_signed_evaluation_is_not_rewritten(cast, handed):
    with pytest.raises(Conflict):
        handed.rewrite(
            by=cast.helena, seen=handed.version, marks=[], period_from=handed.period_from, period_to=handed.period_to
        )
    assert handed.marks.count() == 1


def test_the_minister_takes_it_back_with_a_reason_and_the_person_no_longer_sees_it(login, cast, handed):
    page = handed.get_absolute_url()
    refused = login(cast.helena).post(f"{page}move/take_back/", {"seen": handed.version, "reason": ""})
    assert refused.status_code == 422
    login(cast.helena).post(f"{page}move/take_back/", {"seen": handed.version, "reason": "One date is wrong."})
    handed.refresh_from_db()
    assert (handed.state, handed.evaluator_signed_at) == ("draft", None)
    assert handed.events().first().reason == "One date is wrong."
    assert login(cast.amina).get(page).status_code == 404


def test_a_comment_typed_while_it_was_taken_back_is_not_lost(login, cast, handed):
    seen = handed.version
    handed.take_back(by=cast.helena, reason="One date is wrong.")
    answer = login(cast.amina).post(f"{handed.get_absolute_url()}sign/", {"seen": seen, "comment": "My long comment"})
    assert answer.status_code == 409
    assert "My long comment" in answer.content.decode()
    handed.refresh_from_db()
    assert handed.state == "draft"


def test_a_comment_that_is_too_long_comes_back_whole(login, cast, handed):
    words = "word " * 900
    answer = login(cast.amina).post(f"{handed.get_absolute_url()}sign/", {"seen": handed.version, "comment": words})
    assert answer.status_code == 422
    assert words.strip() in answer.content.decode()


def test_the_minister_cannot_sign_for_the_person_nor_the_person_take_it_back(login, cast, handed):
    page = handed.get_absolute_url()
    assert login(cast.helena).post(f"{page}sign/", {"seen": handed.version, "comment": ""}).status_code == 403
    assert login(cast.amina).post(f"{page}move/take_back/", {"seen": handed.version, "reason": "x"}).status_code == 403
    handed.refresh_from_db()
    assert handed.state == "with_person"


def test_it_is_signed_once(login, cast, handed):
    page, sent = handed.get_absolute_url(), {"seen": handed.version, "comment": "Agreed."}
    assert login(cast.amina).post(f"{page}sign/", sent).status_code == 302
    answer = login(cast.amina).post(f"{page}sign/", sent | {"comment": "Again"})
    assert answer.status_code == 409
    handed.refresh_from_db()
    assert handed.comment == "Agreed."


def test_a_closed_account_reads_the_own_evaluation_no_more(cast, handed):
    cast.amina.is_active = False
    cast.amina.save()
    assert not Evaluation.objects.visible_to(cast.amina).exists()


def test_the_list_asks_the_same_number_of_questions_for_one_and_for_three(login, cast, django_assert_max_num_queries):
    browser = login(cast.helena)
    counts = []
    for people in ((cast.david,), (cast.lucia, cast.tomas)):
        for person in people:
            Evaluation.begin(
                by=cast.helena, person=person, token=uuid4(), period_from=date(2026, 1, 1), period_to=date(2026, 6, 1)
            )
        with django_assert_max_num_queries(40) as asked:
            assert browser.get("/people/evaluations/").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
