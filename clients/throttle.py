"""How often one address may try: addresses of links that lead nowhere, and forms sent. Counted in the database's cache.

Two requests at the very same moment may count as one; a guess at 256 bits has no chance either way.
"""

from time import time

from allauth.core.internal.ratelimit import get_ip
from django.core.cache import cache
from django.core.exceptions import PermissionDenied

WINDOW = 300  # seconds
LIMITS = {"guess": 30, "post": 60}


def is_busy(request):
    """Whether this address has tried too often in the last minutes."""
    found = cache.get_many([_key(what, request) for what in LIMITS])
    return any(len(_lately(found.get(_key(what, request), []))) >= most for what, most in LIMITS.items())


def count(what, request):
    """One more try of this kind from this address."""
    key = _key(what, request)
    tries = [*_lately(cache.get(key, [])), time()][-LIMITS[what] :]
    cache.set(key, tries, WINDOW)


def _lately(tries):
    return [at for at in tries if at > time() - WINDOW]


def _key(what, request):
    try:
        return f"links:{what}:{get_ip(request)}"
    except PermissionDenied:  # no address is known, as behind a socket: then all are one
        return f"links:{what}:unknown"
