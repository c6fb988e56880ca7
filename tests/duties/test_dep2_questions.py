"""DEP2, SAL1: what nobody knows becomes a question to the client, by telephone or through a link without a login; a person of
ours takes each answer over, and it stands in the brief with who said it and when."""

from uuid import uuid4

import pytest

from briefs.asking import asked_of
from briefs.models import Brief, Enquiry, Question
from clients.models import Contact, SafeLink
from reminders.models import Letter, Notice
from tests.client_pages import door
from tests.records import a_brief

GAPS = ("price", "seasons")


@pytest.fixture
def clara(cast):
    return Contact.objects.select_related("client").get(name="Clara Hollin")


@pytest.fixture
def brief(cast, clients):
    return a_brief(clients["HRB"], cast.jonas, template=None)


def ask(browser, brief, *names, **more):
    """What the page "Ask the client" sends."""
    form = {"token": uuid4(), "way": "link", **more}
    for name in names:
        form |= {f"ask_{name}": "on", f"words_{name}": f"What of {name}?"}
    if "keep" not in more:
        form["ask"] = "1"
    return browser.post(f"/briefs/{brief.pk}/questions/ask/", form)


@pytest.fixture
def sent(brief, clara, cast, login):
    """Jonas has asked Clara two things through a link."""
    assert ask(login(cast.jonas), brief, *GAPS, contact=clara.pk).status_code == 302
    return Enquiry.objects.get(brief=brief)


@pytest.fixture
def link(sent):
    return SafeLink.objects.about(sent).get()


def questions(brief):
    return {it.field: it for it in brief.questions.all()}


def reply(client, link, brief, said, **more):
    """What the contact sends from the page of the link. said: name → words."""
    token = client.get(door(link)).context["form"]["token"].value() or ""
    form = {f"reply_{questions(brief)[name].pk}": words for name, words in said.items()}
    return client.post(door(link), {"token": token, "send": "1", **form, **more})


# ── Asking ──────────────────────────────────────────────────────────────────────────────────────
def test_the_page_proposes_a_question_for_every_gap_what_weighs_most_first_and_marks_what_is_needed(brief, cast, login):
    shown = login(cast.jonas).get(f"/briefs/{brief.pk}/questions/ask/").context["form"]
    names = [line.key for line in shown.lines if not line.key.startswith("new")]
    assert names[:2] == ["objectives", "competitors"]
    assert "product_knowledge" not in names
    assert (
        next(line.words.value() for line in shown.lines if line.key == "price")
        == "What does it cost, and what do the others cost?"
    )


def test_what_is_our_guess_is_proposed_after_the_gaps(brief, cast, login):
    brief.write(by=cast.jonas, seen=brief.version, changes={}, marks={"budget_amount": {"mark": "guess"}})
    lines = list(login(cast.jonas).get(f"/briefs/{brief.pk}/questions/ask/").context["form"].lines)
    assert [line.key for line in lines if not line.key.startswith("new")][-1] == "budget_amount"
    assert next(line.note for line in lines if line.key == "budget_amount") == "our guess so far"


def test_asking_through_a_link_writes_one_letter_and_lies_with_the_client_until_the_day_of_its_terms(sent, link, cast, clara):
    assert (sent.state, sent.court, sent.holder, sent.contact) == ("asked", "client", cast.jonas, clara)
    assert sent.due_on.isoformat() == "2026-11-26"
    assert [it.state for it in sent.questions.all()] == ["asked", "asked"]
    letter = Letter.objects.get(about=link.pk)
    assert letter.to == clara.email
    assert "we have a few questions (2)" in letter.body


def test_sent_twice_it_is_one_enquiry(brief, clara, cast, login):
    token, browser = uuid4(), login(cast.jonas)
    for _click in range(2):
        ask(browser, brief, "price", contact=clara.pk, token=token)
    assert Enquiry.objects.filter(brief=brief).count() == 1
    assert Letter.objects.filter(to=clara.email, sent_at=None).count() == 1


def test_questions_can_be_kept_and_asked_later_and_what_is_asked_keeps_its_words(brief, clara, cast, login):
    browser = login(cast.mei)
    assert ask(browser, brief, "price", keep="1").status_code == 302
    assert questions(brief)["price"].state == "draft"
    ask(login(cast.jonas), brief, "price", contact=clara.pk)
    ask(login(cast.jonas), brief, "price", contact=clara.pk, words_price="Something else?")
    asked = brief.questions.get(field="price")
    assert (asked.state, asked.words) == ("asked", "What of price?")


def test_a_coordinator_keeps_questions_and_sends_none(brief, clara, cast, login):
    assert ask(login(cast.mei), brief, "price", contact=clara.pk).status_code == 403
    assert not Enquiry.objects.filter(brief=brief).exists()


def test_nothing_ticked_no_contact_a_contact_of_another_client_one_without_an_address_one_who_left(brief, clara, cast, login):
    browser, other = login(cast.jonas), Contact.objects.get(name="Erik Voss")
    assert "Choose at least one question." in ask(browser, brief, contact=clara.pk).content.decode()
    assert "This field is required" in ask(browser, brief, "price").content.decode()
    assert "own contacts" in ask(browser, brief, "price", contact=other.pk).content.decode()
    clara.rewrite(by=cast.jonas, seen=clara.version, changes={"email": ""})
    answer = ask(browser, brief, "price", contact=clara.pk)
    assert "has no e-mail address" in answer.content.decode()
    assert "What of price?" in answer.content.decode()
    clara.retire(by=cast.jonas, reason="Left.")
    assert "own contacts" in ask(browser, brief, "price", contact=clara.pk, way="mail").content.decode()
    assert not Enquiry.objects.filter(brief=brief).exists()


def test_for_the_page_of_writing_one_query_tells_what_is_asked_of_whom(sent, brief, django_assert_num_queries):
    with django_assert_num_queries(1):
        told = asked_of(brief)
    assert told == dict.fromkeys(GAPS, "asked of Clara Hollin, Mon 23 Nov")


# ── The client answers ──────────────────────────────────────────────────────────────────────────
def test_the_contact_answers_without_a_login_and_the_answers_lie_with_who_has_the_brief(sent, link, brief, client, cast):
    answer = reply(client, link, brief, {"price": "4.20, and the chain asks 3.90."})
    assert (answer.status_code, answer.url) == (302, "/c/thanks/")
    it = questions(brief)
    assert (it["price"].state, it["price"].reply) == ("answered", "4.20, and the chain asks 3.90.")
    assert it["seasons"].state == "asked"
    sent.refresh_from_db()
    assert (sent.state, sent.court, sent.holder, sent.due_on.isoformat()) == ("answered", "ours", cast.jonas, "2026-11-24")
    told = set(Notice.objects.about(sent).filter(kind="briefs.enquiry_news").values_list("recipient__username", flat=True))
    assert told == {"jonas", "marta"}
    assert Brief.objects.get(pk=brief.pk).price == ""


def test_opening_answers_nothing_saving_is_not_sending_and_the_address_brings_the_words_back(sent, link, brief, client):
    assert client.get(door(link)).status_code == client.head(door(link)).status_code == 200
    saved = reply(client, link, brief, {"price": "4.20"}, keep="1")
    assert "Saved, and not sent yet" in saved.content.decode()
    assert {it.state for it in questions(brief).values()} == {"asked"}
    assert "4.20" in client.get(door(link)).content.decode()
    link.refresh_from_db()
    assert link.is_live


def test_an_answer_is_sent_once(sent, link, brief, client):
    reply(client, link, brief, {"price": "4.20"})
    assert client.get(door(link)).status_code == 404


def test_an_empty_page_and_one_that_is_too_long_are_told_and_keep_what_was_typed(sent, link, brief, client):
    assert "at least one question" in reply(client, link, brief, {}).content.decode()
    long = reply(client, link, brief, {"price": "x" * 4001, "seasons": "In winter."})
    assert (long.status_code, "In winter." in long.content.decode()) == (422, True)
    assert reply(client, link, brief, {"price": "a\x00b"}).status_code == 400
    assert {it.state for it in questions(brief).values()} == {"asked"}


def test_questions_of_another_enquiry_are_not_answered_through_this_link(sent, link, brief, client, cast, clients):
    other = Question.draft(brief=brief, field="strengths", words="Why?", by=cast.jonas)
    answer = client.post(door(link), {"send": "1", f"reply_{other.pk}": "Canary", "reply_x": "x", "reply_999999": "y"})
    assert answer.status_code == 422
    other.refresh_from_db()
    assert (other.state, other.reply) == ("draft", "")


def test_withdrawn_questions_are_drafts_again_and_their_link_opens_nothing(sent, link, brief, client, cast, login):
    address = f"/enquiries/{sent.pk}/move/withdraw/"
    assert login(cast.mei).post(address, {"seen": sent.version, "reason": "x"}).status_code == 403
    assert login(cast.jonas).post(address, {"seen": sent.version, "reason": "Asked at lunch."}).status_code == 302
    assert {it.state for it in questions(brief).values()} == {"draft"}
    assert client.get(door(link)).status_code == 404


def test_what_was_left_open_is_asked_again_through_a_new_link(sent, link, brief, client, clara, cast, login):
    reply(client, link, brief, {"price": "4.20"})
    ask(login(cast.jonas), brief, "seasons", contact=clara.pk)
    again = Enquiry.objects.filter(brief=brief).first()
    assert again != sent
    assert [it.field for it in again.questions.all()] == ["seasons"]
    assert SafeLink.objects.about(again).get().is_live


# ── Taking over ─────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def answered(sent, link, brief, client):
    reply(client, link, brief, {"price": "4.20", "seasons": "Winter."})
    return questions(brief)


def take(browser, brief, question, **typed):
    brief.refresh_from_db()
    return browser.post(f"/briefs/{brief.pk}/questions/{question.pk}/take/", {"seen": brief.version, **typed})


def test_an_answer_lands_in_its_field_with_its_source_once_a_person_takes_it_over(answered, brief, cast, login):
    browser = login(cast.jonas)
    page = browser.get(f"/briefs/{brief.pk}/questions/").content.decode()
    assert "Winter." in page
    assert take(browser, brief, answered["price"], price="4.20 a loaf").status_code == 302
    brief.refresh_from_db()
    assert brief.price == "4.20 a loaf"
    assert brief.marks["price"] == {"mark": "known", "source": "Clara Hollin, through the link", "on": "2026-11-23"}
    answered["price"].refresh_from_db()
    assert (answered["price"].state, answered["price"].reply) == ("taken", "4.20")


def test_the_last_answer_taken_over_settles_the_enquiry(answered, sent, brief, cast, login):
    take(login(cast.jonas), brief, answered["price"], price="4.20")
    sent.refresh_from_db()
    assert sent.state == "answered"
    take(login(cast.jonas), brief, answered["seasons"], seasons="Winter.")
    sent.refresh_from_db()
    assert (sent.state, sent.court, sent.holder) == ("settled", "nobody", None)


def test_it_stands_below_what_is_there_or_in_its_place(answered, brief, cast, login):
    brief.write(by=cast.jonas, seen=brief.version, changes={"price": "3.90", "seasons": "Summer."})
    take(login(cast.jonas), brief, answered["price"], price="4.20", how="below")
    take(login(cast.jonas), brief, answered["seasons"], seasons="Winter.", how="instead")
    brief.refresh_from_db()
    assert (brief.price, brief.seasons) == ("3.90\n\n4.20", "Winter.")


def test_somebody_wrote_in_the_same_field_meanwhile_and_both_texts_are_shown(answered, brief, cast, login):
    seen = brief.version
    brief.write(by=cast.tomas, seen=seen, changes={"price": "5.00"})
    answer = login(cast.jonas).post(
        f"/briefs/{brief.pk}/questions/{answered['price'].pk}/take/", {"seen": seen, "price": "4.20", "how": "instead"}
    )
    assert answer.status_code == 409
    assert "5.00" in answer.content.decode()
    answered["price"].refresh_from_db()
    assert answered["price"].state == "answered"


def test_an_answer_taken_over_twice_is_taken_once(answered, brief, cast, login):
    take(login(cast.jonas), brief, answered["price"], price="4.20")
    assert take(login(cast.tomas), brief, answered["price"], price="4.20").status_code == 409


def test_a_typed_answer_is_put_into_its_proper_field(brief, clara, cast, login):
    it = heard(brief, clara, cast.jonas, "launch_on", "The first Monday in March.")
    browser = login(cast.jonas)
    wrong = take(browser, brief, it, launch_on="2020-01-01")
    assert "cannot be before today" in wrong.content.decode()
    assert take(browser, brief, it, launch_on="2027-03-01", launch_is_fixed="on").status_code == 302
    brief.refresh_from_db()
    assert (brief.launch_on.isoformat(), brief.launch_is_fixed, brief.mark_of("launch_on")) == ("2027-03-01", True, "known")


def heard(brief, contact, by, field, words):
    question = Question.draft(brief=brief, field=field, words="When?", by=by)
    Enquiry.hear(brief=brief, replies={question: (words, not words)}, contact=contact, way="telephone", by=by, token=uuid4())
    return brief.questions.get(pk=question.pk)


def test_a_free_answer_goes_under_any_text_of_the_brief_or_is_only_noted(brief, clara, cast, login):
    first, second = heard(brief, clara, cast.jonas, "", "Red."), heard(brief, clara, cast.jonas, "", "No.")
    take(login(cast.jonas), brief, first, into="tone_of_voice", value="Red, said Clara.")
    take(login(cast.jonas), brief, second, into="")
    brief.refresh_from_db()
    assert brief.tone_of_voice == "Red, said Clara."
    assert {it.state for it in brief.questions.all()} == {"taken"}


def test_i_do_not_know_is_accepted_as_unknown_and_counts_half(brief, clara, cast, login):
    it, before = heard(brief, clara, cast.jonas, "competitors", ""), brief.completeness.percent
    assert "I do not know." in login(cast.jonas).get(f"/briefs/{brief.pk}/questions/").content.decode()
    take(login(cast.jonas), brief, it, unknown="1")
    brief.refresh_from_db()
    assert brief.mark_of("competitors") == "unknown"
    assert brief.completeness.percent > before


def test_dropping_an_answer_needs_a_reason(answered, brief, cast, login):
    address, browser = f"/briefs/{brief.pk}/questions/{answered['price'].pk}/move/drop/", login(cast.jonas)
    assert browser.post(address, {"seen": answered["price"].version, "reason": " "}).status_code == 422
    assert browser.post(address, {"seen": answered["price"].version, "reason": "Said before."}).status_code == 302
    answered["price"].refresh_from_db()
    assert (answered["price"].state, answered["price"].reply) == ("dropped", "4.20")


def test_nothing_is_taken_over_into_a_brief_that_is_not_being_written(answered, brief, cast, login):
    brief.refresh_from_db()
    Brief.objects.filter(pk=brief.pk).update(state="accepted")
    page = login(cast.jonas).get(f"/briefs/{brief.pk}/questions/").content.decode()
    assert "Answers are taken over while it is being written" in page
    assert take(login(cast.jonas), brief, answered["price"], price="4.20").status_code == 409


# ── By telephone ────────────────────────────────────────────────────────────────────────────────
def test_by_telephone_each_answer_is_typed_as_it_is_said_and_one_button_keeps_them(brief, clara, cast, login):
    browser = login(cast.jonas)
    answer = ask(browser, brief, "price", "seasons", "consumers", contact=clara.pk, way="telephone")
    assert answer.url == f"/briefs/{brief.pk}/questions/telephone/"
    it = questions(brief)
    typed = {
        "token": uuid4(), "contact": clara.pk, "way": "telephone", "on": "2026-11-20",
        f"reply_{it['price'].pk}": "4.20", f"take_{it['price'].pk}": "on", f"unknown_{it['seasons'].pk}": "on", "later": "on",
    }  # fmt: skip
    for _click in range(2):
        assert browser.post(answer.url, typed).status_code == 302
    it = questions(brief)
    assert {name: each.state for name, each in it.items()} == {"price": "taken", "seasons": "answered", "consumers": "asked"}
    brief.refresh_from_db()
    assert (brief.price, brief.marks["price"]["source"], brief.marks["price"]["on"]) == (
        "4.20", "Clara Hollin, by telephone", "2026-11-20",
    )  # fmt: skip
    assert asked_of(brief)["consumers"] == "asked of Clara Hollin, Fri 20 Nov"
    assert Enquiry.objects.filter(brief=brief).count() == 2


def test_a_day_to_come_and_nothing_typed_are_refused_and_nothing_is_lost(brief, clara, cast, login):
    browser = login(cast.jonas)
    ask(browser, brief, "price", keep="1")
    it, address = questions(brief)["price"], f"/briefs/{brief.pk}/questions/telephone/"
    typed = {"token": uuid4(), "contact": clara.pk, "way": "telephone", "on": "2026-11-24", f"reply_{it.pk}": "Four twenty"}
    answer = browser.post(address, typed)
    assert "on a day to come" in answer.content.decode()
    assert "Four twenty" in answer.content.decode()
    nothing = browser.post(address, {**typed, "on": "2026-11-23", f"reply_{it.pk}": ""})
    assert "Type at least one answer" in nothing.content.decode()


def test_an_answer_by_telephone_ends_the_wait_for_the_link(sent, link, brief, clara, cast, client, login):
    it = questions(brief)
    typed = {f"reply_{each.pk}": "By telephone." for each in it.values()}
    login(cast.jonas).post(
        f"/briefs/{brief.pk}/questions/telephone/",
        {"token": uuid4(), "contact": clara.pk, "way": "telephone", "on": "2026-11-23", **typed},
    )
    sent.refresh_from_db()
    assert sent.state == "settled"
    assert client.get(door(link)).status_code == 404


def test_the_list_prints(brief, clara, cast, login):
    browser = login(cast.jonas)
    ask(browser, brief, "price", keep="1")
    assert browser.get(f"/briefs/{brief.pk}/questions/telephone/pdf/")["Content-Type"] == "application/pdf"


# ── Who sees it ─────────────────────────────────────────────────────────────────────────────────
PAGES = ("questions/", "questions/ask/", "questions/telephone/", "questions/telephone/pdf/")


@pytest.mark.parametrize("page", PAGES)
def test_a_member_with_a_share_sees_the_answers_of_the_brief_and_none_of_the_talk(page, answered, brief, cast, login):
    brief.share_with(cast.felix, until=brief.created_at.date(), reason="Look", by=cast.omar)
    login(cast.jonas).get("/")
    browser = login(cast.felix)
    own = browser.get(brief.get_absolute_url())
    assert own.status_code == 200
    assert "Clara Hollin" not in own.content.decode()
    assert browser.get(f"/briefs/{brief.pk}/{page}").status_code == 403
    assert not Question.objects.visible_to(cast.felix).exists()


@pytest.mark.parametrize("name", ["lucia", "amina", "ida", "admin"])
def test_an_outsider_meets_nothing(name, answered, sent, brief, cast, login):
    browser = login(getattr(cast, name))
    for page in PAGES:
        assert browser.get(f"/briefs/{brief.pk}/{page}").status_code == 404
    assert take(browser, brief, answered["price"], price="x").status_code == 404
    assert browser.post(f"/enquiries/{sent.pk}/move/withdraw/", {"seen": 1, "reason": "x"}).status_code == 404


# ── On the desks ────────────────────────────────────────────────────────────────────────────────
def test_the_salesman_waits_for_the_answers_and_then_has_them_on_the_desk(sent, link, brief, client, cast, login):
    waits = login(cast.jonas).get("/").context["waits_for"]
    assert sent in waits
    reply(client, link, brief, {"price": "4.20"})
    line = next(it for it in login(cast.jonas).get("/").context["needs_me"] if it == sent)
    assert (line.link.label, line.link.url) == ("1 answer", f"/briefs/{brief.pk}/questions/")
