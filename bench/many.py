"""Pages and the desk's lists at 100,000 articles: server time and queries. `python -m bench.many [articles]`."""

import os
import statistics
import sys
import time

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "analyst.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from analyst.sample.synthetic import Synthetic  # noqa: E402
from articles.listing import cursor_of  # noqa: E402
from articles.models import Article, Author  # noqa: E402

RUNS = 9
SEED = 7


def ensure_database() -> None:
    """A scratch database of our own, made if it is not there."""
    if connection.vendor == "postgresql":
        name = settings.DATABASES["default"]["NAME"]
        with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if not cursor.fetchone():
                cursor.execute(f'CREATE DATABASE "{name}"')
    call_command("migrate", verbosity=0)
    call_command("collectstatic", verbosity=0, interactive=False)


def fill(number: int) -> None:
    missing = number - Article.objects.count()
    if missing <= 0:
        return
    started = time.perf_counter()
    for _ in Synthetic(SEED).add(missing):
        pass
    seconds = time.perf_counter() - started
    print(f"demo: {missing:,} articles in {seconds:,.0f} s, {missing / seconds:,.0f} a second")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def public_paths() -> list[str]:
    articles = Article.objects.published().newest_first()
    middle, author = articles[articles.count() // 2], Author.objects.public()[0]
    return [
        "/", "/articles/", "/articles/?page=50", f"/articles/?before={cursor_of(middle)}",
        "/articles/?category=field-reports&year=2010", "/articles/?tag=ports", middle.get_absolute_url(),
        "/categories/field-reports/", "/tags/ports/", "/authors/", author.get_absolute_url(), "/issues/",
    ]  # fmt: skip


def desk_paths() -> list[str]:
    author, article = Author.objects.public()[0], Article.objects.newest_first()[50]
    changelist = "/admin/articles/article/"
    return [
        changelist, f"{changelist}?status=draft", f"{changelist}?category__id__exact=1", f"{changelist}?author={author.pk}",
        f"{changelist}?p=300", f"{changelist}?q=ferries", f"{changelist}?q=zzzz", f"{changelist}?q={author.name.split()[-1]}",
        f"{changelist}{article.pk}/change/", "/admin/articles/author/", "/admin/articles/tag/",
    ]  # fmt: skip


def measure(client: Client, path: str) -> tuple[float, int, int]:
    """Milliseconds (median), status, queries."""
    times = []
    for _ in range(RUNS):
        started = time.perf_counter()
        response = client.get(path)
        times.append((time.perf_counter() - started) * 1000)
    with CaptureQueriesContext(connection) as queries:
        client.get(path)
    return statistics.median(times), response.status_code, len(queries)


def main(number: int) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    ensure_database()
    fill(number)
    desk = Client()
    desk.force_login(User.objects.get_or_create(username="bench", is_staff=True, is_superuser=True)[0])
    print(f"\n{connection.vendor}, {Article.objects.count():,} articles\n{'ms':>8}  status  queries  path")
    for client, paths in ((Client(), public_paths()), (desk, desk_paths())):
        for path in paths:
            milliseconds, status, queries = measure(client, path)
            print(f"{milliseconds:8.1f}  {status:6}  {queries:7}  {path}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
