"""All settings, from the environment. Unset means development on SQLite; wrong means stop with one clear line."""

import os
import re
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import environ
from csp import constants as csp
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"  # what a running journal writes, when nothing else is said
VAR.mkdir(exist_ok=True)
env = environ.Env()

# ---- What this installation is -----------------------------------------------------------------------------------

SITE_URL = env.str("SITE_URL", f"http://localhost:{env.str('PORT', '') or 8000}").rstrip("/")
if not re.fullmatch(r"https?://[^/\s]+", SITE_URL):
    raise ImproperlyConfigured(f"SITE_URL must look like https://journal.example, not {SITE_URL!r}.")
PRODUCTION = SITE_URL.startswith("https://")


def env_bool(name: str, default: bool) -> bool:
    value = env.str(name, str(default))
    if value.lower() not in ("true", "false", "1", "0", "yes", "no", "on", "off"):
        raise ImproperlyConfigured(f"{name} must be True or False, not {value!r}.")
    return value.lower() in ("true", "1", "yes", "on")


def env_int(name: str, default: int) -> int:
    value = env.str(name, str(default))
    if not value.isdecimal():
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}.")
    return int(value)


def env_networks(name: str) -> list[IPv4Network | IPv6Network]:
    try:
        return [ip_network(text.strip()) for text in env.list(name, default=[])]
    except ValueError as problem:
        raise ImproperlyConfigured(f"{name} must be networks like 192.0.2.0/24, by comma: {problem}.") from problem


def secret_key() -> str:
    """From the environment, else from the file that `make run` makes."""
    made = VAR / "secret_key"
    return env.str("SECRET_KEY", "") or (made.read_text().strip() if made.exists() else DEVELOPMENT_KEY)


DEVELOPMENT_KEY = "for-development-only-and-refused-in-production"
SECRET_KEY = secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
DEBUG = env_bool("DEBUG", False)
HOST = urlsplit(SITE_URL).hostname or ""
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[HOST] if PRODUCTION else [HOST, "localhost", "127.0.0.1", "[::1]"])
TRUSTED_PROXIES = env_int("TRUSTED_PROXIES", 0)  # how many proxies of ours stand before the site
UNCOUNTED_NETWORKS = env_networks("UNCOUNTED_NETWORKS")  # whose reads are not counted: the house, its monitors

if PRODUCTION:
    if len(SECRET_KEY) < 50 or len(set(SECRET_KEY)) < 5 or SECRET_KEY.startswith(("django-insecure", DEVELOPMENT_KEY)):
        raise ImproperlyConfigured("SECRET_KEY must be a random text of at least 50 characters.")
    if DEBUG:
        raise ImproperlyConfigured("DEBUG must be off where SITE_URL begins with https.")
    if not ALLOWED_HOSTS or any("*" in host or host.startswith(".") for host in ALLOWED_HOSTS):
        raise ImproperlyConfigured("ALLOWED_HOSTS must name each host; a wildcard lets anybody's host name in.")

# ---- The journal -------------------------------------------------------------------------------------------------

JOURNAL_NAME = env.str("JOURNAL_NAME", "The Analyst")
JOURNAL_PUBLISHER = env.str("JOURNAL_PUBLISHER", "The Littoral Institute")
JOURNAL_ISSN = env.str("JOURNAL_ISSN", "")
JOURNAL_LICENCE = env.str("JOURNAL_LICENCE", "")
FEED_AUTHORITY = env.str("FEED_AUTHORITY", f"{HOST.replace(':', '-')},2026")
if not re.fullmatch(r"[^\s/:,]+,\d{4}(-\d\d){0,2}", FEED_AUTHORITY):
    raise ImproperlyConfigured(f"FEED_AUTHORITY must look like journal.example,2026, not {FEED_AUTHORITY!r}.")
CHECK_LINKS = env_bool("CHECK_LINKS", True)  # to other sites, which are asked whether they answer
READS_SHOWN_FROM = env_int("READS_SHOWN_FROM", 1)  # of an article read less often, no number is shown
LANGUAGE_CODE = "en"
USE_I18N = False
FORMAT_MODULE_PATH = ["analyst.formats"]
TIME_ZONE = env.str("TIME_ZONE", "UTC")
if TIME_ZONE not in available_timezones():
    raise ImproperlyConfigured(f"TIME_ZONE must be a name like Europe/Stockholm, not {TIME_ZONE!r}.")
USE_TZ = True

# ---- Rooms -------------------------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "analyst",
    "newsletter",
    "reads",
    "publications",
    "articles",
    "anymail",
    "taggit",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "django_prose_editor",
    "django_tasks",
    "django_tasks_db",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    # What every answer says stands outside: those after it may answer by themselves.
    "analyst.middleware.safe_headers",
    "analyst.middleware.cache_rules",
    "csp.middleware.CSPMiddleware",
    "analyst.middleware.desk_policy",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "analyst.middleware.head_is_get",
    "analyst.compression.compressed",
    "analyst.middleware.no_cookies",
    "analyst.middleware.no_nul",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "analyst.middleware.sayable_html",
    "analyst.middleware.old_addresses",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "analyst.middleware.editors_zone",
    "allauth.account.middleware.AccountMiddleware",
    "analyst.signing_in.sessions.desk_sessions",
]
ROOT_URLCONF = "analyst.urls"
WSGI_APPLICATION = "analyst.wsgi.application"
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
                "analyst.menu.journal",
            ],
        },
    },
]
TAGGIT_CASE_INSENSITIVE = True
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}

# ---- Where things are kept ---------------------------------------------------------------------------------------

DATABASE_URL = env.str("DATABASE_URL", f"sqlite:///{VAR / 'analyst.sqlite3'}")
if not re.match(r"(sqlite|postgres|postgresql)://", DATABASE_URL):
    raise ImproperlyConfigured("DATABASE_URL must look like postgres://user:password@host:5432/name.")
DATABASES = {"default": env.db_url_config(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Measured: with Django's defaults a web process and two workers lose writes to "database is locked"; so set, none.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = 60  # a connection costs as much as a page's queries
CACHES = {"default": env.cache("CACHE_URL", "locmemcache://")}
MEDIA_ROOT = Path(env.str("MEDIA_ROOT", str(VAR / "media")))
STORAGES = {
    # Renditions, which a view serves when something public uses them.
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT / "public", "base_url": None},
    },
    # Originals, manuscripts, PDFs.
    "private": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": MEDIA_ROOT / "private", "base_url": None},
    },
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o640
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024  # a form with a long article
STATIC_URL = "static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS: list[Path] = []

# ---- Signing in and safety ---------------------------------------------------------------------------------------

AUTHENTICATION_BACKENDS = ["analyst.roles.RolesBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
    "django.contrib.auth.hashers.ScryptPasswordHasher",
]
LOGIN_URL, LOGIN_REDIRECT_URL = "account_login", "admin:index"
LOGOUT_REDIRECT_URL = ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_ADAPTER = "analyst.signing_in.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]  # nobody signs up; the library checks what it is told
ACCOUNT_EMAIL_VERIFICATION = "none"  # the link of the invitation has shown whose the address is
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no letters to strangers
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False  # this session goes on, with a new key; all others end
ACCOUNT_REAUTHENTICATION_TIMEOUT = 300  # seconds after which one is asked again before the account is changed
ACCOUNT_FORMS = {"login": "analyst.signing_in.forms.SignInForm"}
MFA_ADAPTER = "analyst.signing_in.adapter.SecondSteps"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_FORMS = {
    "authenticate": "analyst.signing_in.forms.CodeForm",
    "reauthenticate": "analyst.signing_in.forms.CodeAgainForm",
    "add_webauthn": "analyst.signing_in.forms.PasskeyForm",
}
MFA_RECOVERY_CODE_DIGITS = 12
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION  # http://localhost
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
# A browser takes a cookie of such a name from this host alone.
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = (f"{'__Host-' * PRODUCTION}{name}" for name in ("sessionid", "csrftoken"))
SESSION_COOKIE_AGE = 12 * 60 * 60  # at most; see analyst.signing_in.sessions
SECURE_SSL_REDIRECT = PRODUCTION
SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz)$"]  # a load balancer asks within the house
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
X_FRAME_OPTIONS = "DENY"
# A page takes everything from this site, and runs nothing that stands in it.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [csp.NONE],
        **dict.fromkeys(("connect-src", "font-src", "form-action", "img-src", "script-src", "style-src"), [csp.SELF]),
        **dict.fromkeys(("base-uri", "frame-ancestors", "object-src"), [csp.NONE]),
        "report-uri": "/csp-reports",
        "report-to": "csp",  # named by analyst.middleware.safe_headers
    },
}
# In the desk, the editor needs an import map, and that a nonce; a page that caches keep has none. The one style that
# the editor puts into the page (TipTap's own) is known by its hash. Pictures are shown before they are sent.
DESK_POLICY = {
    "script-src": [csp.SELF, csp.NONCE],
    "style-src": [csp.SELF, "'sha256-PlumsSlvJ7vvWzjqibGAYKq92O3y/4JTxWWsWJvyUYA='"],
    "img-src": [csp.SELF, "data:", "blob:"],
    "frame-src": [csp.SELF],  # the preview beside the form
}
if PRODUCTION and TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# ---- Mail and logs -----------------------------------------------------------------------------------------------

vars().update(env.email("EMAIL_URL", "consolemail://"))
# A provider instead of a server: EMAIL_BACKEND=anymail.backends.postmark.EmailBackend, ANYMAIL_POSTMARK_SERVER_TOKEN=…
EMAIL_BACKEND = env.str("EMAIL_BACKEND", vars()["EMAIL_BACKEND"])
ANYMAIL = {name.removeprefix("ANYMAIL_"): value for name, value in os.environ.items() if name.startswith("ANYMAIL_")}
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", f"{JOURNAL_NAME} <desk@{HOST}>")
# Links to confirm that go out in an hour: whoever makes more people ask for them is up to no good.
NEWSLETTER_CONFIRMATIONS_PER_HOUR = env_int("NEWSLETTER_CONFIRMATIONS_PER_HOUR", 200)
NEWSLETTER_RATE = env_int("NEWSLETTER_RATE", 20)  # mails of an edition in a second, from each process; 0: as many as go
NEWSLETTER_BOUNCES = env.str("NEWSLETTER_BOUNCES", "")  # where bounces go; else to the address in DEFAULT_FROM_EMAIL
SECURITY_CONTACT = env.str("SECURITY_CONTACT", f"mailto:{parseaddr(DEFAULT_FROM_EMAIL)[1]}")
if not re.fullmatch(r"(mailto:|https://|tel:)[^\s]+", SECURITY_CONTACT):
    raise ImproperlyConfigured(
        f"SECURITY_CONTACT must look like mailto:security@journal.example or https://…, not {SECURITY_CONTACT!r}."
    )
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {
        "without_secrets": {"()": "analyst.logs.WithoutSecrets"},
        "in_one_line": {"()": "analyst.logs.InOneLine"},
    },
    "formatters": {
        "lines": {"format": "{levelname} {name}: {message}", "style": "{"},
        "json": {"()": "analyst.logs.JsonLines"},
    },
    "handlers": {
        "console": {
            "class": "logging.StreamHandler",
            "filters": ["without_secrets", "in_one_line"],
            "formatter": "json" if PRODUCTION else "lines",
        }
    },
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {"django": {"level": "WARNING"}},
}
