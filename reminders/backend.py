"""Two mail backends. Requests write into the outbox; the trial shows what leaves it."""

import re
from email.utils import parseaddr
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend

from agency import clock
from reminders.models import Letter


class OutboxBackend(BaseEmailBackend):
    """What a request "sends" becomes letters, one for each address, in the transaction of the request. No socket is opened."""

    def send_messages(self, messages):
        letters = [letter for message in messages for letter in letters_of(message)]
        Letter.objects.bulk_create(letters)
        return len(messages)


def letters_of(message):
    """One letter for each recipient. A letter carries text only: documents are opened in the house, by whoever may see them."""
    if message.attachments:
        raise ValueError("A letter carries no attachments.")
    now = clock.now()
    html = next((part.content for part in getattr(message, "alternatives", ()) if part.mimetype == "text/html"), "")
    longest = Letter._meta.get_field("subject").max_length
    subject = " ".join(str(message.subject).split())[:longest]
    for address in message.recipients():
        yield Letter(to=parseaddr(address)[1], subject=subject, body=message.body, html=html, created_at=now, send_at=now)


class ConsoleAndFileBackend(BaseEmailBackend):
    """The trial's mail server: shows each mail in the console and keeps it as an .eml file. A mail sent twice is one file."""

    def send_messages(self, messages):
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        for message in messages:
            mail = message.message()
            name = re.sub(r"[^\w.-]", "_", mail["Message-ID"].strip("<>"))
            (folder / f"{name}.eml").write_bytes(mail.as_bytes())
            print(f"\n── Mail to {', '.join(message.recipients())} ── {message.subject}\n{message.body}\n", flush=True)
        return len(messages)
