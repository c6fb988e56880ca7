from campaigns.models.campaign import Campaign, JobCounter
from campaigns.models.plan import Plan
from campaigns.models.rearrangement import Rearrangement
from campaigns.models.step import Step, StepLink
from campaigns.models.template import ScheduleTemplate, TemplateLink, TemplateStep

__all__ = [
    "Campaign",
    "JobCounter",
    "Plan",
    "Rearrangement",
    "ScheduleTemplate",
    "Step",
    "StepLink",
    "TemplateLink",
    "TemplateStep",
]
