"""How news goes to a person by mail is that person's own wish; what is due or late goes to everybody at its hour."""

from datetime import date

import pytest
from django.core import mail
from django.urls import reverse

from accounts.models import News
from agency import clock
from campaigns.models import Step
from reminders.delivery import deliver
from reminders.models import Notice
from reminders.notices import tell
from reminders.sweep import sweep
from tests.reminders import fall_due, settle_everything, utc

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


@pytest.fixture
def steps(cast, settings, nothing_sent):
    """Steps of Hollin & Rye, none of them due; mails are kept in `mail.outbox`."""
    settings.DELIVERY_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settle_everything()
    return list(Step.objects.open().filter(client__code="HRB").order_by("pk")[:3])


def wishes(person, news):
    person.adjust(by=person, news=news)
    return person


def news(step, person, number=1):
    tell(person, "campaigns.step_news", step, f"Word number {number}.", f"v{number}", step.get_absolute_url())


def subjects(person):
    return [it.subject for it in mail.outbox if it.to == [person.email]]


def outcome(person):
    rows = Notice.objects.filter(recipient=person).order_by("pk").values_list("sent_at", "drop_reason")
    return ["sent" if sent else reason or "waiting" for sent, reason in rows]


def test_whoever_wishes_nothing_else_is_written_at_once(steps, cast):
    news(steps[0], cast.jonas)
    assert deliver(clock.now()) == {"sent": 1}


def test_news_for_the_morning_waits_for_tomorrow_at_eight_and_comes_as_one_mail(steps, cast):
    wishes(cast.jonas, News.MORNING)
    news(steps[0], cast.jonas, 1)
    news(steps[1], cast.jonas, 2)
    assert deliver(utc(24, 7, 59)) == {}
    assert deliver(utc(24, 8)) == {"sent": 1}
    assert subjects(cast.jonas) == ["2 things for your morning"]


def test_news_made_before_eight_comes_at_eight(steps, cast, monday):
    monday.move_to(utc(23, 6))
    wishes(cast.jonas, News.MORNING)
    news(steps[0], cast.jonas)
    assert [deliver(utc(23, 7, 59)), deliver(utc(23, 8))] == [{}, {"sent": 1}]


def test_news_of_a_friday_comes_on_monday_at_eight(steps, cast, monday):
    monday.move_to(utc(27, 15))
    wishes(cast.jonas, News.MORNING)
    news(steps[0], cast.jonas)
    assert [deliver(utc(day, 9)) for day in (28, 29)] == [{}, {}]
    assert deliver(utc(30, 8)) == {"sent": 1}


def test_news_and_what_is_due_are_one_mail_of_the_morning(steps, cast):
    wishes(cast.jonas, News.MORNING)
    news(steps[0], cast.jonas)
    fall_due(steps[1], TUESDAY, cast.jonas)
    sweep(utc(24, 0, 1))
    deliver(utc(24, 8))
    assert subjects(cast.jonas) == ["2 things for your morning"]
    [sent] = [it for it in mail.outbox if it.to == [cast.jonas.email]]
    assert sent.body.index("due Tue 24 Nov") < sent.body.index("Word number 1.")


def test_whoever_reads_on_the_desk_gets_no_mail_and_finds_it_there(steps, cast, login):
    wishes(cast.jonas, News.DESK)
    news(steps[0], cast.jonas)
    assert deliver(clock.now()) == {}
    assert (outcome(cast.jonas), mail.outbox) == (["desk"], [])
    assert Notice.objects.visible_to(cast.jonas).unseen().count() == 1
    assert "Word number 1." in login(cast.jonas).get(reverse("notices")).content.decode()


def test_whoever_stops_the_mails_stops_those_that_wait(steps, cast):
    wishes(cast.jonas, News.MORNING)
    news(steps[0], cast.jonas)
    wishes(cast.jonas, News.DESK)
    assert deliver(utc(24, 8)) == {"dropped": 1}
    assert (outcome(cast.jonas), mail.outbox) == (["desk"], [])
    assert Notice.objects.visible_to(cast.jonas).count() == 1


@pytest.mark.parametrize("wish", [News.MORNING, News.DESK])
def test_what_is_late_or_due_keeps_its_hour_whatever_one_wishes(wish, steps, cast):
    wishes(cast.jonas, wish)
    fall_due(steps[0], date(2026, 11, 20), cast.jonas)
    fall_due(steps[1], MONDAY, cast.jonas)
    sweep(utc(23, 0, 1))
    deliver(utc(23, 8))
    assert subjects(cast.jonas) == [
        f"Step “{steps[1]}” of {steps[1].client}: due Mon 23 Nov, with Jonas Weber.",
        f"Late: Step “{steps[0]}” of {steps[0].client}: due Fri 20 Nov, with Jonas Weber.",
    ]


@pytest.mark.parametrize(
    ("wish", "sentence"),
    [
        (News.AT_ONCE, "The same went to you by mail."),
        (News.MORNING, "What is due or late goes to you by mail at its hour, the rest together in the morning."),
        (News.DESK, "Only what is due or late goes to you by mail."),
    ],
)
def test_the_page_of_notices_says_truly_what_goes_by_mail(wish, sentence, steps, cast, login):
    wishes(cast.jonas, wish)
    assert sentence in login(cast.jonas).get(reverse("notices")).content.decode()
