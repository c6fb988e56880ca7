from django.db import migrations

from agency.sealing import Seal


def begin_the_chain(apps, schema_editor):
    apps.get_model("clients", "ChainHead").objects.get_or_create(pk=1)


def never_two_at_once(apps, schema_editor):
    """PostgreSQL itself refuses terms of one client that overlap. SQLite has no such constraint and one writer at a time."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE clients_terms ADD CONSTRAINT terms_never_overlap EXCLUDE USING gist ("
            "int8range(client_id, client_id, '[]') WITH &&, daterange(valid_from, valid_until, '[]') WITH &&)"
        )


class Migration(migrations.Migration):
    dependencies = [("clients", "0002_words")]
    operations = [
        migrations.RunPython(never_two_at_once, migrations.RunPython.noop),
        migrations.RunPython(begin_the_chain, migrations.RunPython.noop),
        Seal("clients_confirmation"),
        Seal("clients_chainhead", counts="number"),
    ]
