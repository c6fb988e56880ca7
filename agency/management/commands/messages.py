from django.core.management import BaseCommand

from agency import languages


class Command(BaseCommand):
    help = "Brings the catalogues in locale/ up to date with the source and names what has to be translated."
    requires_system_checks = ()

    def handle(self, **options):
        found = languages.source()
        for code in languages.translated():
            catalogue = languages.bring_up_to_date(code, found)
            waiting = languages.untranslated(catalogue)
            self.stdout.write(f"{code}: {len(catalogue)} messages, {len(waiting)} of them to be translated")
            for message in waiting:
                self.stdout.write(f"  {message.locations[0][0]}: {message.id}")
