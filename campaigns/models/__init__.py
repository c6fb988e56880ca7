from campaigns.models.baseline import Baseline
from campaigns.models.budget import BudgetLine
from campaigns.models.campaign import Campaign, JobCounter
from campaigns.models.change_order import ChangeOrder
from campaigns.models.crossing import Crossing
from campaigns.models.deliverable import Deliverable
from campaigns.models.estimate import EstimateLine
from campaigns.models.hot_mail import HotMail
from campaigns.models.hours import Hours
from campaigns.models.nudge import Nudge
from campaigns.models.plan import Plan
from campaigns.models.plan_edition import PlanEdition
from campaigns.models.progress import StepProgress
from campaigns.models.progress_report import ProgressReport
from campaigns.models.rearrangement import Rearrangement
from campaigns.models.specification import Specification
from campaigns.models.spending import Actual, Commitment
from campaigns.models.step import Cause, Step, StepLink
from campaigns.models.template import ScheduleTemplate, TemplateLink, TemplateStep
from campaigns.models.thread import StepNote

__all__ = [
    "Actual",
    "Baseline",
    "BudgetLine",
    "Campaign",
    "Cause",
    "ChangeOrder",
    "Commitment",
    "Crossing",
    "Deliverable",
    "EstimateLine",
    "HotMail",
    "Hours",
    "JobCounter",
    "Nudge",
    "Plan",
    "PlanEdition",
    "ProgressReport",
    "Rearrangement",
    "ScheduleTemplate",
    "Specification",
    "Step",
    "StepLink",
    "StepNote",
    "StepProgress",
    "TemplateLink",
    "TemplateStep",
]
