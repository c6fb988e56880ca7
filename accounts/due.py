"""News of matters of staff. The text names the thing, never what it says."""

from django.utils.translation import gettext_lazy as _

from accounts.models import Evaluation
from reminders.registry import Kind, register

register(
    Kind(
        "accounts.evaluation_to_sign",
        label=_("Evaluations to sign"),
        view_right="accounts.view_own_evaluation",
        model=Evaluation,
    )
)
register(Kind("accounts.evaluation_signed", label=_("Evaluations signed"), view_right="accounts.evaluate", model=Evaluation))
