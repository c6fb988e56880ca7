"""Documents on paper: the PDF says what the page says, in both scripts; it fetches nothing and ends in time. Where it cannot be
made, the sheet is shown to be printed, and why."""

import os
import re
import subprocess
import sys
from collections import Counter
from datetime import date
from html import unescape
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from time import monotonic
from unicodedata import normalize
from uuid import uuid4

import pytest
from django.conf import settings
from django.utils.html import strip_tags
from pypdfium2 import PdfDocument
from pypdfium2.raw import FPDF_PAGEOBJ_TEXT

from accounts.models import Evaluation
from agency import paper
from tests.records import a_brief, a_plan, an_accepted_brief
from tests.studies import CONDITIONS, REFUSED, a_study, section

CHINESE = "我们的全麦饼干薄而脆，用石炉烘焙。\n\n竞争对手有两家：北方面包房与金穗食品。"
NASTY = '<img src="file:///etc/passwd"><script>alert(1)</script>'


@pytest.fixture
def brief(cast, clients):
    """A brief of Jonas's, returned by Marta, with Chinese in it."""
    made = a_brief(clients["HRB"], cast.jonas, title="Rye crackers 全麦饼干", market_situation=CHINESE, market_plan=NASTY)
    made.submit(by=cast.jonas)
    return made.return_to_writer(by=cast.marta, reason="Which rate may we print?\n请补充预算。")


@pytest.fixture
def plan(cast, clients):
    return a_plan(an_accepted_brief(clients["HRB"], writer=cast.jonas, acceptor=cast.marta), cast.marta, strategy=CHINESE)


@pytest.fixture
def evaluation(cast):
    """Helena's evaluation of Jonas, handed over, on more than one page."""
    marks = [{"criterion": f"Duty {n}", "score": 4, "sentence": "He called twice and wrote it down. " * 9} for n in range(9)]
    period = {"period_from": date(2026, 6, 1), "period_to": date(2026, 11, 20)}
    made = Evaluation.begin(by=cast.helena, person=cast.jonas, token=uuid4(), marks=marks, **period)
    return made.hand_over(by=cast.helena)


@pytest.fixture
def study(cast, clients):
    """A study in which one department says no, one is silent and one was asked by telephone."""
    made = a_study(cast, clients, "production", "media", asks=CHINESE)
    section(made).answer(by=cast.noor, words={**REFUSED, "grounds": CHINESE, "questions": "Which weeks?"})
    section(made).answer_back(by=cast.marta, reply="In April then.")
    section(made, "media").record(by=cast.mei, words=CONDITIONS, said_by="Sven Lindqvist", said_how="mail")
    return made


@pytest.fixture
def documents(brief, plan, evaluation, study):
    """Page and PDF of each kind of document."""
    job = plan.campaign.get_absolute_url()
    return {
        "brief": (brief.get_absolute_url(), f"{brief.get_absolute_url()}pdf/"),
        "plan": (job, f"{job}plan/pdf/"),
        "study": (study.get_absolute_url(), f"{study.get_absolute_url()}pdf/"),
        "evaluation": (evaluation.get_absolute_url(), f"{evaluation.get_absolute_url()}pdf/"),
    }


def opened(answer):
    assert answer["Content-Type"] == "application/pdf", answer.content.decode(errors="replace")[:2000]
    return PdfDocument(answer.content)


def text_of(pdf):
    return [page.get_textpage().get_text_bounded() for page in pdf]


def signs(text):
    """How often each letter, figure and sign stands in a text, whatever its case and the breaks of its lines."""
    return Counter(normalize("NFKC", re.sub(r"[\s“”]", "", text)).casefold())


def inside(html, tag, name):
    """The words of the element of a page that bears a class."""
    found = re.search(rf'<{tag} class="{name}".*?</{tag}>', html, re.S)
    return unescape(strip_tags(found[0]))


@pytest.mark.paper
@pytest.mark.skipif(bool(paper.MISSING), reason="needs Pango")
class TestPressed:
    @pytest.mark.parametrize("kind", ["brief", "plan", "study", "evaluation"])
    @pytest.mark.parametrize("language", ["en-gb", "zh-hans"])
    def test_the_pdf_says_what_the_sheet_on_the_page_says_and_nothing_else(self, kind, language, documents, cast, login):
        cast.jonas.adjust(by=cast.jonas, language=language)
        browser, (page, there) = login(cast.jonas), documents[kind]
        html, pages = browser.get(page).content.decode(), text_of(opened(browser.get(there)))
        sheet, foot = signs(inside(html, "article", "sheet")), signs(inside(html, "footer", "sheet-foot"))
        title = signs(inside(html, "h[12]", "sheet__title"))
        numbers = sum((signs(f"{n}{len(pages)}") for n in range(1, len(pages) + 1)), Counter())
        each = Counter({sign: n * len(pages) for sign, n in foot.items()})
        again = Counter({sign: n * (len(pages) - 1) for sign, n in title.items()})
        assert signs("".join(pages)) == sheet + each + again + numbers

    def test_latin_and_chinese_are_in_the_file_with_their_own_letters(self, documents, cast, login):
        pdf = opened(login(cast.jonas).get(documents["brief"][1]))
        words = normalize("NFKC", re.sub(r"\s", "", "".join(text_of(pdf))))
        for sentence in (*CHINESE.split("\n\n"), "请补充预算。", "Ryecrackers,thin,bakedonstone."):
            assert normalize("NFKC", sentence) in words
        fonts = [it.get_font() for page in pdf for it in page.get_objects(filter=[FPDF_PAGEOBJ_TEXT])]
        assert fonts
        assert all(font.is_embedded for font in fonts)

    def test_each_page_names_document_version_state_reader_and_hour(self, documents, cast, login):
        pages = text_of(opened(login(cast.jonas).get(documents["evaluation"][1])))
        assert len(pages) == 2
        for number, page in enumerate(pages, 1):
            told = re.sub(r"\s+", " ", page)
            assert "2026-06-01 – 2026-11-20 · Evaluation of Jonas Weber · version 2 · To be signed" in told
            assert "Confidential · Printed by Jonas Weber, Mon 23 Nov 2026, 10:00" in told
            assert f"page {number} of 2" in told

    def test_the_file_knows_its_title_author_language_and_outline(self, brief, documents, cast, login):
        pdf = opened(login(cast.jonas).get(documents["brief"][1]))
        told = pdf.get_metadata_dict()
        assert (told["Title"], told["Author"]) == ("Intake brief: Rye crackers 全麦饼干 · HRB", settings.AGENCY_NAME)
        assert pdf.is_tagged()
        assert [it.get_title() for it in pdf.get_toc()] == [
            "Intake brief: Rye crackers 全麦饼干",
            "A Product knowledge", "B Market situation", "C Advertising budget", "D Market plan",
            "E Audience and message", "F Work and delivery", "From hand to hand",
        ]  # fmt: skip

    def test_the_answer_is_a_file_that_nobody_keeps_on_the_way(self, brief, plan, evaluation, study, documents, cast, login):
        browser, names = login(cast.jonas), {}
        for kind, (_page, there) in documents.items():
            answer = browser.get(there)
            names[kind] = answer["Content-Disposition"]
            assert answer["Cache-Control"] == "private, no-store"
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert "sandbox" in answer["Content-Security-Policy"]
        assert names == {
            "brief": f'attachment; filename="HRB-brief-{brief.pk}-v3.pdf"',
            "plan": f'attachment; filename="{plan.campaign.job_number}-plan-v2.pdf"',
            "study": f'attachment; filename="HRB-study-{study.pk}-v5.pdf"',
            "evaluation": 'attachment; filename="evaluation-jonas-2026-11-20-v2.pdf"',
        }

    def test_what_somebody_types_stays_text(self, documents, cast, login):
        words = "".join(text_of(opened(login(cast.jonas).get(documents["brief"][1]))))
        assert re.sub(r"\s", "", NASTY) in re.sub(r"\s", "", words)

    def test_a_document_fetches_nothing_whatever_it_names(self, tmp_path):
        asked, secret = [], tmp_path / "secret.txt"
        secret.write_text("Kanarienvogel")

        class Listener(BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)

            log_message = do_HEAD = do_GET

        with HTTPServer(("127.0.0.1", 0), Listener) as server:
            Thread(target=server.serve_forever, daemon=True).start()
            web, file = f"http://127.0.0.1:{server.server_port}/x", secret.as_uri()
            parts = "".join(
                f'<img src="{it}"><object data="{it}"></object><embed src="{it}"><link rel="stylesheet" href="{it}">'
                f'<link rel="attachment" href="{it}"><a rel="attachment" href="{it}">a</a>'
                f'<style>@import url("{it}"); @font-face {{ font-family: x; src: url("{it}") }}</style>'
                f'<style>p {{ background: url("{it}"); font-family: x }}</style>'
                f'<svg><image href="{it}"/><use href="{it}#a"/></svg>'
                for it in (web, file)
            )
            pdf = paper.press(f'<!doctype html><html lang="en"><title>x</title><body>{parts}<p>All there is.')
            server.shutdown()
        assert asked == []
        assert b"/EmbeddedFile" not in pdf
        assert "Kanarienvogel" not in "".join(text_of(PdfDocument(pdf)))

    def test_the_fullest_brief_of_ordinary_text_becomes_a_pdf(self, cast, clients, login):
        prose, chinese = ("Two rivals, a growing shelf. " * 276)[:8000], ("新产品上市广告计划书，" * 728)[:8000]
        words = {"product_knowledge": prose, "market_situation": chinese, "budget_notes": chinese, "market_plan": "x" * 8000}
        full = a_brief(clients["HRB"], cast.jonas, **words)
        began = monotonic()
        pdf = opened(login(cast.jonas).get(f"{full.get_absolute_url()}pdf/"))
        assert 8 < len(pdf) < paper.MOST
        assert monotonic() - began < 15

    def test_a_document_of_hundreds_of_pages_is_refused_at_once_and_shown_to_be_printed(self, cast, clients, login):
        lines = {name: "a\n" * 3999 for name in ("product_knowledge", "market_situation", "budget_notes", "market_plan")}
        endless = a_brief(clients["HRB"], cast.jonas, **lines)
        began = monotonic()
        answer = login(cast.jonas).get(f"{endless.get_absolute_url()}pdf/")
        assert monotonic() - began < 3
        assert "This document is longer than 40 pages." in answer.content.decode()
        assert answer["Content-Type"].startswith("text/html")

    def test_a_busy_press_is_not_waited_for_without_end(self, documents, cast, login, monkeypatch):
        monkeypatch.setattr(paper, "WAIT", 0.1)
        with paper.press_is_free:
            answer = login(cast.jonas).get(documents["plan"][1])
        assert "The press is busy" in answer.content.decode()
        assert opened(login(cast.jonas).get(documents["plan"][1]))

    def test_a_longer_way_from_hand_to_hand_costs_no_further_query(
        self, brief, cast, clients, login, django_assert_num_queries, django_assert_max_num_queries
    ):
        browser, short = login(cast.jonas), a_brief(clients["HRB"], cast.jonas)
        short.submit(by=cast.jonas)
        short.return_to_writer(by=cast.marta, reason="Once")
        browser.get(f"{short.get_absolute_url()}pdf/")
        with django_assert_max_num_queries(40) as asked:
            browser.get(f"{short.get_absolute_url()}pdf/")
        for _again in range(2):
            brief.submit(by=cast.jonas)
            brief.return_to_writer(by=cast.marta, reason="Again")
        with django_assert_num_queries(len(asked)):
            browser.get(f"{brief.get_absolute_url()}pdf/")


def test_every_copy_of_an_evaluation_leaves_a_line_in_the_security_log(evaluation, cast, login, caplog):
    with caplog.at_level("INFO", "accord.security"):
        login(cast.jonas).get(f"{evaluation.get_absolute_url()}pdf/")
    (line,) = [it.getMessage() for it in caplog.records if "paper" in it.getMessage()]
    assert line == (
        f'evaluation on paper actor="accounts.person {cast.jonas.pk} jonas" object="accounts.evaluation {evaluation.pk}" '
        'about="jonas"'
    )


@pytest.mark.parametrize("outsider", ["lucia", "felix", "admin", "noor"])
def test_who_does_not_see_a_document_does_not_get_it_on_paper(outsider, documents, cast, login):
    for _page, there in documents.values():
        assert login(getattr(cast, outsider)).get(there).status_code == 404


def test_an_evaluation_that_is_being_written_is_on_paper_for_its_writer_alone(cast, login):
    period = {"period_from": date(2026, 6, 1), "period_to": date(2026, 11, 20)}
    draft = Evaluation.begin(by=cast.helena, person=cast.jonas, token=uuid4(), **period)
    assert login(cast.jonas).get(f"{draft.get_absolute_url()}pdf/").status_code == 404
    assert login(cast.omar).get(f"{draft.get_absolute_url()}pdf/").status_code == 404
    assert login(cast.helena).get(f"{draft.get_absolute_url()}pdf/").status_code == 200


def test_the_page_offers_what_this_server_can_do(documents, cast, login):
    offered = "Print or save as PDF" if paper.MISSING else "Save as PDF"
    for page, there in documents.values():
        html = login(cast.jonas).get(page).content.decode()
        assert f'href="{there}"' in html
        assert offered in html


WITHOUT = """
import cffi
def dlopen(self, name, flags=0):
    raise OSError(f"cannot load library '{name}'")
cffi.FFI.dlopen = dlopen
"""
SERVED = """
import django; django.setup()
from types import SimpleNamespace as Thing
from django.template import Context, Template
from django.test import RequestFactory
from agency import paper
request = RequestFactory().get("/"); request.user = "Jonas Weber"
record = Thing(version=3, get_state_display="Returned", get_absolute_url="/briefs/7/")
told = {"foot": {"title": "First Key", "number": "NOR", "record": record}, "course": []}
answer = paper.pdf(request, "_sheet_course.html", told, name="x")
print(answer.status_code, answer["Content-Type"], answer["Cache-Control"])
print(answer.content.decode())
print(Template("{% load papers %}{% save_as_pdf url='/there/' %}").render(Context()))
"""


def test_without_the_library_everything_runs_and_the_sheet_is_shown_to_be_printed_with_the_reason(tmp_path):
    """A machine without Pango: another Python, in which no library can be loaded."""
    (tmp_path / "sitecustomize.py").write_text(WITHOUT)
    paths = os.pathsep.join([str(tmp_path), str(settings.BASE_DIR)])
    there = {**os.environ, "PYTHONPATH": paths, "DJANGO_SETTINGS_MODULE": "agency.settings"}
    ran = subprocess.run([sys.executable, "-c", SERVED], env=there, capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("200 text/html; charset=utf-8 private, no-store\n")
    assert "This server has no PDF library (Pango). Use your browser’s print instead (Ctrl+P)" in ran.stdout
    assert "From hand to hand" in ran.stdout
    assert "Print or save as PDF" in ran.stdout
    assert "WeasyPrint could not import" not in ran.stdout + ran.stderr
    check = subprocess.run(
        [sys.executable, "manage.py", "check"], cwd=settings.BASE_DIR, env=there, capture_output=True, text=True
    )
    assert check.returncode == 0, check.stderr
