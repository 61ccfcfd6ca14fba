"""`make test`: lint, types, and the whole suite on SQLite and on PostgreSQL. Says in one line what it leaves out."""

import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from articles.pdf import is_available as pdfs_can_be_made

BIN = Path(sys.executable).parent
PANGO = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"
CHROMIUM = Path("/usr/bin/chromium")
SERVER = os.environ.get("TEST_DATABASE_URL", "postgres://postgres@127.0.0.1:5432/analyst")
REQUIRED = os.environ.get("REQUIRED", "").split()  # what must not be left out: "postgresql browser …"
PRODUCTION = {
    "SITE_URL": "https://journal.example",
    "SECRET_KEY": secrets.token_urlsafe(48),
    "ALLOWED_HOSTS": "journal.example",
}
failures: list[str] = []


def step(name: str, *command: str | Path, **environment: str) -> None:
    started = time.monotonic()
    print(f"── {name}", flush=True)
    done = subprocess.run([str(word) for word in command], env=os.environ | environment)
    if done.returncode:
        failures.append(name)
    print(f"   {'failed' if done.returncode else 'ok'}, {time.monotonic() - started:.0f} s", flush=True)


def leave_out(what: str, why: str) -> None:
    print(f"── left out: {what}: {why}", flush=True)
    if what in REQUIRED:
        failures.append(f"{what} had to run")


def lint() -> None:
    manage = [sys.executable, "manage.py"]
    templates = [str(path) for path in sorted(Path("templates").rglob("*.html"))]
    step("ruff", BIN / "ruff", "check", "--quiet", ".")
    step("ruff format", BIN / "ruff", "format", "--check", "--quiet", ".")
    step("djangofmt", BIN / "djangofmt", "--check", "--quiet", *templates)
    step("mypy", BIN / "mypy")
    step("imports point one way", BIN / "lint-imports", "--no-cache")
    step("migrations are complete", *manage, "makemigrations", "--check", "--dry-run")
    apps = ("articles", "publications", "newsletter", "reads", "analyst")
    lint_migrations = (*manage, "lintmigrations", "--include-apps", *apps, "--ignore-initial-migrations")
    step("migrations can be deployed", *lint_migrations, "-q", "ok", "ignore", DJANGO_SETTINGS_MODULE="tests.settings")
    step("no file holds a secret", sys.executable, "-m", "tests.no_secrets")
    step("static files are whole", *manage, "collectstatic", "--noinput", "-v0")
    step("the shipped production settings", *manage, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)


def suite(name: str, *options: str, **environment: str) -> None:
    step(name, sys.executable, "-m", "pytest", "-n", "2", *options, *sys.argv[1:], **environment)


def answers(url: str) -> bool:
    try:
        psycopg2.connect(url.rpartition("/")[0] + "/postgres", connect_timeout=3).close()
    except psycopg2.OperationalError:
        return False
    return True


@contextmanager
def private_server() -> Iterator[str]:
    """A PostgreSQL of our own for as long as the tests take, if its programs are there; '' if not."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    initdb = shutil.which("initdb") or (str(found[-1]) if found else "")
    if not initdb:
        yield ""
        return
    who = "nobody" if os.geteuid() == 0 else None  # PostgreSQL refuses to be run by root
    with tempfile.TemporaryDirectory() as folder:
        data, programs, port = Path(folder) / "data", Path(initdb).parent, "54329"
        if who:
            shutil.chown(folder, who)

        def quietly(*command: str | Path) -> None:
            words = [str(word) for word in command]
            subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd=folder, user=who)

        quietly(initdb, "-D", data, "-U", "postgres", "--auth=trust", "-E", "UTF8")
        control: list[str | Path] = [programs / "pg_ctl", "-D", data, "-w", "-l", data / "log"]
        options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
        quietly(*control, "-o", options, "start")
        try:
            yield f"postgres://postgres@127.0.0.1:{port}/analyst"
        finally:
            quietly(*control, "-m", "immediate", "stop")


@contextmanager
def server() -> Iterator[str]:
    if answers(SERVER):
        yield SERVER
        return
    with private_server() as url:
        yield url


def install_validators() -> bool:
    """axe-core, html-validate and csp_evaluator, as package-lock.json has them; whether they are here."""
    lock, installed = Path("package-lock.json"), Path("node_modules/.package-lock.json")
    if installed.exists() and installed.stat().st_mtime >= lock.stat().st_mtime:
        return True
    npm = shutil.which("npm")
    if not npm:
        leave_out("validators", "there is no npm (on Debian: apt install npm)")
        return False
    step("the validators of package.json", npm, "ci", "--silent")
    return installed.exists()


def main() -> int:
    lint()
    left_out = []
    if not CHROMIUM.exists():
        leave_out("browser", f"there is no {CHROMIUM} (on Debian: apt install chromium)")
        left_out.append("not browser")
    if not install_validators():
        left_out.append("not validator")
    if not pdfs_can_be_made():
        leave_out("pdf", f"there is no Pango (on Debian: apt install {PANGO})")
        left_out.append("not pdf")
    suite("the suite on SQLite", "-m", " and ".join(left_out), DATABASE_URL="sqlite://:memory:")
    with server() as url:
        if url:
            suite("the suite on PostgreSQL", "-m", "not browser and not validator and not pdf", DATABASE_URL=url)
        else:
            leave_out("postgresql", "no server answers at TEST_DATABASE_URL and its programs are not here")
    print(f"\nFailed: {', '.join(failures)}" if failures else "\nAll is well.")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
