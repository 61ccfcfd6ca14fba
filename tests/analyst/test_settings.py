"""The settings start in development without a word, and refuse what is unsafe with one line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAFE = {
    "SITE_URL": "https://journal.example",
    "SECRET_KEY": "k3J9-" * 12,
    "ALLOWED_HOSTS": "journal.example",
    "DATABASE_URL": "sqlite://:memory:",
}


def check(**environment: str) -> subprocess.CompletedProcess[str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, cwd=ROOT, env=kept | environment, capture_output=True, text=True, timeout=60)


def test_the_shipped_production_settings_have_no_issue():
    done = check(**SAFE)
    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stderr


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ({"SECRET_KEY": "for-development-only-and-refused-in-production"}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"SECRET_KEY": "a" * 60}, "SECRET_KEY"),
        ({"DEBUG": "True"}, "DEBUG"),
        ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS"),
        ({"ALLOWED_HOSTS": ".example"}, "ALLOWED_HOSTS"),
        ({"SITE_URL": "journal.example"}, "SITE_URL"),
        ({"DEBUG": "maybe"}, "DEBUG"),
        ({"DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({"TRUSTED_PROXIES": "two"}, "TRUSTED_PROXIES"),
        ({"TIME_ZONE": "Mars/Olympus"}, "TIME_ZONE"),
        ({"SECURITY_CONTACT": "desk@journal.example"}, "SECURITY_CONTACT"),
        ({"SECURITY_CONTACT": "mailto:a@b.example\nExpires: never"}, "SECURITY_CONTACT"),
        ({"FEED_AUTHORITY": "journal.example"}, "FEED_AUTHORITY"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_it_refuses_to_start_with_one_line_that_names_the_fault(fault, says):
    done = check(**SAFE | fault)
    assert done.returncode != 0
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_cookie_of_the_desk_is_for_this_host_alone_and_hides_from_scripts():
    names = "SESSION_COOKIE_NAME CSRF_COOKIE_NAME SESSION_COOKIE_SECURE SESSION_COOKIE_HTTPONLY SESSION_COOKIE_SAMESITE"
    script = f"from django.conf import settings; print(*(getattr(settings, name) for name in '{names}'.split()))"
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    kept |= SAFE | {"DJANGO_SETTINGS_MODULE": "analyst.settings"}
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=ROOT, env=kept, capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == ["__Host-sessionid", "__Host-csrftoken", "True", "True", "Lax"], done.stderr
