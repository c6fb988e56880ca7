from django.core.management.base import BaseCommand

from agency import clock
from reminders.delivery import deliver
from reminders.sweep import sweep


class Command(BaseCommand):
    help = "One sweep and one delivery by hand, as beat starts them every minute."

    def handle(self, **options):
        now = clock.now()
        written, tally = sweep(now), deliver(now)
        self.stdout.write(
            f"{written} notices written; {tally['sent']} mails sent, {tally['failed']} to be tried again, "
            f"{tally['quiet']} kept for the next working morning; {tally['dropped']} notices dropped."
        )
