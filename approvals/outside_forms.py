"""What the client said of a draft to one of us (SAL2, SAL5)."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from campaigns.outside_forms import HeardForm
from clients.models.confirmation import Confirmation

CHOICES = [
    (Confirmation.Answer.CONFIRMED, _("Approved as it is")),
    (Confirmation.Answer.WITH, _("Approved with changes")),
    (Confirmation.Answer.CHANGES, _("Changes required, to be shown again")),
]


class DraftHeardForm(HeardForm):
    """The three answers of a client to a draft."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = CHOICES

    def clean(self):
        given = super().clean()
        if given.get("answer") == Confirmation.Answer.WITH and not (given.get("words") or "").strip():
            self.add_error("words", _("Please say what is to be changed."))
        return given

    @transaction.atomic
    def act(self, *, by):
        return super().act(by=by)
