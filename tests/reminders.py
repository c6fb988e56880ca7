"""What the tests of reminders share: one due step in a settled house, a mail server of our own, and hours to stand at."""

import threading
from datetime import UTC, datetime
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

from agency.flow import Court
from clients.models import ClientKnot
from clients.models.record import business_models
from reminders.models import Notice


def utc(day, hour, minute=0, month=11, year=2026):
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


def settle_everything():
    """Nothing in the demo agency is due any more, so that a test can count exactly."""
    for model in business_models():
        if issubclass(model, ClientKnot):
            model.objects.update(court=Court.NOBODY)


def fall_due(step, on, holder, court=Court.OURS):
    """The ball lies with `holder` until the date `on`."""
    step.due_on, step.holder, step.court = on, holder, court
    return step.keep(by=step.created_by, reason="the test's due date")


def told(step):
    """Everything written about a step: pairs (recipient's short name, rung), sorted."""
    return sorted(Notice.objects.about(step).filter(rung__isnull=False).values_list("recipient__username", "rung"))


class AnyPort(Controller):
    """Listens on whatever port is free."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


class MailServer:
    """A real SMTP server on a free port. `answers`: address → the reply it gets; `hanging`: no mail is taken.

    `holding`: so many mails in, one is taken but never acknowledged.
    """

    def __init__(self):
        self.mails, self.answers, self.hanging, self.holding = [], {}, False, 0
        self.reached, self.let_go = threading.Event(), threading.Event()
        self.controller = AnyPort(self, hostname="127.0.0.1", port=0)

    def __enter__(self):
        self.controller.start()
        self.port = self.controller.port
        return self

    def __exit__(self, *gone):
        self.let_go.set()
        self.controller.stop()

    async def handle_RCPT(self, server, session, envelope, address, options):
        if address in self.answers:
            return self.answers[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        mail = message_from_bytes(envelope.content, policy=policy.default)
        if not self.hanging:
            self.mails.append(mail)
        if self.hanging or len(self.mails) == self.holding:
            self.reached.set()
            await server.loop.run_in_executor(None, self.let_go.wait)
        return "451 Too late" if self.hanging else "250 OK"

    def to(self, person):
        """The mails this person got, in the order of their coming."""
        return [mail for mail in self.mails if mail["To"] == person.email]


def use(settings, server, timeout=1):
    """Let delivery speak to this mail server."""
    settings.DELIVERY_EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, timeout
