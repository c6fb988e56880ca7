"""CRD5: administrators keep people, groups, days, templates and shares in the Django admin. Its walls: tests/test_admin.py."""

from datetime import date

from django.urls import reverse

from accounts.models import BusinessGroup, Person
from agency.models import AgencyDay
from agency.workdays import calendar
from campaigns.models import ScheduleTemplate


def test_the_administrator_takes_somebody_on_who_can_then_log_in(login, client, cast):
    sent = {
        "username": "lena", "email": "lena@quill-harbour.example", "first_name": "Lena", "last_name": "Sund",
        "role": "salesman", "guide": cast.tomas.pk, "group": cast.tomas.group.pk,
        "usable_password": "true", "password1": "a-long-new-word", "password2": "a-long-new-word",
    }  # fmt: skip
    login(cast.admin).post(reverse("admin:accounts_person_add"), sent)
    newcomer = type(client)()
    assert newcomer.post("/login/", {"login": "lena", "password": "a-long-new-word"})["Location"] == "/"
    assert newcomer.get("/people/lena/").status_code == 200
    assert Person.objects.get(username="lena").guide == cast.tomas


def test_the_administrator_gives_a_group_a_new_head(login, cast):
    north = BusinessGroup.objects.get(name="North")
    url = reverse("admin:accounts_businessgroup_change", args=[north.pk])
    login(cast.admin).post(url, {"name": "North", "supervisor": cast.ingrid.pk})
    north.refresh_from_db()
    assert north.supervisor == cast.ingrid
    assert north.history.first().history_user == cast.admin


def test_a_closed_day_counts_at_once_in_every_schedule(login, cast):
    tuesday = date(2026, 11, 24)
    assert calendar().is_open(tuesday)
    login(cast.admin).post(reverse("admin:agency_agencyday_add"), {"date": "2026-11-24", "name": "Moving house"})
    assert not calendar().is_open(tuesday)
    assert AgencyDay.objects.get(date=tuesday).history.get().history_user == cast.admin


def test_a_coordinator_takes_a_template_out_of_use(login, cast):
    digital = ScheduleTemplate.objects.get(key="digital")
    url = reverse("admin:campaigns_scheduletemplate_change", args=[digital.pk])
    inline = {"steps-TOTAL_FORMS": 0, "steps-INITIAL_FORMS": 0}
    assert login(cast.mei).post(url, {"key": "digital", "name": digital.name, **inline}).status_code == 302
    digital.refresh_from_db()
    assert not digital.in_use


def test_a_director_does_none_of_this(login, cast):
    browser = login(cast.marta)
    for name in ("admin:index", "admin:accounts_person_changelist", "admin:campaigns_scheduletemplate_changelist"):
        assert browser.get(reverse(name)).status_code == 403
