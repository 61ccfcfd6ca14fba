"""The shipped settings, and what only tests need: N+1 queries refused, passwords hashed fast, cookies of plain http."""

from analyst.settings import *  # noqa: F403
from analyst.settings import INSTALLED_APPS, MIDDLEWARE, VAR

INSTALLED_APPS = [*INSTALLED_APPS, "zeal", "django_migration_linter"]
MIDDLEWARE = ["zeal.middleware.zeal_middleware", *MIDDLEWARE]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STATIC_ROOT = VAR / "static-of-tests"  # nothing is there: a test that runs the journal collects files meanwhile
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "private": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Who asks, and on whose page: two people, each looked up once.
ZEAL_ALLOWLIST = [{"model": "auth.User*", "field": "get*"}]
