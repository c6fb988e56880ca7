from clients.models.assignment import Assignment
from clients.models.attachment import Attachment
from clients.models.authority import Authority
from clients.models.client import Client
from clients.models.confirmation import ChainHead, Confirmation
from clients.models.contact import Contact
from clients.models.dispatch import Dispatch
from clients.models.imported import ClientImport
from clients.models.link import SafeLink
from clients.models.record import ClientKnot, ClientRecord, Event
from clients.models.requirement import Requirement
from clients.models.share import GroupShare, Share
from clients.models.terms import Terms

__all__ = [
    "Assignment",
    "Attachment",
    "Authority",
    "ChainHead",
    "Client",
    "ClientImport",
    "ClientKnot",
    "ClientRecord",
    "Confirmation",
    "Contact",
    "Dispatch",
    "Event",
    "GroupShare",
    "Requirement",
    "SafeLink",
    "Share",
    "Terms",
]
