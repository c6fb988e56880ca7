"""What is agreed with a client: for which days, what holds on a day, who may confirm what up to how much, and who sees it."""

from datetime import date, timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from agency import clock
from agency.flow import Conflict, Refused
from clients.models import Authority, Client, Contact, Terms

What = Authority.What


@pytest.fixture
def bare(cast, clients):
    """A client of North with whom nothing is agreed yet, and two of its people."""
    client = Client.open(by=cast.helena, token=uuid4(), code="ALD", name="Alder Books", group=clients["HRB"].group)
    client.win(by=cast.helena)
    return client


def a_contact(client, by, name="Anna Alder", **fields):
    return Contact.add(client=client, by=by, token=uuid4(), name=name, **fields)


def agree(client, by, first, last=None, **fields):
    return Terms.open(client=client, by=by, token=uuid4(), valid_from=first, valid_until=last, **fields)


def spans(client):
    return list(client.terms.order_by("valid_from").values_list("valid_from", "valid_until"))


# For which days


def test_where_nothing_is_agreed_the_houses_own_terms_hold_and_nobody_confirms(bare, cast):
    terms, anna = bare.terms_on(), a_contact(bare, cast.helena)
    assert (terms.answer_days, terms.rounds, terms.markup, terms.fee_basis) == (3, 2, 0, "project")
    assert (terms.deemed_acceptance, terms.late_shift, terms.currency, terms.country) == (False, False, settings.CURRENCY, "")
    assert terms.is_of_the_house and str(terms) == "The house's own terms"
    assert not terms.may_confirm(anna, What.PLAYBACK)
    assert list(terms.confirmers(What.PLAYBACK)) == []


def test_new_terms_end_those_before_on_the_day_before_in_one_act(bare, cast):
    old = agree(bare, cast.omar, date(2026, 1, 1), answer_days=5)
    agree(bare, cast.omar, date(2026, 12, 1), answer_days=2)
    assert spans(bare) == [(date(2026, 1, 1), date(2026, 11, 30)), (date(2026, 12, 1), None)]
    assert [bare.terms_on(day).answer_days for day in (date(2026, 11, 30), date(2026, 12, 1))] == [5, 2]
    assert bare.terms_on(date(2025, 12, 31)).is_of_the_house
    old.refresh_from_db()
    assert [(event.verb, event.actor) for event in old.events()] == [("ended", cast.omar), ("created", cast.omar)]


def test_terms_are_valid_on_their_first_and_on_their_last_day(bare, cast):
    terms = agree(bare, cast.omar, date(2026, 11, 23), date(2026, 12, 4))
    found = [bare.terms_on(date(2026, *day)) == terms for day in ((11, 22), (11, 23), (12, 4), (12, 5))]
    assert found == [False, True, True, False]


@pytest.mark.parametrize(
    ("first", "last", "sentence"),
    [
        (date(2026, 6, 1), None, "from Thu 1 Jan 2026 to Tue 30 Jun 2026"),  # those are over
        (date(2025, 6, 1), None, "from Thu 1 Jan 2026 to"),
        (date(2026, 10, 1), None, "from Tue 1 Dec 2026 on"),
        (date(2026, 10, 1), date(2026, 12, 1), "from Tue 1 Dec 2026 on"),
        (date(2026, 12, 1), None, "from Tue 1 Dec 2026 on"),
        (date(2026, 10, 2), date(2026, 10, 1), "before their first"),
    ],
)
def test_terms_of_a_client_never_overlap_and_a_sentence_says_which_are_in_the_way(first, last, sentence, bare, cast):
    agree(bare, cast.omar, date(2026, 12, 1))
    with clock.at(clock.now() - timedelta(days=300)):
        agree(bare, cast.omar, date(2026, 1, 1), date(2026, 6, 30))
    before = spans(bare)
    with pytest.raises(Refused, match=sentence):
        agree(bare, cast.omar, first, last)
    assert spans(bare) == before


def test_terms_fit_between_others(bare, cast):
    agree(bare, cast.omar, date(2027, 1, 1))
    agree(bare, cast.omar, date(2026, 1, 1), date(2026, 12, 31))
    agree(bare, cast.omar, date(2026, 12, 1), date(2026, 12, 31))
    assert spans(bare) == [
        (date(2026, 1, 1), date(2026, 11, 30)), (date(2026, 12, 1), date(2026, 12, 31)), (date(2027, 1, 1), None),
    ]  # fmt: skip


def test_the_database_itself_refuses_terms_that_cannot_be(bare, cast):
    def row(**fields):
        terms = Terms.of_the_house(bare)
        for name, value in {"created_by": cast.omar, "valid_from": date(2026, 1, 1), **fields}.items():
            setattr(terms, name, value)
        return terms

    wrong = [
        {"valid_until": date(2025, 12, 31)}, {"deemed_acceptance": True}, {"answer_days": 0}, {"rounds": 21}, {"markup": 101},
        {"fee_basis": "barter"},
    ]  # fmt: skip
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            row(**fields).keep(by=cast.omar)
    row().keep(by=cast.omar)
    with pytest.raises(IntegrityError), transaction.atomic():
        row(valid_from=date(2026, 2, 1)).keep(by=cast.omar)


@pytest.mark.postgres
@pytest.mark.skipif(settings.SQLITE, reason="needs PostgreSQL")
def test_postgresql_refuses_days_that_overlap_whoever_writes_them(bare, cast):
    agree(bare, cast.omar, date(2026, 1, 1), date(2026, 12, 31))
    terms = Terms.of_the_house(bare)
    terms.valid_from, terms.valid_until, terms.created_by = date(2026, 12, 31), date(2027, 1, 31), cast.omar
    with pytest.raises(IntegrityError, match="terms_never_overlap"), transaction.atomic():
        terms.keep(by=cast.omar)


def test_terms_that_are_over_stay_as_they_were(bare, cast):
    with clock.at(clock.now() - timedelta(days=300)):
        old = agree(bare, cast.omar, date(2026, 1, 1), date(2026, 6, 30))
    anna = a_contact(bare, cast.helena)
    with pytest.raises(Refused, match="stay as they were"):
        old.rewrite(by=cast.omar, seen=old.version, changes={"rounds": 9})
    with pytest.raises(Refused, match="stay as they were"):
        old.authorise(anna, kinds=[What.PLAN], by=cast.omar)


def test_terms_ahead_can_be_moved_and_those_before_end_the_day_before_as_ever(bare, cast):
    agree(bare, cast.omar, date(2026, 1, 1))
    ahead = agree(bare, cast.omar, date(2027, 1, 1))
    ahead.rewrite(by=cast.omar, seen=ahead.version, changes={"valid_from": date(2026, 12, 1)})
    assert spans(bare) == [(date(2026, 1, 1), date(2026, 11, 30)), (date(2026, 12, 1), None)]
    ahead.rewrite(by=cast.omar, seen=ahead.version, changes={"valid_from": date(2027, 2, 1)})
    assert spans(bare) == [(date(2026, 1, 1), date(2027, 1, 31)), (date(2027, 2, 1), None)]
    with pytest.raises(Refused, match="Other terms hold from"):
        ahead.rewrite(by=cast.omar, seen=ahead.version, changes={"valid_from": date(2026, 1, 1)})


def test_the_first_day_of_terms_that_have_begun_stays(bare, cast):
    terms = agree(bare, cast.omar, date(2026, 1, 1))
    with pytest.raises(Refused, match="first day stays"):
        terms.rewrite(by=cast.omar, seen=terms.version, changes={"valid_from": date(2026, 2, 1)})


def test_two_who_correct_the_same_terms_lose_nothing(bare, cast):
    terms = agree(bare, cast.omar, date(2026, 1, 1))
    seen = terms.version
    terms.rewrite(by=cast.omar, seen=seen, changes={"rounds": 3})
    with pytest.raises(Conflict) as told:
        Terms.objects.get(pk=terms.pk).rewrite(by=cast.helena, seen=seen, changes={"rounds": 4, "answer_days": 3})
    assert [(row.name, row.yours, row.theirs) for row in told.value.rows] == [("rounds", "4", "3")]


@pytest.mark.parametrize("name", ["marta", "tomas", "jonas", "mei", "ingrid", "felix", "admin"])
def test_only_the_minister_and_the_supervisor_of_the_group_write_terms(name, bare, cast):
    person, terms, anna = getattr(cast, name), agree(bare, cast.omar, date(2026, 1, 1)), a_contact(bare, cast.helena)
    with pytest.raises(PermissionDenied):
        agree(bare, person, date(2026, 12, 1))
    with pytest.raises(PermissionDenied):
        terms.rewrite(by=person, seen=terms.version, changes={"rounds": 9})
    with pytest.raises(PermissionDenied):
        terms.authorise(anna, kinds=[What.PLAN], by=person)


def test_the_clients_answer_is_counted_by_the_holidays_of_its_country(bare, cast):
    english = bare.terms_on()
    assert english.answer_due(date(2026, 12, 22)) == date(2026, 12, 30)  # the agency is closed on Christmas Eve
    german = agree(bare, cast.omar, date(2026, 1, 1), country="DE", subdivision="BY")
    assert german.answer_due(date(2026, 12, 22)) == date(2026, 12, 28)  # Christmas Eve and the 28th count there
    assert german.answer_due(date(2027, 1, 4)) == date(2027, 1, 8)  # Epiphany is a holiday in Bavaria


# Who may confirm what


def test_a_contact_confirms_what_was_written_down_up_to_the_total(bare, cast):
    terms, anna, bob = agree(bare, cast.omar, date(2026, 1, 1)), a_contact(bare, cast.helena), a_contact(bare, cast.omar, "Bob")
    assert terms.authorise(anna, kinds=[What.PLAN, What.ESTIMATE], up_to=Decimal(150000), by=cast.omar) == 2
    assert terms.authorise(bob, kinds=[What.PROOF], by=cast.omar) == 1
    assert [terms.may_confirm(anna, What.ESTIMATE, Decimal(total)) for total in ("150000", "150000.01")] == [True, False]
    assert terms.may_confirm(anna, What.PLAN) and not terms.may_confirm(anna, What.DRAFT)
    assert terms.may_confirm(bob, What.PROOF, Decimal(10**9)) and not terms.may_confirm(bob, What.PLAN)
    assert list(terms.confirmers(What.PLAN)) == [anna] and list(terms.confirmers(What.PLAN, Decimal(150001))) == []


def test_the_same_authority_twice_is_one_and_another_limit_takes_its_place(bare, cast):
    terms, anna = agree(bare, cast.omar, date(2026, 1, 1)), a_contact(bare, cast.helena)
    for limit, new in ((100, 1), (100, 0), (200, 1), (None, 1)):
        assert terms.authorise(anna, kinds=[What.PLAN], up_to=limit, by=cast.omar) == new
    assert terms.authorities.standing().get().up_to is None
    assert terms.authorities.count() == 3


def test_a_contact_of_another_client_confirms_nothing_here(bare, cast, clients):
    terms, clara = agree(bare, cast.omar, date(2026, 1, 1)), Contact.objects.get(name="Clara Hollin")
    with pytest.raises(Refused, match="Clara Hollin is not a contact of this client"):
        terms.authorise(clara, kinds=[What.PLAN], by=cast.omar)
    assert not terms.may_confirm(clara, What.PLAN)


def test_who_may_confirm_goes_over_to_new_terms_but_a_limit_in_other_money_does_not(bare, cast):
    terms, anna, bob = agree(bare, cast.omar, date(2026, 1, 1)), a_contact(bare, cast.helena), a_contact(bare, cast.omar, "Bob")
    terms.authorise(anna, kinds=[What.PLAN], up_to=500, by=cast.omar)
    terms.authorise(anna, kinds=[What.DRAFT], by=cast.omar)
    terms.authorise(bob, kinds=[What.DRAFT], by=cast.omar)
    bob.retire(by=cast.omar, reason="Left")
    second = agree(bare, cast.omar, date(2026, 12, 1))
    assert sorted(second.authorities.values_list("contact__name", "what", "up_to")) == [
        ("Anna Alder", "draft", None), ("Anna Alder", "plan", Decimal(500)),
    ]  # fmt: skip
    third = agree(bare, cast.omar, date(2027, 1, 1), currency="USD")
    assert list(third.authorities.values_list("what", "up_to")) == [("draft", None)]


def test_the_money_of_the_limits_is_not_changed_under_them(bare, cast):
    terms, anna = agree(bare, cast.omar, date(2026, 1, 1)), a_contact(bare, cast.helena)
    terms.authorise(anna, kinds=[What.PLAN], up_to=500, by=cast.omar)
    with pytest.raises(Refused, match="Limits are agreed in EUR"):
        terms.rewrite(by=cast.omar, seen=terms.version, changes={"currency": "USD"})


def test_whoever_left_confirms_nothing_and_comes_back_without_authority(bare, cast):
    terms, anna = agree(bare, cast.omar, date(2026, 1, 1)), a_contact(bare, cast.helena)
    terms.authorise(anna, kinds=[What.PLAN], by=cast.omar)
    anna.retire(by=cast.omar, reason="Left for the sea")
    assert not terms.may_confirm(anna, What.PLAN) and not terms.authorities.standing().exists()
    with pytest.raises(Refused, match="no longer there"):
        terms.authorise(anna, kinds=[What.PLAN], by=cast.omar)
    anna.take_back(by=cast.omar)
    assert not terms.may_confirm(anna, What.PLAN)


def test_events_of_terms_hold_no_money(bare, cast):
    terms, anna = (
        agree(bare, cast.omar, date(2026, 1, 1), markup=Decimal("17.25"), fee_note="4711 a month"),
        a_contact(bare, cast.omar),
    )
    terms.authorise(anna, kinds=[What.PLAN], up_to=Decimal("98765"), by=cast.omar)
    terms.rewrite(by=cast.omar, seen=terms.version, changes={"markup": Decimal("18.25")})
    told = " ".join(f"{event.reason} {event.details}" for event in terms.events())
    assert not [figure for figure in ("17.25", "18.25", "4711", "98765") if figure in told]


# The pages


def sent(terms=None, **changes):
    """The form as the page sends it: a checkbox that is not ticked is not sent."""
    fields = {
        "valid_from": "2026-12-01", "valid_until": "", "answer_days": "4", "country": "gb", "subdivision": "eng", "rounds": "3",
        "deemed_clause": "", "currency": "eur", "fee_basis": "retainer", "fee_note": "Ask Finance", "markup": "7.5",
    }  # fmt: skip
    return {**fields, **({"seen": terms.version} if terms else {"token": uuid4()}), **changes}


def test_the_supervisor_writes_new_terms_and_everybody_with_the_file_sees_what_holds(bare, cast, login):
    browser, form = login(cast.omar), sent()
    assert [browser.post("/clients/ALD/terms/new/", form).url for _click in range(2)] == ["/clients/ALD/terms/"] * 2
    terms = bare.terms.get()
    assert (terms.valid_from, terms.answer_days, terms.country, terms.subdivision, terms.currency, terms.markup) == (
        date(2026, 12, 1), 4, "GB", "ENG", "EUR", Decimal("7.5"),
    )  # fmt: skip
    page = login(cast.mei).get("/clients/ALD/terms/?on=2026-12-01").content.decode()
    assert "in 4 working days" in page and "GB, ENG" in page
    assert "Nothing is agreed with the client for this day" in login(cast.mei).get("/clients/ALD/terms/").content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("valid_from", ""), ("valid_from", "2206-01-01"), ("valid_from", "31.13.2026"), ("valid_until", "2026-11-22"),
        ("valid_until", "2026-11-30"), ("answer_days", "0"), ("answer_days", "61"), ("answer_days", "9" * 40),
        ("country", "ZZ"), ("subdivision", "XX"), ("rounds", "-1"), ("rounds", "21"), ("currency", "EURO"),
        ("currency", "E1R"), ("fee_basis", "barter"), ("markup", "-1"), ("markup", "100.01"), ("markup", "NaN"),
        ("fee_note", "x" * 2001), ("deemed_clause", "x" * 2001), ("token", ""),
    ],
)  # fmt: skip
def test_what_cannot_be_agreed_is_told_beside_the_field(field, value, bare, cast, login):
    answer = login(cast.omar).post("/clients/ALD/terms/new/", sent(**{field: value}))
    assert answer.status_code == 422
    assert answer.context["form"].errors[field]
    assert not bare.terms.exists()


def test_silence_is_acceptance_only_with_its_clause(bare, cast, login):
    answer = login(cast.omar).post("/clients/ALD/terms/new/", sent(deemed_acceptance="on", deemed_clause="  "))
    assert answer.status_code == 422
    assert "Write the clause: without one, silence is no acceptance." in answer.content.decode()
    login(cast.omar).post("/clients/ALD/terms/new/", sent(deemed_acceptance="on", deemed_clause="Two days."))
    assert bare.terms.get().deemed_acceptance


def test_terms_in_the_way_are_told_above_the_form_and_nothing_typed_is_lost(bare, cast, login):
    agree(bare, cast.omar, date(2026, 12, 1))
    answer = login(cast.omar).post("/clients/ALD/terms/new/", sent(fee_note="Kept words"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Other terms hold from Tue 1 Dec 2026 on." in page and "Kept words" in page


def test_two_supervisors_words_stand_side_by_side_field_by_field(bare, cast, login):
    terms = agree(bare, cast.omar, date(2026, 1, 1))
    stale = sent(terms, late_shift="on", rounds="5")
    del stale["valid_from"]
    address = f"/clients/ALD/terms/{terms.pk}/edit/"
    login(cast.helena).post(address, {**stale, "rounds": "7", "deemed_acceptance": "on", "deemed_clause": "Two days."})
    answer = login(cast.omar).post(address, stale)
    assert answer.status_code == 409
    rows = {row.name: (row.yours, row.theirs) for row in answer.context["conflict"].rows}
    assert rows == {"rounds": ("5", "7"), "deemed_acceptance": ("no", "yes"), "deemed_clause": ("", "Two days.")}
    now = Terms.objects.get(pk=terms.pk)
    again = {**stale, "seen": now.version, "leave": ["deemed_acceptance", "deemed_clause"]}
    assert login(cast.omar).post(address, again).status_code == 302
    now.refresh_from_db()
    assert (now.rounds, now.deemed_acceptance, now.deemed_clause) == (5, True, "Two days.")


def test_terms_that_are_over_are_read_and_not_written(bare, cast, login):
    with clock.at(clock.now() - timedelta(days=300)):
        old = agree(bare, cast.omar, date(2026, 1, 1), date(2026, 6, 30), rounds=9)
    agree(bare, cast.omar, date(2026, 7, 1))
    browser = login(cast.omar)
    page = browser.get("/clients/ALD/terms/?on=2026-03-01").content.decode()
    assert "What holds on Sun 1 Mar 2026" in page and "Side by side" in page
    assert f"/terms/{old.pk}/edit/" not in page
    assert browser.get(f"/clients/ALD/terms/{old.pk}/edit/").status_code == 409


def test_who_confirmed_what_on_a_day_can_be_asked(bare, cast, login, monday):
    terms, anna = agree(bare, cast.omar, date(2026, 1, 1)), a_contact(bare, cast.helena)
    terms.authorise(anna, kinds=list(What), up_to=Decimal(900), by=cast.omar)
    monday.shift(timedelta(days=2))
    anna.retire(by=cast.omar, reason="Left")
    browser = login(cast.mei)

    def told(day):
        found = browser.get(f"/clients/ALD/terms/?on={day}").context["confirmers"]
        return [(it.contact, it.lines) for it in found]

    assert told("2026-11-24") == [(anna, [("Everything", Decimal("900.00"))])]
    assert told("2026-11-25") == told("2026-11-22") == []


@pytest.mark.parametrize("query", ["on=x", "on=0000-00-00", "on=9999-12-31", "on=0001-01-01", "before=x", "before=1999-01-01"])
def test_a_day_that_makes_no_sense_is_answered(query, cast, login):
    assert login(cast.jonas).get(f"/clients/HRB/terms/?{query}").status_code == 200


def test_a_contact_is_authorised_thing_by_thing_on_a_page(bare, cast, login):
    terms, anna = agree(bare, cast.omar, date(2026, 1, 1)), a_contact(bare, cast.helena)
    browser, address = login(cast.omar), f"/clients/ALD/terms/{terms.pk}/confirm/{anna.pk}/"
    ticks = {"seen": "", "plan": "on", "plan_up_to": "1500.50", "draft": "on"}
    assert browser.post(address, ticks).status_code == 302
    assert terms.may_confirm(anna, What.PLAN, Decimal("1500.50")) and terms.may_confirm(anna, What.DRAFT)
    stale = browser.post(address, {"seen": "", "proof": "on"})
    assert stale.status_code == 422 and "Somebody changed this meanwhile" in stale.content.decode()
    again = browser.post(address, {"seen": stale.context["form"]["seen"].value(), "proof": "on"})
    assert again.status_code == 302
    assert list(terms.authorities.standing().values_list("what", flat=True)) == ["proof"]
    page = browser.get("/clients/ALD/").content.decode()
    assert "Proof" in page and "confirms" in page


@pytest.mark.parametrize("limit", ["-1", "x", "1e99", "NaN", "99999999999"])
def test_a_limit_that_is_no_sum_is_refused_beside_it(limit, bare, cast, login):
    terms, anna = agree(bare, cast.omar, date(2026, 1, 1)), a_contact(bare, cast.helena)
    sent = {"seen": "", "plan": "on", "plan_up_to": limit, "proof_up_to": "5"}
    answer = login(cast.omar).post(f"/clients/ALD/terms/{terms.pk}/confirm/{anna.pk}/", sent)
    assert answer.status_code == 422
    assert set(answer.context["form"].errors) == {"plan_up_to", "proof_up_to"}


def test_a_contact_of_another_client_has_no_page_here(bare, cast, login):
    terms, clara = agree(bare, cast.omar, date(2026, 1, 1)), Contact.objects.get(name="Clara Hollin")
    assert login(cast.omar).get(f"/clients/ALD/terms/{terms.pk}/confirm/{clara.pk}/").status_code == 404
    hrbs = Terms.objects.filter(client__code="HRB").first()
    assert login(cast.omar).get(f"/clients/ALD/terms/{hrbs.pk}/edit/").status_code == 404


# What tells of our margin


@pytest.fixture
def margin(cast, clients):
    """The bakeries' terms with figures that stand nowhere else, once changed."""
    terms = clients["HRB"].terms_on()
    terms.rewrite(by=cast.omar, seen=terms.version, changes={"markup": Decimal("17.31"), "fee_note": "Retainer 48713 a month"})
    terms.rewrite(by=cast.omar, seen=terms.version, changes={"markup": Decimal("18.37")})
    return terms


FIGURES = ("17.31", "18.37", "48713")


def addresses(terms):
    yield from (
        "/clients/HRB/",
        "/clients/HRB/terms/",
        "/clients/HRB/terms/?on=2026-11-23",
        "/happened/?client=HRB",
        "/search/?q=4871",
    )
    yield from ("/clients/HRB/terms/new/", f"/clients/HRB/terms/{terms.pk}/edit/", f"/history/clients.terms/{terms.pk}/")
    yield from ("/contacts/?export=csv", "/clients/?export=csv", "/", f"/admin/clients/terms/{terms.pk}/change/")
    yield from (f"/admin/clients/terms/{terms.pk}/history/", "/admin/clients/terms/", "/admin/clients/event/")
    yield from (f"/admin/clients/terms/{terms.pk}/history/{row.pk}/" for row in terms.history.all())


@pytest.mark.parametrize("name", ["jonas", "mei", "rafael", "tomas", "felix", "admin", "lucia", "ingrid"])
def test_mark_up_and_fee_are_nowhere_for_those_who_do_not_see_our_margin(name, margin, cast, login):
    browser, opened = login(getattr(cast, name)), 0
    for address in addresses(margin):
        answer = browser.get(address)
        page = answer.content.decode() if not answer.streaming else b"".join(answer).decode(errors="replace")
        assert not [figure for figure in FIGURES if figure in page], address
        assert "Mark-up" not in page or "/admin/" in address, address
        opened += answer.status_code == 200
    assert opened > 2


@pytest.mark.parametrize("name", ["helena", "omar", "marta"])
def test_those_who_see_our_margin_read_them_on_the_page_and_in_the_history(name, margin, cast, login):
    browser = login(getattr(cast, name))
    page = browser.get("/clients/HRB/terms/").content.decode()
    assert "18.37 %" in page and "48713" in page
    told = browser.get(f"/history/clients.terms/{margin.pk}/").content.decode()
    assert "17.31" in told and "18.37" in told


def test_the_manager_of_a_small_client_sees_its_margin_and_of_a_big_one_not(cast, login):
    browser = login(cast.tomas)
    assert "Mark-up" in browser.get("/clients/PAL/terms/").content.decode()
    assert "Mark-up" not in browser.get("/clients/HRB/terms/").content.decode()


def test_the_coordinator_reads_in_the_history_that_something_changed_and_not_what(margin, cast, login):
    page = login(cast.mei).get(f"/history/clients.terms/{margin.pk}/")
    assert page.status_code == 200
    assert [len(change.fields) for change in page.context["changes"][:2]] == [0, 0]


def test_a_share_of_the_client_file_does_not_open_its_terms(cast, clients, login):
    clients["HRB"].share_with(cast.ida, until=clock.today(), reason="Invoice", by=cast.marta)
    browser = login(cast.ida)
    assert browser.get("/clients/HRB/").context["glance"] is None
    assert browser.get("/clients/HRB/terms/").status_code in {403, 404}
