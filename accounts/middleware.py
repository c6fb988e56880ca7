from zoneinfo import ZoneInfo

from django.utils import timezone, translation


class PersonsOwnSettings:
    """Every page in the person's own time zone and language."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not request.user.is_authenticated:
            return self.get_response(request)
        with timezone.override(ZoneInfo(request.user.time_zone)), translation.override(request.user.language):
            return self.get_response(request)
