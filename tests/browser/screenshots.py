"""`make screenshots`: the main pages of the demo agency as pictures, in both themes and at both widths, to be looked at.

They go into screenshots/, which git ignores. It is no test: nothing collects this file unless it is named.
"""

from functools import partial
from uuid import uuid4

import pytest
from django.conf import settings
from django.urls import reverse

from approvals.drawing import draw
from approvals.models import Draft, DraftComment
from briefs.models import Brief
from campaigns.models import Campaign
from clients.models import Contact, SafeLink
from desk.demo import artwork
from tests.browser.house import STRANGER, THEMES, WIDTHS
from tests.client_pages import door
from tests.conftest import cast_now
from tests.drafts import a_draft, a_version, decided

FOLDER = settings.BASE_DIR / "screenshots"


@pytest.fixture
def pages(house):
    """Name of the picture → whose eyes, and the address."""
    loaf = Campaign.objects.filter(client__code="HRB").order_by("pk").first()
    strip = Draft.objects.get(state="review", title="The smell the night before")
    brief = Brief.objects.filter(client__code="HRB").order_by("pk").first()
    return {
        **{f"desk-{name}": (name, "/") for name in ("helena", "omar", "marta", "jonas", "mei")},
        "schedule": ("helena", reverse("schedule")),
        "draft": ("marta", Draft.objects.get(state="approved").get_absolute_url()),
        "draft-review": ("marta", reverse("draft_review", args=[strip.pk])),
        "draft-client": (STRANGER, door(asked_of_clara())),
        "campaign": ("marta", loaf.get_absolute_url()),
        "campaign-schedule": ("mei", reverse("campaign_schedule", args=[loaf.job_number])),
        "brief": ("jonas", brief.get_absolute_url()),
        "client": ("jonas", reverse("client", args=["HRB"])),
        "clients": ("omar", reverse("clients")),
        "campaigns": ("omar", reverse("campaigns")),
        "department": ("helena", reverse("department")),
        "notices": ("mei", reverse("notices")),
    }


def asked_of_clara():
    """A link to one more concept, which waits for her answer."""
    cast, clara = cast_now(), Contact.objects.get(name="Clara Hollin")
    draft = a_draft(Draft.objects.get(state="approved").deliverable, cast.marta, maker=cast.felix, title="The lamp")
    paint = partial(artwork.night, price="EUR 4.20", hours="Sundays from eight, in 23 shops")
    a_version(draft, cast.felix, files=[artwork.picture("lamp.png", paint)], copy="Sunday starts on Saturday night.")
    draw()
    decided(draft, cast.marta)
    place = {"file": 1, "page": 1, "x": 760, "y": 780}
    DraftComment.say(
        draft.sheet, by=cast.jonas, token=uuid4(), words="Larger now, as you wished.", audience="client", **place
    )  # fmt: skip
    draft.send(by=cast.jonas, seen=draft.version, contact=clara)
    return SafeLink.objects.about(draft.sheet).get()


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
