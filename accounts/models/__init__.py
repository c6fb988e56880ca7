from accounts.models.absence import Absence
from accounts.models.evaluation import Evaluation, Mark
from accounts.models.feed import CalendarFeed
from accounts.models.habit import Habit
from accounts.models.person import GUIDES, SIX, BusinessGroup, Department, News, Person, Role, Theme
from accounts.models.staff import StaffEvent, StaffRecord

__all__ = [
    "GUIDES", "SIX", "Absence", "BusinessGroup", "CalendarFeed", "Department", "Evaluation", "Habit", "Mark", "News", "Person",
    "Role", "StaffEvent", "StaffRecord", "Theme",
]  # fmt: skip
