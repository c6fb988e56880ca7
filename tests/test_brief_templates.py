"""Kinds of job as an administrator keeps them: one line for each question, sentences instead of code (DEP2)."""

import pytest
from django.urls import reverse

from briefs.fields import BY_NAME
from briefs.models import BriefTemplate
from tests.records import an_accepted_brief
from tests.test_admin import fields_of


@pytest.fixture
def office(login, cast):
    return login(cast.admin)


@pytest.fixture
def short(cast):
    return BriefTemplate.objects.get(key="short")


def change(template):
    return reverse("admin:briefs_brieftemplate_change", args=[template.pk])


def test_sent_back_as_it_stands_the_page_changes_nothing(office, short):
    before = (short.weights, short.first, short.hints)
    assert office.post(change(short), fields_of(office.get(change(short)))).status_code == 302
    short.refresh_from_db()
    assert (short.weights, short.first, short.hints) == before


def test_one_line_says_when_a_question_is_asked_what_it_weighs_and_what_else_to_ask(office, short):
    office.post(change(short), fields_of(office.get(change(short))))
    typed = fields_of(office.get(change(short)))
    typed |= {"when_price": "first", "weight_price": "7", "hint_price": "With or without tax?", "when_message": "not"}
    office.post(change(short), typed)
    short.refresh_from_db()
    assert (short.weights["price"], short.hints) == (7, {"price": "With or without tax?"})
    assert "price" in short.first
    assert "message" not in short.weights
    assert "message" not in short.first
    page = office.get(reverse("admin:briefs_brieftemplate_history", args=[short.pk])).content.decode()
    assert "Price: 7" in page
    assert "{" not in page[page.index("change-history") : page.index("</table>")]


WRONG = [
    ("weight_price", "101"),
    ("weight_price", "-1"),
    ("weight_price", "much"),
    ("weight_price", ""),
    ("when_price", "never"),
]


@pytest.mark.parametrize(("field", "value"), [*WRONG, ("hint_price", "x" * 501)])
def test_what_makes_no_sense_is_told_beside_the_line(field, value, office, short):
    answer = office.post(change(short), fields_of(office.get(change(short))) | {field: value})
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == [field]


def test_something_has_to_weigh(office, short):
    nothing = {f"when_{name}": "not" for name in BY_NAME}
    answer = office.post(change(short), fields_of(office.get(change(short))) | nothing)
    assert "Something has to weigh" in answer.content.decode()
    short.refresh_from_db()
    assert short.weights


def test_a_new_kind_of_job_begins_with_the_weights_of_the_whole_brief(office):
    there = reverse("admin:briefs_brieftemplate_add")
    answer = office.post(there, fields_of(office.get(there)) | {"key": "fair", "name": "Trade fair", "position": "60"})
    assert answer.status_code == 302
    made = BriefTemplate.objects.get(key="fair")
    assert made.weights == {name: asked.weight for name, asked in BY_NAME.items()}
    assert made.first == []


def test_no_administrator_reads_the_budget_in_an_edition(office, cast, clients):
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    page = office.get(reverse("admin:briefs_edition_change", args=[brief.edition.pk])).content.decode()
    assert "60000" not in page
