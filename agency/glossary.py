"""The trade's words as this house uses them: behind a word on a page (`{% term %}`), and all together on /glossary/."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from agency.folding import folded


@dataclass(frozen=True)
class Term:
    """key: its place on the page · word and meaning in the reader's language."""

    key: str
    word: Any
    meaning: Any

    def holds(self, words):
        """Whether every one of these words is in it, whatever their case and accents."""
        text = folded(f"{self.word} {self.meaning}")
        return all(folded(word) in text for word in words)


TERMS = {
    term.key: term
    for term in (
        Term("advertising-plan", _("Advertising plan"),
             _("What is to be reached, with whom, by which idea, in which media and for how much. The client agrees "
               "it in writing.")),
        Term("appearance", _("Appearance"),
             _("The day on which the public first sees or hears the advertisement: publication, first transmission or "
               "“in charge”.")),
        Term("artwork", _("Artwork"),
             _("The finished file from which the printer or the medium works.")),
        Term("baseline", _("Baseline"),
             _("The work schedule as the client agreed it. It is kept unchanged, so that every slip can be seen beside it.")),
        Term("bleed", _("Bleed"),
             _("The picture beyond the edge of the page, which is cut off, so that no white line is left where the "
               "cut is not exact.")),
        Term("blocked", _("Blocked"),
             _("Said of a step that cannot go on because of something outside its owner’s hands.")),
        Term("brief", _("Brief"),
             _("What the client wants, in writing: product, market, budget and plan. Nothing is begun before it is accepted.")),
        Term("change-order", _("Change order"),
             _("What the client wants beyond the agreed plan, with its price and its days. The client agrees it "
               "before the work begins.")),
        Term("commitment", _("Commitment"),
             _("Money we have promised to a supplier by an order, whether or not the invoice has come.")),
        Term("contact-report", _("Contact report"),
             _("The record of a meeting or a talk with the client: what was decided, and who does what by when. Both "
               "sides keep it.")),
        Term("contingency", _("Contingency"),
             _("Money put by in the estimate for what nobody foresees. It is billed only as far as it is needed.")),
        Term("copy-deadline", _("Copy deadline"),
             _("The last day on which a publication takes the finished material; our media deadline for print.")),
        Term("critical-path", _("Critical path"),
             _("The steps that have no day to lose: if one of them ends a day later, so does the whole work.")),
        Term("deliverable", _("Deliverable"),
             _("One piece that the client gets, under its own letter: a poster, a film, an advertisement.")),
        Term("estimate", _("Estimate"),
             _("What the work will cost the client, line by line, before it begins. The client agrees it together "
               "with the plan.")),
        Term("first-draft", _("First draft"),
             _("The first version that the client sees: an idea with words and layout, a script or a storyboard.")),
        Term("float", _("Float"),
             _("The number of working days by which a step may slip before anything behind it, and in the end the "
               "whole work, is late.")),
        Term("four-eyes", _("Four eyes"),
             _("Nobody agrees, checks or releases what he has written or done himself.")),
        Term("gate", _("Gate"),
             _("An internal review that a draft has to pass before the client may see it.")),
        Term("gross-income", _("Gross income"),
             _("What is left of the price after the suppliers are paid: what the agency lives on.")),
        Term("hand-off", _("Hand-off"),
             _("One step is done and passes to the owner of the next, who takes it over or returns it with a reason.")),
        Term("in-charge", _("In charge"),
             _("Said of posters: the days for which the sites are booked and paid.")),
        Term("job-number", _("Job number"),
             _("The number under which everything about one campaign is filed: the client’s code, the year and a "
               "running number.")),
        Term("joint-study", _("Joint study"),
             _("All departments look at the accepted brief together and say what is feasible, by when and on what condition.")),
        Term("lead-time", _("Lead time"),
             _("The working days that a medium or a printer needs between our delivery and the appearance.")),
        Term("margin", _("Margin"),
             _("What is left of the gross income after our own people’s time, as a share of it.")),
        Term("mark-up", _("Mark-up"),
             _("What the agency adds to a supplier’s price when it bills the work to the client.")),
        Term("media-deadline", _("Media deadline"),
             _("The last day on which the medium takes our finished material, so that it appears on time.")),
        Term("offline", _("Offline"),
             _("The first edit of a film, in which pictures and order are agreed. The online edit finishes image and sound.")),
        Term("ppm", _("Pre-production meeting (PPM)"),
             _("Client, agency and production company settle cast, places, wardrobe and the course of the shoot "
               "before it begins.")),
        Term("proof", _("Proof"),
             _("A sample of the finished piece, checked against a list before anything is printed or sent.")),
        Term("round-of-amends", _("Round of amends"),
             _("The client’s wishes about one version, gathered and carried out together. The plan says how many are "
               "in the fee.")),
        Term("sign-off", _("Sign-off"),
             _("The client’s written word that the piece may go out as it is.")),
        Term("specification", _("Specification"),
             _("What a medium or a printer asks of a piece: size, bleed, colour, length, file type and lead time.")),
        Term("storyboard", _("Storyboard"),
             _("A film drawn picture by picture, before it is shot.")),
        Term("third-party-cost", _("Third-party cost"),
             _("What we pay to others for a job: media, printers, production companies.")),
        Term("traffic", _("Traffic"),
             _("The work of seeing every job through all departments on time; in this house the operations "
               "coordinators do it.")),
        Term("voucher-copy", _("Voucher copy"),
             _("The printed issue that proves that the advertisement appeared as booked.")),
        Term("work-schedule", _("Work schedule"),
             _("The steps of a campaign in their order, each with its department, its working days and what it waits for.")),
    )
}  # fmt: skip


def found(words):
    """The terms that hold all of these words, by the alphabet of the reader's language."""
    return sorted((term for term in TERMS.values() if term.holds(words)), key=lambda term: folded(str(term.word)))
