"""Drawing in the background: takes one row after another, has it drawn by the process that looks into files, and enters it.

Killed at any point, it loses nothing: the row is under a lease, and the next run takes it when that is over.
"""

import logging
from contextlib import ExitStack
from time import monotonic

from django.core.files.storage import default_storage
from django.db import transaction

from agency import clock
from agency.files import draw_difference, draw_page, random_name
from approvals.models.page_image import Difference, Drawn, PageImage, let_go

log = logging.getLogger("accord.drawing")

SECONDS = 10  # after these none is begun: mails wait behind the same workers


def draw(seconds=SECONDS):
    """Draw what is waiting, pages before comparisons. Returns how many rows were taken in hand."""
    stop, done = monotonic() + seconds, 0
    while monotonic() < stop and (row := next_row(clock.now())):
        done += 1
        try:
            carry(row)
        except Exception:  # the row stays under its lease and comes again; the others go on
            log.exception("Page %s could not be drawn.", row)
    return done


def next_row(now):
    """The next page or comparison, claimed; None when nothing waits."""
    there = PageImage.objects.filter(attachment__taken_at__isnull=True).select_related("attachment")
    return there.claim(now) or comparable(now).claim(now)


def comparable(now):
    """Comparisons whose two pages are there. Those that can never be there are told so."""
    waiting, failed = Difference.objects.waiting(now), Drawn.State.FAILED
    for side in ("before", "after"):
        hopeless = waiting.filter(**{f"{side}__state": failed}).values_list("pk", flat=True)
        Difference.objects.filter(pk__in=list(hopeless)).update(state=failed, why=Drawn.Why.ONE_MISSING)
    both = Difference.objects.filter(before__state=Drawn.State.READY, after__state=Drawn.State.READY)
    return both.select_related("before", "after")


def carry(row):
    try:
        carry_page(row) if isinstance(row, PageImage) else carry_difference(row)
    except FileNotFoundError:
        fail(row, Drawn.Why.GONE)


def carry_page(page):
    with page.attachment.file.open("rb") as content:
        drawn = draw_page(content, page.number)
    if drawn.refused:
        return fail(page, drawn.refused)
    with transaction.atomic():
        if enter(page, drawn, ("image", "thumb")) and page.number == 1:
            page.ask_for_the_rest(drawn.told["pages"])


def carry_difference(row):
    with ExitStack() as open_files:
        before, after = (open_files.enter_context(it.image.open("rb")) for it in (row.before, row.after))
        drawn = draw_difference(before, after, Difference.THRESHOLD)
    if drawn.refused:
        return fail(row, drawn.refused)
    enter(row, drawn, ("image",), share=drawn.told["share"], boxes=drawn.told["boxes"])


def enter(row, drawn, names, **more):
    """Keep the pictures and enter them; when another worker was given the row meanwhile, its pictures stand and these go."""
    kept = {}
    try:
        for name, out in zip(names, drawn.outs, strict=True):
            out.seek(0)
            kept[name] = default_storage.save(random_name(), out)
        size = {"width": drawn.told["width"], "height": drawn.told["height"]}
        entered = type(row).objects.settle(row, state=Drawn.State.READY, **kept, **size, **more)
    except BaseException:
        let_go(*kept.values())
        raise
    if not entered:
        let_go(*kept.values())
    return entered


def fail(row, why):
    """Enter why there is no image; what is refused for another reason than its weight is damaged, as far as we can tell."""
    known = why if why in Drawn.Why.values else Drawn.Why.BROKEN
    type(row).objects.settle(row, state=Drawn.State.FAILED, why=known)
