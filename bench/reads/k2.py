"""The way of the older system, to measure beside ours: each hit adds one to a column, in the request."""

import os

import django
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "analyst.settings")
django.setup()

from django.core.handlers.wsgi import WSGIHandler  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.db import Error, connection  # noqa: E402
from django.http import HttpRequest, HttpResponse  # noqa: E402
from django.urls import include, path  # noqa: E402
from django.views.decorators.csrf import csrf_exempt  # noqa: E402


def make_table(slugs: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bench_k2")
        cursor.execute("CREATE TABLE bench_k2 (slug varchar(200) PRIMARY KEY, hits integer NOT NULL)")
        cursor.executemany("INSERT INTO bench_k2 VALUES (%s, 0)", [(slug,) for slug in slugs])


def hits() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT SUM(hits) FROM bench_k2")
        return cursor.fetchone()[0]


@csrf_exempt
def hit(request: HttpRequest, slug: str) -> HttpResponse:
    try:
        with connection.cursor() as cursor:
            cursor.execute("UPDATE bench_k2 SET hits = hits + 1 WHERE slug = %s", [slug])
    except Error:
        return HttpResponse(status=503)
    return HttpResponse(status=204)


urlpatterns = [path("k2/<slug:slug>", hit), path("", include("analyst.urls"))]


def serve() -> WSGIHandler:
    """For gunicorn: the journal with this page beside its own."""
    settings.ROOT_URLCONF = __name__
    return get_wsgi_application()
