"""A sieve of named conditions: every record falls under the first condition it meets, and is counted and shown there once."""

from django.db.models import Case, CharField, Count, F, Q, Value, When, Window
from django.db.models.functions import RowNumber


class Sieve:
    """conditions: name → condition (Q) on the records, the first that holds counts."""

    def __init__(self, records, conditions):
        either = Q(pk__in=[])
        for condition in conditions.values():
            either |= condition
        falls = [When(condition, then=Value(name)) for name, condition in conditions.items()]
        self.records = records.filter(either).annotate(under=Case(*falls, output_field=CharField()))

    def counts(self, *fields):
        """Rows of the fields, `under` and how many; one query."""
        return self.records.order_by().values(*fields, "under").annotate(n=Count("pk"))

    def first(self, most, *, by, within=()):
        """The first `most` records under each condition (and each of the fields `within`), ordered by `by`; one query."""
        place = Window(RowNumber(), partition_by=[F("under"), *map(F, within)], order_by=[*by, "pk"])
        return self.records.annotate(place=place).filter(place__lte=most).order_by(*by, "pk")
