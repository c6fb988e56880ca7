"""SAL6: the salesman knows production and media: a library of specifications, each figure with its source, and a glossary."""

from datetime import date

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from campaigns.models import Deliverable, Specification
from tests.records import a_plan, an_accepted_brief

ROW = {"letter": "A", "what": "Poster", "medium": "outdoor", "appears": "2027-03-01"}


@pytest.fixture
def plan(cast, clients):
    return a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta)


def written(browser, plan, **row):
    sent = {f"deliverables-0-{name}": value for name, value in {**ROW, **row}.items()}
    answer = browser.post(f"/campaigns/{plan.campaign.job_number}/plan/edit/", {"seen": plan.version, **sent})
    plan.refresh_from_db()
    return answer


# ── The library ─────────────────────────────────────────────────────────────────────────────────
def test_the_paper_sizes_are_those_of_the_standard(db):
    """A0 has a square metre and sides as 1 to √2; each next size halves the longer side, and what is over is cut off."""
    width, height = 841, 1189
    for number in range(7):
        paper = Specification.objects.get(code=f"ISO-A{number}")
        assert (paper.width, paper.height, paper.unit) == (width, height, "mm")
        assert paper.height / paper.width == pytest.approx(2**0.5, abs=0.01)
        width, height = height // 2, width
    assert abs(841 * 1189 - 1_000_000) < 100


def test_every_figure_of_the_library_names_its_source(db):
    for it in Specification.objects.all():
        assert it.source or not any(getattr(it, name) for name in Specification.FIGURES), it
    with pytest.raises(IntegrityError), transaction.atomic():
        Specification.objects.create(code="MADE-UP", name="Invented", medium="print", width=1, height=1)


@pytest.mark.parametrize("name", ["helena", "omar", "marta", "jonas", "mei", "felix", "admin"])
def test_everybody_in_the_house_reads_the_library_and_finds_in_it(name, cast, login):
    browser = login(getattr(cast, name))
    text = browser.get("/specifications/?q=a4").content.decode()
    assert "Paper A4" in text and "Paper A3" not in text
    assert "210 × 297 mm" in text
    text = browser.get("/specifications/?medium=outdoor").content.decode()
    assert "Clear Channel" in text and "Paper A4" not in text
    page = browser.get(Specification.objects.get(code="OOH-CC-96").get_absolute_url()).content.decode()
    assert "10 working days before the appearance" in page and "specification of the 96-sheet" in page


def test_a_longer_library_asks_no_more_questions(cast, login):
    browser = login(cast.jonas)
    browser.get("/specifications/")
    counts = []
    for _more in range(2):
        with CaptureQueriesContext(connection) as asked:
            browser.get("/specifications/?medium=radio")
        counts.append(len(asked))
        for number in range(3 if not counts[1:] else 0):
            Specification.objects.create(code=f"RADIO-{number}", name="Spot", medium="radio")
    assert counts[0] == counts[1]


def test_who_keeps_the_templates_keeps_the_library_and_the_others_do_not(cast, login):
    sent = {"code": "MAG-1", "name": "Magazine, full page", "medium": "print", "unit": "mm", "width": "213", "height": "276"}
    assert login(cast.jonas).post("/admin/campaigns/specification/add/", sent).status_code == 403
    answer = login(cast.mei).post("/admin/campaigns/specification/add/", sent)
    assert "Name the source of the figures" in answer.content.decode()
    assert not Specification.objects.filter(code="MAG-1").exists()
    login(cast.mei).post("/admin/campaigns/specification/add/", {**sent, "source": "Media kit 2027, page 4"})
    made = Specification.objects.get(code="MAG-1")
    assert (made.size, made.history.get().history_user) == ("213 × 276 mm", cast.mei)
    link = "/admin/campaigns/specification/add/"
    assert link in login(cast.mei).get("/specifications/").content.decode()
    assert link not in login(cast.jonas).get("/specifications/").content.decode()


# ── On a deliverable ────────────────────────────────────────────────────────────────────────────
def test_a_specification_on_a_piece_fills_in_its_size(plan, cast, login):
    assert written(login(cast.marta), plan, specification="iso-a4", deadline="2027-02-01").status_code == 302
    [row] = plan.deliverables
    assert (row["specification"], row["size"], row["deadline"]) == ("ISO-A4", "210 × 297 mm", "2027-02-01")


def test_the_lead_time_proposes_the_media_deadline_and_a_person_may_overwrite_it(plan, cast, login):
    written(login(cast.marta), plan, specification="OOH-CC-96")
    assert plan.deliverables[0]["deadline"] == "2027-02-15", "ten working days before Monday 1 March 2027"
    written(login(cast.marta), plan, specification="OOH-CC-96", deadline="2027-02-10", size="3 × 12 m")
    assert (plan.deliverables[0]["deadline"], plan.deliverables[0]["size"]) == ("2027-02-10", "3 × 12 m")


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"specification": "MOON"}, "There is no specification “MOON” in the library"),
        ({"specification": "ISO-A4"}, "is missing"),
        ({"specification": "OOH-CC-96", "appears": "soon"}, "a day such as"),
        ({"specification": "OOH-CC-96", "appears": "0001-01-01"}, "is missing"),
        ({"specification": "X" * 500}, "There is no specification"),
    ],
)
def test_what_the_library_does_not_know_is_said_in_the_row_and_nothing_typed_is_lost(row, why, plan, cast, login):
    answer = written(login(cast.marta), plan, **row)
    assert answer.status_code == 422
    text = answer.content.decode()
    assert why in text and row["specification"] in text
    assert plan.deliverables == []


def test_what_was_agreed_stays_as_it_was_when_the_library_changes(plan, cast, login):
    written(login(cast.marta), plan, specification="OOH-CC-96")
    plan.submit(by=cast.marta)
    plan.agree(by=cast.omar)
    plan.record_agreement(by=cast.marta, contact=plan.confirmers.first())
    piece = Deliverable.objects.get(campaign=plan.campaign)
    assert (piece.deadline, piece.specified["lead_days"]) == (date(2027, 2, 15), 10)
    specification = piece.specification
    specification.lead_days = 20
    specification.save()
    piece.refresh_from_db()
    assert (piece.deadline, piece.specified["lead_days"]) == (date(2027, 2, 15), 10)
    page = login(cast.jonas).get(f"/campaigns/{plan.campaign.job_number}/").content.decode()
    assert f'<a href="/specifications/{specification.pk}/">OOH-CC-96</a>' in page


def test_the_plan_on_paper_names_the_specification(plan, cast, login):
    written(login(cast.marta), plan, specification="ISO-A4", deadline="2027-02-01")
    text = login(cast.marta).get(f"/campaigns/{plan.campaign.job_number}/").content.decode()
    assert "ISO-A4" in text and "210 × 297 mm" in text


# ── The words ───────────────────────────────────────────────────────────────────────────────────
def test_the_glossary_explains_the_words_of_the_trade_and_can_be_searched(cast, login):
    browser = login(cast.felix)
    text = browser.get("/glossary/").content.decode()
    assert all(f'id="{key}"' in text for key in ("contact-report", "critical-path", "bleed", "ppm", "float", "mark-up"))
    text = browser.get("/glossary/?q=DAY%20lose").content.decode()
    assert "Critical path" in text and "Voucher copy" not in text
    assert "No word like that" in browser.get("/glossary/?q=zzz").content.decode()
    assert browser.get("/glossary/?q=%25" + "x" * 3000).status_code == 200


def test_a_word_on_a_page_leads_to_its_meaning(cast, login):
    page = login(cast.jonas).get(Specification.objects.get(code="ISO-A4").get_absolute_url()).content.decode()
    assert 'href="/glossary/#bleed"' in page and "so that no white line is left" in page


@pytest.mark.parametrize("word", ["glossary", "specifications"])
def test_the_library_and_the_glossary_are_found_by_their_names(word, cast, login):
    assert f'href="/{word}/"' in login(cast.jonas).get(f"/search/?q={word}").content.decode()
