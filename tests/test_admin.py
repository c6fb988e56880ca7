"""The Django admin: who gets in, what is there to keep, what only to read, and that nobody raises himself (CRD5, SAFETY 7)."""

from datetime import date

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.urls import reverse

from accounts.models import BusinessGroup, Department, Evaluation, Habit, Mark, Person, StaffEvent, StaffRecord
from agency import clock
from agency.models import AgencyDay
from briefs.models import Brief
from campaigns.models import Campaign, Plan, ScheduleTemplate, Specification, Step, TemplateLink, TemplateStep
from clients.models import Assignment, Client, ClientImport, Event, Share
from clients.models.record import business_models
from reminders.models import Letter, Notice

PASSWORD = "accord-demo"
OUTSIDE = ["helena", "omar", "marta", "tomas", "jonas", "felix"]
OURS = [model for model in apps.get_models() if model._meta.app_label in settings.FLOORS]
HISTORIES = [model for model in OURS if model.__name__.startswith("Historical")]
OF_STAFF = [model for model in OURS if issubclass(model, StaffRecord)] + [StaffEvent, Mark]
TEMPLATES = {ScheduleTemplate, Specification, TemplateStep, TemplateLink}


def page(model, name="changelist", *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{name}", args=args)


def a_record(model):
    return model._base_manager.order_by("-pk").first()


@pytest.fixture
def office(login, cast):
    """The browser of the administrator."""
    return login(cast.admin)


@pytest.fixture
def desk(login, cast):
    """The browser of a coordinator, who may keep the schedule templates and nothing else."""
    return login(cast.mei)


def fields_of(answer):
    """What the form on an admin page would send as it stands, its inlines included."""
    forms = [answer.context["adminform"].form]
    for inline in answer.context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    sent = {}
    for form in forms:
        for field in form:
            value = field.value()
            sent[field.html_name] = "" if value is None or value is False else value
    return sent


# ── The door ────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/login/", "/admin/accounts/person/", "/admin/password_change/", "/admin/jsi18n/", "/admin/x/"]
)
def test_a_stranger_is_led_to_the_throttled_login(client, cast, path):
    hops = client.get(path, follow=True).redirect_chain
    assert hops[-1][0].startswith("/login/?next=")


@pytest.mark.parametrize("username", OUTSIDE)
@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/login/", "/admin/accounts/person/", "/admin/campaigns/scheduletemplate/", "/admin/x/"]
)
def test_the_rest_of_the_house_is_told_that_it_has_no_business_there(login, cast, username, path):
    assert login(getattr(cast, username)).get(path).status_code == 403


def test_the_admin_has_no_password_form_of_its_own(client, office):
    assert office.post("/admin/login/", {"username": "admin", "password": PASSWORD})["Location"] == "/admin/"
    assert office.get("/admin/password_change/")["Location"] == "/password/change/"
    office.logout()
    assert client.post("/admin/login/", {"username": "admin", "password": PASSWORD}).status_code == 302
    assert "_auth_user_id" not in client.session


def test_somebody_closed_is_out_of_the_admin_with_the_next_request(office, cast):
    assert office.get("/admin/").status_code == 200
    Person.objects.filter(pk=cast.admin.pk).update(is_active=False)
    assert office.get("/admin/", follow=True).redirect_chain[-1][0].startswith("/login/?next=")


# ── What is there ───────────────────────────────────────────────────────────────────────────────
def test_every_model_is_registered_but_the_matters_of_staff_the_histories_and_what_is_a_persons_own():
    missing = {model for model in OURS if not admin.site.is_registered(model)}
    assert missing == {*OF_STAFF, *HISTORIES, Habit, ClientImport}


def test_evaluations_are_nowhere_in_the_admin(office, cast):
    found = Evaluation.objects.first()
    kind = ContentType.objects.get_for_model(Evaluation)
    paths = [
        "/admin/accounts/evaluation/", f"/admin/accounts/evaluation/{found.pk}/change/",
        f"/admin/accounts/evaluation/{found.pk}/history/",
        "/admin/accounts/mark/", "/admin/accounts/staffevent/", "/admin/accounts/historicalevaluation/",
        f"/admin/r/{kind.pk}/{found.pk}/",
    ]  # fmt: skip
    assert [office.get(path).status_code for path in paths] == [404] * len(paths)
    assert b"valuation" not in office.get("/admin/").content
    assert not LogEntry.objects.filter(content_type=kind).exists()


def test_no_notice_in_the_admin_tells_its_text(office, cast):
    notice = Notice.objects.filter(kind="accounts.evaluation_to_sign").first()
    assert notice.text.encode() not in office.get(page(Notice, "change", notice.pk)).content


@pytest.mark.parametrize(
    "model", [model for model in OURS if admin.site.is_registered(model)], ids=lambda model: model.__name__
)
def test_every_list_page_and_history_opens_for_the_administrator(office, cast, model):
    assert office.get(page(model), {"q": "a"}).status_code == 200
    assert office.get(page(model)).status_code == 200
    record = a_record(model)
    if record is not None:
        assert office.get(page(model, "change", record.pk)).status_code == 200
        assert office.get(page(model, "history", record.pk)).status_code == 200


@pytest.mark.parametrize("model", [*business_models(), Event], ids=lambda model: model.__name__)
def test_business_records_are_there_to_read_and_not_to_move(office, cast, model):
    record = a_record(model)
    before = model._base_manager.filter(pk=getattr(record, "pk", None)).values().first()
    assert office.get(page(model, "add")).status_code == 403
    assert office.post(page(model, "add"), {}).status_code == 403
    if record is None:
        return
    change, delete = page(model, "change", record.pk), page(model, "delete", record.pk)
    assert office.post(change, {"state": "accepted", "title": "Moved by the administrator"}).status_code == 403
    assert office.get(delete).status_code == 403
    assert office.post(delete, {"post": "yes"}).status_code == 403
    office.post(page(model), {"action": "delete_selected", "_selected_action": [record.pk], "post": "yes"})
    assert model._base_manager.filter(pk=record.pk).values().first() == before
    assert b"action-select" not in office.get(page(model)).content


@pytest.mark.parametrize("model", [Client, Brief, Campaign, Plan, Step, Assignment], ids=lambda model: model.__name__)
def test_an_old_state_is_read_and_never_written_back(office, cast, model):
    row = model.history.order_by("history_id").first()
    old = page(model, "simple_history", row.id, row.history_id)
    versions = model.history.count()
    assert office.get(old).status_code == 200
    assert office.post(old, {}).status_code == 403
    assert model.history.count() == versions


def test_the_administrator_reads_without_holding_a_right_of_the_business(cast):
    brief = Brief.objects.first()
    assert cast.admin.is_superuser
    assert not cast.admin.has_perm("briefs.view_brief", brief)
    assert not cast.admin.has_perm("briefs.accept_brief", brief)
    assert not Brief.objects.visible_to(cast.admin).exists()


def test_amounts_are_not_the_administrators(office, cast):
    plan = Plan.objects.exclude(budget=None).first()
    amounts = {f"{plan.budget:.2f}", f"{plan.budget:,.2f}", str(plan.budget)}
    pages = [page(Plan), page(Plan, "change", plan.pk), page(Plan, "history", plan.pk)]
    pages += [page(Plan, "simple_history", plan.pk, row.history_id) for row in plan.history.all()]
    shown = "".join(office.get(one).content.decode() for one in pages)
    assert not [amount for amount in amounts if amount in shown]
    assert office.get(page(Plan), {"budget__gt": "1"}).status_code == 400


# ── People ──────────────────────────────────────────────────────────────────────────────────────
def test_the_administrator_adds_a_salesman_with_a_guide(office, cast):
    sent = {
        "username": "lena", "email": "Lena@Quill-Harbour.example", "first_name": "Lena", "last_name": "Sund",
        "role": "salesman", "guide": cast.tomas.pk, "usable_password": "true",
        "password1": "a-long-new-word", "password2": "a-long-new-word",
    }  # fmt: skip
    assert office.post(page(Person, "add"), sent).status_code == 302
    lena = Person.objects.get(username="lena")
    assert (lena.guide, lena.email, lena.is_superuser) == (cast.tomas, "lena@quill-harbour.example", False)
    assert lena.check_password("a-long-new-word")
    assert lena.history.get().history_user == cast.admin


def test_a_salesman_without_a_guide_is_refused_with_a_sentence(office, cast):
    sent = {
        "username": "lena", "email": "lena@quill-harbour.example", "role": "salesman",
        "usable_password": "true",
        "password1": "a-long-new-word", "password2": "a-long-new-word",
    }  # fmt: skip
    answer = office.post(page(Person, "add"), sent)
    assert b"works under the guidance of a colleague" in answer.content
    assert not Person.objects.filter(username="lena").exists()


@pytest.mark.parametrize("username", ["Lena", "evaluations", "lena@x", "le na", "1lena"])
def test_a_short_name_that_would_be_ambiguous_is_refused(office, cast, username):
    sent = {
        "username": username, "email": "lena@quill-harbour.example", "role": "member",
        "usable_password": "true",
        "password1": "a-long-new-word", "password2": "a-long-new-word",
    }  # fmt: skip
    assert office.post(page(Person, "add"), sent).status_code == 200
    assert not Person.objects.filter(email="lena@quill-harbour.example").exists()


def test_a_person_is_placed_anew_and_the_history_says_by_whom(office, cast):
    url = page(Person, "change", cast.david.pk)
    sent = fields_of(office.get(url)) | {"role": "manager", "is_active": "on"}
    assert office.post(url, sent).status_code == 302
    cast.david.refresh_from_db()
    line = cast.david.history.first()
    assert (cast.david.role, line.role, line.history_user) == ("manager", "manager", cast.admin)


def test_a_salesman_gets_no_guide_without_a_seat_where_he_serves(office, cast):
    url = page(Person, "change", cast.jonas.pk)
    answer = office.post(url, fields_of(office.get(url)) | {"guide": cast.priya.pk, "is_active": "on"})
    assert b"has no seat on HRB" in answer.content
    cast.jonas.refresh_from_db()
    assert cast.jonas.guide == cast.tomas


def test_who_closes_somebody_with_seats_is_told_to_have_them_handed_over(office, cast):
    url = page(Person, "change", cast.amina.pk)
    sent = {key: value for key, value in fields_of(office.get(url)).items() if key != "is_active"}
    assert "still holds seats on GRE, MER, TER, VOL" in office.post(url, sent, follow=True).content.decode()


def test_a_person_is_closed_and_never_deleted(office, cast):
    url = page(Person, "change", cast.felix.pk)
    sent = fields_of(office.get(url))
    sent.pop("is_active")
    assert office.post(url, sent).status_code == 302
    cast.felix.refresh_from_db()
    assert not cast.felix.is_active
    assert office.post(page(Person, "delete", cast.felix.pk), {"post": "yes"}).status_code == 403
    office.post(page(Person), {"action": "delete_selected", "_selected_action": [cast.felix.pk], "post": "yes"})
    assert Person.objects.filter(pk=cast.felix.pk).exists()


def test_a_new_password_ends_the_persons_sessions_and_stands_in_the_history_without_itself(office, cast):
    jonas = type(office)()
    jonas.force_login(cast.jonas, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert jonas.get("/me/").status_code == 200
    url = reverse("admin:auth_user_password_change", args=[cast.jonas.pk])
    sent = {"usable_password": "true", "password1": "set-by-the-office", "password2": "set-by-the-office"}
    assert office.post(url, sent).status_code == 302
    assert jonas.get("/me/").status_code == 302
    line = cast.jonas.history.first()
    assert line.history_user == cast.admin
    assert not hasattr(line, "password")


def test_the_administrator_does_not_lock_himself_out(office, cast):
    url = page(Person, "change", cast.admin.pk)
    sent = {key: value for key, value in fields_of(office.get(url)).items() if key not in ("is_active", "is_superuser")}
    office.post(url, sent)
    cast.admin.refresh_from_db()
    assert (cast.admin.is_active, cast.admin.is_superuser) == (True, True)


def test_an_administrator_takes_no_role(office, cast):
    url = page(Person, "change", cast.marta.pk)
    answer = office.post(url, fields_of(office.get(url)) | {"is_superuser": "on", "is_active": "on"})
    assert b"has no role in the department" in answer.content


def test_django_permissions_are_not_handed_out_at_all(office, cast):
    assert "user_permissions" not in fields_of(office.get(page(Person, "change", cast.mei.pk)))
    group = Group.objects.create(name="Pitch team")
    assert "permissions" not in fields_of(office.get(page(Group, "change", group.pk)))


@pytest.mark.parametrize(
    "query",
    ["password__startswith=argon2", "guide__password__startswith=a", "guided__password__contains=a", "_to_field=password"],
)
def test_a_password_is_not_read_letter_by_letter_through_the_address(office, cast, query):
    assert office.get(f"{page(Person)}?{query}").status_code == 400


# ── Coordinators, and every path by which one could raise himself ───────────────────────────────
def test_a_coordinator_finds_the_templates_and_nothing_else(desk, cast):
    found = {model["model"] for app in desk.get("/admin/").context["app_list"] for model in app["models"]}
    assert found == TEMPLATES


@pytest.mark.parametrize(
    "model", [model for model in admin.site._registry if model not in TEMPLATES], ids=lambda model: model.__name__
)
def test_every_other_page_is_closed_to_a_coordinator(desk, cast, model):
    record = a_record(model)
    paths = [page(model), page(model, "add")]
    if record is not None:
        paths += [page(model, name, record.pk) for name in ("change", "delete", "history")]
    row = model.history.first() if hasattr(model, "history") else None
    if row is not None:
        paths.append(page(model, "simple_history", row.id, row.history_id))
    assert {desk.get(path).status_code for path in paths} == {403}
    assert {desk.post(path, {"is_superuser": "on", "post": "yes"}).status_code for path in paths} == {403}


def test_a_coordinator_who_was_given_djangos_permissions_gains_nothing(desk, cast):
    cast.mei.user_permissions.set(Permission.objects.all())
    pitch = Group.objects.create(name="Pitch team")
    pitch.permissions.set(Permission.objects.all())
    cast.mei.groups.add(pitch)
    url = page(Person, "change", cast.mei.pk)
    assert desk.get(url).status_code == 403
    assert desk.post(url, {"username": "mei", "is_superuser": "on"}).status_code == 403
    assert desk.get(page(Group, "change", pitch.pk)).status_code == 403
    assert desk.get(page(Share, "add")).status_code == 403
    assert desk.get(page(Client)).status_code == 403
    cast.mei.refresh_from_db()
    assert not cast.mei.is_superuser


def test_a_coordinator_changes_nobodys_password_through_the_admin(desk, cast):
    for person in (cast.mei, cast.admin):
        url = reverse("admin:auth_user_password_change", args=[person.pk])
        assert desk.get(url).status_code == 403
        assert desk.post(url, {"password1": "a-long-new-word", "password2": "a-long-new-word"}).status_code == 403


@pytest.mark.parametrize(
    ("app", "model", "field"),
    [("accounts", "person", "guide"), ("accounts", "businessgroup", "supervisor"), ("clients", "share", "user"),
     ("accounts", "evaluation", "person"),
     ("campaigns", "templatestep", "department")],
)  # fmt: skip
def test_no_chooser_tells_a_coordinator_of_people_or_records(desk, cast, app, model, field):
    asked = {"app_label": app, "model_name": model, "field_name": field, "term": "a"}
    assert desk.get("/admin/autocomplete/", asked).status_code == 403


@pytest.mark.parametrize(
    "path",
    [
        "accounts/person/?_popup=1&_to_field=id",
        "accounts/person/add/?_popup=1",
        "auth/group/?_popup=1",
        "clients/share/?_popup=1",
    ],
)
def test_a_popup_is_no_way_round(desk, cast, path):
    assert desk.get(f"/admin/{path}").status_code == 403


def test_there_are_no_pages_of_object_permissions_beside_the_shares():
    """Guardian's own pages would grant without a last day, a reason and a name."""
    names = [url.name or "" for page_of in admin.site._registry.values() for url in page_of.get_urls()]
    assert not [name for name in names if "permissions" in name]


def test_a_coordinator_does_not_write_an_old_template_back(desk, cast):
    template = ScheduleTemplate.objects.get(key="print")
    row = template.history.first()
    if row is None:
        template.save()
        row = template.history.get()
    assert desk.post(page(ScheduleTemplate, "simple_history", template.pk, row.history_id), {}).status_code == 403


def test_deleting_in_bulk_is_offered_for_parts_of_templates_alone(office, cast):
    offering = {
        model
        for model, page_of in admin.site._registry.items()
        if page_of.has_delete_permission(request_of(cast.admin)) and hasattr(model, "history")
    }
    assert offering == {TemplateStep, TemplateLink}


def request_of(person):
    return type("Request", (), {"user": person})()


# ── Templates, days, groups, shares ─────────────────────────────────────────────────────────────
def test_a_coordinator_rewrites_a_template_and_the_history_says_so(desk, cast):
    template = ScheduleTemplate.objects.get(key="outdoor")
    url = page(ScheduleTemplate, "change", template.pk)
    sent = fields_of(desk.get(url)) | {"name": "Outdoor, posters", "in_use": "on"}
    first = template.steps.first()
    sent["steps-0-days"] = first.days + 1
    assert desk.post(url, sent).status_code == 302
    template.refresh_from_db()
    changed = first.days + 1
    first.refresh_from_db()
    assert (template.name, first.days) == ("Outdoor, posters", changed)
    assert template.history.first().history_user == cast.mei
    assert first.history.first().history_user == cast.mei


def test_a_step_struck_out_of_a_template_takes_its_links_along_in_the_same_name(desk, cast):
    step = TemplateStep.objects.filter(links_before__isnull=False, links_after__isnull=False).first()
    links = set(TemplateLink.objects.filter(before=step) | TemplateLink.objects.filter(after=step))
    assert desk.post(page(TemplateStep, "delete", step.pk), {"post": "yes"}).status_code == 302
    gone = TemplateLink.history.filter(history_type="-")
    assert set(gone.values_list("id", "history_user__username")) == {(link.pk, "mei") for link in links}
    assert TemplateStep.history.filter(id=step.pk).first().history_user == cast.mei


def test_a_link_that_runs_in_a_circle_is_refused_with_a_sentence(desk, cast):
    link = TemplateLink.objects.select_related("before", "after").first()
    url = page(TemplateStep, "change", link.before.pk)
    sent = fields_of(desk.get(url))
    new = int(sent["links_before-TOTAL_FORMS"]) - 1
    answer = desk.post(url, sent | {f"links_before-{new}-before": link.after.pk, f"links_before-{new}-lag": 0})
    assert answer.status_code == 200
    assert not TemplateLink.objects.filter(before=link.after, after=link.before).exists()


def test_a_step_waits_only_for_steps_of_its_own_template(desk, cast):
    here, there = ScheduleTemplate.objects.get(key="print").steps.last(), ScheduleTemplate.objects.get(key="tvc").steps.first()
    url = page(TemplateStep, "change", here.pk)
    sent = fields_of(desk.get(url))
    new = int(sent["links_before-TOTAL_FORMS"]) - 1
    assert desk.post(url, sent | {f"links_before-{new}-before": there.pk, f"links_before-{new}-lag": 0}).status_code == 200
    assert not TemplateLink.objects.filter(before=there).filter(after=here).exists()


def test_a_closed_day_is_entered_and_turned_round_but_not_deleted(office, cast):
    office.post(page(AgencyDay, "add"), {"date": "2027-06-11", "name": "Summer party"})
    day = AgencyDay.objects.get(date=date(2027, 6, 11))
    assert (day.is_open, day.history.get().history_user) == (False, cast.admin)
    assert office.post(page(AgencyDay, "delete", day.pk), {"post": "yes"}).status_code == 403
    office.post(page(AgencyDay, "change", day.pk), {"date": "2027-06-11", "name": "Summer party", "is_open": "on"})
    day.refresh_from_db()
    assert day.is_open


def test_a_group_is_headed_by_a_supervisor_only(office, cast):
    north = BusinessGroup.objects.get(name="North")
    answer = office.post(page(BusinessGroup, "change", north.pk), {"name": "North", "supervisor": cast.marta.pk})
    assert b"headed by a business supervisor" in answer.content
    north.refresh_from_db()
    assert north.supervisor == cast.omar


def test_departments_have_their_history(office, cast):
    media = Department.objects.get(code="media")
    office.post(page(Department, "change", media.pk), {"code": "media", "name": "Media planning"})
    assert media.history.first().history_user == cast.admin


@pytest.fixture
def share_form(cast, clients):
    """What the administrator sends to share a brief with Ida of finance."""
    brief = Brief.objects.first()
    permission = Permission.objects.get(codename="view_brief", content_type__model="brief")
    return brief, {
        "user": cast.ida.pk,
        "permission": permission.pk,
        "object_pk": brief.pk,
        "until": "2026-12-04",
        "reason": "The audit asks.",
    }


def test_the_administrator_shares_a_brief_with_a_member_in_his_own_name(office, cast, share_form):
    brief, sent = share_form
    assert brief not in Brief.objects.visible_to(cast.ida)
    assert office.post(page(Share, "add"), sent).status_code == 302
    share = Share.objects.get(user=cast.ida, content_type__model="brief")
    assert (share.given_by, share.until, share.content_type.model) == (cast.admin, date(2026, 12, 4), "brief")
    assert brief in Brief.objects.visible_to(cast.ida)
    assert (brief.events().first().verb, brief.events().first().actor) == ("shared", cast.admin)
    assert office.post(page(Share, "delete", share.pk), {"post": "yes"}).status_code == 302
    assert brief not in Brief.objects.visible_to(cast.ida)
    assert brief.events().first().verb == "unshared"


@pytest.mark.parametrize(
    "wrong",
    [
        {"user": "jonas"},
        {"user": "mei"},
        {"user": "admin"},
        {"object_pk": 99999},
        {"object_pk": "x"},
        {"until": "2026-11-22"},
        {"reason": ""},
    ],
    ids=str,
)
def test_a_share_that_cannot_be_is_refused_with_a_sentence(office, cast, share_form, wrong):
    _brief, sent = share_form
    if "user" in wrong:
        wrong = {"user": getattr(cast, wrong["user"]).pk}
    before = Share.objects.count()
    assert office.post(page(Share, "add"), sent | wrong).status_code == 200
    assert Share.objects.count() == before


def test_only_what_goes_by_shares_can_be_shared(office, cast, share_form):
    _brief, sent = share_form
    accept = Permission.objects.get(codename="accept_brief")
    assert office.post(page(Share, "add"), sent | {"permission": accept.pk}).status_code == 200
    assert not Share.objects.filter(permission=accept).exists()


def test_a_share_given_is_lengthened_but_not_turned_to_another(office, cast, share_form):
    brief, sent = share_form
    office.post(page(Share, "add"), sent)
    share = Share.objects.get(user=cast.ida, content_type__model="brief")
    office.post(
        page(Share, "change", share.pk), {"until": "2026-12-11", "reason": "Still asks.", "user": cast.jonas.pk, "object_pk": 1}
    )
    share.refresh_from_db()
    assert (share.user, share.object_pk, share.until) == (cast.ida, str(brief.pk), date(2026, 12, 11))


def test_a_letter_with_its_secret_is_not_read_in_the_admin(office, cast):
    letter = Letter.objects.create(
        to="jonas@quill-harbour.example", subject="New password", body="https://secret-link", send_at=clock.now()
    )
    assert b"secret-link" not in office.get(page(Letter, "change", letter.pk)).content
    assert office.get(page(Letter), {"body__startswith": "https"}).status_code == 400
