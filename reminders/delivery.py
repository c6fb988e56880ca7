"""Delivery: takes what may leave from the outbox, one mail at a time, and marks it only when the mail server has it.

A worker may be killed at any point. What it held stays under its lease for two minutes and is then sent by the next one:
nothing is lost, and only the mail that was in flight can arrive twice, under the same Message-ID.
"""

import logging
from collections import Counter
from datetime import timedelta
from functools import partial
from itertools import chain, islice
from smtplib import SMTPException
from time import monotonic

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.mail import get_connection
from django.db.models import Min

from agency.workdays import calendar
from reminders.errors import is_final, one_line
from reminders.mail import mail_of_letter, mail_of_notices
from reminders.models import Letter, Notice, Outgoing
from reminders.mornings import local_day, next_morning
from reminders.recheck import LATER, sift
from reminders.registry import POSTS

log = logging.getLogger("accord.reminders")

MOST_LINES = 500
BACK_OFF = [timedelta(minutes=n) for n in (1, 5, 15, 60)]
MOST_TRIES = 5
GIVE_UP_AFTER = timedelta(days=5)


def deliver(now, limit=200, seconds=25):
    """Send what is waiting: at most `limit` mails, and none begun after `seconds`; the next run does the rest.

    Returns a Counter: mails `sent`, mails `failed` (tried again later), mails `quiet` (the agency is closed that day), and
    rows `dropped` because nothing was left to say.
    """
    tally = Counter(dropped=Notice.objects.overtaken(now).drop(now, Outgoing.Drop.OVERTAKEN))
    stop = monotonic() + seconds
    for carry in islice(chain(letters(now), notices(now)), limit):
        if monotonic() > stop:
            break
        tally.update(carry())
    return +tally


def letters(now):
    """One errand for each letter that waits, oldest first."""
    for key in Letter.objects.waiting(now).order_by("send_at", "pk").values_list("pk", flat=True):
        yield partial(carry_letter, Letter.objects.filter(pk=key), now)


def notices(now):
    """One errand for each mail of notices that waits: a person's digest lines, the other news, or a batch that failed."""
    workdays = calendar()
    piles = Notice.objects.waiting(now).values("recipient", "digest", "batch").annotate(first=Min("send_at"))
    for pile in piles.order_by("first", "-digest", "recipient"):
        rows = Notice.objects.filter(recipient=pile["recipient"], digest=pile["digest"], batch=pile["batch"])
        yield partial(carry_notices, rows, pile["recipient"], now, workdays)


def carry_letter(pile, now):
    """Letters leave on any day: a new password is wanted now. One about a record is looked at again (`registry.Post`)."""
    held = pile.claim(now, most=1)
    if not held:
        return {}
    try:
        text = text_of(held[0])
    except Exception as error:
        log.exception("Letter %s (%s) could not be checked.", held[0].pk, held[0].kind)
        pile.set_aside(now + LATER, one_line(error))
        return {"failed": 1}
    if text is None:
        return {"dropped": pile.drop(now, Outgoing.Drop.SETTLED)}
    return hand_over(held, lambda: mail_of_letter(held[0], text), now)


def text_of(letter):
    """The text that is to leave now; None if the letter is not to leave any more."""
    return POSTS[letter.kind].text(letter) if letter.kind else letter.body


def carry_notices(pile, recipient, now, workdays):
    """Claim one person's pile, look at everything again, and send what is left as one mail."""
    person = get_user_model()._default_manager.get(pk=recipient)
    today = local_day(now, person)
    if not workdays.is_open(today):
        put_off = pile.waiting(now).update(send_at=next_morning(today, person, workdays))
        return {"quiet": 1} if put_off else {}
    held = pile.claim(now, MOST_LINES)
    kept, dropped = sift(held, person, now)
    done = hand_over(kept, lambda: mail_of_notices(person, kept), now) if kept else {}
    return {**done, "dropped": dropped}


def hand_over(held, write, now):
    """Write the mail of the rows in hand and give it to the mail server. Whatever goes wrong with it, the others go on."""
    rows = type(held[0]).objects.filter(pk__in=[row.pk for row in held])
    try:
        if not get_connection(settings.DELIVERY_EMAIL_BACKEND).send_messages([write()]):
            raise SMTPException("The mail server took nothing.")
    except Exception as error:
        return fail(rows, held, error, now)
    rows.sent(now)
    return {"sent": 1}


def fail(rows, held, error, now):
    """Try the mail again in 1, 5, 15 minutes, then hourly.

    A refusal that names this very mail is believed the fifth time; a mail server that is merely away is waited for five days.
    """
    attempts, age = max(row.attempts for row in held), now - min(row.created_at for row in held)
    log.warning("Mail %s was not accepted (attempt %s): %s", held[0].batch, attempts, one_line(error))
    rows.put_off(now + BACK_OFF[min(attempts, len(BACK_OFF)) - 1], one_line(error))
    if attempts >= MOST_TRIES and (is_final(error) or age > GIVE_UP_AFTER):
        rows.drop(now, Outgoing.Drop.UNDELIVERABLE)
    return {"failed": 1}
