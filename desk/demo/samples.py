"""Samples of the demo agency: the poster's proof fails for its opening hours and passes the same day, the pharmacy's legal line
fails, the garden centre's page passed with a correction."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw

from agency import clock
from approvals.checklist import medium_of
from approvals.models import Sample
from clients.models.attachment import attach, attachments_of
from desk.demo.stage import Act, token

HOURS = "Windows of Mill Street: it says 9 to 14, the brief says 8 to 13."
LEGAL = "The leaflet line is set in 6 point; agreed is 8 point or larger, in every format."


def acts(stage):
    """By the days of the jobs: the proof is made in the step before the one in which it is checked."""
    yield from _of_the_bread(stage.jobs["HRB"])
    yield from _of_the_pharmacy(stage.jobs["SOL"])
    yield from _of_the_garden(stage.jobs["GRE"])


def _of_the_bread(job):
    made, checked = job.spans["proof"][1], job.spans["pcheck"][0]
    yield Act(made, "15:05", lambda: come(job, "contract", "Dorrit Print"))
    yield Act(made, "15:10", lambda: show(job, 1, "proof-1.png", "9 to 14"))
    yield Act(checked, "09:40", lambda: look(job, 1, {"opening hours": HOURS}, pin=(500, 840)))
    yield Act(checked, "10:05", lambda: of(job, 1).fail(by=job.salesman, reason="The opening hours of Mill Street."))
    yield Act(checked, "13:50", lambda: of(job, 2).receive(by=job.salesman))
    yield Act(checked, "13:55", lambda: show(job, 2, "proof-2.png", "8 to 13"))
    yield Act(checked, "14:30", lambda: look(job, 2, {}))
    yield Act(checked, "14:35", lambda: of(job, 2).pass_it(by=job.salesman))
    yield Act(checked, "15:20", lambda: of(job, 2).release(by=job.stage.people["tomas"]))


def _of_the_pharmacy(job):
    yield Act(-2, "11:30", lambda: come(job, "contract", "Ferrier Repro"))
    yield Act(-2, "14:20", lambda: look(job, 1, {"legal lines": LEGAL}))
    yield Act(-2, "14:30", lambda: of(job, 1).fail(by=job.salesman, reason="The legal line is too small to be printed."))


def _of_the_garden(job):
    made, checked = job.spans["proof"][1], job.spans["pcheck"][0]
    yield Act(made, "15:00", lambda: come(job, "contract", "Ferrier Repro"))
    yield Act(checked, "09:40", lambda: look(job, 1, {"telephone numbers": "The last figure of the telephone number is a 7."}))
    yield Act(checked, "09:50", lambda: of(job, 1).pass_with_corrections(by=job.salesman))
    yield Act(checked, "14:10", lambda: mended(job, 1))
    yield Act(checked, "15:15", lambda: of(job, 1).release(by=job.lead))


def come(job, kind, supplier):
    """The first sample of the first piece, opened and taken in when it lies there."""
    piece = job.campaign.deliverables.select_related("campaign__brief").get(letter="A")
    told = {"kind": kind, "supplier": supplier, "step": job.fresh("pcheck"), "medium": medium_of(piece)}
    sample = Sample.open(piece, by=job.salesman, token=token(f"sample {job.story.key}"), **told)
    sample.receive(by=job.salesman, on=clock.today())


def of(job, number):
    return Sample.objects.get(campaign=job.campaign, deliverable__letter="A", number=number)


def look(job, number, faults, pin=None):
    """Every row is answered: those that hold one of these words fail, with a pin on the first photo."""
    sample, said = of(job, number), {}
    photo = attachments_of(sample).first()
    for row in sample.rows.all():
        said[row.pk] = {**row.said, "answer": "ok"}
        for words, note in faults.items():
            if words in row.text.lower() and row.source != "ledger":
                said[row.pk] |= {"answer": "fail", "note": note}
                said[row.pk] |= {"photo_id": photo.pk, "across": pin[0], "down": pin[1]} if pin else {}
    sample.answer(by=job.salesman, seen=sample.version, said=said)


def mended(job, number):
    sample = of(job, number)
    for row in sample.faults:
        sample.verify(by=job.salesman, row=row.position)


def show(job, number, name, hours):
    """A photo of the proof as it lay there."""
    attach(of(job, number), SimpleUploadedFile(name, drawn(hours)), by=job.salesman, token=token(f"{name} {job.story.key}"))


def drawn(hours):
    """The poster in a few strokes: the loaf, the hour, and below it the opening hours."""
    picture = Image.new("RGB", (712, 504), "#efe6d4")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((16, 16, 696, 488), outline="#3a3128", width=2)
    pen.ellipse((90, 120, 430, 330), fill="#b4793a", outline="#7a4c20", width=5)
    for left in (170, 240, 310):
        pen.line((left, 165, left + 40, 260), fill="#e9cfa0", width=9)
    for text, place, size in (("SUNDAY", (460, 130), 44), ("EIGHT", (460, 180), 44), ("4.20", (460, 250), 34),
                              (f"Mill Street, Sundays {hours}", (170, 405), 26)):  # fmt: skip
        pen.text(place, text, fill="#3a3128", font_size=size)
    held = BytesIO()
    picture.save(held, "PNG")
    return held.getvalue()
