"""Files that somebody sends: what is taken, what is refused and why, how they are kept and handed out, and to whom."""

from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from types import SimpleNamespace
from uuid import uuid4
from zipfile import ZipFile

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from agency import clock
from agency.files import clean_name, examine, looking, text_of
from agency.flow import Refused
from clients.models import Attachment, Contact, Event
from clients.models.assignment import assign
from clients.models.attachment import attach, attachments_of
from clients.visitor import Visitor
from tests.client_pages import a_link
from tests.hostile import BAD, GOOD, GPS, LAUGHS, ORIENTATION, docx, moving, pdf, photograph, picture, with_words
from tests.records import a_brief, a_file, a_line

ADD = "/files/briefs.brief/%s/"


def upload(name, content):
    return SimpleUploadedFile(name, content)


@pytest.fixture
def brief(cast, clients):
    return a_brief(clients["HRB"], cast.jonas)


# What is taken, and what is not


@pytest.mark.parametrize("name", GOOD)
def test_a_file_of_a_type_that_is_taken_is_known_by_its_content(name):
    content, kind = GOOD[name]
    found = examine(upload(name, content))
    assert (found.name, found.media_type, found.arrived) == (name, kind, sha256(content).hexdigest())
    assert found.sha256 == sha256(found.content.read()).hexdigest()


@pytest.mark.parametrize("name", BAD)
def test_everything_else_is_refused_with_a_sentence(name):
    content, word = BAD[name]
    with pytest.raises(Refused) as why:
        examine(upload(name, content))
    assert word in str(why.value) and f"“{name}”" in str(why.value)


@pytest.mark.parametrize("name", [name for name, (_content, kind) in GOOD.items() if kind not in {"text/plain", "text/csv"}])
def test_half_a_file_is_refused(name):
    content, _kind = GOOD[name]
    half = content[: len(content) // 2]
    if name == "letter.eml":
        half = content[:20]
    with pytest.raises(Refused):
        examine(upload(name, half))


def test_a_picture_says_nothing_of_the_place_and_the_camera():
    """It is turned as the camera meant it, and drawn anew from what one sees."""
    sent = photograph()
    found = examine(upload("telephone.jpg", sent))
    kept = found.content.read()
    assert (found.arrived, found.sha256) == (sha256(sent).hexdigest(), sha256(kept).hexdigest())
    assert b"Kanarienvogel" in sent and b"Kanarienvogel" not in kept
    with Image.open(BytesIO(sent)) as before, Image.open(BytesIO(kept)) as after:
        assert before.getexif().get_ifd(GPS) and before.getexif()[ORIENTATION] == 6
        assert (dict(after.getexif()), after.size) == ({}, (20, 40))


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP"])
def test_what_hangs_behind_a_picture_is_left_out(form):
    """A GIFAR: a picture to one program, an archive to another."""
    hidden = docx("Kanarienvogel")
    found = examine(upload(f"two.{form.lower()}", picture(form) + hidden))
    kept = found.content.read()
    assert b"PK\x03\x04" not in kept and not kept.endswith(hidden[-22:])
    with Image.open(BytesIO(kept)) as after:
        assert (after.format, after.size) == (form, (40, 20))


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_a_moving_picture_still_moves(form):
    found = examine(upload(f"banner.{form.lower()}", moving(form, frames=5)))
    with Image.open(found.content) as after:
        assert after.n_frames == 5


def test_words_beside_the_pixels_of_a_png_are_left_out():
    out, told = BytesIO(), __import__("PIL.PngImagePlugin").PngImagePlugin.PngInfo()
    told.add_text("Comment", "Kanarienvogel <script>")
    Image.new("RGB", (10, 10)).save(out, "PNG", pnginfo=told)
    assert b"Kanarienvogel" not in examine(upload("a.png", out.getvalue())).content.read()


def test_a_picture_does_not_grow_by_being_drawn_anew():
    out = BytesIO()
    Image.effect_noise((900, 900), 60).convert("RGB").save(out, "JPEG", quality=40)
    assert examine(upload("noise.jpg", out.getvalue())).size <= 1.05 * len(out.getvalue())


def test_looking_into_a_file_ends_after_its_time(monkeypatch):
    """Whatever a hostile file does there, it does to a process of its own, and that is ended."""
    monkeypatch.setattr(looking, "SECONDS", 0.01)
    with pytest.raises(Refused, match="too long"):
        examine(upload("sketch.png", picture()))
    assert text_of(BytesIOFile(pdf())) == ("unreadable", "")


class BytesIOFile:
    """An open file as `text_of` takes it."""

    def __init__(self, content):
        self.found = (
            examine(upload("a.pdf" if content.startswith(b"%PDF") else "a.docx", content)) if looking.SECONDS >= 1 else None
        )
        self.content = self.found.content if self.found else looking.copied(upload("a.pdf", content))[0]

    def __getattr__(self, name):
        return getattr(self.content, name)


def test_the_process_that_looks_inherits_nothing_of_ours(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "Kanarienvogel")
    content, _digest = looking.copied(upload("a.txt", b"x"))
    monkeypatch.setattr(looking, "DECODING", settings.BASE_DIR / "tests" / "spy.py")
    assert looking.decode("look", content) == {"environment": ["LC_ALL"]}


# Names


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("brief.pdf", "brief.pdf"),
        ("invoice\u202efdp.exe.txt", "invoicefdp.exe.txt"),
        ("a\u200bb\ufeff\x07.png", "ab.png"),
        (r"C:\Users\clara\..\brief.pdf", "brief.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ('<b>"x"<b>?.csv', "b x b.csv"),
        ("  . brief . .pdf", "brief.pdf"),
        ("面包.docx", "面包.docx"),
        ("x" * 300 + ".docx", "x" * 115 + ".docx"),
        ("...", ""),
    ],
)
def test_a_name_is_clean(given, kept):
    assert clean_name(given) == kept


def test_a_name_that_turns_the_reading_round_is_set_right(cast, brief):
    kept = attach(brief, upload("offer\u202ecod.txt", b"Bread."), by=cast.jonas)
    assert kept.name == "offercod.txt"


# The text of documents


def test_the_text_of_a_document_is_read(cast, brief):
    words = attach(brief, upload("a.docx", docx("Uncut, please.", "No children & no knives.")), by=cast.jonas)
    sheet = attach(brief, upload("a.pdf", pdf("The loaf is shown whole.", pages=2)), by=cast.jonas)
    assert (words.reading, words.text) == ("read", "Uncut, please.\nNo children & no knives.")
    assert (sheet.reading, sheet.text) == ("read", "The loaf is shown whole.\n\nThe loaf is shown whole.")
    assert attach(brief, upload("a.txt", b"Bread."), by=cast.jonas).reading == "none"


def test_a_scan_has_no_text(cast, brief):
    assert attach(brief, upload("scan.pdf", pdf("")), by=cast.jonas).reading == "none"


@pytest.mark.parametrize("words", [LAUGHS, "<w:document", "\x00\x00"])
def test_a_document_whose_text_is_hostile_is_kept_without_it(words, cast, brief):
    kept = attach(brief, upload("laughs.docx", with_words(words)), by=cast.jonas)
    assert (kept.reading, kept.text) == ("unreadable", "")


def test_no_more_text_is_kept_than_anybody_copies_from(cast, brief):
    kept = attach(brief, upload("long.docx", docx(*["Bread and butter. " * 100] * 200)), by=cast.jonas)
    assert len(kept.text) == 200_000


def test_the_text_stands_beside_the_form_to_copy_from(cast, brief, login):
    kept = attach(brief, upload("a.docx", docx("Uncut, <b>please</b>.")), by=cast.jonas)
    page = login(cast.jonas).get(reverse("file_text", args=[kept.pk])).content.decode()
    assert "Uncut, &lt;b&gt;please&lt;/b&gt;." in page


# Kept


def test_a_file_lies_under_a_random_name_and_its_digest_is_that_of_what_lies_there(cast, brief):
    kept = a_file(brief, cast.jonas, name="wishes.txt")
    assert "wishes" not in kept.file.name and len(kept.file.name) == len("files/ab/") + 62
    assert (kept.sha256, kept.sha256_now(), kept.size) == (sha256(b"Please show the loaf whole.").hexdigest(),) * 2 + (27,)
    with default_storage.open(kept.file.name, "rb") as there:
        assert there.read() == b"Please show the loaf whole."


def test_whoever_changes_the_storage_changes_the_digest(cast, brief):
    kept = a_file(brief, cast.jonas)
    default_storage.delete(kept.file.name)
    default_storage.save(kept.file.name, BytesFile(b"Please cut the loaf."))
    assert kept.sha256_now() != kept.sha256


class BytesFile(BytesIO):
    def chunks(self):
        yield self.getvalue()


def test_a_file_that_could_not_be_entered_is_not_left_behind(cast, brief):
    before = sorted(it for it in settings.MEDIA_ROOT.rglob("*") if it.is_file())
    with pytest.raises(Exception):  # noqa: B017 (whatever the database says to a record without a client)
        attach(SimpleNamespace(client=None, pk=1, _meta=brief._meta), upload("a.txt", b"x"), by=cast.jonas)
    assert sorted(it for it in settings.MEDIA_ROOT.rglob("*") if it.is_file()) == before


def test_adding_and_taking_away_stand_in_the_trail_of_the_record(cast, brief):
    kept = a_file(brief, cast.jonas)
    kept.take_away(by=cast.marta, reason="The wrong bakery")
    gone, came = brief.events()[:2]
    assert (came.verb, came.actor, came.told) == ("attached", cast.jonas, "added a file")
    assert (gone.verb, gone.actor, gone.reason, gone.details["name"]) == (
        "took_away", cast.marta, "The wrong bakery", "wishes.txt",
    )  # fmt: skip
    assert list(attachments_of(brief)) == []
    kept.refresh_from_db()
    assert (kept.sha256, kept.history.count()) == (sha256(b"Please show the loaf whole.").hexdigest(), 2)


def test_taking_away_needs_a_reason_and_the_right_to_change_the_record(cast, brief):
    kept = a_file(brief, cast.jonas)
    with pytest.raises(Refused, match="why"):
        kept.take_away(by=cast.jonas, reason=" ")
    for person in (cast.amina, cast.felix, cast.admin):
        with pytest.raises(PermissionDenied):
            kept.take_away(by=person, reason="x")
    kept.take_away(by=cast.jonas, reason="Twice")
    with pytest.raises(Refused, match="already"):
        kept.take_away(by=cast.jonas, reason="Twice")


def test_a_file_that_proves_a_decision_stays(cast, clients, login):
    line = a_line(clients["HRB"], cast.jonas)
    proof = a_file(line, cast.jonas, name="mail.eml", content=GOOD["letter.eml"][0])
    line.waive(by=cast.marta, who=Contact.objects.get(name="Clara Hollin"), evidence=proof)
    with pytest.raises(Refused, match="proved"):
        proof.take_away(by=cast.marta, reason="x")
    answer = login(cast.marta).get(reverse("file_take_away", args=[proof.pk]))
    assert answer.status_code == 409 and "proves a decision" in answer.content.decode()


def test_what_a_contact_sends_through_a_link_is_the_contacts(cast, brief):
    visitor = Visitor(a_link(brief, Contact.objects.get(name="Clara Hollin"), cast.jonas))
    kept = attach(brief, upload("a.txt", b"Bread."), by=cast.jonas, as_visitor=visitor)
    event = brief.last_event()
    assert (str(kept.who), kept.created_by, kept.history.get().history_user) == ("Clara Hollin", cast.jonas, None)
    assert (event.verb, event.actor, str(event.who)) == ("attached", None, "Clara Hollin")


# Through the pages


def test_jonas_adds_files_to_his_brief_and_downloads_one(cast, brief, login):
    browser = login(cast.jonas)
    form = {"token": uuid4(), "note": "From Clara", "files": [upload("a.txt", b"Bread."), upload("b.png", picture())]}
    answer = browser.post(ADD % brief.pk, form, follow=True)
    page = answer.content.decode()
    assert answer.redirect_chain == [(brief.get_absolute_url(), 302)]
    assert "2 files are added." in page and "a.txt" in page and "From Clara" in page
    text, shown = attachments_of(brief)
    sent = browser.get(text.get_absolute_url())
    assert b"".join(sent) == b"Bread."
    assert sent["Content-Disposition"] == 'attachment; filename="a.txt"'
    assert b"".join(drawn := browser.get(shown.get_absolute_url()))
    assert drawn["Content-Disposition"] == 'inline; filename="b.png"'


def test_a_form_sent_twice_adds_its_files_once(cast, brief, login):
    browser, token = login(cast.jonas), uuid4()
    for _time in range(2):
        browser.post(ADD % brief.pk, {"token": token, "files": [upload("a.txt", b"Bread.")]})
    assert attachments_of(brief).count() == 1


def test_of_several_files_the_good_ones_are_kept_and_the_bad_ones_told(cast, brief, login):
    files = [upload("a.txt", b"Bread."), upload("b.svg", b"<svg/>"), upload("c.png", b"")]
    answer = login(cast.jonas).post(ADD % brief.pk, {"token": uuid4(), "note": "From Clara", "files": files})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "“b.svg” is of a type that is not taken" in page and "“c.png” is empty" in page and "1 file is added." in page
    assert "From Clara" in page
    assert [file.name for file in attachments_of(brief)] == ["a.txt"]


def test_a_form_without_a_file_or_with_too_many_is_told_so(cast, brief, login):
    browser = login(cast.jonas)
    assert "Please choose a file." in browser.post(ADD % brief.pk, {"token": uuid4()}).content.decode()
    eleven = [upload(f"{number}.txt", b"x") for number in range(11)]
    answer = browser.post(ADD % brief.pk, {"token": uuid4(), "files": eleven})
    assert "up to 10 files" in answer.content.decode() and not attachments_of(brief).exists()
    assert browser.post(ADD % brief.pk, {"token": uuid4(), "files": [*eleven, upload("x.txt", b"x")]}).status_code in {400, 413}


def test_a_file_that_is_too_large_is_read_away_and_told(cast, brief, login, settings):
    settings.UPLOAD_MB = 1
    files = [upload("large.txt", b"x" * 2_000_000), upload("small.txt", b"x")]
    answer = login(cast.jonas).post(ADD % brief.pk, {"token": uuid4(), "files": files})
    assert answer.status_code == 422 and "“large.txt” is larger than 1 MB" in answer.content.decode()
    assert [file.name for file in attachments_of(brief)] == ["small.txt"]


def test_a_form_larger_than_all_its_files_is_not_read(cast, brief, login, settings):
    settings.UPLOAD_MB, settings.UPLOAD_FILES = 1, 1
    answer = login(cast.jonas).post(ADD % brief.pk, {"token": uuid4(), "files": upload("large.txt", b"x" * 7_000_000)})
    assert answer.status_code == 413 and "too much at once" in answer.content.decode()


@pytest.mark.parametrize("name", GOOD)
def test_no_browser_runs_what_is_handed_out(name, cast, brief, login):
    kept = attach(brief, upload(name, GOOD[name][0]), by=cast.jonas)
    answer = login(cast.jonas).get(kept.get_absolute_url())
    b"".join(answer)
    assert answer["Content-Security-Policy"] == "sandbox"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    shown = kept.media_type.startswith("image/") or kept.media_type == "application/pdf"
    assert answer["Content-Disposition"].startswith("inline" if shown else "attachment")


def test_a_pdf_with_a_script_is_handed_out_in_a_sandbox(cast, brief, login):
    kept = attach(brief, upload("script.pdf", pdf(script=True)), by=cast.jonas)
    answer = login(cast.jonas).get(kept.get_absolute_url())
    assert b"/JavaScript" in b"".join(answer)
    assert answer["Content-Security-Policy"] == "sandbox" and answer["Content-Type"] == "application/pdf"


def test_taking_away_through_the_page(cast, brief, login):
    kept, browser = a_file(brief, cast.jonas), login(cast.jonas)
    there = reverse("file_take_away", args=[kept.pk])
    assert browser.post(there, {"reason": ""}).status_code == 422
    assert "is taken away" in browser.post(there, {"reason": "Twice"}, follow=True).content.decode()
    for address in (kept.get_absolute_url(), there, reverse("file_text", args=[kept.pk])):
        assert browser.get(address).status_code == 404


# To whom


def test_a_file_is_for_whoever_sees_its_record_and_exists_for_nobody_else(cast, brief, login):
    kept = a_file(brief, cast.jonas)
    opened = set()
    for person in ("helena", "omar", "ingrid", "marta", "lucia", "tomas", "jonas", "amina", "mei", "felix", "noor", "admin"):
        answer = login(getattr(cast, person)).get(kept.get_absolute_url())
        if answer.status_code == 200:
            b"".join(answer)
            opened.add(person)
        else:
            assert answer.status_code == 404, person
    assert opened == {"helena", "omar", "marta", "tomas", "jonas", "mei"}


def test_whoever_was_shown_the_brief_sees_its_files_until_the_share_ends(cast, brief, login, time_machine):
    kept, browser = a_file(brief, cast.jonas), login(cast.felix)
    other = a_file(a_brief(brief.client, cast.jonas, title="Rusks"), cast.jonas)
    above = a_file(brief.client, cast.marta)
    assert browser.get(kept.get_absolute_url()).status_code == 404
    brief.share_with(cast.felix, until=clock.today() + timedelta(days=3), reason="Study", by=cast.marta)
    assert b"".join(browser.get(kept.get_absolute_url())) == b"Please show the loaf whole."
    assert [browser.get(it.get_absolute_url()).status_code for it in (other, above)] == [404, 404]
    page = browser.get(brief.get_absolute_url()).content.decode()
    assert kept.name in page and "Requirements" not in page and reverse("files", args=["briefs.brief", brief.pk]) not in page
    assert browser.post(ADD % brief.pk, {"token": uuid4(), "files": upload("a.txt", b"x")}).status_code == 403
    time_machine.move_to(clock.now() + timedelta(days=4))
    assert login(cast.felix).get(kept.get_absolute_url()).status_code == 404


def test_whoever_loses_the_seat_loses_the_files(cast, brief, login):
    kept, browser = a_file(brief, cast.jonas), login(cast.jonas)
    assert b"".join(browser.get(kept.get_absolute_url()))
    assign(brief.client, person=cast.amina, seat="salesman", by=cast.helena, guide_too=True)
    assert browser.get(kept.get_absolute_url()).status_code == 404


def test_a_guessed_number_or_name_leads_nowhere(cast, brief, login):
    kept, browser = a_file(brief, cast.jonas), login(cast.jonas)
    guesses = [
        f"/files/{kept.pk}/other.txt",
        f"/files/{kept.pk + 1000}/{kept.name}",
        f"/files/{2**70}/{kept.name}",
        f"/{kept.file.name}",
    ]
    assert {browser.get(address).status_code for address in guesses} == {404}
    assert browser.get(f"/media/{kept.file.name}").status_code == 404
    assert browser.get("/files/clients.attachment/1/").status_code == browser.get("/files/clients.event/1/").status_code == 404


def test_a_stranger_goes_to_the_login(cast, brief, client):
    kept = a_file(brief, cast.jonas)
    assert client.get(kept.get_absolute_url()).status_code == 302


def test_more_files_ask_no_more_of_the_database(cast, brief, login):
    browser, asked = login(cast.jonas), []
    for number in (1, 2):
        for part in range(number):
            a_file(brief, cast.jonas, name=f"{number}-{part}.txt")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser.get(brief.get_absolute_url())
        asked.append(len(queries))
    assert asked[0] == asked[1]


def test_events_of_files_are_told_with_their_record_alone(cast, brief):
    a_file(brief, cast.jonas)
    found = Event.objects.filter(verb="attached", object_id=brief.pk)
    assert found.visible_to(cast.jonas).count() == 1 and found.visible_to(cast.amina).count() == 0


def test_the_demo_has_a_document_to_read(cast):
    letter = Attachment.objects.get(name="Sunday Loaf, our wishes.docx")
    assert "show the loaf whole" in letter.text
    with letter.file.open("rb") as there, ZipFile(there) as package:
        assert package.testzip() is None
