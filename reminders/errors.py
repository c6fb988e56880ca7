"""What a failed sending means: try again, or believe it."""

from smtplib import SMTPDataError, SMTPException, SMTPRecipientsRefused

from celery.exceptions import SoftTimeLimitExceeded


def is_final(error):
    """Whether the fault lies with this one mail (its address is unknown, it is not wanted, it cannot be written).

    A server that is away, hangs, is busy, or refuses our sender or password says nothing about the mail.
    """
    if isinstance(error, SMTPRecipientsRefused):
        return all(code >= 500 for code, _said in error.recipients.values())
    if isinstance(error, SMTPDataError):
        return error.smtp_code >= 500
    return not isinstance(error, SMTPException | OSError | SoftTimeLimitExceeded)


def one_line(error):
    """The error in one short line, for the log and the row."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:300]
