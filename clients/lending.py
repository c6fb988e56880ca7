"""Opening a record to a member of another department for as long as something else lasts: a department's part in a study.

No day is named: what lent the share takes it back, at once. What a colleague shared by hand stands beside it and stays.
"""

from datetime import date

from django.utils.translation import gettext_lazy as _

from accounts import rights
from agency import clock
from agency.flow import Refused
from agency.log import security
from clients.models import Share

NO_DAY = date.max


def lend(record, person, *, right="", through, by, reason):
    """Give `person` a right on this one record (by default the one to see it) until `give_back(through)`; once is enough.

    The caller has asked the right to do so; to be called inside the transaction of a move. Refused for those whose role does
    not go by shares.
    """
    if rights.TABLE[right or record.view_right].scope(person) != "share" or not person.is_active:
        raise Refused(_("%(person)s is no member of another department, whom a record is opened to.") % {"person": person})
    terms = {"until": NO_DAY, "reason": reason, "given_by": by, "given_at": clock.now()}
    _share, new = Share.objects.get_or_create(**record._grant(person, right, key_of(through)), defaults=terms)
    if new:
        security("share given", actor=by, object=record, to=person)


def give_back(through, *, by):
    """End everything that was lent through this."""
    lent = Share.objects.filter(through=key_of(through))
    for share in lent.select_related("user", "content_type"):
        security("share taken back", actor=by, object=share.content_object, to=share.user)
    lent.delete()


def key_of(through):
    return f"{through._meta.label_lower}:{through.pk}"
