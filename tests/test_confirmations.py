"""What a client has answered stands for good: a chain that shows every change, and a database that refuses each."""
# ruff: noqa: S608 (the statements are our own: a test tampers with a table by its name)

import re
from datetime import timedelta
from io import StringIO
from uuid import uuid4

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction

from agency.flow import Refused
from agency.sealing import is_sealed, sealing, unsealing
from clients import chain
from clients.models import ChainHead, Confirmation, Contact, SafeLink
from clients.models.confirmation import BEGINNING, confirmations_of
from tests.client_pages import DIGEST, a_link, through
from tests.records import a_brief, a_file
from tests.snapshot import SEALED
from tests.test_list_equals_detail import PEOPLE
from tests.test_races import at_once

TABLE = Confirmation._meta.db_table

pytestmark = pytest.mark.usefixtures("nothing_sent")


@pytest.fixture
def clara(cast):
    return Contact.objects.select_related("client").get(name="Clara Hollin")


@pytest.fixture
def brief(cast, clients):
    return a_brief(clients["HRB"], cast.jonas)


def told(brief, by, **given):
    """An answer that somebody of ours wrote down."""
    given = {"answer": "confirmed", "name": "Clara Hollin", "role": "Marketing", "how": "telephone", **given}
    return Confirmation.record(subject=brief, version=brief.version, digest=DIGEST, what="playback", by=by, **given)


@pytest.fixture
def three(brief, clara, cast):
    """Three answers: on the telephone, by mail with its evidence, and through a link."""
    first = told(brief, cast.jonas, contact=clara, words="Gern – “ja”, 50 % 麦", answer="changes")
    second = told(brief, cast.jonas, how="mail", evidence=a_file(brief, cast.jonas), token=uuid4())
    link = a_link(brief, clara, cast.jonas)
    link.visit = "203.0.113.7", "Telephone/7"
    return [first, second, through(link, token=uuid4())]


def verified():
    """What `manage.py verify_confirmations` says, or why it ends with 1."""
    said = StringIO()
    try:
        call_command("verify_confirmations", stdout=said)
    except CommandError as why:
        return str(why)
    return said.getvalue().strip()


# ── The chain ───────────────────────────────────────────────────────────────────────────────────
def test_an_empty_chain_stands(db):
    assert verified() == "0 confirmations stand, each as it was written."


def test_answers_are_numbered_and_each_seals_the_one_before(three):
    assert [it.number for it in three] == [1, 2, 3]
    assert [it.previous for it in three] == [BEGINNING, three[0].hash, three[1].hash]
    head = ChainHead.objects.get()
    assert (head.number, head.hash) == (3, three[2].hash)
    assert all(re.fullmatch("[0-9a-f]{64}", it.hash) for it in three)
    assert verified() == "3 confirmations stand, each as it was written."


def test_what_was_kept_reads_back_to_the_very_same_hash(three):
    for row in Confirmation.objects.select_related("content_type"):
        assert row.sealed() == row.hash
    assert Confirmation.objects.get(number=3).told()["ip"] == "203.0.113.7"


def test_the_same_form_twice_is_one_answer(brief, cast):
    token = uuid4()
    assert told(brief, cast.jonas, token=token) == told(brief, cast.jonas, token=token)
    assert Confirmation.objects.count() == 1


def test_a_token_of_another_answer_gives_nobody_that_answer(brief, cast):
    token = uuid4()
    told(brief, cast.jonas, token=token)
    for other, by in ((a_brief(brief.client, cast.jonas), cast.jonas), (brief, cast.marta)):
        with pytest.raises(Refused, match="reload"):
            told(other, by, token=token)


def test_an_answer_whose_move_fails_leaves_no_trace(brief, cast):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        told(brief, cast.jonas)
        1 / 0  # noqa: B018
    told(brief, cast.jonas)
    assert verified() == "1 confirmations stand, each as it was written."


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"name": "  "}, "who of the client"),
        ({"answer": "changes", "words": " "}, "what is to be changed"),
        ({"words": "x" * 4001}, "too long"),
        ({"name": "x" * 121}, "too long"),
        ({"role": "x" * 121}, "too long"),
    ],
)
def test_an_answer_that_says_too_little_or_too_much_is_refused(brief, cast, given, sentence):
    with pytest.raises(Refused, match=sentence):
        told(brief, cast.jonas, **given)
    assert not Confirmation.objects.exists()


def test_contact_and_evidence_are_the_clients_own(brief, cast, clients):
    with pytest.raises(Refused, match="this client"):
        told(brief, cast.jonas, contact=Contact.objects.get(name="Erik Voss"))
    with pytest.raises(Refused, match="this client"):
        told(brief, cast.jonas, evidence=a_file(a_brief(clients["VOL"], cast.amina), cast.amina))


def test_evidence_that_was_taken_away_proves_nothing(brief, cast):
    paper = a_file(brief, cast.jonas)
    paper.take_away(by=cast.jonas, reason="The wrong one")
    with pytest.raises(Refused, match="taken away"):
        told(brief, cast.jonas, evidence=paper)


def test_a_file_that_proves_an_answer_is_not_taken_away(three, cast):
    with pytest.raises(Refused, match="proved"):
        three[1].evidence.take_away(by=cast.jonas, reason="Tidying up")


@pytest.mark.parametrize("given", [{"how": "link"}, {"how": "dream"}, {"answer": "perhaps"}])
def test_what_no_page_of_ours_would_send_is_an_error(brief, cast, given):
    with pytest.raises(ValueError, match=r"Answer|link"):
        told(brief, cast.jonas, **given)


def test_a_link_confirms_what_it_opens_and_nothing_else(brief, clara, cast):
    link, other = a_link(brief, clara, cast.jonas), a_brief(brief.client, cast.jonas)
    shown = {"subject": other, "version": 1, "digest": DIGEST, "what": "playback", "contact": clara, "link": link}
    with pytest.raises(ValueError, match="opens"):
        Confirmation.record(**shown, answer="confirmed", name="Clara", how="link")


def test_the_panel_tells_the_newest_first_in_a_constant_number_of_queries(three, brief, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = [(it.number, it.named, it.contact and it.contact.named, str(it.recorded_by)) for it in confirmations_of(brief)]
    assert [number for number, *_rest in found] == [3, 2, 1]


# ── Who sees them ───────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize("name", PEOPLE)
def test_confirmations_and_links_are_seen_with_their_record_and_not_otherwise(three, brief, cast, name):
    person = getattr(cast, name)
    sees = person.has_perm(brief.view_right, brief)
    assert set(Confirmation.objects.visible_to(person)) == (set(three) if sees else set())
    assert SafeLink.objects.visible_to(person).filter(pk=three[2].link_id).exists() == sees


def test_a_share_of_the_record_shows_its_confirmations_and_ends_with_it(three, brief, cast, monday):
    brief.share_with(cast.petra, until=brief.created_at.date() + timedelta(days=1), reason="study", by=cast.marta)
    assert Confirmation.objects.visible_to(cast.petra).count() == 3
    monday.shift(timedelta(days=3))
    assert not Confirmation.objects.visible_to(cast.petra).exists()


def test_somebody_who_left_sees_none(three, cast):
    cast.helena.is_active = False
    assert not Confirmation.objects.visible_to(cast.helena).exists()


# ── Nothing changes ─────────────────────────────────────────────────────────────────────────────
def attempts(row):
    """Ways of changing or removing a row that somebody might think of."""
    yield lambda: row.save()
    yield lambda: row.delete()
    yield lambda: Confirmation.objects.filter(pk=row.pk).update(words="Yes!")
    yield lambda: Confirmation.objects.all().delete()
    yield lambda: Confirmation.objects.all()._raw_delete("default")
    yield lambda: Confirmation.objects.bulk_update([row], ["words"])
    yield lambda: run(f"UPDATE {TABLE} SET words = 'Yes!' WHERE number = {row.number}")
    yield lambda: run(f"UPDATE {TABLE} SET number = number + 10")
    yield lambda: run(f"DELETE FROM {TABLE} WHERE number = {row.number}")
    yield lambda: run("DELETE FROM clients_chainhead")
    yield lambda: run("UPDATE clients_chainhead SET number = number - 1")
    yield lambda: run("UPDATE clients_chainhead SET hash = 'x'")
    yield lambda: row.client.delete()
    truncate = f"SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE {TABLE}"
    yield lambda: run(truncate if connection.vendor == "postgresql" else f"DELETE FROM {TABLE}")


def run(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("number", range(14))
def test_the_database_refuses_to_change_or_remove_an_answer(three, number):
    attempt = list(attempts(three[1]))[number]
    with pytest.raises(IntegrityError), transaction.atomic():
        attempt()
    assert verified() == "3 confirmations stand, each as it was written."


@pytest.mark.parametrize("deed", ["delete", "change"])
def test_the_administration_shows_answers_and_changes_none(three, login, cast, deed):
    browser = login(cast.admin)
    page = f"/admin/clients/confirmation/{three[1].pk}/"
    assert "Clara Hollin" in browser.get(f"{page}change/").text
    assert browser.get("/admin/clients/confirmation/").status_code == 200
    assert browser.post(f"{page}{deed}/", {"post": "yes", "words": "Yes!"}).status_code == 403
    assert browser.get("/admin/clients/confirmation/add/").status_code == 403
    assert verified() == "3 confirmations stand, each as it was written."


# ── What somebody with the keys of the server does is found ─────────────────────────────────────
@pytest.fixture
def unsealed(three):
    """The seals are off while the test tampers, and on again when it looks."""

    def tamper(*statements):
        with transaction.atomic():
            for table in SEALED:
                list(map(run, unsealing(connection.vendor, table)))
            list(map(run, statements))
            for table, counts in SEALED.items():
                list(map(run, sealing(connection.vendor, table, counts=counts)))
        return verified()

    return tamper


def another(row, field):
    """Another value that the column can hold."""
    value = getattr(row, field.attname)
    if field.name == "content_type":
        return ContentType.objects.exclude(pk=value).order_by("pk").first().pk
    if field.is_relation:
        others = field.related_model._base_manager.exclude(pk=value)
        return others.order_by("pk").values_list("pk", flat=True).first()
    kind = field.get_internal_type()
    if kind == "DateTimeField":
        return value + timedelta(microseconds=1)
    if kind == "UUIDField":
        return uuid4()
    if isinstance(value, int):
        return value + 1
    return {"answer": "declined", "how": "letter"}.get(field.name, ("0" if str(value)[0] == "f" else "f") + str(value)[1:])


@pytest.mark.parametrize("field", Confirmation._meta.concrete_fields, ids=lambda field: field.name)
def test_a_change_of_any_column_is_found(unsealed, three, cast, field):
    a_link(three[0].subject, Contact.objects.get(name="Peter Dorn"), cast.jonas)
    a_file(three[0].subject, cast.jonas)
    rows = three[:1] if field.name == "how" else reversed(three)
    row = next(it for it in rows if getattr(it, field.attname) not in (None, ""))
    value = field.get_db_prep_save(another(row, field), connection)
    name, written = connection.ops.quote_name(field.column), value if isinstance(value, int) else f"'{value}'"
    said = unsealed(f"UPDATE {TABLE} SET {name} = {written} WHERE number = {row.number}")
    assert said.startswith("The chain of confirmations is broken."), said


@pytest.mark.parametrize(
    ("statements", "sentence"),
    [
        ([f"DELETE FROM {TABLE} WHERE number = 2"], "Confirmation 2 is missing."),
        ([f"DELETE FROM {TABLE} WHERE number = 1"], "Confirmation 1 is missing."),
        ([f"DELETE FROM {TABLE} WHERE number = 3"], "The end is cut off: 2 confirmations stand, and there were 3."),
        ([f"DELETE FROM {TABLE}"], "The end is cut off: 0 confirmations stand, and there were 3."),
        (["DELETE FROM clients_chainhead"], "The row that says where the chain ends is gone."),
        (["UPDATE clients_chainhead SET number = 2"], "Confirmation 2 is not the one with which the chain ended."),
        (["UPDATE clients_chainhead SET hash = 'x'"], "Confirmation 3 is not the one with which the chain ended."),
        ([f"UPDATE {TABLE} SET number = 9 WHERE number = 3"], "The end is cut off: 2 confirmations stand, and there were 3."),
        ([f"UPDATE {TABLE} SET number = 0 WHERE number = 1"], "Confirmation 0 does not follow the one before it."),
    ],
)
def test_what_is_missing_cut_off_or_foreign_is_told(unsealed, statements, sentence):
    assert unsealed(*statements) == f"The chain of confirmations is broken. {sentence}"


def test_a_row_that_somebody_sealed_anew_breaks_the_next(unsealed, three):
    three[0].words = "We never said that."
    assert "Confirmation 2 does not follow" in unsealed(
        f"UPDATE {TABLE} SET words = 'We never said that.', hash = '{three[0].sealed()}' WHERE number = 1"
    )


def test_a_row_written_behind_the_end_is_foreign(three):
    three[2].number, three[2].token = 4, None
    three[2].save(force_insert=True)
    assert verified().endswith("Confirmation 4 was not written by this house: the chain ends with 3.")


def test_evidence_that_is_another_file_now_is_found(three):
    with three[1].evidence.file.storage.open(three[1].evidence.file.name, "wb") as file:
        file.write(b"something else")
    assert verified().endswith("The evidence of confirmation 2 is no longer the file that was recorded.")


def test_evidence_that_is_gone_is_found(three):
    three[1].evidence.file.storage.delete(three[1].evidence.file.name)
    assert verified().endswith("The evidence of confirmation 2 cannot be read.")


@pytest.mark.parametrize("table", SEALED)
def test_a_seal_taken_off_is_told_even_if_nothing_is_changed(three, table):
    assert is_sealed(table)
    for statement in unsealing(connection.vendor, table):
        run(statement)
    assert f"The table {table} is no longer sealed" in verified()


def test_a_long_chain_is_walked_in_pieces(brief, cast, monkeypatch):
    monkeypatch.setattr(chain, "BATCH", 3)
    for number in range(10):
        told(brief, cast.jonas, words=str(number))
    assert verified() == "10 confirmations stand, each as it was written."


# ── At the same moment ──────────────────────────────────────────────────────────────────────────
@pytest.mark.postgres
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL")
def test_many_who_answer_at_once_queue_and_the_chain_holds(agency):
    brief = a_brief(agency.jonas.assignments.first().client, agency.jonas)
    made = at_once(*[lambda: told(brief, agency.jonas)] * 8)
    assert sorted(it.number for it in made) == list(range(1, 9))
    assert verified() == "8 confirmations stand, each as it was written."


@pytest.mark.postgres
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL")
def test_a_double_click_at_the_very_same_moment_is_one_answer(agency):
    brief, token, before = a_brief(agency.jonas.assignments.first().client, agency.jonas), uuid4(), there_are()
    made = at_once(*[lambda: told(brief, agency.jonas, token=token)] * 6)
    assert {it.number for it in made} == {before + 1}
    assert verified() == f"{before + 1} confirmations stand, each as it was written."


def there_are():
    """How many confirmations stand before the test: those of the demo agency, or none where the chain was broken off."""
    return Confirmation.objects.count()


def test_with_real_transactions_the_chain_goes_on(agency):
    before = there_are()
    told(a_brief(agency.jonas.assignments.first().client, agency.jonas), agency.jonas)
    assert verified() == f"{before + 1} confirmations stand, each as it was written."


def test_after_such_a_test_the_chain_is_sealed_and_holds_nothing_of_it(agency):
    assert there_are() in {0, 20}
    assert verified() == f"{there_are()} confirmations stand, each as it was written."
    assert is_sealed(TABLE)
