"""Images of pages, drawn in the background by a process of its own: which files have them, who sees them, what is compared."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image, ImageCms, ImageDraw

from agency import clock
from agency.files import draw_page, looking
from approvals import drawing, tasks
from approvals.drawing import draw
from approvals.models import Difference, PageImage
from approvals.models.page_image import LEASE, pages_of, request_pages
from approvals.serving import serve_difference, serve_page
from clients.models import Client
from clients.models.attachment import attach
from tests.hostile import HUGE, bound, docx, moving, mp4, pdf, picture
from tests.records import a_brief
from tests.test_races import at_once


def nothing_drawn():
    """No page of the demo agency waits or is there: a test counts its own."""
    Difference.objects.all().delete()
    PageImage.objects.all().delete()


@pytest.fixture
def brief(cast, clients):
    nothing_drawn()
    return a_brief(clients["HRB"], cast.jonas)


@pytest.fixture
def hang(brief, cast):
    """hang("a.pdf", content) → the file on the brief, with its pages asked for."""

    def attached(name, content):
        kept = attach(brief, SimpleUploadedFile(name, content), by=cast.jonas)
        request_pages(kept)
        return kept

    return attached


def opened(field):
    with field.open("rb") as content:
        return Image.open(BytesIO(content.read()))


def sheet(word="", size=(400, 300), at=(40, 40)):
    """A white sheet with a black word on it, as a PNG."""
    drawn, out = Image.new("RGB", size, "white"), BytesIO()
    ImageDraw.Draw(drawn).text(at, word, fill="black", font_size=40)
    drawn.save(out, "PNG")
    return out.getvalue()


# ── Which files have pages ──────────────────────────────────────────────────────────────────────
def test_every_page_of_a_pdf_gets_an_image_and_a_thumbnail(hang):
    book = hang("book.pdf", pdf(pages=3))
    assert [(page.number, page.state) for page in pages_of(book)] == [(1, "waiting")]
    draw(seconds=60)
    pages = list(pages_of(book))
    assert [(page.number, page.state, page.width, page.height) for page in pages] == [
        (number, "ready", 1131, 1600) for number in (1, 2, 3)
    ]
    for page in pages:
        assert (opened(page.image).format, opened(page.image).size) == ("WEBP", (1131, 1600))
        assert opened(page.thumb).size == (226, 320)
    assert opened(pages[0].image).convert("L").getextrema()[0] < 80, "the words are on it"


def test_asking_draws_nothing_and_asking_twice_asks_once(hang):
    book = hang("book.pdf", pdf(pages=3))
    request_pages(book)
    page = pages_of(book).get()
    assert (page.state, page.image.name, page.attempts, page.sentence) == ("waiting", "", 0, "")


@pytest.mark.parametrize(
    ("name", "content", "size"),
    [
        ("a.png", picture(size=(40, 20)), (40, 20)),
        ("a.png", picture(size=(3200, 400)), (1600, 200)),
        ("a.jpg", picture("JPEG", size=(900, 2000)), (720, 1600)),
        ("a.webp", picture("WEBP", size=(40, 20)), (40, 20)),
        ("a.gif", moving(frames=4), (20, 20)),
        ("a.png", picture(mode="I;16", colour=30_000), (40, 20)),
        ("a.jpg", picture("JPEG", mode="CMYK", colour=(0, 200, 200, 0)), (40, 20)),
    ],
)
def test_every_picture_is_one_page_no_larger_than_it_came(name, content, size, hang):
    file = hang(name, content)
    draw(seconds=60)
    page = pages_of(file).get()
    assert (page.state, page.number, (page.width, page.height)) == ("ready", 1, size)
    assert opened(page.image).mode == "RGB" and max(opened(page.thumb).size) <= 320


def test_what_is_seen_through_is_shown_on_white(hang):
    file = hang("logo.png", picture(mode="RGBA", colour=(0, 0, 0, 0)))
    draw(seconds=60)
    assert opened(pages_of(file).get().image).getpixel((5, 5)) == (255, 255, 255)


def test_sixteen_bits_of_grey_do_not_turn_white(hang):
    file = hang("scan.png", picture(mode="I;16", colour=30_000))
    draw(seconds=60)
    assert abs(opened(pages_of(file).get().image).getpixel((5, 5))[0] - 30_000 // 256) <= 2


def test_the_colours_are_those_of_the_screen(hang):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    file = hang("proof.jpg", picture("JPEG", icc_profile=profile))
    draw(seconds=60)
    page = pages_of(file).get()
    assert page.is_ready and "icc_profile" not in opened(page.image).info


@pytest.mark.parametrize(("name", "content"), [("a.docx", docx()), ("a.txt", b"Bread."), ("spot.mp4", mp4())])
def test_what_has_no_pages_gets_none(name, content, hang):
    assert not pages_of(hang(name, content)).exists()


def test_forty_pages_and_several_files_come_in_turn(hang):
    """First pages first: nobody waits for the end of somebody else's book."""
    book, still = hang("book.pdf", pdf(pages=40)), hang("a.png", picture())
    assert drawing.next_row(clock.now()).attachment == book
    PageImage.objects.update(leased_until=None)
    drawing.carry(drawing.next_row(clock.now()))
    assert drawing.next_row(clock.now()).attachment == still
    PageImage.objects.update(leased_until=None)
    while draw(seconds=60):
        pass
    assert pages_of(book).ready().count() == 40 and pages_of(still).get().is_ready
    assert [page.number for page in pages_of([still, book])] == [*range(1, 41), 1]


def test_a_run_ends_in_time_and_the_next_one_goes_on(hang):
    book = hang("book.pdf", pdf(pages=3))
    assert draw(seconds=0) == 0
    tasks.draw()
    assert draw(seconds=60) + pages_of(book).ready().count() >= 3
    assert pages_of(book).ready().count() == 3


# ── What cannot be drawn ────────────────────────────────────────────────────────────────────────
def test_a_page_that_cannot_be_drawn_says_so_and_the_others_are_drawn(hang):
    content = pdf(pages=3).replace(b"/MediaBox [0 0 595 842]", b"/MediaBox [0 0 0 000000]", 1)
    book = hang("book.pdf", content)
    draw(seconds=60)
    assert {page.state for page in pages_of(book)} <= {"ready", "failed"} and pages_of(book).count() in {1, 3}


def test_a_file_that_is_gone_or_damaged_in_the_store_is_told(hang):
    gone, damaged = hang("a.png", picture()), hang("b.png", picture())
    for file, there in ((gone, b""), (damaged, b"\x89PNG\r\n\x1a\nnonsense")):
        default_storage.delete(file.file.name)
        if there:
            default_storage.save(file.file.name, BytesChunks(there))
    draw(seconds=60)
    assert [(page.state, page.why) for page in pages_of([gone, damaged])] == [("failed", "gone"), ("failed", "broken")]
    assert "cannot be found" in pages_of(gone).get().sentence and "damaged" in pages_of(damaged).get().sentence


class BytesChunks(BytesIO):
    def chunks(self):
        yield self.getvalue()


def test_a_page_that_takes_too_long_is_left(hang, monkeypatch):
    book = hang("book.pdf", pdf())
    monkeypatch.setattr(looking, "SECONDS", 0.01)
    draw(seconds=60)
    assert (pages_of(book).get().why, "takes too long" in pages_of(book).get().sentence) == ("too_heavy", True)


@pytest.mark.parametrize("content", [HUGE, b"<svg/>", b"", pdf()[:60], pdf(locked=True), mp4()])
def test_a_bomb_that_got_into_the_store_by_another_way_is_not_drawn(content, tmp_path):
    (tmp_path / "bomb").write_bytes(content)
    with (tmp_path / "bomb").open("rb") as file:
        assert draw_page(file, 1).refused in {"too_many_pixels", "unknown", "broken", "locked"}


def test_a_page_of_a_size_beyond_belief_does_not_hang(tmp_path):
    for size in ("0 0 1e30 1e30", "0 0 14400 1", "0 0 -5 -5", "0 0 0 0", "0 0 nan 1"):
        parts = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
                 f"<< /Type /Page /Parent 2 0 R /MediaBox [{size}] >>"]  # fmt: skip
        (tmp_path / "page.pdf").write_bytes(bound(parts, locked=False))
        with (tmp_path / "page.pdf").open("rb") as file:
            drawn = draw_page(file, 1)
        assert drawn.refused in {"broken", "too_heavy"} or max(drawn.told["width"], drawn.told["height"]) <= 1600, size


# ── Workers ─────────────────────────────────────────────────────────────────────────────────────
def test_a_row_in_somebodys_hands_is_left_alone_until_its_lease_ends(hang, time_machine):
    hang("a.png", picture())
    held = drawing.next_row(clock.now())
    assert drawing.next_row(clock.now()) is None
    time_machine.move_to(clock.now() + LEASE + timedelta(seconds=1))
    again = drawing.next_row(clock.now())
    assert (again.pk, again.attempts) == (held.pk, 1)
    drawing.carry(held)
    assert PageImage.objects.get(pk=held.pk).state == "waiting", "the one who was too slow enters nothing"
    drawing.carry(again)
    assert PageImage.objects.get(pk=held.pk).state == "ready"


def test_whoever_was_too_slow_leaves_no_files_behind(hang, time_machine):
    hang("a.png", picture())
    held = drawing.next_row(clock.now())
    time_machine.move_to(clock.now() + LEASE + timedelta(seconds=1))
    drawing.carry(drawing.next_row(clock.now()))
    there = sorted(it for it in settings.MEDIA_ROOT.rglob("*") if it.is_file())
    drawing.carry(held)
    assert sorted(it for it in settings.MEDIA_ROOT.rglob("*") if it.is_file()) == there


def test_a_page_over_which_three_workers_were_killed_is_given_up(hang, time_machine):
    page = hang("a.png", picture()).pages.get()
    for _each in range(3):
        assert drawing.next_row(clock.now()).pk == page.pk
        time_machine.move_to(clock.now() + LEASE + timedelta(seconds=1))
    assert drawing.next_row(clock.now()) is None
    page.refresh_from_db()
    assert (page.state, page.why, page.attempts) == ("failed", "too_heavy", 3)


def test_an_accident_with_one_page_keeps_no_other_back(hang, monkeypatch, caplog):
    hang("a.png", picture())
    hang("b.png", picture())
    real = drawing.draw_page
    accidents = iter([True, False])
    monkeypatch.setattr(drawing, "draw_page", lambda file, number: 1 / 0 if next(accidents) else real(file, number))
    assert draw(seconds=60) == 2
    assert sorted(PageImage.objects.values_list("state", flat=True)) == ["ready", "waiting"]
    assert "could not be drawn" in caplog.text


def test_the_database_knows_no_half_drawn_page(hang):
    page = hang("a.png", picture()).pages.get()
    for wrong in ({"state": "ready"}, {"state": "failed"}, {"state": "hung"}, {"image": "x"}, {"number": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PageImage.objects.filter(pk=page.pk).update(**wrong)


# ── Who sees them ───────────────────────────────────────────────────────────────────────────────
def test_a_page_is_seen_by_whoever_sees_the_record_of_its_file(hang, cast, login):
    file = hang("book.pdf", pdf(pages=2))
    draw(seconds=60)
    for name in ("page_image", "page_thumb"):
        there = reverse(name, args=[file.pk, 2])
        answer = login(cast.jonas).get(there)
        assert b"".join(answer)[:4] == b"RIFF" and answer["Content-Type"] == "image/webp"
        assert answer["Content-Security-Policy"] == "sandbox" and "no-store" in answer["Cache-Control"]
        for person in (cast.felix, cast.amina, cast.ingrid, cast.admin):
            assert login(person).get(there).status_code == 404
        assert login(cast.jonas).get(reverse(name, args=[file.pk, 3])).status_code == 404


def test_a_page_is_reached_through_its_own_file_alone(hang, cast, login, clients):
    mine = hang("a.png", picture())
    secret = attach(a_brief(clients["VOL"], cast.amina), SimpleUploadedFile("b.png", picture()), by=cast.amina)
    request_pages(secret)
    draw(seconds=60)
    browser = login(cast.jonas)
    assert b"".join(browser.get(reverse("page_image", args=[mine.pk, 1])))
    assert browser.get(reverse("page_image", args=[secret.pk, 1])).status_code == 404


def test_what_waits_or_was_taken_away_is_not_there(hang, cast, login):
    file = hang("a.png", picture())
    there, browser = reverse("page_image", args=[file.pk, 1]), login(cast.jonas)
    assert browser.get(there).status_code == 404
    draw(seconds=60)
    assert b"".join(browser.get(there))
    file.take_away(by=cast.jonas, reason="Twice")
    assert browser.get(there).status_code == 404
    with pytest.raises(Http404):
        serve_page(pages_of(file).get())


def test_a_file_taken_away_is_not_drawn_and_proves_nothing_by_its_pages(hang, cast):
    file = hang("a.png", picture())
    assert not file.is_cited
    file.take_away(by=cast.jonas, reason="Twice")
    assert draw(seconds=60) == 0


def test_more_pages_and_files_ask_no_more_of_the_database(hang, django_assert_num_queries):
    files, asked = [hang("a.pdf", pdf(pages=1))], []
    for more in ([], [hang("b.pdf", pdf(pages=3)), hang("c.png", picture())]):
        files += more
        draw(seconds=60)
        with CaptureQueriesContext(connection) as queries:
            assert all(page.attachment.client_id and page.image.name for page in pages_of(files))
        asked.append(len(queries))
    assert asked == [1, 1]


# ── What changed ────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def compared(hang):
    """compared(content, content) → the difference of two pictures, drawn."""

    def found(before, after, name="a.png"):
        pages = [pages_of(hang(name, content)).get() for content in (before, after)]
        difference = Difference.wanted(*pages)
        assert Difference.wanted(*pages) == difference
        draw(seconds=60)
        difference.refresh_from_db()
        return difference

    return found


def test_what_changed_is_framed_measured_and_tinted(compared):
    it = compared(sheet("RYE 1"), sheet("RYE 2"))
    [box] = it.boxes
    left, top, width, height = box
    assert it.state == "ready" and 0 < it.share < 2 and it.threshold == 24
    assert 120 < left < 160 and 40 < top < 60 and 8 < width < 40 and 15 < height < 40
    shown = opened(it.image)
    assert shown.size == (it.width, it.height) == (400, 300)
    red, green, _blue = shown.getpixel((left - 5, top + height // 2))
    assert red > 150 and green < 120, "a frame stands around it"


def test_the_same_picture_is_the_same(compared):
    it = compared(sheet("BREAD"), sheet("BREAD"))
    assert (it.is_same, it.share, it.boxes) == (True, 0, [])


def test_a_difference_below_the_threshold_is_none_and_one_above_it_is_all(compared):
    below, above = (compared(picture(colour=(100, 100, 100)), picture(colour=(100 + more,) * 3)) for more in (18, 34))
    assert (below.is_same, above.share, above.boxes) == (True, 100, [[0, 0, 40, 20]])


def test_pages_of_different_sizes_are_laid_on_equal_sheets(compared):
    double = compared(sheet("BREAD", size=(400, 300)), sheet("BREAD", size=(800, 600), at=(80, 80)))
    assert (double.width, double.height) == (800, 600)
    longer = compared(picture(size=(100, 100), colour="white"), picture(size=(100, 200), colour="white"))
    assert (longer.height, longer.is_same) == (200, True)


def test_a_comparison_waits_for_its_pages_and_fails_with_one_of_them(hang):
    good, gone = hang("a.png", picture()), hang("b.png", picture())
    it = Difference.wanted(pages_of(good).get(), pages_of(gone).get())
    default_storage.delete(gone.file.name)
    assert Difference.objects.get().is_waiting
    draw(seconds=60)
    it.refresh_from_db()
    assert (it.state, it.why) == ("failed", "one_missing") and "cannot be compared" in it.sentence


def test_a_comparison_is_seen_by_whoever_sees_both_files(hang, cast, login):
    was, now = hang("a.png", picture(colour="navy")), hang("b.png", picture(colour="teal"))
    there = reverse("page_difference", args=[now.pk, 1, was.pk, 1])
    browser = login(cast.jonas)
    assert browser.get(there).status_code == 404, "nobody asked for it"
    it = Difference.wanted(pages_of(was).get(), pages_of(now).get())
    draw(seconds=60)
    assert b"".join(browser.get(there))[:4] == b"RIFF"
    assert browser.get(reverse("page_difference", args=[was.pk, 1, now.pk, 1])).status_code == 404
    assert login(cast.felix).get(there).status_code == 404
    was.take_away(by=cast.jonas, reason="Twice")
    assert login(cast.jonas).get(there).status_code == 404
    it = Difference.objects.select_related("before__attachment", "after__attachment").get(pk=it.pk)
    with pytest.raises(Http404):
        serve_difference(it)


def test_pages_of_two_clients_are_never_laid_beside_each_other(hang, cast, clients):
    other = attach(a_brief(clients["VOL"], cast.amina), SimpleUploadedFile("b.png", picture()), by=cast.amina, token=uuid4())
    request_pages(other)
    with pytest.raises(ValueError, match="two clients"):
        Difference.wanted(pages_of(other).get(), pages_of(hang("a.png", picture())).get())


# ── With real threads ───────────────────────────────────────────────────────────────────────────
@pytest.mark.postgres
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="needs PostgreSQL")
def test_six_workers_at_once_draw_every_page_once(agency):
    nothing_drawn()
    brief = a_brief(Client.objects.get(code="HRB"), agency.jonas)
    for number in range(4):
        request_pages(attach(brief, SimpleUploadedFile(f"{number}.png", picture()), by=agency.jonas))
    claimed = [row.pk for row in at_once(*[lambda: drawing.next_row(clock.now())] * 6) if row]
    assert sorted(claimed) == sorted(PageImage.objects.values_list("pk", flat=True)) and len(set(claimed)) == 4
    PageImage.objects.update(leased_until=None)
    assert sum(at_once(*[lambda: draw(seconds=60)] * 3)) == 4
    assert set(PageImage.objects.values_list("state", "attempts")) == {("ready", 2)}
    before, after = PageImage.objects.order_by("pk")[:2]
    assert len({it.pk for it in at_once(*[lambda: Difference.wanted(before, after)] * 6)}) == 1
