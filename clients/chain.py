"""The chain of confirmations, walked from its beginning: does every row still say what was sealed?"""

from agency.sealing import is_sealed
from clients.models.confirmation import BEGINNING, ChainHead, Confirmation

BATCH = 500


class Broken(Exception):
    """The chain does not hold. `str()` is a sentence that says where."""


def walk():
    """Check every row, its evidence, and the files of what was shown. Returns how many stand; raises Broken at the first that
    does not."""
    last = Confirmation.objects.order_by("-number").values_list("number", flat=True).first() or 0
    head = ChainHead.objects.filter(pk=1).first()  # read after the last row: whoever appends meanwhile moves the head too
    if head is None:
        raise Broken("The row that says where the chain ends is gone.")
    for table in (Confirmation._meta.db_table, ChainHead._meta.db_table):
        if not is_sealed(table):
            raise Broken(f"The table {table} is no longer sealed: its rows could have been changed.")
    number, previous = 0, BEGINNING
    for row in rows(head.number):
        number += 1
        check(row, number, previous)
        previous = row.hash
    if number < head.number:
        raise Broken(f"The end is cut off: {number} confirmations stand, and there were {head.number}.")
    if previous != head.hash:
        raise Broken(f"Confirmation {number} is not the one with which the chain ended.")
    if last > head.number:
        raise Broken(f"Confirmation {last} was not written by this house: the chain ends with {head.number}.")
    return number


def rows(most):
    """The confirmations up to this number, from the first, some hundred at a time."""
    after = -1
    found = (
        Confirmation.objects.select_related("content_type", "evidence")
        .prefetch_related("subject")
        .order_by("number")
        .filter(number__lte=most)
    )
    while batch := list(found.filter(number__gt=after)[:BATCH]):
        yield from batch
        after = batch[-1].number


def check(row, number, previous):
    if row.number > number:
        raise Broken(f"Confirmation {number} is missing.")
    if row.number < number or row.previous != previous:
        raise Broken(f"Confirmation {row.number} does not follow the one before it.")
    if row.hash != row.sealed():
        raise Broken(f"Confirmation {row.number} has been changed since it was written.")
    if row.evidence is not None:
        check_evidence(row)
    check_shown(row)


def check_shown(row):
    """Where what was shown can be recomputed (`digest_now`: from its text and the files that lie in the storage), it is."""
    again = getattr(row.subject, "digest_now", None)
    if again is None:
        return
    try:
        now = again()
    except OSError as error:
        raise Broken(f"A file that confirmation {row.number} is about cannot be read.") from error
    if now != row.digest:
        raise Broken(f"What confirmation {row.number} is about is no longer what was shown.")


def check_evidence(row):
    try:
        now = row.evidence.sha256_now()
    except OSError as error:
        raise Broken(f"The evidence of confirmation {row.number} cannot be read.") from error
    if now != row.evidence_digest:
        raise Broken(f"The evidence of confirmation {row.number} is no longer the file that was recorded.")
