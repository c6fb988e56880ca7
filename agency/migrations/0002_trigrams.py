"""The extension by which PostgreSQL finds words in the middle of a text. It is a trusted one: the database's owner may create it."""

from django.contrib.postgres.operations import TrigramExtension
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("agency", "0001_initial")]
    operations = [TrigramExtension()]
