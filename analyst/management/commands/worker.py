"""The worker: does the jobs, takes back those of a worker that fell silent, and what is due all the time."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from django.db import Error, InterfaceError, OperationalError, close_old_connections, connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Command as LibraryCommand
from django_tasks_db.models import DBTaskResult

from analyst.failures import tell_of_failed_jobs
from analyst.models import Worker
from articles.coming_out import come_out
from articles.models import Deleted, Link
from newsletter.forgetting import forget
from newsletter.sending import send_due
from newsletter.signing_up import mail_waiting
from reads.tallying import keep_up

BEAT = timedelta(seconds=5)
TALLY = timedelta(seconds=10)
DUE = timedelta(seconds=10)
FAILURES = timedelta(minutes=1)
STATISTICS = timedelta(hours=1)
SIGNUPS = timedelta(seconds=3)
EDITIONS = timedelta(seconds=5)
LINKS = timedelta(seconds=5)
FORGETTING = timedelta(minutes=30)
log = logging.getLogger(__name__)


def take_back(at: datetime | None = None) -> int:
    """Queue again what silent workers have left running; the library leaves it so for ever. Returns how many."""
    now = at or timezone.now()
    alive = set(Worker.objects.alive(now).values_list("name", flat=True))
    left = [job.pk for job in DBTaskResult.objects.running() if not alive & set(job.worker_ids[-1:])]
    Worker.objects.filter(beat_at__lt=now - timedelta(days=1)).delete()
    return DBTaskResult.objects.running().filter(pk__in=left).update(status="READY", started_at=None)


def beat(worker_id: str) -> None:
    Worker.objects.update_or_create(name=worker_id, defaults={"beat_at": timezone.now()})
    take_back()


def count_for_the_planner() -> None:
    """PostgreSQL does it by itself. An SQLite that was never told looks for a person's ten articles among all."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")  # a few milliseconds, whatever the number of rows
            cursor.execute("ANALYZE")


class Command(LibraryCommand):
    help = "Does the journal's jobs until it is stopped."

    def handle(self, *, worker_id: str, **options: Any) -> None:
        beat(worker_id)  # before the first job, so that no other worker takes it back
        stop = threading.Event()
        # Threads of their own, so that neither a long job nor a long tally makes the worker seem dead.
        threads = [
            threading.Thread(target=repeat, args=(BEAT, beat, stop, worker_id), daemon=True),
            threading.Thread(target=repeat, args=(TALLY, keep_up, stop), daemon=True),
            threading.Thread(target=repeat, args=(DUE, come_out, stop), daemon=True),
            threading.Thread(target=repeat, args=(FAILURES, tell_of_failed_jobs, stop), daemon=True),
            threading.Thread(target=repeat, args=(STATISTICS, count_for_the_planner, stop), daemon=True),
            threading.Thread(target=repeat, args=(SIGNUPS, mail_waiting, stop), daemon=True),
            threading.Thread(target=repeat, args=(EDITIONS, send_due, stop, stop), daemon=True),
            threading.Thread(target=repeat, args=(LINKS, Link.objects.check_due, stop, stop), daemon=True),
            threading.Thread(target=repeat, args=(FORGETTING, forget, stop), daemon=True),
            threading.Thread(target=repeat, args=(FORGETTING, Deleted.objects.forget, stop), daemon=True),
        ]
        for thread in threads:
            thread.start()
        try:
            self._work(worker_id=worker_id, **options)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
            with suppress(Error):
                Worker.objects.filter(name=worker_id).delete()

    def _work(self, **options: Any) -> None:
        """The library's worker ends when the database is away for a moment; this one begins again."""
        while True:
            try:
                return super().handle(**options)
            except (OperationalError, InterfaceError):
                log.warning("The database does not answer; the worker tries again.")
                close_old_connections()
                time.sleep(1)


def repeat(pause: timedelta, work: Callable[..., object], stop: threading.Event, *args: object) -> None:
    """Do it at once, and again and again, also after the database was away."""
    is_over = stop.is_set()
    while not is_over:
        close_old_connections()
        try:
            work(*args)
        except Error:
            log.warning("The database did not do its part; %s is tried again.", work.__name__)
        is_over = stop.wait(pause.total_seconds())
    close_old_connections()
