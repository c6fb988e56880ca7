"""Meetings and contact reports will live here; the room is on its floor, and empty."""
