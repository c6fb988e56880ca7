"""What every page knows about the agency."""

from django.conf import settings


def agency(request):
    """The agency's name, the mode, and the nonce that django-htmx looks for (it stays unmade until a template prints it)."""
    return {
        "AGENCY_NAME": settings.AGENCY_NAME,
        "MODE": settings.MODE,
        "TRIAL": settings.TRIAL,
        "csp_nonce": getattr(request, "csp_nonce", None),
    }
