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
            f"Notices written: {written}. Mails sent: {tally['sent']}, to be tried again: {tally['failed']}, "
            f"kept for the next working morning: {tally['quiet']}. Notices dropped: {tally['dropped']}."
        )
