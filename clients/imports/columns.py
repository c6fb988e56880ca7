"""The columns of a file of clients and contacts. One row is a new client, a contact, or a client with its first contact."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from agency.folding import folded


@dataclass(frozen=True)
class Column:
    """A column: its key, its head, what goes in. `kind` and `what` are for the writers of files."""

    key: str
    label: Any
    explained: Any
    kind: str = "text"
    what: bool = False

    @property
    def heads(self):
        """The heads by which it is known: in the reader's language and in English."""
        with override("en-gb"):
            english = folded(str(self.label))
        return {folded(str(self.label)), english}


COLUMNS = (
    Column("code", _("Code"), _("Three capital letters. In every row.")),
    Column("client", _("Client"), _("The name of a new client; empty where the row is a contact of a client in the books.")),
    Column("industry", _("Industry"), _("Of a new client.")),
    Column("tier", _("Tier"), _("Key, status, standard or small; standard where nothing is said.")),
    Column("group", _("Group"), _("A business group as it is called here, or nothing yet.")),
    Column("contact", _("Contact"), _("The name of somebody at the client's.")),
    Column("position", _("Position"), _("As the client calls it.")),
    Column("standing", _("Standing"), _("Decision maker, marketing director, marketing manager or other.")),
    Column("email", _("E-mail"), _("Once only within a client.")),
    Column("phone", _("Telephone"), _("A number that can be dialled.")),
    Column("language", _("Language"), _("In which letters reach the contact.")),
    Column("note", _("Note"), _("About the contact.")),
)
OF_CLIENT = ("industry", "tier", "group")
OF_CONTACT = ("contact", "position", "standing", "email", "phone", "language", "note")
BY_KEY = {column.key: column for column in COLUMNS}
