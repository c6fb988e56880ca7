from clients.models.assignment import Assignment
from clients.models.client import Client, Contact
from clients.models.record import ClientKnot, ClientRecord, Event
from clients.models.share import GroupShare, Share

__all__ = ["Assignment", "Client", "ClientKnot", "ClientRecord", "Contact", "Event", "GroupShare", "Share"]
