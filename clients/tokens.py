"""The secret in the address of a safe link. It is made of the row's seed and the key of the house whenever a letter leaves, so
it stands in no table; a copy of the database opens nothing."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from secrets import token_hex
from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse
from django.utils.crypto import salted_hmac

SALT = "accord.clients.safe-link"


def new_seed():
    return token_hex(32)


def token_of(seed):
    """256 bits, in 43 letters that an address can hold. For the letter and nobody's eyes."""
    return urlsafe_b64encode(salted_hmac(SALT, seed, algorithm="sha256").digest()).rstrip(b"=").decode()


def hash_of(token):
    """What the database knows of a token."""
    return sha256(token.encode(errors="surrogatepass")).hexdigest()


def address_of(seed):
    """Where the link leads; starts at SITE_URL, whatever host a request may have named."""
    return urljoin(settings.SITE_URL, reverse("client_page", args=[f"{token_of(seed)}/"]))
