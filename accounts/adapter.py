from urllib.parse import urljoin

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.internal.ratelimit import get_ip
from django.conf import settings
from django.db.models import Q
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import get_language, override

from accounts.models import Person
from agency.kept import hold
from agency.log import security


class ClosedDoor(DefaultAccountAdapter):
    """How people come in (CRD1). Nobody signs up: people are made by an administrator. Bad log-ins are counted and logged."""

    def is_open_for_signup(self, request):
        return False

    def authenticate(self, request, **credentials):
        """One look at the password, whether the name typed was known or not: otherwise the clock tells who works here."""
        typed = credentials.pop("email", None)
        credentials.setdefault("username", typed)
        return super().authenticate(request, **credentials)

    def _get_login_attempts_cache_key(self, request, **credentials):
        """Bad log-ins count per person and address: by either name the same few tries, and a stranger elsewhere cannot lock
        the rightful person out."""
        typed = (credentials.get("username") or credentials.get("email") or "").lower()
        known = Person.objects.filter(Q(username__iexact=typed) | Q(email__iexact=typed)).values_list("pk", flat=True).first()
        return f"{known or typed}:{get_ip(request)}"

    def authentication_failed(self, request, **credentials):
        security("login failed", object=credentials.get("username"), ip=self.get_client_ip(request))
        super().authentication_failed(request, **credentials)

    def login(self, request, user):
        """A log-in changes the date of the last log-in, which is no line of the person's history."""
        user.skip_history_when_saving = True
        try:
            super().login(request, user)
        finally:
            del user.skip_history_when_saving
        security("logged in", actor=user, ip=self.get_client_ip(request))

    def post_login(self, request, user, **told):
        """Whoever was logged out over a form finds it again, whatever page was next."""
        response = super().post_login(request, user, **told)
        return redirect("kept") if hold(request, user) else response

    def set_password(self, user, password):
        """Write the password alone: what an administrator changes at the same moment stays changed."""
        user.set_password(password)
        user._history_user, user._change_reason = user, "password"
        user.save(update_fields=["password"])
        security("password changed", actor=user)

    def send_mail(self, template_prefix, email, context):
        """In the language of whoever gets it; where that is nobody of ours, in the browser's."""
        person = context.get("user")
        with override(person.language if person else get_language()):
            super().send_mail(template_prefix, email, context)

    def get_reset_password_from_key_url(self, key):
        """The link starts at SITE_URL, whatever host the request named."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return urljoin(settings.SITE_URL, path.replace("UID-KEY", key))
