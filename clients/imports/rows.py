"""What the rows of a file mean, and what is wrong with them, cell by cell."""

from dataclasses import asdict, dataclass, field

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import BusinessGroup
from agency.folding import folded
from agency.forms import fields_of
from clients.imports.columns import BY_KEY, OF_CLIENT, OF_CONTACT
from clients.models import Client, Contact

LOG = "clients.log_contact"
CLIENTS = {"code": "code", "client": "name", "industry": "industry"}
CONTACTS = {"contact": "name", "position": "position", "email": "email", "phone": "phone", "note": "note"}


@dataclass
class Row:
    """A row as it will be made: its number in the file, the client and the contact with their fields, and what is wrong.

    client: fields of a new client, or None · contact: fields of a contact, or None · cells: what stood in the file.
    """

    number: int
    code: str
    client: dict | None = None
    contact: dict | None = None
    cells: dict = field(default_factory=dict)
    faults: dict = field(default_factory=dict)

    @property
    def told(self):
        """What is wrong: (head of the column, sentence), in the order of the columns."""
        return [(BY_KEY[key].label, self.faults[key]) for key in BY_KEY if key in self.faults]

    @property
    def tier(self):
        """The tier of the new client in words."""
        return Client.Tier(self.client["tier"]).label if self.client else ""

    @property
    def standing(self):
        return Contact.Standing(self.contact["standing"]).label if self.contact and "standing" in self.contact else ""

    def kept(self):
        return asdict(self)


def entries(imported):
    """The rows of a file that was kept (`ClientImport`)."""
    return [Row(**it) for it in imported.rows]


def understood(lines):
    """The rows of these lines, each checked by itself. One query, for the names of the groups."""
    reader = Reader()
    return [reader.row(line) for line in lines]


class Reader:
    """Reads rows by the fields of the records themselves, made once."""

    def __init__(self):
        of_client, of_contact = fields_of(Client, CLIENTS.values()), fields_of(Contact, CONTACTS.values())
        self.fields = {key: of_client[name] for key, name in CLIENTS.items()}
        self.fields |= {key: of_contact[name] for key, name in CONTACTS.items()}
        self.words = {
            "tier": words_of(Client._meta.get_field("tier")),
            "standing": words_of(Contact._meta.get_field("standing")),
            "language": words_of(Contact._meta.get_field("language")),
            "group": {folded(group.name): group.pk for group in BusinessGroup.objects.all()},
        }

    def row(self, line):
        cells = {key: told if key == "note" else " ".join(told.split()) for key, told in line.cells.items() if told}
        row = Row(line.number, cells.get("code", "").upper(), cells=cells, faults=dict(line.faults))
        cells["code"] = row.code
        self.value(row, "code")
        if "client" in cells:
            row.client = self.client(row)
        else:
            for key in OF_CLIENT:
                if key in cells:
                    row.faults.setdefault(key, _("This belongs to a new client: write its name, or leave this empty."))
        if any(key in cells for key in OF_CONTACT):
            row.contact = self.contact(row)
        if row.client is None and row.contact is None:
            row.faults.setdefault("contact", _("There is neither a new client nor a contact in this row."))
        return row

    def client(self, row):
        made = {CLIENTS[key]: self.value(row, key) for key in CLIENTS}
        return made | {"tier": self.word(row, "tier") or Client.Tier.STANDARD, "group": self.word(row, "group")}

    def contact(self, row):
        made = {CONTACTS[key]: self.value(row, key) for key in CONTACTS}
        for key in ("standing", "language"):
            if found := self.word(row, key):
                made[key] = found
        return made

    def value(self, row, key):
        try:
            return self.fields[key].clean(row.cells.get(key, ""))
        except ValidationError as why:
            row.faults.setdefault(key, " ".join(why.messages))
            return ""

    def word(self, row, key):
        told = row.cells.get(key)
        if not told:
            return None
        if (found := self.words[key].get(folded(told))) is None:
            row.faults.setdefault(key, unknown(key, told))
        return found


def words_of(choice):
    """Everything by which a choice may be named, in any case: its value, its word in English and in the reader's language."""
    found = {}
    for value, label in choice.flatchoices:
        found |= {folded(str(value)): value, folded(str(label)): value}
    return found


def unknown(key, told):
    words = {"word": told[:40]}
    return {
        "tier": _("“%(word)s” is no tier: key, status, standard or small."),
        "standing": _("“%(word)s” is no standing: decision maker, marketing director, marketing manager or other."),
        "language": _("“%(word)s” is no language in which we write."),
        "group": _("“%(word)s” is no business group here."),
    }[key] % words


def met(rows, person):
    """The rows with what they meet in the books and in each other: codes that are taken, clients not known, addresses given
    twice. Three queries, however many rows."""
    books = Books(rows, person)
    for row in rows:
        if "code" not in row.faults and (fault := books.code(row)):
            row.faults["code"] = fault
    for row in rows:
        if row.contact and not row.faults.keys() & {"code", "contact", "email"}:
            row.faults |= books.contact(row)
    return rows


class Books:
    """What is in the books of the clients named, and what the rows before have brought."""

    def __init__(self, rows, person):
        codes = {row.code for row in rows}
        self.taken = set(Client.objects.filter(code__in=codes).values_list("code", flat=True))
        self.known = set(Client.objects.where(person, LOG).filter(code__in=codes).values_list("code", flat=True))
        self.new, self.opened = {row.code for row in rows if row.client}, {}
        there = Contact.objects.current().filter(client__code__in=self.known)
        self.people = {}
        for code, name, email in there.values_list("client__code", "name", "email"):
            self.keep(code, name, email)

    def keep(self, code, name, email):
        for key in filter(None, (folded(name), email.lower())):
            self.people.setdefault((code, key), name)

    def code(self, row):
        """What is wrong with the code of a row, if anything."""
        if row.client is None:
            if row.code in self.known or row.code in self.new:
                return ""
            return _("%(code)s is no client in the books, and none in this file.") % {"code": row.code}
        if row.code in self.taken:
            return _("%(code)s is another client's code. Is the row a contact of it? Then leave the client's name empty.") % {
                "code": row.code
            }
        first = self.opened.setdefault(row.code, row.number)
        return "" if first == row.number else _("%(code)s is opened in row %(n)d already.") % {"code": row.code, "n": first}

    def contact(self, row):
        """What is wrong with the contact of a row: (column → sentence)."""
        name, email = row.contact["name"], row.contact["email"].lower()
        other = self.people.get((row.code, email or folded(name)))
        self.keep(row.code, name, email)
        if other is None:
            return {}
        if email:
            return {"email": _("%(contact)s has this address already.") % {"contact": other}}
        return {"contact": _("%(contact)s is among the contacts already.") % {"contact": other}}
