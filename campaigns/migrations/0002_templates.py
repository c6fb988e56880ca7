import json
from pathlib import Path

from django.db import migrations

FILE = Path(__file__).parent.parent / "data" / "schedule_templates.json"
NAMES = {
    "PRINT": "Print (magazine)",
    "TVC": "TV commercial, 30 seconds",
    "OUTDOOR": "Outdoor (posters)",
    "DIGITAL": "Digital display",
}


def load_templates(apps, schema_editor):
    """The four usual schedules. A step of the department "Client" is the client's own and has no department of ours."""
    departments = {it.name: it for it in apps.get_model("accounts", "Department").objects.all()}
    for key, steps in json.loads(FILE.read_text(encoding="utf-8")).items():
        template, new = apps.get_model("campaigns", "ScheduleTemplate").objects.get_or_create(
            key=key.lower(), defaults={"name": NAMES[key]}
        )
        if new:
            _load_steps(apps, template, steps, departments)


def _load_steps(apps, template, steps, departments):
    made = {}
    for position, it in enumerate(steps, 1):
        made[it["key"]] = step = apps.get_model("campaigns", "TemplateStep").objects.create(
            template=template,
            position=position,
            key=it["key"],
            name=it["name"],
            department=departments.get(it["department"]),
            kind=it["kind"],
            days=it["days"],
        )
        for before in it["after"]:
            apps.get_model("campaigns", "TemplateLink").objects.create(before=made[before], after=step, lag=it["lag"])


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0001_initial"), ("accounts", "0002_departments")]
    operations = [migrations.RunPython(load_templates, migrations.RunPython.noop)]
