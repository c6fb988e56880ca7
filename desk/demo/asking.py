"""What the demo agency asked its clients about their briefs, what they answered, and what was played back to them."""

from types import SimpleNamespace

from agency import clock
from briefs.fields import BY_NAME
from briefs.models import Enquiry, Playback, Question, Way
from briefs.models.playback import WHAT
from clients.answering import take
from clients.links import SafeLink, Visitor
from clients.models import Contact
from desk.demo.answers import SAID
from desk.demo.stage import Act, token

CONFIRMED, CHANGES = "confirmed", "changes"
# Five that nobody at the bank has answered yet, what weighs most first.
BANK = ("budget_amount", "legal_lines", "objectives", "market_plan", "support")


def acts(stage):
    """What is with clients today: five questions at the bank, two answers to take over, one playback out, one to be changed."""
    yield Act(-2, "14:30", lambda: ask(stage, "NOR", "jonas", "Paul Reyes", BANK))
    yield Act(-2, "11:40", lambda: ask(stage, "VOL fleet", "amina", "Sara Lind", SAID["fleet"]))
    yield Act(-1, "15:40", lambda: answer(stage, "VOL fleet", SAID["fleet"]))
    yield Act(-1, "12:40", lambda: play_back(stage, "SOL winter", "jonas", "Nina Berg"))
    yield Act(-3, "11:05", lambda: play_back(stage, "MER spring", "amina", "Ana Duarte"))
    yield Act(-1, "16:05", lambda: say(stage, "MER spring", CHANGES, SAID["said"]["wish"]))


def before_acceptance(stage, key, writer, first, last):
    """What the client was asked of a brief before it was submitted, and what it confirmed."""
    if key == "HRB":
        yield Act(first, "11:40", lambda: ask(stage, key, writer, "Clara Hollin", SAID["loaf"]))
        yield Act(last, "09:40", lambda: answer(stage, key, SAID["loaf"]))
        yield Act(last, "10:10", lambda: take_over(stage, key, writer, SAID["taken_over"]))
        yield Act(last, "10:45", lambda: play_back(stage, key, writer, "Clara Hollin"))
        yield Act(last, "12:50", lambda: say(stage, key, CONFIRMED, SAID["said"]["remark"]))
    if key == "VOL":
        yield Act(last, "11:30", lambda: play_back(stage, key, writer, "Erik Voss"))
        yield Act(last, "13:05", lambda: say(stage, key, CONFIRMED, ""))
    if key == "TER":
        yield Act(last, "12:10", lambda: note(stage, key, writer, "Ben Ortiz", SAID["said"]["meeting"]))


def brief_of(stage, key):
    brief = stage.briefs[key]
    brief.refresh_from_db()
    return brief


def ask(stage, key, by, contact, names):
    brief, by = brief_of(stage, key), stage.people[by]
    questions = [Question.draft(brief=brief, field=name, words=str(BY_NAME[name].asks), by=by) for name in names]
    told = {"contact": Contact.objects.get(name=contact), "way": Way.LINK, "by": by, "token": token(f"questions {key}")}
    Enquiry.ask(brief=brief, questions=questions, **told)


def answer(stage, key, said):
    """The contact opens the link and answers all of it."""
    enquiry = Enquiry.objects.get(token=token(f"questions {key}"))
    link = SafeLink.objects.about(enquiry).with_names().get()
    link.note_opening()
    replies = {question: (said[question.field], False) for question in enquiry.questions.all()}
    enquiry.answer(by=Visitor(link), replies=replies)
    link.spend()


def take_over(stage, key, by, values):
    for question in stage.briefs[key].questions.to_take_over():
        question.take_over(by=stage.people[by], changes={question.field: values[question.field]})


def begin(stage, key, by):
    told = {"by": stage.people[by], "token": token(f"playback {key}"), **SAID["playbacks"][key]}
    return Playback.open(brief=brief_of(stage, key), **told)


def play_back(stage, key, by, contact):
    begin(stage, key, by).send(by=stage.people[by], contact=Contact.objects.get(name=contact))


def say(stage, key, answer, words):
    """The contact opens the link and says whether we understood."""
    playback = Playback.objects.get(token=token(f"playback {key}"))
    link = SafeLink.objects.about(playback).with_names().get()
    link.note_opening()
    given = {"answer": answer, "words": words, "name": link.contact.name, "role": link.contact.position}
    decide = playback.confirm if answer == CONFIRMED else playback.ask_changes
    form = SimpleNamespace(cleaned_data={**given, "token": token(f"answer {key}")})
    take(link, form, what=WHAT, then=lambda visitor, it: decide(by=visitor, words=it.words))


def note(stage, key, by, contact, words):
    """Said at a meeting, and written down by us."""
    playback = begin(stage, key, by)
    told = {"contact": Contact.objects.get(name=contact), "answer": CONFIRMED, "words": words, "how": "meeting"}
    playback.hear(by=stage.people[by], seen=playback.version, on=clock.today(), token=token(f"answer {key}"), **told)
