"""Small drafts for tests, made the way the agency makes them."""

from io import BytesIO
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from agency.files import examine
from approvals.models import Draft, DraftVersion, InternalReview
from approvals.models.internal_review import Question, requirements_for
from campaigns.models import Deliverable

IDEA = "Nobody waits for bread. But everybody knows the smell the night before."


def a_piece(plan, by, **fields):
    """A deliverable the client agreed, beside those of the plan."""
    usual = {
        "letter": "Z",
        "what": "Press ad",
        "medium": "Rye Weekly",
        "size": "210 × 280 mm",
        "rounds": 2,
        "deadline": "2026-12-02",
    }
    piece = Deliverable(client_id=plan.client_id, campaign=plan.campaign, created_by=by, **{**usual, **fields})
    piece.keep(by=by, reason="agreed")
    piece.refresh_from_db()
    return piece


def a_draft(piece, by, *, maker=None, title="The smell the night before", **fields):
    """A concept for a piece, nothing made yet."""
    return Draft.begin(piece, by=by, token=uuid4(), title=title, maker=maker or by, **fields)


def a_picture(colour="#c8a165", size=(60, 80), name="ad.png"):
    """A small PNG as a browser sends it."""
    content = BytesIO()
    Image.new("RGB", size, colour).save(content, "PNG")
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/png")


def a_version(draft, by, *, files=None, **said):
    """A version handed in: with the reason why it looks as it does, and a picture."""
    version = DraftVersion.open(draft, by=by, token=uuid4())
    version.write(by=by, seen=version.version, changes={"idea": IDEA, "on_brief": "It shows the loaf and the price.", **said})
    for upload in [a_picture()] if files is None else files:
        version.add_file(examine(upload), by=by, token=uuid4())
    draft.hand_in(by=by)
    version.refresh_from_db()
    version.draft = draft
    return version


def decided(draft, by, *, outcome="cleared", reply="yes", reason="", **more):
    """The version in review, looked through line by line."""
    answers = {question: (reply, "") for question in Question.values}
    lines = [(line.pk, reply, "") for line in requirements_for(draft)]
    told = {"seen": draft.version, "token": uuid4(), "answers": answers, "requirements": lines, "reason": reason, **more}
    review = InternalReview.decide(draft, by=by, outcome=outcome, **told)
    draft.refresh_from_db()
    return review


def a_cleared_draft(piece, *, maker, clearer, title="The smell the night before", **said):
    draft = a_draft(piece, clearer, maker=maker, title=title)
    a_version(draft, clearer, **said)
    decided(draft, clearer)
    return draft


def a_sent_draft(piece, *, maker, clearer, sender, contact, **said):
    """With the client: the contact has a link to the version."""
    draft = a_cleared_draft(piece, maker=maker, clearer=clearer, **said)
    return draft.send(by=sender, seen=draft.version, contact=contact)
