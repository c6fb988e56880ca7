"""Joint studies for tests, made the way the agency makes them."""

from decimal import Decimal
from uuid import uuid4

from accounts.models import Department
from briefs.models import Opinion, Study
from tests.records import an_accepted_brief

MEMBERS = {"creative": "felix", "production": "noor", "media": "sven", "research": "petra", "finance": "ida"}
FEASIBLE = {
    "verdict": "feasible", "grounds": "", "note": "48 sites are free.", "days": Decimal("1.5"), "cost": Decimal("1200.00"),
    "currency": "EUR", "questions": "",
}  # fmt: skip
CONDITIONS = {**FEASIBLE, "verdict": "conditions", "grounds": "No metallic ink."}
REFUSED = {**FEASIBLE, "verdict": "no", "grounds": "No press is free before March."}


def a_study(cast, clients, *codes, by=None, code="HRB", **fields):
    """A study of a fresh accepted brief of the bakery, open to these departments (all that have a member asked)."""
    brief = an_accepted_brief(clients[code], writer=cast.jonas, acceptor=cast.marta) if "brief" not in fields else None
    brief = fields.pop("brief", brief)
    invited = [(Department.objects.get(code=it), getattr(cast, MEMBERS[it])) for it in codes or ("production",)]
    return Study.open(brief=brief, by=by or cast.marta, token=uuid4(), invited=invited, **fields)


def section(study, code="production"):
    return Opinion.objects.for_page().get(study=study, department__code=code)
