"""The worker: does the jobs, and takes back those of a worker that fell silent."""

import threading
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db import close_old_connections, connection
from django.utils import timezone
from django_tasks_db.management.commands.db_worker import Command as LibraryCommand
from django_tasks_db.models import DBTaskResult

from analyst.models import Worker

BEAT = timedelta(seconds=5)
SILENT = timedelta(seconds=30)
STATISTICS = timedelta(hours=1)


def take_back(at: datetime | None = None) -> int:
    """Queue again what silent workers have left running; the library leaves it so for ever. Returns how many."""
    now = at or timezone.now()
    alive = set(Worker.objects.filter(beat_at__gt=now - SILENT).values_list("name", flat=True))
    left = [job.pk for job in DBTaskResult.objects.running() if not alive & set(job.worker_ids[-1:])]
    Worker.objects.filter(beat_at__lt=now - timedelta(days=1)).delete()
    return DBTaskResult.objects.running().filter(pk__in=left).update(status="READY", started_at=None)


def count_for_the_planner() -> None:
    """PostgreSQL does it by itself. An SQLite that was never told looks for a person's ten articles among all."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA analysis_limit = 1000")  # a few milliseconds, whatever the number of rows
            cursor.execute("ANALYZE")


class Command(LibraryCommand):
    help = "Does the journal's jobs until it is stopped."

    def handle(self, *, worker_id: str, **options: Any) -> None:
        Worker.objects.create(name=worker_id)
        take_back()
        stop = threading.Event()
        beating = threading.Thread(target=self._beat, args=(worker_id, stop), daemon=True)
        beating.start()
        try:
            super().handle(worker_id=worker_id, **options)
        finally:
            stop.set()
            beating.join()
            Worker.objects.filter(name=worker_id).delete()

    def _beat(self, worker_id: str, stop: threading.Event) -> None:
        for beat in count():
            if stop.wait(BEAT.total_seconds()):
                break
            close_old_connections()
            if beat % (STATISTICS // BEAT) == 0:
                count_for_the_planner()
            Worker.objects.filter(name=worker_id).update(beat_at=timezone.now())
            take_back()
        close_old_connections()
