"""`make screenshots`: the main pages of the demo agency as pictures, in both themes and at both widths, to be looked at.

They go into screenshots/, which git ignores. It is no test: nothing collects this file unless it is named.
"""

import pytest
from django.conf import settings
from django.urls import reverse

from briefs.models import Brief
from campaigns.models import Campaign
from tests.browser.house import THEMES, WIDTHS

FOLDER = settings.BASE_DIR / "screenshots"


@pytest.fixture
def pages(house):
    """Name of the picture → whose eyes, and the address."""
    loaf = Campaign.objects.filter(client__code="HRB").order_by("pk").first()
    brief = Brief.objects.filter(client__code="HRB").order_by("pk").first()
    return {
        **{f"desk-{name}": (name, "/") for name in ("helena", "omar", "marta", "jonas", "mei")},
        "schedule": ("helena", reverse("schedule")),
        "campaign": ("marta", loaf.get_absolute_url()),
        "campaign-schedule": ("mei", reverse("campaign_schedule", args=[loaf.job_number])),
        "brief": ("jonas", brief.get_absolute_url()),
        "client": ("jonas", reverse("client", args=["HRB"])),
        "clients": ("omar", reverse("clients")),
        "campaigns": ("omar", reverse("campaigns")),
        "department": ("helena", reverse("department")),
        "notices": ("mei", reverse("notices")),
    }


def test_screenshots(house, pages):
    FOLDER.mkdir(exist_ok=True)
    for picture, (person, there) in pages.items():
        for width in WIDTHS:
            for theme in THEMES:
                path = FOLDER / f"{picture}-{width}-{theme}.png"
                page = house.visit(there, person, theme=theme, width=width)
                page.set_viewport_size({"width": width, "height": page.evaluate("document.documentElement.scrollHeight")})
                page.screenshot(path=path)
                print(path.relative_to(settings.BASE_DIR))
