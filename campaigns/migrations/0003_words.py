from django.db import migrations

from agency.words import WordIndex


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0002_templates"), ("agency", "0002_trigrams")]
    operations = [
        WordIndex("campaigns_campaign", "name"),
        WordIndex("campaigns_campaign", "job_number"),
        WordIndex("campaigns_step", "name"),
    ]
