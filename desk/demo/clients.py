"""The advertisers of Quill & Harbour, whom the agency knows there, and who serves them since when."""

from clients.models import Client, Contact
from clients.models.assignment import assign
from desk.demo.stage import token

TAKEN_ON = -270
SERVED_SINCE = -265
HANDED_OVER = -90

# code, name, industry, tier, group, director, manager, salesman
ADVERTISERS = [
    ("HRB", "Hollin & Rye Bakeries", "Food", "key", "North", "marta", "tomas", "jonas"),
    ("VOL", "Voltane Motors", "Automotive", "key", "South", "lucia", "priya", "amina"),
    ("NOR", "Northgate Savings Bank", "Finance", "status", "North", "david", "tomas", "jonas"),
    ("MER", "Meridian Airways Regional", "Travel", "status", "South", "lucia", "priya", "amina"),
    ("SOL", "Solwell Pharmacy", "Health retail", "standard", "North", "david", "tomas", "jonas"),
    ("TER", "Terracotta Home", "Furniture", "standard", "South", "lucia", "priya", "amina"),
    ("PAL", "Palisade Theatre", "Culture", "small", "North", None, "tomas", "jonas"),
    ("GRE", "Greenlea Garden Centre", "Retail", "small", "South", None, "priya", "amina"),
]
PROSPECTS = [
    ("BRI", "Brightwell Water Utility", "Utilities", "standard", "North"),
    ("KES", "Kestrel Outdoor Wear", "Clothing", "standard", "South"),
]
HOUSE = ("QHA", "Quill & Harbour Advertising", "Advertising", "standard", None)

CONTACTS = [
    ("HRB", "Clara Hollin", "Marketing director", "director", "clara.hollin@hollin-rye.example", "+44 20 7946 0101"),
    ("HRB", "Peter Dorn", "Branch operations", "other", "peter.dorn@hollin-rye.example", "+44 20 7946 0102"),
    ("VOL", "Erik Voss", "Chief marketing officer", "decides", "erik.voss@voltane.example", "+44 20 7946 0111"),
    ("VOL", "Sara Lind", "Brand manager", "manager", "sara.lind@voltane.example", "+44 20 7946 0112"),
    ("NOR", "Paul Reyes", "Marketing director", "director", "paul.reyes@northgate.example", "+44 20 7946 0121"),
    ("MER", "Ana Duarte", "Marketing manager", "manager", "ana.duarte@meridian-air.example", "+44 20 7946 0131"),
    ("SOL", "Nina Berg", "Brand manager", "manager", "nina.berg@solwell.example", "+44 20 7946 0141"),
    ("TER", "Ben Ortiz", "Marketing manager", "manager", "ben.ortiz@terracotta.example", "+44 20 7946 0151"),
    ("PAL", "Ruth Amari", "Press office", "other", "ruth.amari@palisade.example", "+44 20 7946 0161"),
    ("GRE", "Kofi Mensah", "Owner", "decides", "kofi.mensah@greenlea.example", "+44 20 7946 0171"),
    ("BRI", "Joan Whitfield", "Head of communications", "decides", "joan.whitfield@brightwell.example", "+44 20 7946 0181"),
    ("KES", "Tariq Bell", "Brand director", "director", "tariq.bell@kestrel.example", "+44 20 7946 0191"),
]
NOTE = "Marta has the bakeries and cannot lead two houses. David knows banking; the open questions are in the file."


def take_on(stage):
    """The clients come into the books, with their contacts, and are given to those who serve them (MIN6)."""
    helena = stage.people["helena"]
    for code, name, industry, tier, group, *_seats in [HOUSE, *ADVERTISERS, *PROSPECTS]:
        with stage.at(TAKEN_ON):
            fields = {"industry": industry, "tier": tier, "group": stage.groups.get(group), "is_house": group is None}
            stage.clients[code] = Client.open(by=helena, token=token(code), code=code, name=name, **fields)
    for row in CONTACTS:
        with stage.at(TAKEN_ON, "10:00"):
            introduce(stage, *row)
    for code, *_rest, director, manager, salesman in ADVERTISERS:
        with stage.at(SERVED_SINCE):
            serve(stage, code, director, manager, salesman)
    with stage.at(TAKEN_ON, "11:00"):
        stage.clients["QHA"].win(by=helena)
    with stage.at(HANDED_OVER, "15:00"):
        assign(stage.clients["NOR"], person=stage.people["david"], seat="director", by=helena, note=NOTE)


def introduce(stage, code, name, position, standing, email, phone):
    Contact.add(
        client=stage.clients[code], by=stage.people["helena"], token=token(email), why="introduced",
        name=name, position=position, standing=standing, email=email, phone=phone,
    )  # fmt: skip


def serve(stage, code, director, manager, salesman):
    """Win the client and fill its seats from the top, so that a salesman finds his guide there.

    The bank was Marta's before it was handed over to David.
    """
    client, helena = stage.clients[code], stage.people["helena"]
    client.win(by=helena)
    seats = {"director": "marta" if code == "NOR" else director, "manager": manager, "salesman": salesman}
    for seat, who in seats.items():
        if who:
            assign(client, person=stage.people[who], seat=seat, by=helena)
