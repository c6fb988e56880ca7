from django.db import migrations

from agency.words import WordIndex


class Migration(migrations.Migration):
    dependencies = [("clients", "0001_initial"), ("agency", "0002_trigrams")]
    operations = [
        WordIndex("clients_client", "code"),
        WordIndex("clients_client", "name"),
        WordIndex("clients_client", "industry"),
        WordIndex("clients_contact", "name"),
        WordIndex("clients_requirement", "text"),
    ]
