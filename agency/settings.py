"""Every setting of Accord, read once from the environment. The README's table explains each variable.

Two modes share this file: `trial` (one machine, SQLite, no Redis, the demo agency) and `production`
(PostgreSQL, Redis, SMTP). A value that cannot be right stops the start with a sentence; nothing is guessed in production.
"""

from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import environ
import holidays
from celery.schedules import crontab
from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from agency.folding import FoldingConnection

BASE_DIR = Path(__file__).resolve().parent.parent
EXAMPLE_KEY = "trial-only-not-a-secret-" + "0" * 40

env = environ.Env()


def flag(name, default):
    """A yes or no from the environment; anything else stops the start, for a misspelt "no" must not count as one."""
    given = env.str(name, "").lower() or str(default).lower()
    if given not in {"1", "true", "yes", "on", "0", "false", "no", "off"}:
        raise ImproperlyConfigured(f"{name} is {given!r}; it must be 'on' or 'off'.")
    return given in {"1", "true", "yes", "on"}


def number(name, default, least, most):
    """A whole number from the environment, within its limits."""
    given = env.str(name, "") or str(default)
    if not given.isdecimal() or not least <= int(given) <= most:
        raise ImproperlyConfigured(f"{name} is {given!r}; it must be a number from {least} to {most}.")
    return int(given)


def address(name, default, *schemes):
    """An address from the environment that begins with one of the schemes; it may be left out where that has a meaning."""
    given = env.str(name, "") or default
    if given and urlsplit(given).scheme not in schemes:
        raise ImproperlyConfigured(f"{name} must begin with {' or '.join(f'{scheme}://' for scheme in schemes)}.")
    return given


# ── Mode ────────────────────────────────────────────────────────────────────────────────────────
MODE = env.str("MODE", "trial")
if MODE not in {"trial", "production"}:
    raise ImproperlyConfigured(f"MODE is {MODE!r}; it must be 'trial' or 'production'.")
TRIAL = MODE == "trial"
PRODUCTION = not TRIAL

DEBUG = flag("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", EXAMPLE_KEY if TRIAL else "")
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"] if TRIAL else [])
SITE_URL = address("SITE_URL", "http://127.0.0.1:8000" if TRIAL else "", "http", "https").rstrip("/")
VAR_DIR = Path(env.str("VAR_DIR", str(BASE_DIR / "var")))
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR_DIR / "files")))
TRUSTED_PROXIES = number("TRUSTED_PROXIES", 0, 0, 9)
LOAD_DEMO = flag("LOAD_DEMO", TRIAL)
FORCE_TRIAL_HOST = flag("FORCE_TRIAL_HOST", False)

# ── The agency ──────────────────────────────────────────────────────────────────────────────────
AGENCY_NAME = env.str("AGENCY_NAME", "Quill & Harbour Advertising" if TRIAL else "Accord")
TIME_ZONE = env.str("TIME_ZONE", "Europe/London")
COUNTRY = env.str("COUNTRY", "GB")
SUBDIVISION = env.str("SUBDIVISION", "ENG" if COUNTRY == "GB" else "")
CURRENCY = env.str("CURRENCY", "EUR")
try:
    ZoneInfo(TIME_ZONE)
except (ZoneInfoNotFoundError, ValueError):
    raise ImproperlyConfigured(f"TIME_ZONE is {TIME_ZONE!r}; it must be a zone such as Europe/London.") from None
if COUNTRY not in holidays.list_supported_countries():
    raise ImproperlyConfigured(f"COUNTRY is {COUNTRY!r}; no public holidays are known for it.")
if SUBDIVISION and SUBDIVISION not in holidays.list_supported_countries()[COUNTRY]:
    raise ImproperlyConfigured(f"SUBDIVISION is {SUBDIVISION!r}; it is not a part of {COUNTRY}.")
if len(CURRENCY) != 3 or not CURRENCY.isupper():
    raise ImproperlyConfigured(f"CURRENCY is {CURRENCY!r}; it must be a three-letter code such as EUR.")

STUDY_DAYS = number("STUDY_DAYS", 2, 1, 60)

# ── What holds with a client with whom nothing else is agreed (clients.models.terms) ─────────────
HOUSE_TERMS = {
    "answer_days": number("ANSWER_DAYS", 3, 1, 60),
    "rounds": number("ROUNDS", 2, 0, 20),
    "markup": Decimal(number("MARKUP", 0, 0, 100)),
    "fee_basis": env.str("FEE_BASIS", "") or "project",
    "late_shift": flag("LATE_SHIFT", False),
}
if HOUSE_TERMS["fee_basis"] not in {"project", "retainer", "hourly", "commission"}:
    given = HOUSE_TERMS["fee_basis"]
    raise ImproperlyConfigured(f"FEE_BASIS is {given!r}; it must be project, retainer, hourly or commission.")

# ── Money ───────────────────────────────────────────────────────────────────────────────────────
BUDGET_WARNS_AT = number("BUDGET_WARNS_AT", 80, 1, 100)  # per cent of a budget line used
MARGIN_FLOOR = number("MARGIN_FLOOR", 20, 0, 100)  # per cent of gross income
HOUR_COST = Decimal(number("HOUR_COST", 0, 0, 9999))  # what an hour of our people costs us, in CURRENCY

# Days for which a client's contact can open the link by which he answers.
LINK_DAYS = number("LINK_DAYS", 14, 1, 90)

# ── Database ────────────────────────────────────────────────────────────────────────────────────
OWN_FILE = f"sqlite:///{VAR_DIR / 'accord.sqlite3'}" if TRIAL else ""
DATABASE_URL = address("DATABASE_URL", OWN_FILE, "postgres", "postgresql", "sqlite")
if not DATABASE_URL:
    raise ImproperlyConfigured("DATABASE_URL must name the PostgreSQL database in production.")
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
DATABASE = DATABASES["default"]
SQLITE = DATABASE["ENGINE"].endswith("sqlite3")
if SQLITE:
    DATABASE["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        "factory": FoldingConnection,
    }
else:
    DATABASE["CONN_MAX_AGE"] = 60
    DATABASE["CONN_HEALTH_CHECKS"] = True
    # jit=off: compiling the condition of a permission took 3.3 s where answering it takes 0.1 s.
    DATABASE["OPTIONS"] = {
        "connect_timeout": 5,
        "options": "-c jit=off -c statement_timeout=15000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# The cache holds login throttles only. It lives in the database, so that a dead Redis costs nobody a login.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "agency_cache"}}

# ── Background work ─────────────────────────────────────────────────────────────────────────────
REDIS_URL = address("REDIS_URL", "", "redis", "rediss")
EMBEDDED_BROKER = not REDIS_URL
if EMBEDDED_BROKER:
    BROKER_DIR = VAR_DIR / "broker"
    CELERY_BROKER_URL = "filesystem://localhost//"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(BROKER_DIR / "queue"),
        "data_folder_out": str(BROKER_DIR / "queue"),
        "processed_folder": str(BROKER_DIR / "done"),
        "control_folder": str(BROKER_DIR / "control"),
        "store_processed": False,
    }
else:
    CELERY_BROKER_URL = REDIS_URL
    CELERY_BROKER_TRANSPORT_OPTIONS = {"socket_timeout": 5, "socket_connect_timeout": 2, "visibility_timeout": 600}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_SOFT_TIME_LIMIT = 50
CELERY_TASK_TIME_LIMIT = 55
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = CELERY_WORKER_REDIRECT_STDOUTS = False
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR_DIR / "beat-schedule")
REMINDERS_EVERY = number("REMINDERS_EVERY", 60, 1, 3600)
DRAW_EVERY = number("DRAW_EVERY", 5, 1, 3600)
# Work that waited for longer than a minute is stale: the next one does the same and more.
EACH_TIME = {"schedule": crontab() if REMINDERS_EVERY == 60 else float(REMINDERS_EVERY), "options": {"expires": 55}}
CELERY_BEAT_SCHEDULE = {
    "sweep": {"task": "reminders.tasks.sweep", **EACH_TIME},
    "deliver": {"task": "reminders.tasks.deliver", **EACH_TIME},
    "draw": {"task": "approvals.tasks.draw", "schedule": float(DRAW_EVERY), "options": {"expires": DRAW_EVERY}},
}

# ── Mail ────────────────────────────────────────────────────────────────────────────────────────
# A request only ever writes the outbox (`EMAIL_BACKEND`); delivery takes letters from there to `DELIVERY_EMAIL_BACKEND`.
EMAIL_BACKEND = "reminders.backend.OutboxBackend"
EMAIL_URL = env.str("EMAIL_URL", "")
if EMAIL_URL:
    MAIL = env.email_url_config(EMAIL_URL)
    DELIVERY_EMAIL_BACKEND = MAIL["EMAIL_BACKEND"]
    EMAIL_HOST, EMAIL_PORT = MAIL.get("EMAIL_HOST"), MAIL.get("EMAIL_PORT")
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL.get("EMAIL_HOST_USER") or "", MAIL.get("EMAIL_HOST_PASSWORD") or ""
    EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL.get("EMAIL_USE_TLS", False), MAIL.get("EMAIL_USE_SSL", False)
elif TRIAL:
    DELIVERY_EMAIL_BACKEND = "reminders.backend.ConsoleAndFileBackend"
else:
    raise ImproperlyConfigured(
        "EMAIL_URL must name the SMTP server in production, e.g. smtp+tls://user:password@mail.example:587."
    )
EMAIL_FILE_PATH = str(VAR_DIR / "mail")
EMAIL_TIMEOUT = number("EMAIL_TIMEOUT", 10, 1, 60)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "Accord <accord@localhost>" if TRIAL else "")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
DIGEST_HOUR = number("DIGEST_HOUR", 8, 0, 23)

# ── Applications, from the ground up ────────────────────────────────────────────────────────────
FLOORS = ["agency", "reminders", "accounts", "clients", "briefs", "campaigns", "approvals", "meetings", "desk"]
INSTALLED_APPS = [
    "agency.adminconfig.AgencyAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "csp",
    "django_htmx",
    "guardian",
    "simple_history",
    *FLOORS,
]

MIDDLEWARE = [
    "clients.middleware.OutsideTheHouse",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "agency.middleware.PackPages",
    "csp.middleware.CSPMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "agency.middleware.RefuseControlCharacters",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "agency.middleware.AskWhoItIs",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accounts.middleware.PersonsOwnSettings",
    "clients.middleware.OneLook",
    "agency.middleware.TurnRefusalsIntoPages",
]

ROOT_URLCONF = "agency.urls"
WSGI_APPLICATION = "agency.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "agency.context.agency",
                "desk.context.frame",
            ],
            "builtins": [f"agency.templatetags.{name}" for name in ("ui", "dates", "forms", "notices")],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# ── People and rights ───────────────────────────────────────────────────────────────────────────
AUTH_USER_MODEL = "accounts.Person"
AUTHENTICATION_BACKENDS = ["clients.access.Access", "allauth.account.auth_backends.AuthenticationBackend"]
ANONYMOUS_USER_NAME = None
SIMPLE_HISTORY_HISTORY_CHANGE_REASON_USE_TEXT_FIELD = True
SILENCED_SYSTEM_CHECKS = [
    "guardian.W001",  # Guardian carries the shares; `clients.access` alone answers, so its backend stays out.
]
GUARDIAN_USER_OBJ_PERMS_MODEL = "clients.Share"
GUARDIAN_GROUP_OBJ_PERMS_MODEL = "clients.GroupShare"

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "desk"
ACCOUNT_ADAPTER = "accounts.adapter.ClosedDoor"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # a stranger could make us write to anybody
# allauth's own generator keeps a second list of addresses, by which a mailbox given up long ago could still get in.
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "20/m/ip,5/5m/key",
    "reset_password": "20/m/ip,3/15m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}
ALLAUTH_TRUSTED_PROXY_COUNT = TRUSTED_PROXIES
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
PASSWORD_RESET_TIMEOUT = 60 * 60

# ── Language and time ───────────────────────────────────────────────────────────────────────────
LANGUAGE_CODE = "en-gb"
# Each is named in its own tongue; docs/languages.md says how to add one.
LANGUAGES = [("en-gb", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "agency.formats"
USE_I18N = True
USE_TZ = True

# ── Files ───────────────────────────────────────────────────────────────────────────────────────
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
WHITENOISE_USE_FINDERS = TRIAL
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TRIAL
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
# What somebody may send: docs/files.md. A file that is larger is read away and never kept.
UPLOAD_MB = number("UPLOAD_MB", 25, 1, 500)
UPLOAD_MEDIA_MB = number("UPLOAD_MEDIA_MB", 200, 1, 1_000)  # video and sound, where a form asks for them
if UPLOAD_MEDIA_MB < UPLOAD_MB:
    raise ImproperlyConfigured(f"UPLOAD_MEDIA_MB is {UPLOAD_MEDIA_MB}; it must not be less than UPLOAD_MB, {UPLOAD_MB}.")
UPLOAD_FILES = number("UPLOAD_FILES", 10, 1, 50)
UPLOAD_MEGAPIXELS = number("UPLOAD_MEGAPIXELS", 50, 1, 200)
UPLOAD_FRAMES = number("UPLOAD_FRAMES", 200, 1, 2_000)
UPLOAD_PAGES = number("UPLOAD_PAGES", 500, 1, 5_000)
UPLOAD_UNPACKED_MB = number("UPLOAD_UNPACKED_MB", 200, 10, 1_000)
DATA_UPLOAD_MAX_NUMBER_FILES = UPLOAD_FILES + 1
FILE_UPLOAD_HANDLERS = [
    "agency.files.asking.KeepWithinLimits",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000

# ── Browser ─────────────────────────────────────────────────────────────────────────────────────
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 14
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "agency.views.csrf_failed"
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
if PRODUCTION:
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SECURE_SSL_REDIRECT = flag("SECURE_SSL_REDIRECT", True)
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
    SECURE_HSTS_SECONDS = number("SECURE_HSTS_SECONDS", 31536000, 1, 63072000)
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True

# ── Log ─────────────────────────────────────────────────────────────────────────────────────────
LOG_LEVEL = env.str("LOG_LEVEL", "INFO").upper()
if LOG_LEVEL not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
    raise ImproperlyConfigured(f"LOG_LEVEL is {LOG_LEVEL!r}; it must be DEBUG, INFO, WARNING or ERROR.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "agency.log.OneLine", "format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "accord": {"level": LOG_LEVEL},
        "django.security": {"level": "WARNING"},
        "celery": {"level": "WARNING"},
    },
}

# ── What production refuses ─────────────────────────────────────────────────────────────────────
if PRODUCTION:
    if DEBUG:
        raise ImproperlyConfigured("DEBUG must be off in production.")
    if len(SECRET_KEY) < 50 or SECRET_KEY == EXAMPLE_KEY or "example" in SECRET_KEY.lower() or "change" in SECRET_KEY.lower():
        raise ImproperlyConfigured("SECRET_KEY must be a secret of at least 50 characters in production, not an example.")
    if not ALLOWED_HOSTS or "*" in ALLOWED_HOSTS:
        raise ImproperlyConfigured("ALLOWED_HOSTS must name this site's hosts in production; '*' is refused.")
    if SQLITE:
        raise ImproperlyConfigured("Production runs on PostgreSQL; DATABASE_URL names SQLite.")
    if not REDIS_URL:
        raise ImproperlyConfigured("REDIS_URL must name the Redis server in production.")
    if urlsplit(SITE_URL).scheme != "https":
        raise ImproperlyConfigured("SITE_URL must begin with https:// in production.")
    if not DEFAULT_FROM_EMAIL:
        raise ImproperlyConfigured("DEFAULT_FROM_EMAIL must name the sender of mails in production.")
    if LOAD_DEMO:
        raise ImproperlyConfigured("LOAD_DEMO is refused in production.")
