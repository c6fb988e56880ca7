from django.db import migrations, models

STATES = [("asked", "Asked"), ("done", "Carried out"), ("declined", "Declined"), ("withdrawn", "Withdrawn")]


class Migration(migrations.Migration):
    """Whoever asked for a rearrangement may withdraw the request."""

    dependencies = [("campaigns", "0003_words")]

    operations = [
        migrations.AlterField(
            model_name="rearrangement",
            name="state",
            field=models.CharField(choices=STATES, default="asked", editable=False, max_length=10, verbose_name="state"),
        ),
        migrations.AlterField(
            model_name="historicalrearrangement",
            name="state",
            field=models.CharField(choices=STATES, default="asked", editable=False, max_length=10, verbose_name="state"),
        ),
        migrations.RemoveConstraint(model_name="rearrangement", name="rearrangement_state"),
        migrations.AddConstraint(
            model_name="rearrangement",
            constraint=models.CheckConstraint(
                condition=models.Q(("state__in", ["asked", "done", "declined", "withdrawn"])), name="rearrangement_state"
            ),
        ),
    ]
