"""The hot list by mail: to every coordinator at nine and at five on working days, by the own clock (COO1).

The sweep writes a letter without a text; what it says is read when it leaves, as far as the person may know it then.
"""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Person, Role
from agency import clock
from agency.templatetags.dates import day
from agency.workdays import calendar
from campaigns.hot import hot_of
from campaigns.models import HotMail, Step
from reminders.models import Letter
from reminders.mornings import local_day, zone_of

KIND = "campaigns.hot_list"
HOURS, NEWS = (9, 17), timedelta(hours=3)  # when it is written; for how long it is worth sending
MOST = 30


def write_lists(now):
    """Write the letters of the hour that has come for each coordinator, once each."""
    workdays = calendar()
    for person in Person.objects.in_role(Role.COORDINATOR).order_by("pk"):
        hour = hour_of(now.astimezone(zone_of(person)).hour)
        if hour and person.email and workdays.is_open(local_day(now, person)):
            _write_once(person, local_day(now, person), hour, now)


def hour_of(hour):
    """The hour whose list is to be written in the course of it; None outside."""
    return hour if hour in HOURS else None


@transaction.atomic
def _write_once(person, on, hour, now):
    sent, is_new = HotMail.objects.get_or_create(person=person, on=on, hour=hour)
    if is_new:
        with override(person.language or settings.LANGUAGE_CODE):
            subject = _("Hot list of %(day)s, %(hour)d:00") % {"day": day(on), "hour": hour}
        told = {"subject": subject, "body": "", "kind": KIND, "about": sent.pk}
        Letter.objects.create(to=person.email, created_at=now, send_at=now, **told)


def text_now(letter):
    """What is hot for this person now; None if nothing is, the hour is long past, or it is nobody's work any more."""
    sent = HotMail.objects.select_related("person").filter(pk=letter.about).first()
    if sent is None or clock.now() - letter.created_at > NEWS or sent.person.email != letter.to:
        return None
    person = sent.person
    if not person.is_active or person.role != Role.COORDINATOR:
        return None
    with override(person.language or settings.LANGUAGE_CODE):
        steps = Step.objects.visible_to(person).unchecked()
        found = hot_of(steps, person, clock.today_for(person), most=MOST)
        return worded(found) if found else None


def worded(found):
    lines = [told(it) for it in found]
    words = {"lines": "\n\n".join(lines), "all": f"{settings.SITE_URL}{reverse('schedule')}"}
    return _("The steps that hurt most, worst first.\n\n%(lines)s\n\nThe whole schedule: %(all)s\n") % words


def told(it):
    """One step of the list: what, why, with whom, what was promised, and where."""
    words = {
        "code": it.step.client.code, "step": it.step, "campaign": it.step.campaign, "reason": it.reason,
        "person": it.step.in_hands_of or _("nobody"), "link": f"{settings.SITE_URL}{it.step.get_absolute_url()}",
    }  # fmt: skip
    line = _("%(code)s %(step)s, %(campaign)s\n%(reason)s With %(person)s.\n%(link)s") % words
    return f"{line}\n{it.promised}" if it.promised else line
