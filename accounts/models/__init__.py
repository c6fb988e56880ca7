from accounts.models.evaluation import Evaluation, Mark
from accounts.models.person import GUIDES, SIX, BusinessGroup, Department, Person, Role
from accounts.models.staff import StaffEvent, StaffRecord

__all__ = ["GUIDES", "SIX", "BusinessGroup", "Department", "Evaluation", "Mark", "Person", "Role", "StaffEvent", "StaffRecord"]
