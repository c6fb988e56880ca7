"""Images of pages for the screen, and of what changed between two of them: drawn by the process that looks into files."""

from dataclasses import dataclass

from agency.files.looking import Scrap, decode
from agency.files.types import TYPES

WITH_PAGES = ("application/pdf", *(name for name, kind in TYPES.items() if kind.drawn))


@dataclass
class Drawn:
    """What came of drawing: pictures in WebP and what is told of them, or the code of a refusal."""

    outs: list
    told: dict

    @property
    def refused(self):
        return self.told.get("refused", "")


def draw_page(file, number):
    """The image and the thumbnail of one page of an open PDF, or of a picture; told: width, height, pages."""
    outs = [Scrap(), Scrap()]
    return Drawn(outs, decode("draw", at_hand(file), outs=outs, number=number))


def draw_difference(before, after, threshold):
    """One picture of what changed between two open images; told: width, height, share in per cent, boxes."""
    outs = [Scrap()]
    beside = at_hand(before)
    beside.seek(0)
    return Drawn(outs, decode("compare", at_hand(after), outs=outs, beside=beside, threshold=threshold))


def at_hand(file):
    """The file itself where it lies on this machine, else a copy: another process reads it by its descriptor."""
    try:
        file.fileno()
        return file
    except (AttributeError, OSError):
        copy = Scrap()
        for chunk in file.chunks():
            copy.write(chunk)
        copy.flush()
        return copy
