"""What stands in the long briefs of the demo agency beside the four blocks of `texts`, in data/briefs.json. Invented, like
everybody in it.

A number is a day, counted in working days from today; a name of CONTACTS is a contact of the client.
"""

import json
from decimal import Decimal
from pathlib import Path

from briefs.fields import BY_NAME
from briefs.models import BriefTemplate
from clients.models import Contact

SAID = json.loads((Path(__file__).parent / "data" / "briefs.json").read_text(encoding="utf-8"))
DAYS = ("budget_from", "budget_until", "launch_on")
PEOPLE = ("budget_approver", "work_approver")
# story's key → the kind of job; the others are small jobs
TEMPLATES = {"HRB": None, "VOL": "launch", "MER": None, "SOL": "regulated", "TER": "retail", "NOR": "regulated"}
GUESSED = {"NOR": ("past_advertising", "consumers"), "VOL": ("weaknesses",)}


def template_of(key):
    name = TEMPLATES.get(key, "short")
    return name and BriefTemplate.objects.get(key=name)


def more(stage, key):
    """What the long brief of this key says beside its four blocks, as its columns hold it."""
    said = SAID["answers"].get(key, {})
    return {name: _value(stage, name, value) for name, value in said.items()}


def _value(stage, name, value):
    if name in DAYS:
        return stage.day(value)
    if name in PEOPLE:
        return Contact.objects.get(name=value)
    return Decimal(value) if name == "budget_to" else value


def marks(stage, key, contact, on):
    """Who said what a long brief says, and what of it is our guess."""
    there = {"mark": "known", "source": f"{contact}, by telephone", "on": on.isoformat()}
    guess = {"mark": "guess", "source": "", "on": on.isoformat()}
    guessed = GUESSED.get(key, ())
    return {name: guess if name in guessed else there for name in SAID["answers"].get(key, {}) if name in BY_NAME}
