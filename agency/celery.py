"""The Celery application. What runs, and when, stands in `settings.CELERY_BEAT_SCHEDULE`; the tasks are three lines each."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.settings")

app = Celery("accord")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
