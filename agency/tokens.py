"""Secrets that stand in an address. Each is made of a row's seed and the key of the house whenever it is needed, so it stands
in no table; a copy of the database opens nothing."""

from base64 import urlsafe_b64encode
from hashlib import sha256
from secrets import token_hex

from django.utils.crypto import salted_hmac


def new_seed():
    return token_hex(32)


def token_of(seed, *, salt):
    """256 bits, in 43 letters that an address can hold."""
    return urlsafe_b64encode(salted_hmac(salt, seed, algorithm="sha256").digest()).rstrip(b"=").decode()


def hash_of(token):
    """What the database knows of a token."""
    return sha256(token.encode(errors="surrogatepass")).hexdigest()
