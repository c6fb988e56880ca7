"""What pages tell of joint studies, and what in them stands in the way of the plan; each in a constant number of queries."""

from dataclasses import dataclass, field
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from agency import clock, paper
from agency.workdays import calendar
from briefs.models import Brief, Opinion, Study
from briefs.models.opinion import NUDGE, PAUSE
from clients.models import Event
from clients.owed import with_days_left


def loose_ends_of(brief_ids):
    """brief's key → the sections of its studies that are not settled: a department is silent, or its "not feasible" unanswered.

    Of each department its last section counts, whether the study is open still or was closed despite it. One query.
    """
    last = {}
    sections = Opinion.objects.filter(study__brief__in=brief_ids).select_related("department", "person", "study")
    for section in sections.order_by("pk"):
        last[section.study.brief_id, section.department_id] = section
    found = {}
    for (brief_id, _department), section in last.items():
        if section.is_silent or section.is_refused:
            found.setdefault(brief_id, []).append(section)
    return found


@dataclass
class Tally:
    """A study added up: person-days, cost by currency, who is silent, what has to be carried into the plan."""

    sections: list
    days: Decimal = Decimal(0)
    costs: dict = field(default_factory=dict)

    def __post_init__(self):
        for section in self.spoken:
            self.days += section.days or 0
            if section.cost is not None:
                self.costs[section.currency] = self.costs.get(section.currency, Decimal(0)) + section.cost

    @property
    def asked(self):
        return [it for it in self.sections if it.state != Opinion.State.WITHDRAWN]

    @property
    def spoken(self):
        return [it for it in self.sections if it.has_spoken]

    @property
    def silent(self):
        return [it for it in self.sections if it.is_silent]

    @property
    def refused(self):
        return [it for it in self.sections if it.is_refused]

    @property
    def conditions(self):
        """Pairs of a department and one condition: a line each, as the department wrote them."""
        bound = [it for it in self.spoken if it.verdict == Opinion.Verdict.CONDITIONS]
        return [(it.department, line.strip()) for it in bound for line in it.grounds.splitlines() if line.strip()]

    @property
    def is_settled(self):
        return not self.silent and not self.refused


def tally_of(study, person):
    """The study's sections as they stand, each with `left` and `waited` (working days), added up. One query."""
    sections = list(study.opinions.visible_to(person).for_page().order_by("pk"))
    workdays, today = calendar(), clock.today_for(person)
    for section in with_days_left(sections, person):
        section.study = study
        section.waited = workdays.between(localtime(section.created_at).date(), today)
    return Tally(sections)


def sheet_of(study, person):
    """What the sheet of a study tells, on the page and on paper."""
    title = _("Joint study: %(brief)s") % {"brief": study.brief}
    common = paper.document(study, title=title, number=study.client.code)
    return {"study": study, "brief": study.brief, "tally": tally_of(study, person), **common}


def happened(study, sections, most=30):
    """The latest events of a study and its sections, each with `about`: the section, if it is of one. One query."""
    kinds = {model: ContentType.objects.get_for_model(model).pk for model in (Study, Opinion)}
    parts = {section.pk: section for section in sections}
    about = Q(content_type=kinds[Study], object_id=study.pk) | Q(content_type=kinds[Opinion], object_id__in=parts)
    events = Event.objects.filter(about, client=study.client_id).select_related("actor", "content_type").order_by("-at", "-pk")
    found = list(events[:most])
    for event in found:
        event.about = parts.get(event.object_id) if event.content_type_id == kinds[Opinion] else None
    return found


def with_acts(study, sections, person):
    """The sections, each with `moves` and with what `person` may do there. The rights go by the client, so they are asked of
    the study, once for all sections."""
    may = {name: study.is_open and person.has_perm(right, study) for name, right in ACTS.items()}
    nudged = last_nudges(sections) if may["nudge"] else {}
    for section in sections:
        silent = section.is_silent
        section.moves = section.moves_open_to(person) if may["ask"] else []
        section.may_record = may["record"] and (silent or section.state == Opinion.State.RECORDED)
        section.may_ask_instead = may["ask"] and silent
        section.may_reply = may["ask"] and section.has_spoken
        section.nudged_at = nudged.get(section.pk)
        section.may_nudge = may["nudge"] and silent and section.person_id and section.nudged_at is None
    return sections


ACTS = {"ask": "briefs.open_study", "record": "briefs.record_opinion", "nudge": NUDGE}


def last_nudges(sections):
    """section's key → when it was nudged, if that is less than four hours ago. One query."""
    kind, since = ContentType.objects.get_for_model(Opinion), clock.now() - PAUSE
    keys = [section.pk for section in sections if section.is_silent]
    events = Event.objects.filter(content_type=kind, object_id__in=keys, verb="nudged", at__gt=since).order_by("at")
    return dict(events.values_list("object_id", "at"))


def of_brief(brief, person):
    """What a page of a brief or its campaign tells of its studies: the last one with its tally and how many there are, for
    whoever sees studies; the own section, for a member who is asked. Two queries, one for a member."""
    own = Opinion.objects.visible_to(person).filter(study__brief=brief, person=person, study__state=Study.State.OPEN)
    studies = list(Study.objects.visible_to(person).filter(brief=brief).select_related("holder").order_by("-pk"))
    last = studies[0] if studies else None
    if last:
        last.brief = brief
    return {
        "sees": person.has_perm(Study.view_right, brief) and person.is_of_the_department,
        "study": last,
        "studies": studies,
        "tally": tally_of(last, person) if last else None,
        "own_section": own.select_related("department").first() if not person.is_of_the_department else None,
    }


def may_study(brief, last, person):
    """Whether `person` may open a study of this brief now. last: its last study, or None."""
    is_free = brief.state == Brief.State.ACCEPTED and not (last and last.is_open)
    return is_free and person.has_perm("briefs.open_study", brief)
