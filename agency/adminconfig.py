from django.contrib.admin.apps import AdminConfig


class AgencyAdminConfig(AdminConfig):
    """The Django admin with the agency's own door. Apart from `apps.py`, where Django would take it for the agency's own."""

    default_site = "agency.adminsite.AgencyAdminSite"
