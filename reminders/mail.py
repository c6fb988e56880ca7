"""The wording of mails. Plain text; links start at SITE_URL, whatever host a request may have named."""

from datetime import date
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import ngettext, override

LONGEST_SUBJECT = 120


def mail_of_letter(letter, text):
    """The mail of a letter, with the text that is to leave now."""
    mail = envelope(letter, letter.to, letter.subject, text)
    if letter.html:
        mail.attach_alternative(letter.html, "text/html")
    return mail


def mail_of_notices(person, notices):
    """One mail for one person with a line and a link for each notice, the longest due first."""
    notices = sorted(notices, key=lambda it: (it.due_on or date.max, it.pk))
    with override(person.language or settings.LANGUAGE_CODE):
        subject = subject_of(notices)
        facts = {"person": person, "notices": notices, "agency": settings.AGENCY_NAME}
        places = {"site": settings.SITE_URL, "desk": reverse("notices")}
        body = render_to_string("reminders/notices.txt", {**facts, **places})
    return envelope(notices[0], person.email, subject, body)


def subject_of(notices):
    """What the mail is about: the sentence itself where it is one, else how many."""
    count = len(notices)
    if count == 1:
        return notices[0].text
    if notices[0].digest and any(notice.due_on is None for notice in notices):
        return ngettext("%(count)d thing for your morning", "%(count)d things for your morning", count) % {"count": count}
    if notices[0].digest:
        return ngettext("%(count)d thing is due", "%(count)d things are due", count) % {"count": count}
    return ngettext("%(count)d thing needs you", "%(count)d things need you", count) % {"count": count}


def envelope(row, to, subject, body):
    """A mail to one address. Its Message-ID follows from the batch, so that a mail sent twice is known to be the same."""
    headers = {
        "Message-ID": f"<{row.batch}@{urlsplit(settings.SITE_URL).hostname}>",
        "Auto-Submitted": "auto-generated",
    }
    return EmailMultiAlternatives(one_line_of(subject), body, to=[to], headers=headers)


def one_line_of(subject):
    """A subject without line breaks, and not longer than a mail program shows."""
    subject = " ".join(subject.split())
    return subject if len(subject) <= LONGEST_SUBJECT else subject[: LONGEST_SUBJECT - 1] + "…"
