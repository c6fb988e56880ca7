"""Paging by key: the rows behind the last one shown, whatever a list is sorted by, equal and empty keys included.

An offset skips or repeats rows when somebody adds one meanwhile, and costs more with every page; a key does neither.
"""

from django.core.exceptions import BadRequest
from django.core.signing import BadSignature, Signer
from django.db.models import F, Q
from django.utils.translation import gettext as _

from agency.pages import CAP, PAGE, Page


class Order:
    """One sequence of a list: `by` a field's path or an expression, upwards or `down`.

    Rows without a key come last either way, and equal ones stand by primary key, so that the sequence is whole: every row has
    exactly one place in it. scope: names list and sequence; a cursor of another one is refused.
    """

    def __init__(self, by, *, down=False, scope=""):
        self.by, self.down, self.scope = by, down, scope

    def sort(self, rows):
        """The rows in this sequence, each with its `sort_key`."""
        rows = rows.annotate(sort_key=F(self.by) if isinstance(self.by, str) else self.by)
        own = "-pk" if self.down else "pk"
        if self.by == "pk":
            return rows.order_by(own)
        # Said only where a key may be missing: an index is of no use to a database that is asked for nulls last.
        last = {"nulls_last": True} if self.may_be_empty(rows.model) else {}
        key = F("sort_key")
        return rows.order_by(key.desc(**last) if self.down else key.asc(**last), own)

    def may_be_empty(self, model):
        return not isinstance(self.by, str) or "__" in self.by or model._meta.get_field(self.by).null

    def behind(self, rows, cursor):
        """Of the sorted rows those behind the row that `cursor` names. BadRequest for what is no cursor of this sequence."""
        try:
            key, pk = Signer(salt=self.scope).unsign_object(cursor)
        except BadSignature as error:
            raise BadRequest(_("This address does not lead to a page of the list.")) from error
        past = "lt" if self.down else "gt"
        rest = Q(**{f"pk__{past}": pk})
        if self.by == "pk":
            return rows.filter(rest)
        if key is None:
            return rows.filter(rest, sort_key__isnull=True)
        key = rows.query.annotations["sort_key"].output_field.to_python(key)
        return rows.filter(Q(**{f"sort_key__{past}": key}) | Q(rest, sort_key=key) | Q(sort_key__isnull=True))

    def cursor(self, row):
        """The place of `row` in this sequence, for an address: its key and primary key, signed, so that nobody invents one."""
        key = row.sort_key if row.sort_key is None or isinstance(row.sort_key, int) else str(row.sort_key)
        return Signer(salt=self.scope).sign_object([key, row.pk])

    def page(self, rows, after, address):
        """A Page of `rows` behind the cursor `after`, or from the top. address: cursor → the link to what follows."""
        found = self.sort(rows)
        found = list((self.behind(found, after) if after else found)[: PAGE + 1])
        older = address(self.cursor(found[PAGE - 1])) if len(found) > PAGE else ""
        return Page(found[:PAGE], older, counted(rows))


def counted(rows):
    """How many rows, counted no further than one beyond the cap."""
    return rows.order_by()[: CAP + 1].count()
