"""Creative drafts, the client's confirmation and proofs of samples will live here; the room is on its floor, and empty."""
