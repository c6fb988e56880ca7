"""Video and sound: what is taken and what is refused, how large it may be, and how a browser gets a part of it."""

import sys
from contextlib import suppress
from hashlib import sha256
from importlib import import_module
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import JsonResponse
from django.test import RequestFactory
from django.urls import path

from agency.files import TYPES, FilesField, examine, served, takes_media
from agency.files.asking import is_asked_for_media
from agency.flow import Refused
from agency.urls import urlpatterns as addresses
from clients.models.attachment import attach
from tests.hostile import BAD_MEDIA, HALVES, MEDIA, mp3, mp4, picture, wav, webm
from tests.records import a_brief


def upload(name, content):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def brief(cast, clients):
    return a_brief(clients["HRB"], cast.jonas)


@pytest.mark.parametrize("name", MEDIA)
def test_video_and_sound_are_known_by_their_content_and_kept_as_they_came(name):
    content, kind = MEDIA[name]
    found = examine(upload(name, content))
    assert (found.name, found.media_type) == (name, kind)
    assert found.content.read() == content and found.sha256 == found.arrived == sha256(content).hexdigest()


@pytest.mark.parametrize("name", BAD_MEDIA)
def test_everything_else_is_refused_with_a_sentence(name):
    content, word = BAD_MEDIA[name]
    with pytest.raises(Refused) as why:
        examine(upload(name, content))
    assert word in str(why.value) and f"“{name}”" in str(why.value)


@pytest.mark.parametrize("name", HALVES)
def test_half_a_film_is_refused(name):
    content, _kind = MEDIA[name]
    with pytest.raises(Refused):
        examine(upload(name, content[: len(content) // 2]))


def test_a_film_is_not_refused_for_what_its_pictures_happen_to_hold():
    """The words of a page in the middle of a long film are noise; nobody looks for a page there."""
    noise = bytes(5_000) + b"<html>%PDF-1PK\x05\x06" + bytes(100_000)
    assert examine(upload("spot.mp4", mp4(film=noise))).media_type == "video/mp4"
    assert examine(upload("spot.wav", wav(sound=noise))).media_type == "audio/wav"


@pytest.fixture
def looker(monkeypatch):
    """The module that looks, here and now instead of in a process of its own."""
    monkeypatch.syspath_prepend(str(settings.BASE_DIR / "agency" / "files" / "decoding"))
    yield import_module("media"), import_module("refusing").No
    for name in ("media", "documents", "refusing"):
        sys.modules.pop(name, None)


@pytest.mark.parametrize("name", MEDIA)
def test_neither_a_cut_nor_a_changed_byte_makes_whoever_looks_stumble(name, looker):
    """Every beginning of a good file, and every file with one byte changed, is taken or refused, and nothing else happens."""
    media, no = looker
    content = MEDIA[name][0][:700]
    changed = [
        content[:at] + bytes([sign]) + content[at + 1 :] for at in range(min(len(content), 120)) for sign in (0, 1, 127, 255)
    ]
    for given in [content[:length] for length in range(1, len(content))] + changed:
        with suppress(no):
            assert media.kind_of(given) in TYPES or not media.kind_of(given)


# How large


def test_a_film_may_be_larger_where_a_form_asks_for_media_and_nothing_else_may(settings):
    settings.UPLOAD_MB, settings.UPLOAD_MEDIA_MB = 1, 3
    film, still = upload("spot.mp4", mp4(film=bytes(2_000_000))), upload("still.txt", b"x" * 2_000_000)
    assert examine(film, media=True).size > 2_000_000
    for file, how, limit in (
        (film, {}, 1),
        (still, {"media": True}, 1),
        (upload("spot.mp4", bytes(4_000_000)), {"media": True}, 3),
    ):
        with pytest.raises(Refused, match=f"larger than {limit} MB"):
            examine(file, **how)


def test_the_hint_beside_the_field_tells_both_limits():
    assert "up to 25 MB each, video and sound up to 200 MB" in str(FilesField(label="Files", media=True).help_text)
    assert "video and sound up to" not in str(FilesField(label="Files").help_text)


@takes_media
def asks_for_media(request):
    return JsonResponse({"kept": [file.size for file in request.FILES.getlist("files")]})


def asks_for_papers(request):
    return JsonResponse({"kept": [file.size for file in request.FILES.getlist("files")]})


urlpatterns = [*addresses, path("media/", asks_for_media), path("papers/", asks_for_papers)]
handler400 = "agency.views.bad_request"


@pytest.mark.urls("tests.test_media_files")
def test_only_the_address_that_asks_for_media_reads_a_large_form(cast, login, settings):
    settings.UPLOAD_MB, settings.UPLOAD_MEDIA_MB, settings.UPLOAD_FILES = 1, 10, 2
    film = lambda size: {"files": upload("spot.mp4", bytes(size))}  # noqa: E731
    browser = login(cast.jonas)
    assert browser.post("/media/", film(9_000_000)).json() == {"kept": [9_000_000]}
    assert browser.post("/papers/", film(9_000_000)).status_code in {400, 413}
    assert browser.post("/media/", film(19_000_000)).status_code in {400, 413}


def test_a_stranger_is_not_read_more_from_than_elsewhere(cast):
    found = SimpleNamespace(func=asks_for_media)
    for user, asked in ((SimpleNamespace(is_authenticated=False), False), (cast.jonas, True)):
        assert is_asked_for_media(SimpleNamespace(resolver_match=found, user=user)) is asked
    assert not is_asked_for_media(RequestFactory().post("/"))


# How it is handed out


@pytest.mark.parametrize("name", MEDIA)
def test_no_browser_runs_what_is_played(name, cast, brief, login):
    kept = attach(brief, upload(name, MEDIA[name][0]), by=cast.jonas)
    answer = login(cast.jonas).get(kept.get_absolute_url())
    assert b"".join(answer) == MEDIA[name][0]
    assert answer["Content-Disposition"].startswith("inline") and answer["Content-Type"] == MEDIA[name][1]
    assert answer["Content-Security-Policy"] == "sandbox" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Accept-Ranges"] == "bytes" and "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize(
    ("asked", "status", "first", "last"),
    [
        ("bytes=0-99", 206, 0, 99),
        ("bytes=100-", 206, 100, None),
        ("bytes=-50", 206, -50, None),
        ("bytes=10-999999", 206, 10, None),
        ("bytes=0-0", 206, 0, 0),
        ("bytes=-999999", 206, 0, None),
        ("", 200, 0, None),
        ("bytes=9-3", 200, 0, None),
        ("bytes=0-9,20-29", 200, 0, None),
        ("pages=1-2", 200, 0, None),
        ("bytes=-", 200, 0, None),
        ("bytes=999999-", 416, 0, -1),
        ("bytes=-0", 416, 0, -1),
    ],
)
def test_a_browser_gets_the_part_it_asks_for(asked, status, first, last, cast, brief, login):
    content = webm() if asked else mp4()
    kept = attach(brief, upload("spot.webm" if asked else "spot.mp4", content), by=cast.jonas)
    answer = login(cast.jonas).get(kept.get_absolute_url(), headers={"range": asked} if asked else {})
    body = b"" if status == 416 else content[first:] if last is None else content[first : last + 1]
    assert (answer.status_code, b"".join(answer), int(answer["Content-Length"])) == (status, body, len(body))
    if status == 206:
        begins = first % len(content) if first < 0 else first
        assert answer["Content-Range"] == f"bytes {begins}-{begins + len(body) - 1}/{len(content)}"
    if status == 416:
        assert answer["Content-Range"] == f"bytes */{len(content)}"


def test_a_part_of_anything_but_media_is_the_whole(cast, brief, login):
    kept = attach(brief, upload("a.png", picture()), by=cast.jonas)
    answer = login(cast.jonas).get(kept.get_absolute_url(), headers={"range": "bytes=0-9"})
    assert answer.status_code == 200 and len(b"".join(answer)) > 10


def test_a_question_for_the_head_or_on_a_condition_gets_no_part():
    for request in (
        RequestFactory().head("/", headers={"range": "bytes=0-9"}),
        RequestFactory().get("/", headers={"range": "bytes=0-9", "if-range": '"x"'}),
    ):
        answer = served(ContentFile(mp3()), name="a.mp3", media_type="audio/mpeg", request=request)
        assert answer.status_code == 200


def test_whoever_does_not_see_the_record_gets_no_part_either(cast, brief, login):
    kept = attach(brief, upload("spot.mp4", mp4()), by=cast.jonas)
    assert login(cast.felix).get(kept.get_absolute_url(), headers={"range": "bytes=0-9"}).status_code == 404
