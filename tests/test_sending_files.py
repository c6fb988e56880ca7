"""Files that a browser sends one by one: each under its own token, kept once, and answered with its line or with a sentence."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from approvals.models import DraftVersion
from approvals.models.page_image import pages_of
from clients.models.attachment import attachments_of
from tests.drafts import a_draft, a_piece
from tests.hostile import mp4, picture
from tests.records import a_confirmed_plan, an_accepted_brief


@pytest.fixture
def version(cast, clients):
    brief = an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta)
    draft = a_draft(a_piece(a_confirmed_plan(brief, writer=cast.marta, agreer=cast.omar), cast.marta), cast.marta)
    return DraftVersion.open(draft, by=cast.marta, token=uuid4())


@pytest.fixture
def send(version, cast, login):
    """send("a.png", content, token) → what the script is told."""
    browser = login(cast.marta)
    there = reverse("draft_version_files", args=[version.draft_id, version.number])

    def sent(name, content, token=None, **headers):
        form = {"token": token or uuid4(), "files": SimpleUploadedFile(name, content)}
        return browser.post(there, form, headers={"accept": "application/json", **headers})

    return sent


def test_a_file_that_is_kept_comes_back_as_its_line(send, version):
    answer = send("ad.png", picture())
    [kept] = attachments_of(version)
    assert answer.status_code == 201 and f'href="{kept.get_absolute_url()}"' in answer.json()["html"]
    assert reverse("draft_file_gone", args=[version.draft_id, version.number, kept.pk]) in answer.json()["html"]
    assert pages_of(kept).get().is_waiting


def test_what_is_sent_again_after_a_broken_connection_is_kept_once(send, version):
    token = uuid4()
    first, again = (send("ad.png", picture(), token) for _each in range(2))
    assert first.json() == again.json() and attachments_of(version).count() == 1
    assert pages_of(list(attachments_of(version))).count() == 1


@pytest.mark.parametrize(
    ("name", "content", "word"),
    [("page.png", b"<svg/>", "drawing made of code"), ("a.mov", mp4(b"qt  "), "not taken here"), ("a.png", b"", "is empty")],
)
def test_what_is_refused_comes_back_with_the_sentence(name, content, word, send, version):
    answer = send(name, content)
    assert answer.status_code == 422 and word in answer.json()["refused"]
    assert not attachments_of(version).exists()


def test_a_film_larger_than_other_files_is_kept_with_a_version(send, version, settings):
    settings.UPLOAD_MB, settings.UPLOAD_MEDIA_MB, settings.UPLOAD_FILES = 1, 8, 2
    film = mp4(film=bytes(6_000_000))
    assert send("spot.mp4", film).status_code == 201
    assert "larger than 1 MB" in send("long.txt", b"x" * 2_000_000).json()["refused"]
    assert attachments_of(version).get().sha256_now() == attachments_of(version).get().sha256_arrived


def test_once_the_version_is_handed_in_nothing_is_added_and_the_script_hears_why(send, version, cast):
    version.discard(by=cast.marta)
    answer = send("ad.png", picture())
    assert answer.status_code in {404, 422} and not attachments_of(version).exists()


def test_whoever_may_not_register_versions_adds_none(version, cast, login):
    there = reverse("draft_version_files", args=[version.draft_id, version.number])
    form = {"token": uuid4(), "files": SimpleUploadedFile("ad.png", picture())}
    answers = {login(person).post(there, form).status_code for person in (cast.amina, cast.noor, cast.admin)}
    assert answers <= {403, 404} and not attachments_of(version).exists()
