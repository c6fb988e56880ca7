"""One record, one line, whatever a user name contains; and the security log: failed logins, refusals, grants, use of links."""

import json
import logging
import re
from datetime import UTC, datetime

from django.db.models import Model

# Everything that a terminal or a log reader may take for the end of a line or for a command, and the two that reverse text.
UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
SECRET = re.compile(r"(/[cf]/)[^\s/\"'?<>]+")  # secret addresses: whoever reads a log opens none of them
security_log = logging.getLogger("accord.security")


def one_line(text):
    """The text with every control character written out, so that no name can forge a second line."""
    return UNPRINTABLE.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


class OneLine(logging.Formatter):
    """Formats any record, its traceback included, as a single line that begins with the instant in UTC."""

    def formatTime(self, record, datefmt=None):
        return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

    def format(self, record):
        return SECRET.sub(r"\1…", one_line(super().format(record)))


def security(event, *, actor=None, object=None, **more):
    """Writes one line to the security log: what happened, who did it, to what.

    Values are quoted, so that none can pass for another field. Never hand over a password or a token.
    """
    fields = {"actor": _named(actor), "object": _named(object), **more}
    told = [f"{name}={json.dumps(str(value), ensure_ascii=False)}" for name, value in fields.items() if value is not None]
    security_log.info("%s %s", event, " ".join(told))


def _named(thing):
    """A record as `clients.client 7`, a person with the short name behind it; anything else as it is."""
    if not isinstance(thing, Model):
        return None if thing is None else str(thing)
    name = f"{thing._meta.label_lower} {thing.pk}"
    return f"{name} {thing.get_username()}" if hasattr(thing, "get_username") else name
