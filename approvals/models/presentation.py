from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from accounts.models import Person
from agency import clock
from agency.flow import Refused, lock, move, revise
from approvals.models.draft import CLEAR, Draft
from approvals.models.draft_version import DraftVersion
from campaigns.models import Campaign
from clients.models import Contact
from clients.models.record import ClientRecord

OUTSIDE, INSIDE = "approvals.present_outside", "approvals.present_inside"
MOST_SHOWN = 20
SHOWABLE = (Draft.State.CLEARED, Draft.State.CLIENT, Draft.State.AMENDING, Draft.State.APPROVED)


class Presentation(ClientRecord):
    """Drafts introduced to the client, or inside to superiors (DIR5, MGR2): planned, then held, with who was there, what was
    said and what was chosen.

    shown: the keys of the versions, in their order · ours, theirs: the keys of the people and contacts who were there.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        CANCELLED = "cancelled", _("Cancelled")

    class Kind(models.TextChoices):
        OUTSIDE = "outside", _("To the client")
        INSIDE = "inside", _("To superiors")

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="presentations", editable=False, verbose_name=_("campaign")
    )
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PLANNED, editable=False)
    kind = models.CharField(_("to whom"), max_length=7, choices=Kind, editable=False)
    held_on = models.DateField(_("day"))
    place = models.CharField(_("place"), max_length=120, blank=True, help_text=_("A room, an address, or a call."))
    presenter = models.ForeignKey(Person, models.PROTECT, related_name="+", db_index=False, verbose_name=_("presented by"))
    shown = models.JSONField(_("versions shown"), default=list, editable=False)
    ours = models.JSONField(_("there of ours"), default=list, editable=False)
    theirs = models.JSONField(_("there of the client’s"), default=list, editable=False)
    others = models.CharField(_("others who were there"), max_length=300, blank=True, editable=False)
    said = models.TextField(_("what was said"), max_length=8000, blank=True, editable=False)
    chosen = models.ForeignKey(
        Draft, models.PROTECT, null=True, related_name="+", db_index=False, editable=False, verbose_name=_("chosen")
    )
    why = models.TextField(_("why it was chosen"), max_length=2000, blank=True, editable=False)

    FIELDS = ("held_on", "place", "presenter", "shown")
    view_right = "approvals.view_draft"
    owner_fields = ("created_by", "presenter")
    lent_only = True
    told = {"created": _("planned a presentation"), "revised": _("changed the plan of a presentation")}

    class Meta(ClientRecord.Meta):
        ordering = ["-held_on", "-pk"]
        verbose_name = _("presentation")
        verbose_name_plural = _("presentations")
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["planned", "held", "cancelled"]), name="presentation_state"),
            models.CheckConstraint(condition=Q(kind__in=["outside", "inside"]), name="presentation_kind"),
            models.CheckConstraint(condition=~Q(state="held") | ~Q(said=""), name="presentation_held_with_what_was_said"),
            models.CheckConstraint(condition=Q(chosen=None) | Q(state="held"), name="presentation_chosen_when_held"),
        ]

    def __str__(self):
        words = {"job": self.campaign.job_number, "day": self.held_on.isoformat()}
        return _("Presentation of %(job)s, %(day)s") % words

    def get_absolute_url(self):
        return reverse("presentation", args=[self.pk])

    @property
    def tone(self):
        return {"held": "done", "cancelled": "stopped"}.get(self.state, "ours")

    @property
    def right(self):
        """The right to plan, hold and cancel it: another one before the client than before superiors."""
        return OUTSIDE if self.kind == self.Kind.OUTSIDE else INSIDE

    # ── Planned ─────────────────────────────────────────────────────────────────────────────────
    @classmethod
    @transaction.atomic
    def plan(cls, campaign, *, by, token, kind, shown, presenter, held_on, place=""):
        """Plan to show these versions; the day may be ahead. Sent twice it is one."""
        lock(campaign)
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        made = cls(
            client_id=campaign.client_id, campaign=campaign, kind=kind, presenter=presenter, held_on=held_on, place=place,
            shown=[it.pk for it in shown], created_by=by, token=token,
        )  # fmt: skip
        if not by.has_perm(made.right, campaign):
            raise PermissionDenied(_("Your role does not present drafts like that."))
        made._refuse(shown, presenter)
        made.keep(by=by, reason="planned")
        made.record_event("created", by=by)
        made._tell({presenter}, _("%(by)s asks you to present drafts of %(campaign)s on %(day)s."), by)
        return made

    @transaction.atomic
    def write(self, *, by, seen, changes):
        """Only while it is planned; see `agency.flow.revise`."""
        versions = DraftVersion.objects.filter(pk__in=changes.get("shown", self.shown)).select_related("draft__deliverable")
        self._refuse(list(versions), changes.get("presenter", self.presenter))
        return revise(self, by=by, needs=self.right, seen=seen, changes=changes, while_in=(self.State.PLANNED,))

    def _refuse(self, versions, presenter):
        """What cannot be shown, to whom, by whom."""
        if not versions or len(versions) > MOST_SHOWN:
            raise Refused(_("Choose what is shown: one to %(n)d versions.") % {"n": MOST_SHOWN})
        if not presenter.is_active or not presenter.has_perm(self.right, self.campaign):
            raise Refused(_("%(person)s does not present drafts like that.") % {"person": presenter})
        for version in versions:
            self._refuse_version(version, version.draft)

    def _refuse_version(self, version, draft):
        if draft.campaign_id != self.campaign_id or version.state != DraftVersion.State.FINAL:
            raise Refused(_("Choose versions of this campaign that were handed in."))
        if draft.state == Draft.State.DROPPED:
            raise Refused(_("%(draft)s has been dropped.") % {"draft": draft})
        if self.kind == self.Kind.OUTSIDE and (draft.state not in SHOWABLE or draft.sheet != version):
            text = _(
                "%(draft)s is not cleared: the client sees it once somebody other than its maker has cleared this version."
            )
            raise Refused(text % {"draft": version})

    # ── Held, or not ────────────────────────────────────────────────────────────────────────────
    @move(_("Write down what was said"), told=_("presented drafts"), sources=[State.PLANNED], to=State.HELD, needs="right",
          hidden=True)  # fmt: skip
    def hold(self, *, by, said, ours=(), theirs=(), others="", chosen=None, why="", drop_others=False):
        """Who was there, what was said, and what was chosen. Choosing drops the other concepts of the piece where wished.

        It is told on every draft that was shown, and to everybody of ours who was there.
        """
        if self.held_on > clock.today():
            raise Refused(_("It is written down once it was held: change the day if it was brought forward."))
        versions = self.versions
        drafts = self._locked(versions)
        self._refuse(versions, self.presenter)
        self._refuse_answer(said, theirs, chosen, why, drafts)
        self.said, self.others, self.chosen, self.why = said.strip(), others, chosen, why.strip()
        self.ours, self.theirs = sorted(it.pk for it in ours), sorted(it.pk for it in theirs)
        for version in versions:
            version.draft.record_event("presented", by=by, number=version.number, presentation=self.pk)
        dropped = self._drop_others(by) if drop_others and chosen else []
        self._tell({*ours, self.presenter}, _("%(by)s wrote down what was said of the drafts of %(campaign)s on %(day)s."), by)
        return {"shown": self.shown, "chosen": chosen and chosen.pk, "dropped": [it.pk for it in dropped]}

    def _locked(self, versions):
        """The drafts shown, as they stand at this moment, in one sequence for whoever locks several."""
        for version in sorted(versions, key=lambda it: it.draft_id):
            lock(version.draft)
        return {version.draft_id for version in versions}

    def _refuse_answer(self, said, theirs, chosen, why, drafts):
        if not said.strip():
            raise Refused(_("Please write down what was said."))
        if any(contact.client_id != self.client_id for contact in theirs):
            raise Refused(_("Choose contacts of this client."))
        if chosen is not None and chosen.pk not in drafts:
            raise Refused(_("Only what was shown can have been chosen."))
        if chosen is not None and not why.strip():
            raise Refused(_("Please say why it was chosen: the makers work from it."))

    def _drop_others(self, by):
        """The other concepts of the piece, each with its own move and right."""
        words = {"concept": self.chosen.concept, "day": self.held_on.isoformat()}
        reason = str(_("Concept %(concept)s was chosen in the presentation of %(day)s.") % words)
        rest = list(other_concepts([self.chosen]).order_by("pk"))
        for draft in rest:
            draft.drop(by=by, reason=reason)
        return rest

    @move(_("Cancel"), told=_("cancelled the presentation"), sources=[State.PLANNED], to=State.CANCELLED, needs="right",
          reason=True)  # fmt: skip
    def cancel(self, *, by, reason):
        """It takes place on another day, or not at all."""
        text = _("%(by)s cancelled the presentation of %(campaign)s on %(day)s: %(reason)s")
        self._tell({self.presenter, self.created_by}, text, by, reason=reason)

    # ── What it is about ────────────────────────────────────────────────────────────────────────
    @property
    def versions(self):
        """The versions shown, in the order of their pieces and concepts."""
        found = DraftVersion.objects.filter(pk__in=self.shown).select_related("draft__deliverable", "draft__campaign", "maker")
        return list(found.order_by("draft__deliverable__letter", "draft__concept", "number"))

    @property
    def people(self):
        """Those of ours who were there."""
        return Person.objects.filter(pk__in=self.ours).order_by("first_name", "last_name", "pk")

    @property
    def contacts(self):
        """Those of the client's who were there."""
        return Contact.objects.filter(pk__in=self.theirs).order_by("name", "pk")

    def _tell(self, people, text, by, **words):
        words |= {"by": by, "campaign": self.campaign, "day": self.held_on.isoformat()}
        for person in sorted(filter(None, people), key=lambda it: it.pk):
            if person != by and person.has_perm(self.view_right, self):
                self.give_notice(to=person, text=text, kind="approvals.presentation_news", **words)


def other_concepts(drafts):
    """The drafts that are still open for the pieces of these drafts, without these themselves."""
    pieces, keys = {it.deliverable_id for it in drafts}, {it.pk for it in drafts}
    return Draft.objects.open().filter(deliverable__in=pieces).exclude(pk__in=keys)


def may_drop(person, campaign):
    """Whether somebody drops what was not chosen."""
    return person.has_perm(CLEAR, campaign)


def presentations_of(draft, person):
    """The presentations in which some version of the draft is or was shown, newest first; what was cancelled left out."""
    keys = set(draft.versions.values_list("pk", flat=True))
    of_campaign = Presentation.objects.visible_to(person).filter(campaign=draft.campaign_id)
    found = of_campaign.exclude(state=Presentation.State.CANCELLED).select_related(
        "presenter", "chosen__deliverable", "campaign"
    )
    return [it for it in found if keys & set(it.shown)]


gettext_noop("planned")
