"""Every kind of rearrangement can be chosen and previewed on a phone (COO6)."""

import pytest
from playwright.sync_api import expect

from campaigns.models import Step

pytestmark = pytest.mark.browser

KINDS = 10


def test_on_a_phone_every_kind_is_in_sight_and_nothing_scrolls_sideways(visit, agency):
    step = Step.objects.get(campaign__job_number="HRB-26-014", name="Print run")
    page = visit("mei")
    page.set_viewport_size({"width": 390, "height": 800})
    for at in (f"/steps/{step.pk}/rearrange/?kind=length&days=9", f"/campaigns/{step.campaign.job_number}/schedule/assign/"):
        page.goto(at)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.goto(f"/steps/{step.pk}/rearrange/?kind=length&days=9")
    ways = page.locator(".switch__way")
    assert ways.count() == KINDS
    for way in ways.all():
        box = way.bounding_box()
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390
    expect(page.get_by_text("What breaks")).to_be_visible()
