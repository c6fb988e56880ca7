"""Images of the pages of a file, and of what changed between two of them: asked for by a request, drawn in the background.

The rows are the queue. Whoever draws claims a row under a lease; a worker that is killed leaves it to the next one.
An image belongs to its file and is seen by whoever sees that; nobody reaches it by its own number.
"""

from datetime import timedelta

from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from agency import clock
from agency.files import WITH_PAGES, random_name
from clients.models import Attachment

LEASE = timedelta(minutes=1)
MOST_TRIES = 3  # so often a worker may be killed over one page


class DrawnQuerySet(models.QuerySet):
    def ready(self):
        return self.filter(state=Drawn.State.READY)

    def waiting(self, now):
        """What is to be drawn and in nobody's hands."""
        return self.filter(Q(leased_until__isnull=True) | Q(leased_until__lte=now), state=Drawn.State.WAITING)

    def claim(self, now):
        """The next row to draw, under a lease; None if there is none. Two workers never get the same.

        PostgreSQL skips rows that somebody else has locked, SQLite lets one writer in at a time.
        """
        if not self.waiting(now).exists():
            return None
        self.given_up(now)
        with transaction.atomic():
            row = self.waiting(now).select_for_update(skip_locked=True, of=("self",)).order_by(*self.model.TURN).first()
            if row:
                row.leased_until = now + LEASE
                self.model.objects.filter(pk=row.pk).update(leased_until=row.leased_until, attempts=F("attempts") + 1)
        return row

    def given_up(self, now):
        """What has cost several workers their lives is not tried again."""
        dead = {"state": Drawn.State.FAILED, "why": Drawn.Why.TOO_HEAVY, "leased_until": None}
        return self.model.objects.waiting(now).filter(attempts__gte=MOST_TRIES).update(**dead)

    def settle(self, row, **fields):
        """Enter what came of a row in hand; False if its lease has run out and another worker has it by now."""
        own = self.filter(pk=row.pk, state=Drawn.State.WAITING, leased_until=row.leased_until)
        return bool(own.update(leased_until=None, **fields))


class Drawn(models.Model):
    """Something that is drawn in the background: waiting, then ready or failed with a sentence."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Being drawn")
        READY = "ready", _("Drawn")
        FAILED = "failed", _("Not drawn")

    class Why(models.TextChoices):
        TOO_HEAVY = "too_heavy", _("This takes too long to draw. The file itself can be opened.")
        BROKEN = "broken", _("This cannot be drawn: it is damaged. The file itself can be downloaded.")
        GONE = "gone", _("The file cannot be found any more. Please tell whoever looks after Accord.")
        ONE_MISSING = "one_missing", _("One of the two pages could not be drawn, so that they cannot be compared.")

    TURN = ("pk",)  # which row is drawn first

    state = models.CharField(_("state"), max_length=8, choices=State, default=State.WAITING, editable=False)
    why = models.CharField(_("why not"), max_length=12, choices=Why, blank=True, editable=False)
    asked_at = models.DateTimeField(_("asked for"), default=clock.now, editable=False)
    leased_until = models.DateTimeField(_("left alone until"), null=True, editable=False)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, editable=False)
    image = models.FileField(_("image"), upload_to=random_name, max_length=120, blank=True, editable=False)
    width = models.PositiveIntegerField(_("width"), default=0, editable=False)
    height = models.PositiveIntegerField(_("height"), default=0, editable=False)

    objects = DrawnQuerySet.as_manager()

    class Meta:
        abstract = True
        default_permissions = ()
        indexes = [models.Index(fields=["id"], condition=Q(state="waiting"), name="%(class)s_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="waiting", image="", why="")
                | Q(state="ready", why="", width__gt=0, height__gt=0) & ~Q(image="")
                | Q(state="failed", image="") & ~Q(why=""),
                name="%(class)s_is_waiting_ready_or_failed",
            )
        ]

    @property
    def is_ready(self):
        return self.state == self.State.READY

    @property
    def is_waiting(self):
        return self.state == self.State.WAITING

    @property
    def sentence(self):
        """Why there is no image, and what can be done instead."""
        return self.get_why_display() if self.why else ""


class PageImage(Drawn):
    """A page of a PDF, or a picture: an image of at most 1600 pixels and a thumbnail of at most 320."""

    TURN = ("number", "pk")  # first pages first, so that nobody waits for the end of somebody else's book

    attachment = models.ForeignKey(Attachment, models.CASCADE, related_name="pages", verbose_name=_("file"), editable=False)
    number = models.PositiveIntegerField(_("page"), editable=False)
    thumb = models.FileField(_("thumbnail"), upload_to=random_name, max_length=120, blank=True, editable=False)

    class Meta(Drawn.Meta):
        ordering = ["attachment", "number"]
        verbose_name = _("page image")
        verbose_name_plural = _("page images")
        constraints = [
            *Drawn.Meta.constraints,
            models.UniqueConstraint(fields=["attachment", "number"], name="page_once_in_a_file"),
            models.CheckConstraint(condition=Q(number__gt=0), name="page_number_from_one"),
        ]

    def __str__(self):
        return f"{self.attachment_id}/{self.number}"

    def ask_for_the_rest(self, pages):
        """Whoever has drawn the first page knows how many there are."""
        rest = (PageImage(attachment_id=self.attachment_id, number=number) for number in range(2, pages + 1))
        PageImage.objects.bulk_create(rest, ignore_conflicts=True)


class Difference(Drawn):
    """What changed between two page images, brought to equal size: where any colour differs by more than THRESHOLD of 255."""

    THRESHOLD = 24

    before = models.ForeignKey(PageImage, models.CASCADE, related_name="+", verbose_name=_("before"), editable=False)
    after = models.ForeignKey(PageImage, models.CASCADE, related_name="+", verbose_name=_("after"), editable=False)
    share = models.DecimalField(_("changed, per cent"), max_digits=5, decimal_places=2, null=True, editable=False)
    boxes = models.JSONField(_("where"), default=list, blank=True, editable=False)

    class Meta(Drawn.Meta):
        verbose_name = _("difference of two pages")
        verbose_name_plural = _("differences of pages")
        constraints = [
            *Drawn.Meta.constraints,
            models.UniqueConstraint(fields=["before", "after"], name="difference_once_for_two_pages"),
            models.CheckConstraint(condition=Q(state="ready") ^ Q(share__isnull=True), name="difference_ready_has_a_share"),
        ]

    def __str__(self):
        return f"{self.before_id} → {self.after_id}"

    @classmethod
    def wanted(cls, before, after):
        """The comparison of two page images, asked for now unless it was before. The caller has asked who may see both."""
        if before.attachment.client_id != after.attachment.client_id:
            raise ValueError("Pages of two clients are never laid beside each other.")
        return cls.objects.get_or_create(before=before, after=after)[0]

    @property
    def threshold(self):
        """From which difference on, of 255 steps in each colour, something counts as changed."""
        return self.THRESHOLD

    @property
    def is_same(self):
        return self.is_ready and not self.boxes


# ── What whoever attaches a file, or shows one, asks for ────────────────────────────────────────
def request_pages(attachment):
    """Ask for the images of a file that has just been attached: writes one row and draws nothing. Not every file has pages."""
    if attachment.media_type in WITH_PAGES:
        PageImage.objects.get_or_create(attachment=attachment, number=1)


def pages_of(attachments):
    """The page images of a file, or of several, in the order of the files and of their pages. One query, with the files."""
    files = [attachments] if isinstance(attachments, Attachment) else attachments
    found = PageImage.objects.filter(attachment__in=files).select_related("attachment__client")
    return found.defer("attachment__words_read").order_by("attachment__created_at", "attachment", "number")


def let_go(*names):
    """Stored images that nothing points to."""
    for name in filter(None, names):
        default_storage.delete(name)
