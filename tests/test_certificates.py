"""SAL2, DEP8: one certificate for whatever a client answered: what, who, when, how, and whether it still holds."""

from io import BytesIO, StringIO

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pypdfium2 import PdfDocument

from approvals.models import Draft
from clients.models import Confirmation
from clients.models.attachment import attachments_of


@pytest.fixture
def approved(cast):
    """The poster of the bread, which Clara approved behind her link."""
    return Draft.objects.get(state="approved", client__code="HRB")


@pytest.fixture
def answer(approved):
    return Confirmation.objects.about(approved.sheet).get()


def address(row):
    return f"/confirmations/{row.number}/"


def test_the_certificate_says_what_who_when_and_how(cast, login, answer, approved):
    page = login(cast.jonas).get(address(answer)).content.decode()
    for words in (
        f"Certificate {answer.number}", approved.sheet.reference, approved.sheet.digest, "Confirmed", "Clara Hollin",
        "2026-11-10T16:40", answer.hash, answer.previous, answer.address, "It stands as it was written",
    ):  # fmt: skip
        assert words in page, words
    assert f'href="{address(answer)}"' in login(cast.jonas).get(approved.get_absolute_url()).content.decode()


def test_there_is_one_for_plans_and_schedules_too(cast, login):
    kinds = set()
    for row in Confirmation.objects.filter(client__code="HRB"):
        assert login(cast.marta).get(address(row)).status_code == 200, row.what
        kinds.add(row.what)
    assert {"plan", "draft", "playback"} <= kinds


def test_it_is_kept_as_a_pdf(cast, login, answer):
    answered = login(cast.jonas).get(f"{address(answer)}pdf/")
    assert answered["Content-Type"] == "application/pdf"
    text = "".join(page.get_textpage().get_text_bounded() for page in PdfDocument(BytesIO(answered.content)))
    assert answer.digest[:20] in text.replace("\r\n", "")


def test_another_clients_people_find_none(cast, login, answer):
    for person in (cast.lucia, cast.amina, cast.noor, cast.admin):
        assert login(person).get(address(answer)).status_code == 404
        assert login(person).get(f"{address(answer)}pdf/").status_code == 404
    assert login(cast.jonas).get("/confirmations/999999999/").status_code == 404


def test_it_says_that_a_later_version_has_taken_its_place(cast, login, answer, approved):
    approved.reopen(by=cast.marta, seen=approved.version, reason="The hours change.")
    page = login(cast.jonas).get(address(answer)).content.decode()
    assert "It holds no longer:" in page and "opened again to be changed" in page


def test_a_file_that_is_another_one_now_breaks_certificate_and_chain(cast, login, answer, approved):
    out = StringIO()
    call_command("verify_confirmations", stdout=out)
    assert "each as it was written" in out.getvalue()
    name = attachments_of(approved.sheet).get().file.name
    with default_storage.open(name) as file:
        before = file.read()
    default_storage.delete(name)
    try:
        with pytest.raises(CommandError, match=f"confirmation {answer.number} is about cannot be read"):
            call_command("verify_confirmations")
        default_storage.save(name, BytesIO(before + b"\0"))
        with pytest.raises(CommandError, match=f"What confirmation {answer.number} is about is no longer what was shown"):
            call_command("verify_confirmations")
        page = login(cast.jonas).get(address(answer)).content.decode()
        assert "no longer as it was written" in page
    finally:
        default_storage.delete(name)
        default_storage.save(name, BytesIO(before))


def test_walking_the_chain_asks_for_what_was_shown_kind_by_kind(cast):
    with CaptureQueriesContext(connection) as queries:
        call_command("verify_confirmations", stdout=StringIO())
    assert Confirmation.objects.count() > 10
    assert len(queries) < 60
