"""The secret in the address of a safe link: made whenever a letter leaves, and kept nowhere (`agency.tokens`)."""

from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from agency import tokens
from agency.tokens import hash_of, new_seed

__all__ = ["address_of", "hash_of", "new_seed", "token_of"]
SALT = "accord.clients.safe-link"


def token_of(seed):
    """For the letter and nobody's eyes."""
    return tokens.token_of(seed, salt=SALT)


def address_of(seed):
    """Where the link leads; starts at SITE_URL, whatever host a request may have named."""
    return urljoin(settings.SITE_URL, reverse("client_page", args=[f"{token_of(seed)}/"]))
