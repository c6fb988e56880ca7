from campaigns.models.budget import BudgetLine
from campaigns.models.campaign import Campaign, JobCounter
from campaigns.models.change_order import ChangeOrder
from campaigns.models.deliverable import Deliverable
from campaigns.models.estimate import EstimateLine
from campaigns.models.hours import Hours
from campaigns.models.plan import Plan
from campaigns.models.plan_edition import PlanEdition
from campaigns.models.rearrangement import Rearrangement
from campaigns.models.spending import Actual, Commitment
from campaigns.models.step import Step, StepLink
from campaigns.models.template import ScheduleTemplate, TemplateLink, TemplateStep

__all__ = [
    "Actual",
    "BudgetLine",
    "Campaign",
    "ChangeOrder",
    "Commitment",
    "Deliverable",
    "EstimateLine",
    "Hours",
    "JobCounter",
    "Plan",
    "PlanEdition",
    "Rearrangement",
    "ScheduleTemplate",
    "Step",
    "StepLink",
    "TemplateLink",
    "TemplateStep",
]
