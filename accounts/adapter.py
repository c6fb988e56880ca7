from allauth.account.adapter import DefaultAccountAdapter

from agency.log import security


class ClosedDoor(DefaultAccountAdapter):
    """Nobody signs up: people are made by an administrator. Bad log-ins are counted and logged."""

    def is_open_for_signup(self, request):
        return False

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Bad log-ins count per account and address, so that a stranger elsewhere cannot lock the rightful person out."""
        return f"{super()._get_login_attempts_cache_key(request, **credentials)}:{self.get_client_ip(request)}"

    def authentication_failed(self, request, **credentials):
        security("login failed", object=credentials.get("username") or credentials.get("email"), ip=self.get_client_ip(request))
        super().authentication_failed(request, **credentials)
