"""A person's own notices on the desk: nobody else's, nothing of a client one has lost, and reading changes nothing."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from campaigns.models import Step
from clients.models.assignment import assign
from reminders.models import Letter, Notice
from reminders.notices import tell


@pytest.fixture
def inbox(cast):
    """Fill somebody's otherwise empty inbox: inbox(cast.jonas, 3)."""
    Notice.objects.all().delete()
    step = Step.objects.filter(client__code="HRB").first()

    def fill(person, count):
        for number in range(1, count + 1):
            tell(person, "campaigns.step_news", step, f"Word number {number}.", f"v{number}", step.get_absolute_url())
        return list(Notice.objects.filter(recipient=person).order_by("pk"))

    return fill


def texts(page):
    return [notice.text for notice in page.context["page"]]


def test_a_person_reads_the_own_notices_newest_first_and_nobody_elses(inbox, cast, login):
    inbox(cast.jonas, 2)
    inbox(cast.marta, 1)
    page = login(cast.jonas).get(reverse("notices"))
    assert texts(page) == ["Word number 2.", "Word number 1."]
    assert page.content.decode().count("Word number") == 2


def test_reading_changes_nothing_and_the_button_says_seen(inbox, cast, login):
    first, second = inbox(cast.jonas, 2)
    browser = login(cast.jonas)
    browser.get(reverse("notices"))
    assert Notice.objects.visible_to(cast.jonas).unseen().count() == 2
    assert browser.get(reverse("notice_seen", args=[first.pk])).status_code == 405
    assert browser.post(reverse("notice_seen", args=[first.pk])).url == reverse("notices")
    assert list(Notice.objects.visible_to(cast.jonas).unseen()) == [second]


def test_somebody_elses_notice_does_not_exist(inbox, cast, login):
    [hers] = inbox(cast.marta, 1)
    assert login(cast.jonas).post(reverse("notice_seen", args=[hers.pk])).status_code == 404
    login(cast.jonas).post(reverse("notices_seen"), {"up_to": hers.pk})
    hers.refresh_from_db()
    assert hers.seen_at is None


def test_all_seen_leaves_out_what_came_meanwhile(inbox, cast, login):
    _first, second, third = inbox(cast.jonas, 3)
    login(cast.jonas).post(reverse("notices_seen"), {"up_to": second.pk})
    assert list(Notice.objects.visible_to(cast.jonas).unseen()) == [third]


@pytest.mark.parametrize("up_to", ["", "0", "-1", "x", "9" * 30])
def test_a_button_that_was_tampered_with_is_answered_with_a_sentence(inbox, cast, login, up_to):
    inbox(cast.jonas, 1)
    answer = login(cast.jonas).post(reverse("notices_seen"), {"up_to": up_to})
    assert answer.status_code == 400
    assert "Please open the notices again" in answer.content.decode()


def test_with_the_client_goes_the_notice_and_its_count(inbox, cast, clients, login):
    inbox(cast.marta, 3)
    assign(clients["HRB"], person=cast.david, seat="director", by=cast.helena)
    assert texts(login(cast.marta).get(reverse("notices"))) == []
    assert Notice.objects.visible_to(cast.marta).unseen().capped_count() == 0


def test_an_administrator_reads_no_notice_of_the_business(inbox, cast, login):
    inbox(cast.admin, 1)
    assert texts(login(cast.admin).get(reverse("notices"))) == []


def test_the_count_of_the_frame_stops(inbox, cast):
    inbox(cast.jonas, 4)
    assert [Notice.objects.visible_to(cast.jonas).capped_count(cap) for cap in (2, 3, 4, 99)] == [3, 4, 4, 4]


def test_a_long_inbox_is_paged_by_key(inbox, cast, login):
    inbox(cast.jonas, 51)
    browser = login(cast.jonas)
    first = browser.get(reverse("notices"))
    further = browser.get(reverse("notices") + first.context["page"].older)
    assert (len(texts(first)), texts(further)) == (50, ["Word number 1."])
    assert browser.get(reverse("notices") + "?after=x").status_code == 400


def test_the_inbox_asks_the_database_as_often_for_three_notices_as_for_one(inbox, cast, login):
    browser, asked = login(cast.jonas), []
    for count in (1, 3):
        inbox(cast.jonas, count)
        with CaptureQueriesContext(connection) as queries:
            assert len(texts(browser.get(reverse("notices")))) == count
        asked.append(len(queries))
    assert asked[0] == asked[1]


ADMIN_PAGES = ["admin:reminders_notice_changelist", "admin:reminders_letter_changelist"]


def test_the_administrator_sees_who_was_written_to_and_when_but_no_text(inbox, cast, login):
    [notice] = inbox(cast.jonas, 1)
    letter = Letter.objects.create(
        to="jonas@example.com", subject="A new password", body="https://secret", send_at=notice.send_at
    )
    browser = login(cast.admin)
    for model, row, told in (("notice", notice, "Jonas Weber"), ("letter", letter, "jonas@example.com")):
        for url in (
            reverse(f"admin:reminders_{model}_changelist"),
            reverse(f"admin:reminders_{model}_change", args=[row.pk]),
        ):
            page = browser.get(url)
            assert page.status_code == 200 and told in page.content.decode()
            assert "Word number" not in page.content.decode() and "secret" not in page.content.decode()
        assert browser.post(reverse(f"admin:reminders_{model}_change", args=[row.pk]), {"text": "x"}).status_code == 403
        assert browser.get(reverse(f"admin:reminders_{model}_delete", args=[row.pk])).status_code == 403
        assert browser.get(reverse(f"admin:reminders_{model}_add")).status_code == 403


@pytest.mark.parametrize("question", ["text__startswith=Word", "path__contains=step", "recipient__password__startswith=a"])
def test_the_administrator_cannot_guess_a_notice_by_asking_the_list(inbox, cast, login, question):
    inbox(cast.jonas, 1)
    assert login(cast.admin).get(reverse("admin:reminders_notice_changelist") + "?" + question).status_code == 400


@pytest.mark.parametrize("question", ["body__startswith=https", "html__contains=b", "batch=1"])
def test_the_administrator_cannot_guess_a_secret_by_asking_the_list(cast, login, question):
    assert login(cast.admin).get(reverse("admin:reminders_letter_changelist") + "?" + question).status_code == 400


@pytest.mark.parametrize("page", ADMIN_PAGES)
def test_nobody_but_an_administrator_sees_the_outbox(cast, login, page):
    assert [login(person).get(reverse(page)).status_code for person in (cast.mei, cast.helena, cast.noor)] == [403, 403, 403]


# ── In place ────────────────────────────────────────────────────────────────────────────────────
def test_a_notice_is_seen_in_its_place_and_the_bell_counts_one_less(inbox, cast, login):
    first, _second = inbox(cast.jonas, 2)
    browser = login(cast.jonas)
    line = browser.post(reverse("notice_seen", args=[first.pk]), HTTP_HX_REQUEST="true")
    assert line.status_code == 200
    assert line.text.count("<tr>") == 1
    assert f'id="seen-{first.pk}"' in line.text  # the focus stays on the button of this line
    assert 'id="bell" data-hx-swap-oob="true"' in line.text
    assert '<span class="num">1</span>' in line.text
    line = browser.post(reverse("notice_unseen", args=[first.pk]), HTTP_HX_REQUEST="true")
    assert '<span class="num">2</span>' in line.text


def test_without_scripts_one_stays_on_the_page_and_can_take_it_back(inbox, cast, login):
    [only] = inbox(cast.jonas, 1)
    browser, here = login(cast.jonas), reverse("notices") + "?after=99999999"
    answer = browser.post(reverse("notice_seen", args=[only.pk]), HTTP_REFERER=f"http://testserver{here}")
    assert answer.url == here
    page = browser.get(here)
    assert f'action="{reverse("notice_unseen", args=[only.pk])}"' in page.text
    browser.post(reverse("notice_unseen", args=[only.pk]))
    assert Notice.objects.visible_to(cast.jonas).unseen().count() == 1


def test_nobody_makes_somebody_elses_notice_new_again(inbox, cast, login):
    [hers] = inbox(cast.marta, 1)
    Notice.objects.filter(pk=hers.pk).see()
    assert login(cast.jonas).post(reverse("notice_unseen", args=[hers.pk])).status_code == 404
    hers.refresh_from_db()
    assert hers.seen_at is not None
