"""What every question of a brief weighs, and the question of good practice behind it (DEP2). Percentages are computed from
this and the answers, never stored. The weights of the whole brief add up to a hundred; a template may weigh otherwise.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Block(models.TextChoices):
    PRODUCT = "A", _("Product knowledge")
    MARKET = "B", _("Market situation")
    BUDGET = "C", _("Advertising budget")
    PLAN = "D", _("Market plan")
    MESSAGE = "E", _("Audience and message")
    DELIVERY = "F", _("Work and delivery")


@dataclass(frozen=True)
class Asked:
    """One question. name: the column that answers it · beside: columns that belong to the answer · leads: without it its
    block is not there."""

    name: str
    block: Block
    weight: int
    asks: str
    beside: tuple = ()
    leads: bool = False

    @property
    def names(self):
        return (self.name, *self.beside)


def _block(block, *rows):
    return [Asked(name, block, weight, asks, **more) for name, weight, asks, more in rows]


LEADS = {"leads": True}
CATALOGUE = tuple([
    *_block(
        Block.PRODUCT,
        ("product_name", 3, _("What is it called, exactly as it is written?"), {}),
        ("category", 1, _("What would a shop file it under?"), {}),
        ("novelty", 2, _("Is it new, made new, or has it been there for long?"), {}),
        ("product_knowledge", 6, _("What is it, and what does it do for whom that nothing else does?"), LEADS),
        ("price", 2, _("What does it cost, and what do the others cost?"), {}),
        ("distribution", 2, _("Where can it be bought, and where can it not yet?"), {}),
        ("life_cycle", 1, _("Is it young, growing, settled or declining?"), {}),
        ("strengths", 3, _("Why do those who buy it come back?"), {}),
        ("weaknesses", 3, _("Why do others not buy it? What would a rival say of it?"), {}),
    ),
    *_block(
        Block.MARKET,
        ("market_situation", 5, _("How large is the market, in what unit, and where has it been going?"), LEADS),
        ("competitors", 5, _("Who else is considered at the moment of choice, and what do they spend to be?"), {}),
        ("consumers", 4, _("Who buys, who decides, who uses it? What do they believe today?"), {}),
        ("seasons", 2, _("When is it bought, and when is it thought about?"), {}),
        ("past_advertising", 3, _("What has been tried, what did it cost, and what came of it?"), {}),
    ),
    *_block(
        Block.BUDGET,
        ("budget_amount", 9, _("What is there to spend: a sum, a range, or your careful guess?"),
         {"leads": True, "beside": ("budget_to", "currency", "budget_binding")}),
        ("budget_covers", 3, _("Does it cover media, production and our fee, or some of them?"), {}),
        ("budget_notes", 2, _("What else has to be known of the money?"), LEADS),
        ("budget_from", 2, _("For which period is it, and when does it lapse?"), {"beside": ("budget_until",)}),
        ("budget_approver", 2, _("Who says yes to the money, up to which sum?"), {}),
    ),
    *_block(
        Block.PLAN,
        ("objectives", 6, _("What is to change: measured how, from where, to where, until when?"), {}),
        ("market_plan", 5, _("What is to be sold, and what else is planned to sell it?"), LEADS),
        ("channels", 3, _("Where do these people meet it, and what has to work together?"), {}),
        ("promotions", 3, _("Which offers, fairs and openings stand in the calendar?"), {}),
    ),
    *_block(
        Block.MESSAGE,
        ("audience", 5, _("Whom do we talk to? Describe one of them, not a million."), {}),
        ("message", 5, _("If they remember one thing only, which?"), {}),
        ("support", 2, _("Why should they believe it?"), {}),
        ("tone_of_voice", 1, _("How does it sound when it is right? When is it wrong?"), {}),
    ),
    *_block(
        Block.DELIVERY,
        ("mandatories", 2, _("What has to be there, and what must never be?"), {}),
        ("legal_lines", 2, _("Which lines does the law ask for, word for word?"), {}),
        ("deliverables", 2, _("What do you expect to hold in your hands, in which formats?"), {}),
        ("launch_on", 2, _("When must it be seen, and would anything happen if it were a week later?"),
         {"beside": ("launch_is_fixed",)}),
        ("measure", 1, _("How shall we know together that it worked?"), {}),
        ("work_approver", 1, _("Who says yes to the work, and whom must they ask first?"), {}),
    ),
])  # fmt: skip
BY_NAME = {asked.name: asked for asked in CATALOGUE}
COLUMNS = tuple(name for asked in CATALOGUE for name in asked.names)  # everything a brief can hold, but for its title
LEADING = tuple(asked.name for asked in CATALOGUE if asked.leads)
