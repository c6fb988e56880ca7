"""CRD3: every change leaves a line that says who, when and what it said before; the people concerned read it."""

from django.urls import reverse

from accounts.models import Evaluation, Person
from briefs.models import Brief
from clients.models import Client


def test_every_record_of_the_demo_has_a_history_in_somebodys_name(cast):
    for model in (Client, Brief, Evaluation):
        for record in model.objects.all():
            rows = list(record.history.all())
            assert len(rows) == record.version
            assert all(row.history_user_id for row in rows)


def test_a_move_leaves_one_line_of_history_and_one_event(cast):
    brief = Brief.objects.filter(state="submitted", client__code__in=["HRB", "NOR", "SOL", "VOL", "MER", "TER"]).first()
    director = brief.client.lead
    rows, events = brief.history.count(), brief.events().count()
    brief.return_to_writer(by=director, reason="The figure is missing its period.")
    assert (brief.history.count(), brief.events().count()) == (rows + 1, events + 1)
    assert brief.history.first().history_user == director
    assert brief.history.first().history_change_reason == "The figure is missing its period."


def test_the_minister_and_the_person_read_the_field_history_of_an_evaluation_and_a_supervisor_does_not(login, cast):
    signed = Evaluation.objects.get(person=cast.marta)
    path = reverse("evaluation_history", args=[signed.pk])
    for person in (cast.helena, cast.marta):
        assert "Comment of the person evaluated" in login(person).get(path).content.decode()
    for person in (cast.omar, cast.jonas, cast.admin):
        assert login(person).get(path).status_code == 404


def test_an_administrator_reads_the_history_of_a_brief_in_the_admin(login, cast):
    brief = Brief.objects.filter(state="accepted").first()
    content = login(cast.admin).get(reverse("admin:briefs_brief_history", args=[brief.pk])).content.decode()
    assert str(brief.created_by) in content
    assert "Market plan" in content


def test_the_history_of_a_person_holds_no_password(cast):
    assert "password" not in {field.name for field in Person.history.model._meta.fields}
