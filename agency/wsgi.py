"""The application as web servers load it, with one check in front of Django."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.http import parse_header_parameters

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "agency.settings")

django = get_wsgi_application()


def application(environ, start_response):
    """Django decodes the query with the charset of the content type before any middleware is asked: `charset=hex` breaks it.

    Every browser sends UTF-8, so whoever names another charset is answered here, in plain words.
    """
    if names_foreign_charset(environ.get("CONTENT_TYPE", "")):
        start_response("400 Bad Request", [("Content-Type", "text/plain; charset=utf-8"), ("Cache-Control", "no-store")])
        return [b"Please send text as UTF-8.\n"]
    return django(environ, start_response)


def names_foreign_charset(content_type):
    try:
        charset = parse_header_parameters(content_type)[1].get("charset", "utf-8")
    except (ValueError, LookupError):
        return True
    return charset.lower() not in {"utf-8", "utf8", "us-ascii"}
