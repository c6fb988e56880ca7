from clients.forms.clients import (
    AssignForm,
    ClientFilter,
    ClientForm,
    DayInput,
    FilesForm,
    MediaForm,
    PersonChoice,
    PlaceForm,
    ReasonForm,
    ShareForm,
)
from clients.forms.contacts import ContactFilter, ContactForm, NewContactForm
from clients.forms.imports import ImportForm
from clients.forms.terms import ConfirmForm, NewTermsForm, OnForm, TermsForm

__all__ = [
    "AssignForm",
    "ClientFilter",
    "ClientForm",
    "ConfirmForm",
    "ContactFilter",
    "ContactForm",
    "DayInput",
    "FilesForm",
    "ImportForm",
    "MediaForm",
    "NewContactForm",
    "NewTermsForm",
    "OnForm",
    "PersonChoice",
    "PlaceForm",
    "ReasonForm",
    "ShareForm",
    "TermsForm",
]
