"""The journal on this machine: prepares what is missing, then runs the site and the worker until it is stopped."""

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentTypeError
from pathlib import Path
from types import FrameType
from typing import Any

from django.conf import settings
from django.contrib.auth.models import User
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import OperationalError

from analyst.roles import ADMINISTRATOR, NEWSLETTER, PUBLISHER, give
from articles.models import Article

PATIENCE = 10  # seconds for a process to end by itself


class Command(BaseCommand):
    help = "Migrates, fills an empty journal, makes the first editor, and runs site and worker on this machine."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--port", type=_port, default=os.environ.get("PORT") or "8000")

    def handle(self, *, port: int, **options: Any) -> None:
        if _is_taken(port):
            raise CommandError(f"Port {port} is taken. Stop what runs there, or say PORT={port + 1} make run.")
        try:
            self._prepare()
        except OperationalError as problem:
            raise CommandError(f"The database does not answer: {str(problem).splitlines()[0]}") from problem
        self.stdout.write(f"The journal is at http://localhost:{port}, its desk at http://localhost:{port}/admin/")
        self.stdout.flush()
        sys.exit(run_until_stopped(_processes(port)))

    def _prepare(self) -> None:
        call_command("migrate", verbosity=0)
        if not _static_files_are_fresh():
            call_command("collectstatic", verbosity=0, interactive=False)
        if not Article.objects.exists():
            call_command("demo", stdout=self.stdout)
        if not User.objects.exists():
            password = secrets.token_urlsafe(12)
            give(User.objects.create_superuser("editor", password=password), [PUBLISHER, NEWSLETTER, ADMINISTRATOR])
            self.stdout.write(f"Sign in as editor with the password {password} (it is shown only this once)")


def _port(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 65535:
        raise ArgumentTypeError(f"PORT must be a number from 1 to 65534, not {text!r}")
    return int(text)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _static_files_are_fresh() -> bool:
    """Whether anything has been written since the files were last collected."""
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists():
        return False
    collected = manifest.stat().st_mtime
    files = (storage.path(path) for finder in get_finders() for path, storage in finder.list([]))
    return all(os.path.getmtime(path) <= collected for path in files)


def _processes(port: int) -> list[list[str]]:
    python = [sys.executable, "-m"]
    site = [
        *python, "gunicorn", "analyst.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "2", "--threads", "4",
        "--preload",  # a worker that died is there again in no time
        "--no-control-socket", "--log-level", "warning",
        "--forwarder-headers", "",  # no header of a request may say which path was asked for
    ]  # fmt: skip
    worker = [sys.executable, str(settings.BASE_DIR / "manage.py"), "worker", "--verbosity", "0"]
    return [site, worker]


def run_until_stopped(commands: list[list[str]]) -> int:
    """Run the processes until a signal comes or one of them ends; then end them all. Returns the exit code."""
    stopped: list[int] = []

    def stop(signum: int, frame: FrameType | None) -> None:
        stopped.append(signum)

    for signum in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(signum, stop)
    # Sessions of their own: Ctrl-C reaches only this process, which then ends them in order.
    processes = [subprocess.Popen(command, cwd=settings.BASE_DIR, start_new_session=True) for command in commands]
    try:
        while not stopped and all(process.poll() is None for process in processes):
            time.sleep(0.2)
    finally:
        _end(processes)
    return 0 if stopped else 1


def _end(processes: list["subprocess.Popen[bytes]"]) -> None:
    for process in processes:
        if process.poll() is None:
            process.terminate()
    deadline = time.monotonic() + PATIENCE
    for process in processes:
        try:
            process.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
