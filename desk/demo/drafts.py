"""Drafts of the demo agency: three concepts of which one was chosen, a strip that waits to be cleared, and a theatre that wants
a third round of two (DEP7, SAL2)."""

from functools import partial

from agency import clock
from agency.files import examine
from approvals.drawing import draw
from approvals.models import Draft, DraftComment, DraftVersion, InternalReview, Presentation
from approvals.models.internal_review import Question, requirements_for
from clients.models import Confirmation, Contact, SafeLink
from clients.visitor import Visitor
from desk.demo import artwork
from desk.demo.stage import Act, token

SMELL = "Nobody waits for bread. But everybody knows the smell the night before."
CONCEPTS = {
    "A": ("The baker’s clock", "Everybody looks at the clock on Sunday. So the bread is the clock.", artwork.clock_face),
    "B": ("The smell the night before", SMELL, artwork.night),
    "C": ("The queue", "A queue is the best advertisement there is: people who know something.", artwork.queue),
}  # fmt: skip
ON_BRIEF = "It says when and for how much, to people who pass the shop on Saturday night."
POINTS = """1 The price has to be seen from across the street.
2 “From eight” instead of “at eight”.
3 The loaf larger.
4 Our name once is enough.
5 No moon, a lamp.
6 The opening hours of the shops that open on Sunday.
7 No metallic ink, as agreed."""
HOURS, NIGHT_B = "Sundays from eight, in 23 shops", "HRB A B"


def acts(stage):
    yield from loaf(stage)
    yield from strip(stage)
    yield from theatre(stage)


def loaf(stage):
    """Sunday Loaf: three concepts, B without its price; seven points of the client; approved with changes, then approved."""
    for letter, (title, idea, paint) in CONCEPTS.items():
        key = f"HRB A {letter}"
        yield Act(-26, "09:30", partial(begin, stage, "HRB", "A", key, "felix", title))
        yield Act(-22, "16:00", partial(hand_in, stage, key, idea, artwork.picture(f"loaf-{letter}-1.png", paint)))
    yield Act(
        -22, "16:40", partial(say, stage, "HRB A A", "jonas", "The hands hide the price on a small poster.", x=500, y=330)
    )
    yield Act(-22, "16:45", partial(say, stage, NIGHT_B, "tomas", "The loaf sits too low: it reads as a stone.", x=500, y=520))
    yield Act(-22, "17:05", partial(say, stage, "HRB A C", "mei", "Half of the sites are unlit: too dark?", x=300, y=500))
    yield Act(-21, "10:00", partial(hand_back, stage, NIGHT_B, "marta", "The price is missing."))
    for letter in ("A", "C"):
        yield Act(-21, "10:20", partial(clear, stage, f"HRB A {letter}", "marta"))
    night = partial(artwork.night, price="EUR 4.20")
    yield Act(-21, "16:30", partial(hand_in, stage, NIGHT_B, "", artwork.picture("loaf-B-2.png", night), changed="The price."))
    yield Act(-21, "17:00", partial(clear, stage, NIGHT_B, "marta"))
    yield from presented(stage)
    yield Act(-19, "12:00", partial(send, stage, NIGHT_B, "jonas", "Clara Hollin"))
    yield Act(-13, "15:10", partial(hear, stage, NIGHT_B, "jonas", "Clara Hollin", "changes", POINTS, "mail"))
    third = artwork.picture("loaf-B-3.png", partial(artwork.night, price="EUR 4.20", hours=HOURS))
    yield Act(-10, "09:10", partial(hand_in, stage, NIGHT_B, "", third, changed="All seven points of 4 November."))
    yield Act(-10, "11:00", partial(clear, stage, NIGHT_B, "marta"))
    yield Act(-10, "11:30", partial(send, stage, NIGHT_B, "jonas", "Clara Hollin"))
    yield Act(-9, "09:50", partial(pinned, stage, NIGHT_B, "Leith opens at nine.", x=300, y=905))
    yield Act(-9, "10:00", partial(answer, stage, NIGHT_B, "with_changes", "Leith opens at nine on Sundays: please say so."))
    fourth = artwork.picture("loaf-B-4.png", partial(artwork.night, price="EUR 4.20", hours=f"{HOURS}, Leith from nine"))
    yield Act(-9, "13:30", partial(hand_in, stage, NIGHT_B, "", fourth, changed="Leith from nine."))
    yield Act(-9, "14:20", partial(clear, stage, NIGHT_B, "marta"))
    yield Act(-9, "14:30", partial(send, stage, NIGHT_B, "jonas", "Clara Hollin"))
    yield Act(-9, "16:40", partial(answer, stage, NIGHT_B, "confirmed", ""))


def presented(stage):
    """Rehearsed to Omar the day before, then shown in Clara's office: concept B is chosen."""
    people = stage.people
    inside = {"kind": "inside", "presenter": people["tomas"], "place": "Our large room"}
    outside = {"kind": "outside", "presenter": people["marta"], "place": "Mill Street, above the bakery"}
    yield Act(-21, "17:20", partial(plan, stage, "rehearsal", by=people["tomas"], held_on=stage.day(-20), **inside))
    yield Act(-21, "17:30", partial(plan, stage, "client", by=people["marta"], held_on=stage.day(-19), **outside))
    said = "Show the clock last. Say the price in the first sentence, and leave the strip for another day."
    yield Act(
        -20,
        "16:30",
        partial(hold, "rehearsal", by=people["tomas"], said=said, ours=[people[it] for it in ("omar", "marta", "tomas")]),
    )
    said = "Clara: “B. That is my kitchen.” The queue made her laugh, the clock did not. No metallic ink, whatever we choose."
    why = "It says when without a clock, and the smell is what people remember of the shop."
    there = {"ours": [people[it] for it in ("marta", "tomas", "jonas", "felix")], "theirs": ["Clara Hollin"]}
    yield Act(
        -19, "11:40", partial(hold, "client", by=people["marta"], said=said, chosen=NIGHT_B, why=why, drop_others=True, **there)
    )


def strip(stage):
    """The strip for the shop windows: the price was missing, the second version waits to be cleared."""
    key, copy = "HRB B A", "SUNDAY, EIGHT O’CLOCK\nThe loaf that took all night."
    first, second = artwork.picture("strip-1.png", artwork.strip), partial(artwork.strip, price="EUR 4.20")
    yield Act(-4, "10:00", partial(begin, stage, "HRB", "B", key, "felix", "The smell the night before"))
    yield Act(-2, "15:20", partial(hand_in, stage, key, SMELL, first, copy=copy))
    yield Act(-1, "09:40", partial(hand_back, stage, key, "marta", "The price is missing."))
    again = artwork.picture("strip-2.png", second)
    yield Act(0, "09:15", partial(hand_in, stage, key, "", again, copy=f"{copy}\nEUR 4.20", changed="The price."))
    yield Act(0, "09:20", partial(say, stage, key, "jonas", "The price sits on the frame of the window.", x=830, y=570))


def theatre(stage):
    """The theatre's half page: two rounds are in the plan and used, and there are wishes for a third."""
    key, wishes = "PAL A A", ("The dates in one line.", "The first night in bold.", "All seven titles, please.")
    idea = "Seven evenings, seven lights: one goes out after each."
    yield Act(-11, "09:30", partial(begin, stage, "PAL", "A", key, "felix", "Seven lights"))
    for number, (day, wish) in enumerate(zip((-9, -5, -2), wishes, strict=True), start=1):
        page = artwork.picture(f"evenings-{number}.png", partial(artwork.seven, dates="11 to 17 December"))
        said = {"changed": wishes[number - 2]} if number > 1 else {}
        yield Act(day, "10:00", partial(hand_in, stage, key, idea, page, **said))
        yield Act(day, "11:00", partial(clear, stage, key, "tomas"))
        yield Act(day + 1, "09:10", partial(hear, stage, key, "jonas", "Ruth Amari", "changes", wish, "telephone"))


# ── How it is done ──────────────────────────────────────────────────────────────────────────────
def begin(stage, job, letter, key, maker, title):
    job = stage.jobs[job]
    piece = job.campaign.deliverables.get(letter=letter)
    Draft.begin(piece, by=job.lead, token=token(f"draft {key}"), title=title, maker=stage.people[maker])


def draft_of(key):
    return Draft.objects.get(token=token(f"draft {key}"))


def hand_in(stage, key, idea, upload, **said):
    draft = draft_of(key)
    by, name = draft.maker, f"{key} {draft.versions.count() + 1}"
    version = DraftVersion.open(draft, by=by, token=token(f"version {name}"))
    idea = {"idea": idea} if idea else {}
    version.write(by=by, seen=version.version, changes={"on_brief": ON_BRIEF, **idea, **said})
    version.add_file(examine(upload), by=by, token=token(f"artwork {name}"))
    draft.hand_in(by=by)
    draw()


def look(stage, key, by, outcome, reply, reason=""):
    draft = draft_of(key)
    answers = {question: (reply if question == Question.MANDATORIES else "yes", "") for question in Question.values}
    lines = [(line.pk, "yes", "") for line in requirements_for(draft)]
    told = {"seen": draft.version, "token": token(f"review {key} {draft.sheet.number}"), "requirements": lines}
    InternalReview.decide(draft, by=stage.people[by], outcome=outcome, answers=answers, reason=reason, **told)


def clear(stage, key, by):
    look(stage, key, by, "cleared", "yes")


def hand_back(stage, key, by, reason):
    look(stage, key, by, "returned", "no", reason)


def say(stage, key, by, words, **place):
    draft = draft_of(key)
    told = {"token": token(f"comment {key} {words}"), "words": words, "file": 1, "page": 1, **place}
    DraftComment.say(draft.sheet, by=stage.people[by], **told)


def plan(stage, name, *, by, **told):
    """All three concepts are shown, each in the version that was handed in last."""
    shown = [draft_of(f"HRB A {letter}").sheet for letter in CONCEPTS]
    Presentation.plan(stage.jobs["HRB"].campaign, by=by, token=token(f"presentation {name}"), shown=shown, **told)


def hold(name, *, by, theirs=(), chosen=None, **told):
    found = Presentation.objects.get(token=token(f"presentation {name}"))
    theirs = [Contact.objects.get(client=found.client_id, name=it) for it in theirs]
    found.hold(by=by, theirs=theirs, chosen=draft_of(chosen) if chosen else None, **told)


def send(stage, key, by, contact):
    draft = draft_of(key)
    draft.send(by=stage.people[by], seen=draft.version, contact=Contact.objects.get(name=contact))


def hear(stage, key, by, contact, answer, words, how):
    """What the client said to one of us."""
    draft = draft_of(key)
    told = {"contact": Contact.objects.get(name=contact), "answer": answer, "words": words, "how": how, "on": clock.today()}
    draft.hear(by=stage.people[by], seen=draft.version, token=token(f"heard {key} {draft.sheet.number}"), **told)


def link_of(draft):
    link = SafeLink.objects.about(draft.sheet).with_names().first()
    link.subject.draft = draft
    return link


def pinned(stage, key, words, **place):
    """A pin that the client's contact sets behind the link."""
    visitor = Visitor(link_of(draft_of(key)))
    told = {"token": token(f"comment {key} {words}"), "words": words, "file": 1, "page": 1, **place}
    DraftComment.say(visitor.link.subject, by=visitor, **told)


def answer(stage, key, said, words):
    """What the contact answers behind the link."""
    draft = draft_of(key)
    link = link_of(draft)
    link.note_opening()
    shown = {"subject": link.subject, "version": link.subject_version, "digest": link.digest, "what": Draft.what}
    who = {"contact": link.contact, "name": link.contact.name, "role": link.contact.position}
    name = token(f"answer {key} {draft.sheet.number}")
    Confirmation.record(**shown, **who, answer=said, words=words, how="link", link=link, token=name)
    (draft.confirm if said == "confirmed" else draft.confirm_with)(by=Visitor(link), words=words)
    link.spend(token=name)
