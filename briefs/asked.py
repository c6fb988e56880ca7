"""How the talk with the client about a brief stands: for its page, and for the page on which it is written."""

from collections import Counter

from briefs.models import Brief, Enquiry, Question
from briefs.question_forms import gaps

WRITE = "briefs.change_brief"


class Asking:
    """The questions and the playback of one brief, for whoever writes it. Three queries."""

    def __init__(self, brief, person):
        self.brief, self.person = brief, person
        counts = Counter(brief.questions.values_list("state", "enquiry__state"))
        self.drafts = sum(n for (state, _of), n in counts.items() if state == Question.State.DRAFT)
        self.answered = sum(n for (state, _of), n in counts.items() if state == Question.State.ANSWERED)
        self.left = counts[Question.State.ASKED, Enquiry.State.ANSWERED]
        asked = brief.enquiries.filter(state=Enquiry.State.ASKED)
        self.waiting = list(asked.counted().select_related("contact").order_by("asked_on", "pk"))
        self.playback = brief.playbacks.exclude(state__in=("withdrawn", "superseded")).select_related("contact").first()
        if self.playback:
            self.playback.brief = brief

    @property
    def is_quiet(self):
        return not (self.drafts or self.answered or self.left or self.waiting)

    @property
    def gaps(self):
        return len(gaps(self.brief))

    @property
    def may_play_back(self):
        return self.brief.state != Brief.State.ACCEPTED or not self.playback


def asking_of(brief, person):
    """The panel's words; None for whom the brief is merely shared."""
    return Asking(brief, person) if person.has_perm(WRITE, brief) else None
