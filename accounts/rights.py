"""The rights table, read from `rights.csv` beside this file: the law of who may do what. Legend in `docs/rights.md`.

Each row is a Django permission codename; each cell says for which records a role holds it:
all every record · grp of clients in groups one heads · asg of clients one has a current seat on · sml the same, tier SMALL ·
own where one is owner, holder, subject or appointed · guided about salesmen one guides · house of the house account ·
share through a share or as an insider · empty never.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

FILE = Path(__file__).with_name("rights.csv")
BY_LINK = "clients.through_link"  # held by whoever comes through a safe link, and by nobody of ours: no line of the table
SCOPES = {"all", "grp", "asg", "sml", "own", "guided", "house", "share", "—"}


@dataclass(frozen=True)
class Right:
    codename: str
    duty: str
    action: str
    cells: dict

    def scope(self, person):
        """The cell of this person's role: a word of SCOPES, or "" for never."""
        return self.cells.get(person.role, "")


def read(path=FILE):
    """All rights by codename. Raises ValueError on a cell that is not in the legend."""
    table = {}
    with path.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            codename, duty, action = row.pop("right"), row.pop("duty"), row.pop("action")
            if unknown := set(row.values()) - SCOPES:
                raise ValueError(f"{codename}: {unknown} is not in the legend of the rights table.")
            table[codename] = Right(codename, duty, action, {role: "" if cell == "—" else cell for role, cell in row.items()})
    return table


TABLE = read()
