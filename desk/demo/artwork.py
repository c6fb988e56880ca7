"""Pictures for the drafts of the demo agency, drawn here: paper, one big thing, a headline, a price."""

from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw, ImageFont

PAPER, INK, CRUST, CRUMB, NIGHT, LAMP = "#f4ead8", "#2b211a", "#a8652b", "#e8c58d", "#1f2a3a", "#f3c969"
SIZE = (720, 960)


def picture(name, paint):
    """A PNG as somebody would send it. paint(draw): draws on SIZE."""
    image = Image.new("RGB", SIZE, PAPER)
    paint(ImageDraw.Draw(image))
    content = BytesIO()
    image.save(content, "PNG", optimize=True)
    return SimpleUploadedFile(name, content.getvalue(), content_type="image/png")


def words(draw, at, text, size, fill=INK, anchor="la"):
    draw.multiline_text(at, text, fill=fill, font=ImageFont.load_default(size), anchor=anchor, spacing=size // 5)


def loaf(draw, box, crust=CRUST):
    """A round loaf with three cuts, on its shadow."""
    left, top, right, bottom = box
    draw.ellipse((left + 10, bottom - 40, right - 10, bottom + 30), fill="#cdbb9c")
    draw.ellipse(box, fill=crust)
    wide, high = right - left, bottom - top
    for part in (0.3, 0.5, 0.7):
        across = left + wide * part
        draw.line((across - wide * 0.1, top + high * 0.62, across + wide * 0.08, top + high * 0.24), fill=CRUMB, width=18)


def night(draw, price="", hours=""):
    """Concept B: the smell the night before."""
    draw.rectangle((0, 0, 720, 620), fill=NIGHT)
    draw.ellipse((520, 70, 620, 170), fill=LAMP)
    loaf(draw, (160, 330, 560, 650))
    words(draw, (48, 60), "Sunday\nstarts on\nSaturday\nnight.", 62, fill=PAPER)
    words(draw, (48, 720), "The loaf that took all night.\nTwenty-four hours slow.", 30)
    if price:
        words(draw, (672, 790), price, 64, anchor="ra")
    if hours:
        words(draw, (48, 880), hours, 22)
    words(draw, (48, 820), "Hollin & Rye", 34)


def clock_face(draw):
    """Concept A: the baker's clock."""
    draw.ellipse((110, 150, 610, 650), outline=INK, width=14)
    loaf(draw, (240, 310, 480, 500))
    draw.line((360, 400, 360, 200), fill=INK, width=12)
    words(draw, (360, 720), "Eight o’clock. On Sunday.", 46, anchor="ma")
    words(draw, (360, 800), "EUR 4.20", 60, anchor="ma")
    words(draw, (672, 906), "Hollin & Rye", 28, anchor="ra")


def queue(draw):
    """Concept C: the queue."""
    for n in range(6):
        left = 60 + n * 104
        draw.ellipse((left, 330 + n % 2 * 14, left + 60, 390 + n % 2 * 14), fill=INK)
        draw.rounded_rectangle((left - 6, 396 + n % 2 * 14, left + 66, 600), 24, fill="#7c8f6c" if n % 2 else "#b8743b")
    words(draw, (48, 90), "They know\nwhat time it is.", 62)
    words(draw, (48, 720), "Bread from eight on Sunday. EUR 4.20", 34)
    words(draw, (672, 906), "Hollin & Rye", 28, anchor="ra")


def strip(draw, price=""):
    """The strip for the windows of the shops."""
    draw.rectangle((0, 330, 720, 630), fill=NIGHT)
    words(draw, (48, 400), "SUNDAY, EIGHT O’CLOCK", 50, fill=LAMP)
    words(draw, (48, 500), "The loaf that took all night.", 34, fill=PAPER)
    if price:
        words(draw, (672, 560), price, 44, fill=PAPER, anchor="ra")


def hedge(draw, dark=False):
    """The garden centre's page: bare roots under an autumn sky."""
    draw.rectangle((0, 0, 720, 420), fill="#5d7183" if dark else "#a9c4d6")
    draw.rectangle((0, 420, 720, 640), fill="#2b211a" if dark else "#6b4a2e")
    for n in range(7):
        left = 50 + n * 92
        draw.line((left + 30, 240, left + 30, 470), fill=INK, width=12)
        draw.ellipse((left, 190, left + 60, 330), fill="#23341f" if dark else "#4f7a3a")
        draw.line((left + 30, 470, left + 8, 540), fill=CRUMB, width=6)
        draw.line((left + 30, 470, left + 52, 540), fill=CRUMB, width=6)
    words(draw, (48, 690), "Plant now,\nlook in spring.", 64)
    words(draw, (48, 884), "Greenlea, on the ring road", 30)


def seven(draw, dates, credit=""):
    """The theatre's half page."""
    draw.rectangle((0, 0, 720, 960), fill="#7b1e2b")
    words(draw, (360, 120), "Seven\nevenings", 110, fill="#f6e7c1", anchor="ma")
    for n in range(7):
        draw.ellipse((90 + n * 80, 520, 140 + n * 80, 570), fill="#f6e7c1")
    words(draw, (360, 640), dates, 36, fill="#f6e7c1", anchor="ma")
    words(draw, (360, 880), credit or "Palisade Theatre", 28, fill="#f6e7c1", anchor="ma")
