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
            response = self.get_response(request)
            response.headers["Content-Language"] = translation.get_language()  # LocaleMiddleware knows the browser's alone
            return response
