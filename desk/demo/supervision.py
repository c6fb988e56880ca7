"""What was seen on the garden centre's autumn page: a green that was too dark and was mended, the print that was right, and the
side on which the page stands, which is still open."""

from approvals.models import SupervisionNote
from clients.models.attachment import attach
from desk.demo.artwork import hedge, picture
from desk.demo.stage import Act, token

DARK = "The green of the hedge closes up: on the paper of the magazine it prints nearly black."
LIGHTER = "Two tones lighter, black taken out of the green; new file sent to County Life Press."
RIGHT = "Printed as passed: colours and cut are right."
LEFT = "The page stands on the left, opposite pots; agreed was a right-hand page. Ask for a second insertion."


def acts(stage):
    job = stage.jobs["GRE"]
    drawn, appeared = job.spans["art"][1], job.spans["appear"][0]
    yield Act(drawn, "11:20", lambda: note(job, "dark", "design", "defect", DARK, step="art", photo=True))
    yield Act(drawn + 1, "10:05", lambda: found(job, "dark").fix(by=found(job, "dark").holder, words=LIGHTER))
    yield Act(drawn + 1, "14:40", lambda: found(job, "dark").verify(by=job.salesman))
    yield Act(appeared + 1, "09:50", lambda: note(job, "print", "production", "ok", RIGHT))
    yield Act(-2, "16:10", lambda: note(job, "left", "execution", "defect", LEFT, holder=job.salesman))


def note(job, name, kind, verdict, words, step=None, photo=False, **more):
    piece, step = job.campaign.deliverables.get(letter="A"), step and job.fresh(step)
    told = {"deliverable": piece, "step": step, "kind": kind, "verdict": verdict, "words": words, **more}
    made = SupervisionNote.write(job.campaign, by=job.salesman, token=token(f"seen {job.story.key} {name}"), **told)
    if photo:
        shown = picture("too-dark.png", lambda draw: hedge(draw, dark=True))
        attach(made, shown, by=job.salesman, token=token(f"photo {job.story.key} {name}"))


def found(job, name):
    return SupervisionNote.objects.get(token=token(f"seen {job.story.key} {name}"))
