"""What comes out of the printer: the page without its frame, black on white, in whatever colours it was looked at."""

import re

import pytest
from pypdfium2 import PdfDocument

pytestmark = pytest.mark.browser

FRAME = ("Skip to the page", "Search clients", "Notices", "Save as PDF", "Submit for acceptance")
A4 = (595, 842)


def printed(house, name, person):
    """The pages that a person prints who likes dark colours, and what they say."""
    page = house.visit(name, person, theme="dark")
    pages = list(PdfDocument(page.pdf(prefer_css_page_size=True, print_background=True)))
    return pages, [re.sub(r"\s+", " ", it.get_textpage().get_text_bounded()) for it in pages]


def test_a_document_is_printed_as_the_sheet_alone(house):
    pages, told = printed(house, "brief", "jonas")
    assert [tuple(round(side) for side in page.get_size()) for page in pages] == [A4]
    assert "Intake brief: Rye crackers" in told[0]
    assert "Printed by Jonas Weber" in told[0]
    assert [word for word in (*FRAME, "What happened", "Completeness") if word in told[0]] == []


def test_paper_is_white_and_ink_is_dark_whatever_the_theme(house):
    for name in ("brief", "desk"):
        drawn = printed(house, name, "jonas")[0][0].render(scale=0.5, grayscale=True)
        rows = [bytes(drawn.buffer)[at : at + drawn.width] for at in range(0, drawn.stride * drawn.height, drawn.stride)]
        shades = b"".join(rows)
        assert shades[0] == shades[-1] == 255
        assert sum(shade > 250 for shade in shades) > 0.85 * len(shades)
        assert min(shades) < 90


def test_the_head_of_a_list_stands_on_every_page_of_it(house):
    told = printed(house, "schedule", "mei")[1]
    steps = [text for text in told if "Planned" in text and "Owner" in text]
    assert len(steps) > 2
    assert [word for word in FRAME for text in told if word in text] == []
