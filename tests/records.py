"""Small records for tests, made the way the agency makes them."""

from datetime import date, timedelta
from decimal import Decimal
from functools import partial
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from agency import clock
from briefs.models import Brief, BriefTemplate, Enquiry, Playback, Question
from campaigns.models import Baseline, ChangeOrder, EstimateLine, Plan, ProgressReport, ScheduleTemplate
from campaigns.schedule import make_schedule
from campaigns.telling import texts_for
from clients.models import Requirement
from clients.models.attachment import attach

PHONED = "Read out by telephone; nobody has time to write."
FULL = {
    "product_knowledge": "Rye crackers, thin, baked on stone.",
    "market_situation": "Two rivals, a growing shelf.",
    "budget_notes": "Media, production and fee until June.",
    "market_plan": "Forty thousand packs a month by autumn.",
    "budget_amount": Decimal("60000.00"),
}


def a_brief(client, by, title="Rye crackers", **fields):
    """A brief being written, complete unless fields say otherwise."""
    template = BriefTemplate.objects.get(key="short")
    return Brief.open(client=client, by=by, token=uuid4(), title=title, **{"template": template, **FULL, **fields})


def an_accepted_brief(client, *, writer, acceptor, **fields):
    brief = a_brief(client, writer, **fields)
    brief.submit(by=writer)
    return brief.accept_without_playback(by=acceptor, reason=PHONED)


def a_playback(brief, by):
    """What we understood, being written."""
    return Playback.open(brief=brief, by=by, token=uuid4(), task="Rye crackers, from stone.", aim="Forty thousand packs.")


def an_answer(brief, by, field="price", words="4.20", contact=None):
    """What a contact said on the telephone to a question, and nobody has taken over."""
    question = Question.draft(brief=brief, field=field, words="What does it cost?", by=by)
    told = {"contact": contact or brief.client.contacts().first(), "way": "telephone", "by": by, "token": uuid4()}
    Enquiry.hear(brief=brief, replies={question: (words, not words)}, **told)
    return brief.questions.get(pk=question.pk)


def played_back(brief, by, *, contact=None):
    """The brief, after a contact of the client's has confirmed by telephone what is written."""
    playback = a_playback(brief, by)
    playback.record_confirmation(by=by, contact=contact or playback.confirmers.first())
    return brief


def a_plan(brief, by, name="Crackers", **fields):
    """A campaign's plan with one line of estimate, written and not yet submitted."""
    plan = Plan.open_with(brief=brief, name=name, by=by, token=uuid4())
    changes = {
        "objectives": "Known to one in five.",
        "strategy": "Posters near shops.",
        "budget": Decimal("60000.00"),
        **fields,
    }
    plan.write(by=by, seen=plan.version, changes=changes)
    an_estimate_line(plan, by)
    return plan


def an_estimate_line(document, by, **fields):
    """A line of a plan's estimate or of a change order: our own creative work unless fields say otherwise."""
    usual = {"kind": "creative", "name": "Idea and layouts", "unit_price": Decimal("12000.00")}
    return EstimateLine.open(document, by=by, token=uuid4(), **{**usual, **fields})


def a_confirmed_plan(brief, *, writer, agreer, contact=None, lines=(), **fields):
    """A plan the client has agreed: its budget stands. lines: of the estimate, besides the one of `a_plan`."""
    plan = a_plan(brief, writer, **fields)
    for line in lines:
        an_estimate_line(plan, writer, **line)
    plan.submit(by=writer)
    agree = plan.agree if plan.is_sound else partial(plan.agree_all_the_same, reason="The client knows.")
    agree(by=agreer)
    plan.record_agreement(by=agreer, contact=contact or plan.confirmers.first())
    return plan


def a_change_order(campaign, by, *, price="900.00", **fields):
    """A change order with one line, being written."""
    usual = {"cause": "outside", "title": "A film for the web", "text": "Ten seconds for the web, from the posters."}
    order = ChangeOrder.open(campaign, by=by, token=uuid4(), **{**usual, **fields})
    an_estimate_line(order, by, name="Film", unit_price=Decimal(price))
    return order


def a_schedule(campaign, by, *, template="print", on=None):
    """The steps of a campaign, in their order, from a template and a first day (default: today)."""
    make_schedule(campaign, ScheduleTemplate.objects.get(key=template), by=by, on=on or clock.today())
    return list(campaign.steps.order_by("position"))


def a_baseline(campaign, by):
    """The schedule of a campaign as it stands, kept for the client and not sent yet."""
    return Baseline.freeze(campaign, by=by, token=uuid4())


def a_report(campaign, by, **texts):
    """A progress report of a campaign, begun as the house begins it; texts: what is written in its place."""
    return ProgressReport.draft(campaign, by=by, token=uuid4(), texts={**texts_for(campaign), **texts})


def a_line(client, by, text="No children in the pictures.", **fields):
    """A line of the ledger, written by hand."""
    return Requirement.add(client=client, by=by, token=uuid4(), **{"kind": "must_not", "text": text, "said": "Clara", **fields})


def a_file(record, by, name="wishes.txt", content=b"Please show the loaf whole.", **more):
    """A file of a record."""
    return attach(record, SimpleUploadedFile(name, content), by=by, **more)


def days(n):
    return timedelta(days=n)


MONDAY = date(2026, 11, 23)
