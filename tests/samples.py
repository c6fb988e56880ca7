"""Samples for tests, made the way the agency makes them."""

from io import BytesIO
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from agency import clock
from approvals.checklist import medium_of
from approvals.models import Sample
from tests.records import a_confirmed_plan, an_accepted_brief

PIECE = {"letter": "A", "what": "Poster", "medium": "outdoor", "size": "356 × 252 cm", "rounds": "2",
         "deadline": "2026-12-30", "appears": ""}  # fmt: skip


def a_piece(client, writer, agreer, brief=None, contact=None, **fields):
    """A deliverable of a campaign whose plan the client has agreed."""
    brief = brief or an_accepted_brief(client, writer=writer, acceptor=agreer)
    plan = a_confirmed_plan(brief, writer=agreer, agreer=client.supervisor, contact=contact, deliverables=[PIECE], **fields)
    return plan.campaign.deliverables.get()


def a_sample(piece, by, *, came=True, **fields):
    """A colour proof of a piece; it lies here unless it has not come."""
    usual = {"kind": "colour", "medium": medium_of(piece), "supplier": "Dorrit Print"}
    sample = Sample.open(piece, by=by, token=uuid4(), **{**usual, **fields})
    return sample.receive(by=by, on=clock.today()) if came else sample


def answered(sample, by, *, fails=(), notes="The hour is wrong."):
    """The sample with every row answered; fails: the positions of the rows that fail."""
    said = {row.pk: {**row.said, **found(row.position in fails, notes)} for row in sample.rows.all()}
    sample.answer(by=by, seen=sample.version, said=said)
    return sample


def found(fails, notes):
    return {"answer": "fail", "note": notes} if fails else {"answer": "ok"}


def a_photo(name="proof.png", size=(80, 60)):
    held = BytesIO()
    Image.new("RGB", size, "wheat").save(held, "PNG")
    return SimpleUploadedFile(name, held.getvalue(), "image/png")


def typed(sample, **changed):
    """What the form of the checklist sends as the sample stands; changed: note_3="…" for a field of row 3."""
    sent, rows = {"seen": sample.version, "token": uuid4()}, {row.position: row for row in sample.rows.all()}
    for row in rows.values():
        values = {"answer": row.answer, "note": row.note, "photo": row.photo_id or ""}
        values |= {part: "" if getattr(row, part) is None else getattr(row, part) / 10 for part in ("across", "down")}
        sent |= {f"{part}-{row.pk}": value for part, value in values.items()}
    for name, value in changed.items():
        part, _sep, position = name.partition("_")
        sent[f"{part}-{rows[int(position)].pk}"] = value
    return sent
