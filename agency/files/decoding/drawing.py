"""Images of pages and pictures for the screen, with their thumbnails, and a picture of what changed between two of them."""

import math
from contextlib import suppress
from io import BytesIO

import documents
import pictures
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageFilter, ImageOps
from pypdfium2 import PdfiumError
from refusing import No

LONGEST, SMALL = 1600, 320  # pixels of the longer side: of the image, of its thumbnail
CELL, MOST_BOXES = 16, 60
TINT, WHITE = (214, 0, 96), (255, 255, 255)


def page(content, limits, outs):
    """Draws page `number` into the first of `outs`, its thumbnail into the second; tells sizes and how many pages there are."""
    try:
        drawn, pages = (of_pdf if content.startswith(b"%PDF-") else of_picture)(content, limits)
        drawn.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
        save(drawn, outs[0], 90)
        small = drawn.copy()
        small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS)
        save(small, outs[1], 80)
    except (No, MemoryError):
        raise
    except Exception as error:  # a decoder of hostile bytes raises whatever it likes
        raise No("broken") from error
    return {"width": drawn.width, "height": drawn.height, "pages": pages}


def save(picture, out, quality):
    with open(out, "wb") as place:
        picture.save(place, "WEBP", quality=quality, method=4)


def of_pdf(content, limits):
    with documents.opened(content) as document:
        if limits["number"] > len(document):
            raise No("broken")
        try:
            sheet = document[limits["number"] - 1]
            width, height = sheet.get_size()
            if not (math.isfinite(width) and math.isfinite(height) and min(width, height) > 0):
                raise No("broken")
            return sheet.render(scale=LONGEST / max(width, height)).to_pil().convert("RGB"), len(document)
        except PdfiumError as error:
            raise No("broken") from error


def of_picture(content, limits):
    """The picture, the first one of a moving one, on white and in the colours of a screen."""
    name = pictures.kind_of(content).removeprefix("image/")
    if not name:
        raise No("unknown")
    with Image.open(BytesIO(content), formats=[pictures.SAVED[name]["format"]]) as picture:
        pictures.measure(picture, name, limits)
        picture.draft(None, (2 * LONGEST, 2 * LONGEST))
        profile = picture.info.get("icc_profile")
        picture.load()
        drawn = on_white(ImageOps.exif_transpose(picture))
    drawn.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS, reducing_gap=3)
    return for_the_screen(drawn, profile), 1


def on_white(picture):
    if picture.mode.startswith("I"):  # sixteen bits of grey
        picture = picture.convert("I").point(lambda grey: grey * (1 / 256)).convert("L")
    if picture.has_transparency_data:
        clear = picture.convert("RGBA")
        return Image.alpha_composite(Image.new("RGBA", clear.size, WHITE), clear).convert("RGB")
    return picture if picture.mode in {"RGB", "CMYK", "L"} else picture.convert("RGB")


def for_the_screen(picture, profile):
    if profile and len(profile) <= pictures.LARGEST_PROFILE:
        with suppress(ImageCms.PyCMSError, OSError, ValueError, TypeError):
            known = ImageCms.ImageCmsProfile(BytesIO(profile))
            return ImageCms.profileToProfile(picture, known, ImageCms.createProfile("sRGB"), outputMode="RGB")
    return picture.convert("RGB")


# ── What changed ────────────────────────────────────────────────────────────────────────────────
def difference(before, after, limits, out):
    """Draws `after`, faded, with what differs from `before` by more than `threshold` in any colour.

    Both are laid on sheets of equal size: the earlier one is brought to the width of the later one, and the shorter one goes on
    in white. Tells the share of changed pixels in per cent, and where they are: (left, top, width, height), the largest first.
    """
    try:
        before, after = level(*(Image.open(BytesIO(it), formats=["WEBP"]).convert("RGB") for it in (before, after)))
        mask = changed(before, after, limits["threshold"])
        share = 100 * mask.histogram()[255] / (mask.width * mask.height)
        boxes = regions(mask)
        save(highlighted(after, mask, boxes), out, 90)
    except MemoryError:
        raise
    except Exception as error:
        raise No("broken") from error
    said = max(round(share, 2), 0.01) if boxes else 0
    return {"width": after.width, "height": after.height, "share": f"{said:.2f}", "boxes": boxes}


def level(before, after):
    if before.width != after.width:
        height = max(1, round(before.height * after.width / before.width))
        before = before.resize((after.width, height), Image.Resampling.LANCZOS)
    size = (after.width, max(before.height, after.height))
    sheets = [Image.new("RGB", size, WHITE) for _each in (before, after)]
    for sheet, picture in zip(sheets, (before, after), strict=True):
        sheet.paste(picture)
    return sheets


def changed(before, after, threshold):
    """White where any of the three colours differs by more than the threshold, black elsewhere."""
    red, green, blue = ImageChops.difference(before, after).split()
    most = ImageChops.lighter(ImageChops.lighter(red, green), blue)
    return most.point([255 if step > threshold else 0 for step in range(256)])


def regions(mask):
    """What lies together, by cells of sixteen pixels: letters become words, words lines. The largest sixty."""
    wide, high = -(-mask.width // CELL), -(-mask.height // CELL)
    grid = Image.new("L", (wide * CELL, high * CELL))
    grid.paste(mask)
    marked = grid.filter(ImageFilter.MaxFilter(3)).reduce(CELL).point([0] + [255] * 255).load()
    left = {(x, y) for y in range(high) for x in range(wide) if marked[x, y]}
    found = []
    while left:
        found.append(tight(mask, together(left)))
    boxes = sorted((box for box in found if box), key=lambda box: -box[2] * box[3])
    return boxes[:MOST_BOXES]


def together(left):
    """Takes one cell and all that touch it out of `left`; returns the rectangle of cells that holds them."""
    ahead = [left.pop()]
    seen = list(ahead)
    while ahead:
        x, y = ahead.pop()
        near = left & {(x + right, y + down) for right in (-1, 0, 1) for down in (-1, 0, 1)}
        left -= near
        ahead.extend(near)
        seen.extend(near)
    across, along = zip(*seen, strict=True)
    return min(across), min(along), max(across) + 1, max(along) + 1


def tight(mask, cells):
    left, top, right, bottom = (CELL * cell for cell in cells)
    inner = mask.crop((left, top, min(right, mask.width), min(bottom, mask.height))).getbbox()
    return inner and [left + inner[0], top + inner[1], inner[2] - inner[0], inner[3] - inner[1]]


def highlighted(after, mask, boxes):
    """Faded to grey, what changed in one colour, and a frame around it for whoever tells no colours apart."""
    faded = Image.blend(after.convert("L").convert("RGB"), Image.new("RGB", after.size, WHITE), 0.6)
    drawn = Image.composite(Image.new("RGB", after.size, TINT), faded, mask.filter(ImageFilter.MaxFilter(3)))
    pen = ImageDraw.Draw(drawn)
    for left, top, width, height in boxes:
        pen.rectangle((left - 6, top - 6, left + width + 5, top + height + 5), outline=TINT, width=2)
    return drawn
