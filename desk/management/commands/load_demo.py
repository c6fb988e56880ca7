from django.core.management.base import BaseCommand, CommandError

from agency.flow import Refused
from desk.demo import load


class Command(BaseCommand):
    help = "Puts the demo agency into an empty database. Does nothing when it is there."

    def handle(self, *args, **options):
        try:
            there = load()
        except Refused as why:
            raise CommandError(str(why)) from why
        told = ", ".join(f"{number} {what}" for what, number in there.items())
        self.stdout.write(f"Demo agency loaded: {told}." if there else "The demo agency is there already.")
