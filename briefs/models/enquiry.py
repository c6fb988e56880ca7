"""Questions put to one contact on one occasion (DEP2, SAL1): a call, a letter, a meeting or a safe link. What is in the
client's court is the enquiry: one line on a desk, one reminder, however many questions it holds (decision 16).
"""

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from agency import clock
from agency.flow import Court, Refused, lock, move
from agency.templatetags.dates import dated
from briefs.models.brief import Brief
from briefs.models.edition import digest_of
from clients.models import ClientKnot, Contact
from clients.models.link import PLACE, SafeLink
from clients.models.record import BusinessQuerySet
from clients.visitor import BY_LINK

PURPOSE = "briefs.questions"
LETTER = _(
    "Dear %(contact)s,\n\nfor “%(brief)s” we have a few questions (%(n)d). This page holds them, without a login and for you "
    "alone; what you do not know you may leave open, and you can save and come back:\n%(link)s\n\n"
    "May we have your answers by %(due)s?\n\n%(sender)s, %(agency)s, %(email)s\n"
)  # fmt: skip
ASK, WRITE = "briefs.submit_brief", "briefs.change_brief"


class Way(models.TextChoices):
    TELEPHONE = "telephone", _("By telephone")
    LINK = "link", _("Through a safe link")
    MAIL = "mail", _("By mail")
    MEETING = "meeting", _("At a meeting")


class EnquiryQuerySet(BusinessQuerySet):
    def counted(self):
        """With how many of its questions wait for an answer, and how many answers wait for us."""
        waiting, there = models.Q(questions__state="asked"), models.Q(questions__state="answered")
        return self.annotate(open_count=models.Count("questions", waiting), answer_count=models.Count("questions", there))


class Enquiry(ClientKnot):
    """Asked of whom, how and since when; answered when the contact has spoken; settled when nothing of it is left to do."""

    class State(models.TextChoices):
        ASKED = "asked", _("Asked")
        ANSWERED = "answered", _("Answered")
        SETTLED = "settled", _("Settled")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ASKED, editable=False)
    brief = models.ForeignKey(Brief, models.PROTECT, related_name="enquiries", editable=False, verbose_name=_("brief"))
    contact = models.ForeignKey(Contact, models.PROTECT, related_name="+", editable=False, db_index=False,
                                verbose_name=_("contact"))  # fmt: skip
    way = models.CharField(_("how"), max_length=10, choices=Way, editable=False)
    asked_on = models.DateField(_("asked on"), default=clock.today, editable=False)
    # What the contact has typed on the page of the link and not sent: key of the question → [words, does not know]
    kept = models.JSONField(default=dict, blank=True, editable=False)

    # No `part_of`: a share of the brief shows its answers, and neither our questions nor what the client wrote.
    view_right = "briefs.view_brief"
    told = {"created": _("asked the client")}
    objects = EnquiryQuerySet.as_manager()

    class Meta(ClientKnot.Meta):
        ordering = ["-created_at", "-pk"]
        verbose_name = _("questions to the client")
        verbose_name_plural = _("questions to the client")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["asked", "answered", "settled", "withdrawn"]), name="enquiry_state"
            ),
            models.CheckConstraint(
                condition=models.Q(way__in=["telephone", "link", "mail", "meeting"]), name="enquiry_way"
            ),
        ]  # fmt: skip

    def __str__(self):
        return _("Questions on “%(brief)s”") % {"brief": self.brief}

    def get_absolute_url(self):
        return reverse("brief_questions", args=[self.brief_id])

    @property
    def source(self):
        """Who said it, and how: what stands beside an answer taken over."""
        said = {
            Way.TELEPHONE: _("%(contact)s, by telephone"),
            Way.LINK: _("%(contact)s, through the link"),
            Way.MAIL: _("%(contact)s, by mail"),
            Way.MEETING: _("%(contact)s, at a meeting"),
        }
        return str(said[self.way]) % {"contact": self.contact}

    @property
    def answer_due(self):
        return self.client.terms_on().answer_due(clock.today())

    @property
    def taker(self):
        """With whom answers lie: who has the brief in hand, else who serves the client."""
        return taker_of(self.brief)

    @classmethod
    @transaction.atomic
    def ask(cls, *, brief, questions, contact, way, by, token, on=None):
        """Put questions to a contact; the ball is with the client, for as long as its terms give it. Sent twice it is one.

        questions: of this brief, drafted or still unanswered; those of another enquiry leave it. Raises PermissionDenied, or
        Refused: nobody of this client, no address for a link, nothing asked, a day to come.
        """
        lock(brief)
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        enquiry = cls._on(brief, questions, contact, way, by, token, on, ASK)
        enquiry.court, enquiry.holder, enquiry.due_on = Court.CLIENT, by, enquiry.answer_due
        enquiry._begin(questions, by, lambda question: question.ask(by=by, enquiry=enquiry))
        if way == Way.LINK:
            enquiry.send_link(by=by)
        return enquiry

    @classmethod
    @transaction.atomic
    def hear(cls, *, brief, replies, contact, way, by, token, on=None):
        """Keep what a contact said, in the person's own hand: question → (words, whether the client does not know)."""
        lock(brief)
        if there := cls.objects.filter(token=token, created_by=by).first():
            return there
        enquiry = cls._on(brief, replies, contact, way, by, token, on, WRITE)
        enquiry.state, enquiry.holder = cls.State.ANSWERED, by
        enquiry._begin(replies, by, lambda question: question.note(by=by, enquiry=enquiry, said=replies[question]))
        return enquiry

    @classmethod
    def _on(cls, brief, questions, contact, way, by, token, on, needs):
        _may(by, needs, brief)
        enquiry = cls(client=brief.client, brief=brief, contact=contact, way=way, created_by=by, token=token)
        enquiry.asked_on = on or clock.today()
        enquiry.refuse_strange()
        if not questions:
            raise Refused(_("Choose at least one question."))
        return enquiry

    def _begin(self, questions, by, put):
        """Keep it, and let its questions come to it; what they leave behind empty is settled."""
        self.keep(by=by, reason="asked")
        self.record_event("created", by=by, contact=self.contact_id, n=len(questions))
        left = {question.enquiry_id: question.enquiry for question in questions if question.enquiry_id}
        for _key, enquiry in sorted(left.items()):
            lock(enquiry)
        for question in questions:
            put(question)
        for enquiry in left.values():
            enquiry.settle_if_done(by=by)

    def send_link(self, *, by):
        """The contact gets the address of a page with these questions; what is sent keeps its words."""
        asked = [[it.field, it.words] for it in self.questions.all()]

        def text():
            return str(LETTER) % {
                "contact": self.contact.name, "brief": self.brief.title, "n": len(asked), "link": PLACE, "sender": by,
                "due": dated(self.due_on), "agency": settings.AGENCY_NAME, "email": by.email,
            }  # fmt: skip

        SafeLink.send(
            PURPOSE, subject=self, version=self.version, digest=digest_of(asked), contact=self.contact, by=by,
            letter=(lambda: str(self), text), answer_by=self.due_on,
        )  # fmt: skip

    def revoke_links(self, *, by, reason):
        for link in SafeLink.objects.about(self).waiting(clock.now()):
            link.revoke(by=by, reason=reason)

    def refuse_strange(self):
        """Raise Refused unless the contact is one of the client's own who can be reached like that."""
        if self.contact.client_id != self.client_id or self.contact.state != Contact.State.CURRENT:
            raise Refused(_("Choose one of this client's own contacts who is still there."))
        if self.way == Way.LINK and not self.contact.email:
            raise Refused(_("%(contact)s has no e-mail address in the books: add it, or ask by telephone.") % {
                "contact": self.contact})  # fmt: skip
        if self.asked_on > clock.today():
            raise Refused(_("Nobody has said it yet on a day to come."))

    @move(
        _("Withdraw the questions"), told=_("withdrew the questions"), sources=[State.ASKED], to=State.WITHDRAWN, needs=ASK,
        court=Court.NOBODY, reason=True,
    )  # fmt: skip
    def withdraw(self, *, by, reason):
        """They are drafts again; a link to them opens nothing any more."""
        for question in self.questions.filter(state="asked"):
            question.unask(by=by)
        self.revoke_links(by=by, reason=reason)

    @move(_("Answer"), told=_("answered"), sources=[State.ASKED], to=State.ANSWERED, needs=BY_LINK, court=Court.OURS,
          holder="taker", within=1, hidden=True)  # fmt: skip
    def answer(self, *, by, replies):
        """The contact has sent the page: question → (words, does not know). What was left empty stays open, with us."""
        for question, said in replies.items():
            question.reply_by_link(by=by, said=said)
        self.kept = {}
        text, n = _("%(by)s has answered on “%(brief)s” (%(n)d)."), len(replies)
        for person in concerned(self.brief):
            self.give_notice(to=person, text=text, kind="briefs.enquiry_news", by=by, n=n, brief=self.brief)
        return {"n": n}

    def keep_replies(self, *, by, replies):
        """What is typed and not sent yet: for the contact's next visit, and for nobody of ours."""
        if not by.has_perm(BY_LINK, self) or self.state != self.State.ASKED:
            raise PermissionDenied
        self.kept = {str(question.pk): list(said) for question, said in replies.items()}
        self.keep(by=by, reason=gettext_noop("saved, not sent"))

    @move(_("Settle"), told=_("had the last of the questions done"), sources=[State.ASKED, State.ANSWERED], to=State.SETTLED,
          needs=WRITE, court=Court.NOBODY, hidden=True)  # fmt: skip
    def settle(self, *, by):
        """Every question of it is taken over, dropped, or asked anew elsewhere. A link to it opens an empty page no more."""
        if by.has_perm(ASK, self):
            self.revoke_links(by=by, reason=gettext_noop("nothing is left to answer"))

    def settle_if_done(self, *, by, but=None):
        """Where nothing of it is left to do, beside the question that is being done now. The caller holds the brief."""
        if not self.questions.filter(state__in=["asked", "answered"]).exclude(pk=but and but.pk).exists():
            lock(self)
            if self.state in {self.State.ASKED, self.State.ANSWERED}:
                self.settle(by=by)


def _may(by, right, record):
    if not by.has_perm(right, record):
        raise PermissionDenied(_("Your role does not make this move on this record."))


def taker_of(brief):
    """Who sees to what the client said of a brief: whoever has it in hand, the salesman, the lead, the head of the group."""
    client = brief.client
    asked = (brief.holder if brief.court == Court.OURS else None, client.holder_of("salesman"), client.lead, client.supervisor)
    return next((person for person in asked if person and person.is_active and person.has_perm(WRITE, brief)), None)


def concerned(brief):
    """Who hears of what the client said of a brief: whoever sees to it, the salesman and the lead; each once."""
    client = brief.client
    return list(dict.fromkeys(filter(None, (taker_of(brief), client.holder_of("salesman"), client.lead))))
