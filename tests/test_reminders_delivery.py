"""What leaves the outbox, in which mails, and what is held back at the last moment."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import call_command

from agency import clock
from agency.flow import Court
from agency.models import AgencyDay
from approvals.tasks import draw
from campaigns.models import Step
from clients.models.assignment import assign
from reminders import tasks
from reminders.delivery import deliver
from reminders.models import Letter, Notice
from reminders.notices import tell
from reminders.sweep import sweep
from tests.reminders import MailServer, fall_due, settle_everything, use, utc
from tests.test_races import at_once

MONDAY, TUESDAY = date(2026, 11, 23), date(2026, 11, 24)


def steps_of_hollin_and_rye():
    return list(Step.objects.open().filter(client__code="HRB").order_by("pk")[:3])


@pytest.fixture
def steps(cast, settings, nothing_sent):
    """Steps of Hollin & Rye, none of them due; mails are kept in `mail.outbox`."""
    settings.DELIVERY_EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.SITE_URL = "https://accord.example"
    settle_everything()
    return steps_of_hollin_and_rye()


def news(step, person, text="“Print run” is ready to begin.", occasion="v1"):
    tell(person, "campaigns.step_news", step, text, occasion, step.get_absolute_url())


def outcome(person):
    """What became of each of a person's notices: "sent", "waiting" or the reason for which it was dropped."""
    rows = Notice.objects.filter(recipient=person).order_by("pk").values_list("sent_at", "drop_reason")
    return ["sent" if sent else reason or "waiting" for sent, reason in rows]


def subjects(person):
    return [it.subject for it in mail.outbox if it.to == [person.email]]


def test_all_lines_of_the_morning_are_one_mail_and_a_late_thing_is_a_mail_of_its_own(steps, cast):
    fall_due(steps[0], MONDAY, cast.jonas)
    fall_due(steps[1], TUESDAY, cast.jonas)
    fall_due(steps[2], date(2026, 11, 20), cast.jonas)
    sweep(utc(23, 0, 1))
    assert deliver(utc(23, 7, 59)) == {}
    assert deliver(utc(23, 8)) == {"sent": 4}
    assert subjects(cast.jonas) == [
        "2 things are due",
        f"Late: Step “{steps[2]}” of {steps[2].client}: due Fri 20 Nov, with Jonas Weber.",
    ]
    assert (len(subjects(cast.tomas)), len(subjects(cast.mei)), len(mail.outbox)) == (1, 1, 4)
    assert deliver(utc(23, 8, 1)) == {}


def test_a_mail_names_the_thing_and_leads_to_it(steps, cast):
    fall_due(steps[0], MONDAY, cast.jonas)
    fall_due(steps[1], TUESDAY, cast.jonas)
    sweep(utc(23, 6))
    deliver(utc(23, 8))
    sent = mail.outbox[0]
    assert sent.body == (
        "Jonas Weber,\n\n"
        f"• Step “{steps[0]}” of {steps[0].client}: due Mon 23 Nov, with Jonas Weber.\n"
        f"  https://accord.example{steps[0].get_absolute_url()}\n\n"
        f"• Step “{steps[1]}” of {steps[1].client}: due Tue 24 Nov, with Jonas Weber.\n"
        f"  https://accord.example{steps[1].get_absolute_url()}\n\n"
        "--\n"
        "Quill & Harbour Advertising\n"
        "Everything that was sent to you is on your desk:\n"
        "https://accord.example/notices/\n"
    )
    batch = Notice.objects.filter(recipient=cast.jonas).values_list("batch", flat=True).distinct().get()
    assert sent.extra_headers == {"Message-ID": f"<{batch}@accord.example>", "Auto-Submitted": "auto-generated"}


def test_a_sentence_with_a_line_break_is_one_line_in_the_subject(steps, cast):
    news(steps[0], cast.jonas, "Ready\r\nBcc: everybody@example.com")
    deliver(clock.now())
    assert subjects(cast.jonas) == ["Ready Bcc: everybody@example.com"]


def test_what_was_settled_before_the_morning_reminds_nobody(steps, cast):
    fall_due(steps[0], MONDAY, cast.jonas)
    sweep(utc(23, 1))
    fall_due(steps[0], None, None, Court.NOBODY)
    assert deliver(utc(23, 8)) == {"dropped": 1}
    assert (outcome(cast.jonas), mail.outbox) == (["settled"], [])


def test_who_has_lost_the_client_before_sending_gets_nothing_and_sees_nothing(steps, cast, clients):
    news(steps[0], cast.marta)
    assert Notice.objects.visible_to(cast.marta).unseen().capped_count() == 1
    assign(clients["HRB"], person=cast.david, seat="director", by=cast.helena)
    assert Notice.objects.visible_to(cast.marta).unseen().capped_count() == 0
    deliver(clock.now())
    assert outcome(cast.marta) == ["hidden"]
    assert subjects(cast.marta) == ["Your seat on HRB Hollin & Rye Bakeries has ended"]


def test_who_has_left_gets_nothing(steps, cast):
    news(steps[0], cast.jonas)
    cast.jonas.is_active = False
    cast.jonas.save()
    deliver(clock.now())
    assert (outcome(cast.jonas), mail.outbox) == (["left"], [])


def test_news_is_told_once_for_each_version(steps, cast):
    for _ in range(2):
        news(steps[0], cast.jonas)
    news(steps[0], cast.jonas, occasion="v2")
    assert len(outcome(cast.jonas)) == 2


def test_news_of_a_saturday_is_on_the_desk_at_once_and_mailed_on_monday_at_eight(steps, cast, monday):
    monday.move_to(utc(28, 11))
    news(steps[0], cast.jonas)
    assert Notice.objects.visible_to(cast.jonas).count() == 1
    assert [deliver(utc(*at)) for at in ((28, 11), (29, 12), (30, 7, 59))] == [{}, {}, {}]
    assert deliver(utc(30, 8)) == {"sent": 1}


def test_what_could_not_leave_on_friday_is_quiet_until_monday_at_eight(steps, cast, monday):
    monday.move_to(utc(27, 23, 59))
    news(steps[0], cast.jonas)
    assert deliver(utc(28, 0, 1)) == {"quiet": 1}
    assert deliver(utc(30, 7, 59)) == {}
    assert deliver(utc(30, 8)) == {"sent": 1}


def test_a_closed_day_is_counted_where_the_person_is(steps, cast, monday):
    AgencyDay.objects.create(date=TUESDAY, name="Office move", is_open=False)
    cast.jonas.time_zone = "Asia/Tokyo"
    cast.jonas.save()
    monday.move_to(utc(23, 16))  # already Tuesday in Tokyo
    news(steps[0], cast.jonas)
    news(steps[0], cast.tomas)
    assert deliver(utc(23, 16, 1)) == {"sent": 1}
    assert (subjects(cast.jonas), len(subjects(cast.tomas))) == ([], 1)
    assert deliver(utc(24, 22, 59)) == {}
    assert deliver(utc(24, 23)) == {"sent": 1}


def test_a_lower_rung_that_never_left_is_overtaken_by_the_higher(steps, cast):
    fall_due(steps[0], MONDAY, cast.jonas)
    sweep(utc(23, 6))
    sweep(utc(24, 6))
    deliver(utc(24, 8))
    assert (outcome(cast.jonas), len(subjects(cast.jonas))) == (["overtaken", "sent"], 1)


def test_a_lower_rung_keeps_its_hour_until_the_higher_ones_has_come(steps, cast):
    fall_due(steps[0], MONDAY, cast.jonas)
    sweep(utc(23, 6))
    sweep(utc(24, 0, 30))
    deliver(utc(24, 0, 31))
    assert outcome(cast.jonas) == ["sent", "waiting"]


def test_a_letter_leaves_on_a_sunday_and_its_secret_is_gone_afterwards(steps, cast):
    secret = {"body": "https://secret", "html": "<b>secret</b>"}
    Letter.objects.create(to="jonas@example.com", subject="A new password", send_at=utc(22, 9), **secret)
    assert deliver(utc(22, 9)) == {"sent": 1}
    letter = Letter.objects.get()
    assert (mail.outbox[0].body, letter.body, letter.html, letter.sent_at) == ("https://secret", "", "", utc(22, 9))


def test_what_a_killed_worker_held_is_sent_again_after_two_minutes_as_the_same_mail(steps, cast):
    for step in steps[:2]:
        news(step, cast.jonas)
    now = clock.now()
    held = Notice.objects.filter(recipient=cast.jonas).claim(now, most=500)
    news(steps[2], cast.jonas)
    assert deliver(now + timedelta(seconds=119)) == {"sent": 1}
    assert deliver(now + timedelta(seconds=120)) == {"sent": 1}
    assert [len(it.body.split("•")) - 1 for it in mail.outbox] == [1, 2]
    assert mail.outbox[1].extra_headers["Message-ID"] == f"<{held[0].batch}@accord.example>"
    assert deliver(now + timedelta(hours=1)) == {}


def test_a_notice_that_cannot_be_checked_holds_back_no_other(steps, cast):
    news(steps[0], cast.jonas)
    news(steps[1], cast.jonas)
    Notice.objects.filter(object_id=steps[0].pk).update(kind="tests.unheard_of")
    now = clock.now()
    assert deliver(now) == {"sent": 1}
    assert sorted(outcome(cast.jonas)) == ["sent", "waiting"]
    assert Notice.objects.get(kind="tests.unheard_of").batch is None


def test_more_lines_than_a_mail_holds_go_into_the_next_one(steps, cast):
    for number in range(501):
        news(steps[0], cast.jonas, occasion=f"v{number}")
    assert [deliver(clock.now()) for _ in range(3)] == [{"sent": 1}, {"sent": 1}, {}]
    assert sorted(len(it.body.split("•")) - 1 for it in mail.outbox) == [1, 500]


@pytest.mark.postgres
@pytest.mark.skipif(settings.SQLITE, reason="needs PostgreSQL")
def test_four_workers_at_once_send_every_mail_once(agency, nothing_sent, settings):
    settle_everything()
    people = [agency.jonas, agency.marta, agency.tomas, agency.mei, agency.helena, agency.omar]
    steps = steps_of_hollin_and_rye()
    for step in steps:
        for person in people:
            news(step, person)
    with MailServer() as server:
        use(settings, server, timeout=10)
        tallies = at_once(*[lambda: deliver(clock.now())] * 4)
        lines = sorted((it["To"], it.get_content().count("•")) for it in server.mails)
    assert lines == sorted((person.email, len(steps)) for person in people)
    assert sum(it["sent"] for it in tallies) == len(people)
    assert {it for person in people for it in outcome(person)} == {"sent"}


def test_remind_sweeps_and_delivers_by_hand_and_says_how_much(steps, cast, monday, capsys):
    fall_due(steps[0], MONDAY, cast.jonas)
    call_command("remind")
    assert subjects(cast.jonas) == [f"Step “{steps[0]}” of {steps[0].client}: due Mon 23 Nov, with Jonas Weber."]
    assert capsys.readouterr().out == (
        "Notices written: 1. Mails sent: 1, to be tried again: 0, kept for the next working morning: 0. Notices dropped: 0.\n"
    )


def test_the_tasks_of_the_beat_do_the_same(steps, cast):
    fall_due(steps[0], MONDAY, cast.jonas)
    tasks.sweep()
    tasks.deliver()
    assert outcome(cast.jonas) == ["sent"]
    beats = {it["task"] for it in settings.CELERY_BEAT_SCHEDULE.values()}
    assert beats == {tasks.sweep.name, tasks.deliver.name, draw.name}


def test_a_record_that_is_gone_reminds_nobody(steps, cast):
    news(steps[0], cast.jonas)
    Notice.objects.update(object_id=999_999)
    deliver(clock.now())
    assert outcome(cast.jonas) == ["settled"]


def test_a_long_sentence_is_cut_where_the_desk_and_the_subject_end(steps, cast):
    news(steps[0], cast.jonas, "word " * 200)
    deliver(clock.now())
    [notice], [subject] = Notice.objects.filter(recipient=cast.jonas), subjects(cast.jonas)
    assert (len(notice.text), notice.text[-1], len(subject), subject[-1]) == (500, "…", 120, "…")
