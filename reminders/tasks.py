"""What beat starts every minute. Neither takes an argument: what is to be done stands in the database."""

from celery import shared_task

from agency import clock
from reminders import delivery
from reminders import sweep as sweeping


@shared_task
def sweep():
    sweeping.sweep(clock.now())


@shared_task
def deliver():
    delivery.deliver(clock.now())
