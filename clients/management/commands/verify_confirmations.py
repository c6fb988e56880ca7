"""`manage.py verify_confirmations`: does the chain of the clients' answers still hold?"""

from django.core.management import BaseCommand, CommandError

from clients.chain import Broken, walk


class Command(BaseCommand):
    help = "Walks the chain of confirmations from its beginning; ends with 1 at the first that does not hold."

    def handle(self, **options):
        try:
            standing = walk()
        except Broken as why:
            raise CommandError(f"The chain of confirmations is broken. {why}") from why
        self.stdout.write(f"{standing} confirmations stand, each as it was written.")
