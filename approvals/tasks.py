"""What beat starts every few seconds. It takes no argument: what is to be drawn stands in the database."""

from celery import shared_task

from approvals import drawing


@shared_task
def draw():
    drawing.draw()
