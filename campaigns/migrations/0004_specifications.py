"""The first specifications of the library: only what has a source."""

from django.db import migrations

ISO_216 = "ISO 216, the A series of paper sizes."
PAPER = {0: (841, 1189), 1: (594, 841), 2: (420, 594), 3: (297, 420), 4: (210, 297), 5: (148, 210), 6: (105, 148)}
LEAD_TIMES = (
    ("TV-UK", "Television, United Kingdom", "tv", 3,
     "Clearcast (clearcast.co.uk/2018/07): the copy is there at least two clear working days before the first transmission, "
     "that is, by the third working day before it."),
    ("OOH-CC-96", "96-sheet poster, Clear Channel", "outdoor", 10,
     "Clear Channel, specification of the 96-sheet: content at least 10 working days before it goes live."),
    ("OOH-JCD-SG", "Posters, JCDecaux Singapore", "outdoor", 5,
     "JCDecaux Singapore: posters delivered 5 working days before."),
    ("DIG-RICH-GOOGLE", "Rich media, Google", "digital", 15,
     "Google (support.google.com/richmedia/answer/2417555): files 15 business days before the launch."),
)  # fmt: skip


def load_specifications(apps, schema_editor):
    """Only what has a source: the ISO sizes, and the lead times that media owners publish."""
    specification = apps.get_model("campaigns", "Specification")
    for number, (width, height) in PAPER.items():
        said = {"name": f"Paper A{number}", "medium": "paper", "width": width, "height": height, "source": ISO_216}
        specification.objects.get_or_create(code=f"ISO-A{number}", defaults=said)
    for code, name, medium, days, source in LEAD_TIMES:
        said = {"name": name, "medium": medium, "lead_days": days, "source": source}
        specification.objects.get_or_create(code=code, defaults=said)


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0003_words")]
    operations = [migrations.RunPython(load_specifications, migrations.RunPython.noop)]
