from django.db import migrations

from agency.words import WordIndex


class Migration(migrations.Migration):
    dependencies = [("briefs", "0001_initial"), ("agency", "0002_trigrams")]
    operations = [
        WordIndex("briefs_brief", "title"),
    ]
