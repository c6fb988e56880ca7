"""What the clients of the demo agency asked, forbade and promised, what became of it, and papers that came with it (DEP8)."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils.html import escape

from clients.models import Contact, Requirement
from clients.models.attachment import attach
from desk.demo.stage import Act, token

# client, written by, on, kind, text, where it was said, by whom, the fixed day (offset)
LINES = [
    ("HRB", "jonas", -30, "must", "The loaf is shown whole: nobody cuts it in the picture.", "Telephone call",
     "Clara Hollin", None),
    ("HRB", "jonas", -30, "must_not", "No children in the pictures.", "Telephone call", "Clara Hollin", None),
    ("HRB", "marta", -22, "must", "Every poster carries the line about allergens, in 14 point or larger.",
     "Meeting at the bakery", "Peter Dorn", None),
    ("HRB", "marta", -22, "date", "Posters stand before the new branch in Leith opens.", "Meeting at the bakery",
     "Peter Dorn", 25),
    ("HRB", "jonas", -12, "promise", "The bakery sends the list of branches with their opening hours.", "E-mail of Peter Dorn",
     "Peter Dorn", None),
    ("HRB", "jonas", -9, "must", "The price is never printed larger than the name of the bread.", "Telephone call",
     "Clara Hollin", None),
    ("VOL", "amina", -20, "must_not", "No car is shown driving faster than the law allows.", "Letter of Voltane's lawyers",
     "Erik Voss", None),
    ("NOR", "jonas", -5, "must", "Every advertisement names the effective rate beside the nominal one.", "Telephone call",
     "Paul Reyes", None),
    ("PAL", "tomas", -8, "promise", "The theatre clears the rights in the photographs with the ensemble.", "Telephone call",
     "Ruth Amari", None),
]  # fmt: skip
WAIVER = "Clara Hollin on the telephone: for the outdoor posters the price may be as large as it likes."
BROKEN = "The proof of the second motif has the line in 9 point. It goes back to the studio today."
LETTER = (
    "Sunday Loaf: what we would like",
    "A bread for the one morning on which people have time. It is baked on Saturday night and sold from seven.",
    "Please show the loaf whole. No children, no knives, no checked tablecloth.",
    "The posters have to stand before our branch in Leith opens. Peter will send the list of branches.",
)
BRANCHES = (
    "branch,street,opens\nLeith,4 Shore Row,07:00\nMorningside,112 Canaan Lane,07:30\nStockbridge,9 Deanhaugh Street,07:00\n"
)


def acts(stage):
    for number, (*line, day) in enumerate(LINES):
        yield Act(line[2], f"16:{10 + number}", lambda line=line, day=day: write(stage, *line, day))
    yield Act(-11, "11:40", lambda: settle(stage, 0, "honour"))
    yield Act(-4, "12:15", lambda: settle(stage, 5, "waive", who=contact("HRB", "Clara Hollin"), words=WAIVER))
    yield Act(-2, "15:45", lambda: settle(stage, 2, "break_off", reason=BROKEN))
    yield Act(-10, "09:30", lambda: add_papers(stage))


def write(stage, code, writer, said, kind, text, where, who, day):
    Requirement.add(
        client=stage.clients[code], by=stage.people[writer], token=token(f"line {text}"), kind=kind, text=text,
        source_words=where, said_by=contact(code, who), said_on=stage.day(said), on=stage.day(day) if day else None,
    )  # fmt: skip


def contact(code, name):
    return Contact.objects.get(client__code=code, name=name)


def settle(stage, number, move, **details):
    line = Requirement.objects.get(token=token(f"line {LINES[number][4]}"))
    getattr(line, move)(by=stage.people["marta"], **details)


def add_papers(stage):
    """What the bakery sent with the brief of its Sunday loaf."""
    brief, jonas = stage.briefs["HRB"], stage.people["jonas"]
    letter = SimpleUploadedFile("Sunday Loaf, our wishes.docx", document(LETTER))
    attach(brief, letter, by=jonas, note="From Clara Hollin, by e-mail", token=token("letter of the bakery"))
    branches = SimpleUploadedFile("branches.csv", BRANCHES.encode())
    attach(brief, branches, by=jonas, note="From Peter Dorn", token=token("branches of the bakery"))


def document(paragraphs):
    """A small document of Word with these paragraphs."""
    office = "http://schemas.openxmlformats.org"
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
    body = "".join(f"<w:p><w:r><w:t>{escape(text)}</w:t></w:r></w:p>" for text in paragraphs)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{office}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{kind}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{office}/package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{office}/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/document.xml": f'<w:document xmlns:w="{office}/wordprocessingml/2006/main"><w:body>{body}</w:body></w:document>',
    }
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as package:
        for name, text in parts.items():
            package.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return packed.getvalue()
