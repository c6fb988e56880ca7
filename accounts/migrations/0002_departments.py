from django.db import migrations

DEPARTMENTS = {
    "client-service": "Client service",
    "creative": "Creative",
    "media": "Media",
    "production": "Production",
    "research": "Market research",
    "finance": "Finance",
    "all": "All departments",
}


def found_departments(apps, schema_editor):
    Department = apps.get_model("accounts", "Department")
    for code, name in DEPARTMENTS.items():
        Department.objects.get_or_create(code=code, defaults={"name": name})


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]
    operations = [migrations.RunPython(found_departments, migrations.RunPython.noop)]
