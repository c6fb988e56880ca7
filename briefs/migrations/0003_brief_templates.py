import json
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).parent.parent / "data" / "brief_templates.json"


def load_templates(apps, schema_editor):
    """The usual kinds of job; an administrator changes them from here on."""
    for row in json.loads(FILE.read_text(encoding="utf-8")):
        apps.get_model("briefs", "BriefTemplate").objects.get_or_create(key=row.pop("key"), defaults=row)


class Migration(migrations.Migration):
    dependencies = [("briefs", "0002_words")]
    operations = [migrations.RunPython(load_templates, migrations.RunPython.noop)]
