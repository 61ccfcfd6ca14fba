"""Whether the journal is alive, and whether it is ready: for load balancers and for those who watch."""

from collections.abc import Callable
from functools import cache

from django.core.cache import cache as shared
from django.db import Error, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from reads.tallying import is_behind

from .models import Worker


@require_safe
@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """This process answers. It asks nobody, so it is no reason to restart one whose database is away."""
    return HttpResponse("ok\n", content_type="text/plain; charset=utf-8")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Nothing can be read without the database; without the rest, most can."""
    if not _holds(_database_answers):
        return JsonResponse({"status": "down", "database": "down"}, status=503)
    parts = {name: "ok" if _holds(check) else "degraded" for name, check in CHECKS.items()}
    return JsonResponse({"status": "degraded" if "degraded" in parts.values() else "ok", "database": "ok"} | parts)


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Error:
        return False


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return True


def _cache_keeps() -> bool:
    try:
        shared.set("readyz", "kept", 60)
        return bool(shared.get("readyz") == "kept")
    except Exception:  # noqa: BLE001  (the libraries of caches have errors of their own, which need not be installed)
        return False


@cache
def _all_migrations() -> set[tuple[str, str]]:
    return set(MigrationLoader(None).disk_migrations)


def _migrations_are_done() -> bool:
    return _all_migrations() <= set(MigrationRecorder(connection).applied_migrations())


def _worker_lives() -> bool:
    return Worker.objects.alive().exists()


CHECKS: dict[str, Callable[[], bool]] = {
    "cache": _cache_keeps,
    "migrations": _migrations_are_done,
    "worker": _worker_lives,
    "reads": lambda: not is_behind(),
}
