"""One search over everything that has a page: by code, job number and word; only what one may see; whatever is typed."""

import re
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Evaluation
from agency import clock
from agency.folding import folded
from agency.words import holds
from briefs.models import Brief
from campaigns.models import Campaign, Step
from clients.models import Client, Contact
from clients.models.assignment import assign
from desk.search import KINDS, Search
from tests.records import a_brief, a_plan, a_schedule, an_accepted_brief, days
from tests.thorough import one_of_each

CANARY = "Kanarienvogel"
OUTSIDERS = ("omar", "marta", "david", "tomas", "jonas", "felix", "noor", "sven", "petra", "ida", "admin")
EVERYBODY = (*OUTSIDERS, "helena", "ingrid", "lucia", "priya", "amina", "mei", "rafael")


def found(person, text, **how):
    """label of the group → titles, as the search page tells them."""
    return {str(group.label): [str(hit.title) for hit in group.hits] for group in Search(person, text, **how).groups}


# What is found


@pytest.mark.parametrize(
    ("text", "group", "title"),
    [
        ("HRB", "Clients", "Hollin & Rye Bakeries"),
        ("hrb", "Clients", "Hollin & Rye Bakeries"),
        ("rye baker", "Clients", "Hollin & Rye Bakeries"),
        ("bakeries hollin", "Clients", "Hollin & Rye Bakeries"),
        ("HRB-26-014", "Campaigns", "Sunday Loaf"),
        ("26-014", "Campaigns", "Sunday Loaf"),
        ("014", "Campaigns", "Sunday Loaf"),
        ("su lo", "Campaigns", "Sunday Loaf"),
        ("HRB loaf", "Campaigns", "Sunday Loaf"),
        ("hollin loaf", "Campaigns", "Sunday Loaf"),
        ("posters", "Briefs", "Sunday Loaf: posters near 61 branches"),
        ("jonas", "People", "Jonas Weber"),
        ("weber jonas", "People", "Jonas Weber"),
        ("WEBER", "People", "Jonas Weber"),
        ("sched", "Pages", "Schedule"),
        ("settings", "Pages", "My settings"),
    ],
)
def test_a_thing_is_found_by_its_code_its_number_and_its_words(text, group, title, cast):
    assert title in found(cast.helena, text)[group]


def test_a_contact_is_found_by_name_and_leads_to_the_client(cast, clients, login):
    Contact(client=clients["HRB"], name="Zora Quist", position="Head of marketing", created_by=cast.jonas).keep(by=cast.jonas)
    [group] = [it for it in Search(cast.jonas, "zora").groups if it.label == "Contacts"]
    assert [(str(hit.title), hit.url, hit.note) for hit in group.hits] == [
        ("Zora Quist", clients["HRB"].get_absolute_url(), "Head of marketing")
    ]


def test_every_word_has_to_be_there(cast):
    assert found(cast.helena, "sunday zebra") == {}
    assert "Sunday Loaf" in found(cast.helena, "sunday loaf")["Campaigns"]


def test_a_clients_name_narrows_but_does_not_bring_everything_of_the_client(cast):
    assert set(found(cast.helena, "hollin")) == {"Clients", "Contacts"}, "and her who is called so"
    assert {"Clients", "Campaigns", "Briefs", "Steps"} <= set(found(cast.helena, "HRB"))


def test_what_is_exactly_meant_comes_first(cast, clients, token):
    a_brief(clients["HRB"], cast.jonas, title="Loaf and more")
    a_brief(clients["HRB"], cast.jonas, title="Loaf")
    a_brief(clients["HRB"], cast.jonas, title="The newest of the loaf")
    assert found(cast.jonas, "loaf")["Briefs"][:3] == ["Loaf", "Loaf and more", "The newest of the loaf"]
    assert next(iter(found(cast.jonas, "loaf"))) == "Briefs", "the group with the exact hit stands first"


def test_case_and_accents_do_not_matter(cast, clients):
    a_brief(clients["HRB"], cast.jonas, title="Crème brûlée für Łódź, ÆØÅ")
    for text in ("creme BRULEE", "CRÈME", "für", "fur", "lodz", "ŁÓDŹ", "æøa"):
        assert "Crème brûlée für Łódź, ÆØÅ" in found(cast.jonas, f"{text} brulee").get("Briefs", []), text
    assert folded("Ｌｏｄｚ ﬁne İstanbul") == "lodz fine istanbul"


def test_chinese_is_found_in_the_middle(cast, clients):
    a_brief(clients["HRB"], cast.jonas, title="星期天面包海报")
    assert found(cast.jonas, "面包")["Briefs"] == ["星期天面包海报"]


@pytest.mark.parametrize("text", ["%%", "__", "100%", "a_b", "\\\\", "'; --", '"x"', "_%_"])
def test_signs_with_a_meaning_in_the_database_are_only_signs(text, cast, clients):
    assert found(cast.jonas, text) == {}
    a_brief(clients["HRB"], cast.jonas, title=f"So {text} it is")
    assert found(cast.jonas, text)["Briefs"] == [f"So {text} it is"]


# Whatever is typed


@pytest.mark.parametrize(
    "text", ["", " ", "a", " a ", "x" * 5000, "🍞🍞", "a " * 500, "日", "\t\n", "´´", "<script>alert(1)</script>"]
)
@pytest.mark.parametrize("how", ["", "&fragment=1"])
def test_whatever_is_typed_is_answered_calmly(text, how, login, cast):
    answer = login(cast.jonas).get(f"{reverse('search')}?{how}", {"q": text, **({"fragment": 1} if how else {})})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_what_cannot_be_read_is_turned_away_with_a_sentence(login, cast):
    browser = login(cast.jonas)
    assert browser.get(reverse("search") + "?q=a%00b").status_code == 400
    assert browser.get(reverse("search") + "?q=%ed%a0%80").status_code == 400


def test_for_less_than_two_characters_the_database_is_not_asked(cast, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert Search(cast.jonas, " x ").groups == []


def test_no_more_than_a_hundred_characters_and_eight_words_are_asked_for(cast):
    search = Search(cast.jonas, "ab cd " * 100 + "loaf")
    assert (len(search.text), search.words) == (100, ["ab", "cd", "c"])
    assert len(Search(cast.jonas, "a b c d e f g h i j k").words) == 8


# What one may see


@pytest.fixture
def canary(cast, clients):
    """A client of South served by Lucia and Amina, whose every record that can be found holds the word; and an evaluation."""
    client = Client.open(
        by=cast.helena, token=uuid4(), code="KAN", name=f"{CANARY} Seeds", industry=CANARY, group=clients["VOL"].group
    )  # fmt: skip
    client.win(by=cast.helena)
    assign(client, person=cast.lucia, seat="director", by=cast.helena)
    assign(client, person=cast.amina, seat="salesman", by=cast.helena, guide_too=True)
    Contact(client=client, name=f"{CANARY} Bird", position=CANARY, created_by=cast.amina).keep(by=cast.amina)
    a_brief(client, cast.amina, title=f"{CANARY} waiting")
    brief = an_accepted_brief(client, writer=cast.amina, acceptor=cast.lucia, title=f"{CANARY} brief")
    campaign = a_plan(brief, cast.lucia, name=f"{CANARY} campaign").campaign
    for step in a_schedule(campaign, cast.rafael):
        step.name = f"{CANARY} {step.name}"
        step.keep(by=cast.rafael)
    return client


TYPED = [
    CANARY,
    CANARY.lower(),
    "kanarien",
    "KAN",
    "KAN-26-001",
    "26-001",
    "001",
    "Seeds",
    "Bird",
    f"{CANARY} campaign",
    "KAN brief",
]


@pytest.mark.parametrize("name", one_of_each(OUTSIDERS, "marta", "felix"))
def test_nobody_finds_nor_counts_what_he_may_not_see(name, canary, cast, login):
    browser, person = login(getattr(cast, name)), getattr(cast, name)
    for text in TYPED:
        assert not any(CANARY in title for titles in found(person, text).values() for title in titles), text
        for how in ({}, {"fragment": 1}):
            told = browser.get(reverse("search"), {"q": text, **how}).content.decode().replace(f'value="{text}"', "")
            told = re.sub(r"“[^”]*”|\?q=[^\"]*|<title>[^<]*", "", told)
            assert CANARY not in told and ">KAN<" not in told and "KAN-26" not in told, (text, how)


@pytest.mark.parametrize("name", ["helena", "ingrid", "lucia", "amina", "rafael"])
def test_whoever_serves_the_client_finds_every_kind(name, canary, cast):
    titles = found(getattr(cast, name), CANARY)
    assert set(titles) == {"Clients", "Contacts", "Campaigns", "Briefs", "Steps"}


@pytest.mark.parametrize("kind", one_of_each(KINDS, *KINDS[:2]), ids=lambda kind: kind.model.__name__)
def test_every_kind_that_is_found_can_be_opened(kind, cast, login):
    words = {"Client": "hrb", "Contact": "hrb", "Person": "weber", "Evaluation": "weber"}
    for person in (cast.helena, cast.jonas, cast.mei):
        browser = login(person)
        for group in Search(person, words.get(kind.model.__name__, "HRB")).groups:
            for hit in group.hits:
                assert browser.get(hit.url).status_code == 200, hit


def test_a_member_finds_the_own_step_and_not_its_client_nor_its_campaign(cast):
    step = Step.objects.filter(person=cast.noor).order_by("pk").first()
    hits = found(cast.noor, step.name)
    assert step.name in hits["Steps"]
    assert not {"Clients", "Campaigns", "Briefs", "People"} & set(hits)
    assert found(cast.noor, f"{step.client.code} {step.name}") == {}, "a client one does not see narrows nothing"


def test_an_evaluation_is_found_by_the_two_and_by_nobody_else(cast):
    evaluation = Evaluation.begin(
        by=cast.helena, person=cast.amina, token=uuid4(), period_from=clock.today() - days(90), period_to=clock.today()
    )
    assert found(cast.amina, "amina").get("Evaluations") is None, "a draft is the minister's"
    evaluation.marks.create(criterion="Tact", score=4, sentence="Called twice.")
    evaluation.hand_over(by=cast.helena)
    finders = {name for name in EVERYBODY if "Evaluations" in found(getattr(cast, name), "amina diallo")}
    assert finders == {"helena", "amina"}


def test_a_person_finds_only_the_places_he_has(cast):
    assert "Department" in found(cast.helena, "department")["Pages"]
    assert found(cast.jonas, "department").get("Pages") is None


# How it is answered


def test_a_fragment_is_no_page_and_is_kept_nowhere(login, cast):
    browser = login(cast.jonas)
    for answer in (
        browser.get(reverse("search"), {"q": "loaf", "fragment": 1}),
        browser.get(reverse("search"), {"q": "loaf"}, headers={"HX-Request": "true"}),
    ):
        assert "<html" not in answer.content.decode() and 'role="option"' in answer.content.decode()
        assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
        assert "HX-Request" in answer["Vary"] and "Cookie" in answer["Vary"]


def test_typing_shows_six_of_a_kind_and_the_page_twenty_and_says_that_there_are_more(login, cast, clients):
    for number in range(25):
        a_brief(clients["HRB"], cast.jonas, title=f"Crumpet {number}")
    browser = login(cast.jonas)
    assert browser.get(reverse("search"), {"q": "crumpet", "fragment": 1}).content.decode().count('role="option"') == 7
    page = browser.get(reverse("search"), {"q": "crumpet"}).content.decode()
    assert page.count('class="hit"') == 20
    assert "20+" in page and "add a word to narrow it down" in page


def test_more_people_than_are_shown_are_in_the_list_of_people(cast):
    [group] = [it for it in Search(cast.helena, "lin", most=1).groups if it.label == "People"]
    assert (group.is_cut, group.more) == (True, "/people/?q=lin")


def test_nothing_found_says_what_to_try(login, cast):
    assert "Try fewer words" in login(cast.jonas).get(reverse("search"), {"q": "zebra"}).content.decode()


def test_the_search_costs_the_same_number_of_queries_for_one_and_for_three(cast, clients, login):
    browser, asked = login(cast.jonas), []
    for count in (1, 2):
        for _each in range(count):
            a_brief(clients["HRB"], cast.jonas, title="Crumpet")
            Contact(client=clients["HRB"], name="Crumpet", created_by=cast.jonas).keep(by=cast.jonas)
            brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta, title="Crumpet")
            for step in a_schedule(a_plan(brief, cast.marta, name="Crumpet").campaign, cast.mei)[:1]:
                step.name = "Crumpet"
                step.keep(by=cast.mei)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(reverse("search"), {"q": "crumpet"}).status_code == 200
        asked.append(len(queries))
        assert {len(hits) for label, hits in found(cast.jonas, "crumpet").items() if label in ("Contacts", "Steps")} == {
            1 if count == 1 else 3
        }
    assert asked[0] == asked[1]


# PostgreSQL's index


@pytest.mark.postgres
@pytest.mark.skipif(settings.SQLITE, reason="needs PostgreSQL")
@pytest.mark.parametrize(
    ("model", "field"),
    [
        (Client, "code"), (Client, "name"), (Client, "industry"), (Contact, "name"), (Brief, "title"), (Campaign, "name"),
        (Campaign, "job_number"), (Step, "name"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("word", ["crumpet", "cr"])
def test_postgresql_finds_words_by_its_index(model, field, word, db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute("SET LOCAL enable_indexscan = off")
    plan = model.objects.order_by().filter(holds(field, word)).values("pk").explain()
    assert f"{model._meta.db_table}_{field}_words" in plan
