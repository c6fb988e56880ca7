"""Supervision notes for tests, written the way the agency writes them."""

from uuid import uuid4

from approvals.models import SupervisionNote


def a_note(piece, by, **fields):
    """A remark on the production of a piece."""
    usual = {"kind": "production", "verdict": "remark", "words": "The paper is brighter than the proof."}
    return SupervisionNote.write(piece.campaign, by=by, token=uuid4(), deliverable=piece, **{**usual, **fields})


def a_defect(piece, by, **fields):
    return a_note(piece, by, verdict="defect", **{"words": "The crust prints too dark.", **fields})
