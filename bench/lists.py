"""Pages of lists, near the top and deep down, as multiples of the first. `python -m bench.lists [articles]`.

A second run with few articles says what their number costs: `make bench` does both. They take turns, and the shortest
answer of each is told, since what disturbs only ever adds: processor time on SQLite, which works in this process, and
on PostgreSQL, which does not, the time until the answer.
"""

import sys
import time

from bench.many import connection, ensure_database, fill, settings  # first: it sets Django up

from django.test import Client  # isort: skip

from articles.listing import cursor_of  # isort: skip
from articles.models import Article, Author  # isort: skip

RUNS = 9


def public_paths() -> list[str]:
    articles = Article.objects.published().newest_first()
    middle, author = articles[articles.count() // 2], Author.objects.public()[0]
    deep = f"before={cursor_of(middle)}"
    lists = ["/articles/", "/categories/field-reports/", "/tags/ports/"]
    narrowed = ["category=field-reports", "tag=ports", f"author={author.slug}", "year=2010", "tag=ports&year=2010"]
    return [
        *(f"{path}{rest}" for path in lists for rest in ("", "?page=10", "?page=25", "?page=50", f"?{deep}")),
        author.get_absolute_url(), f"{author.get_absolute_url()}?{deep}", *(f"/articles/?{words}" for words in narrowed),
        "/articles/?category=field-reports&page=10", f"/articles/?category=field-reports&tag=ports&{deep}",
    ]  # fmt: skip


def shortest(client: Client, paths: list[str]) -> dict[str, float]:
    """Milliseconds."""
    clock = time.process_time if connection.vendor == "sqlite" else time.perf_counter
    times: dict[str, list[float]] = {path: [] for path in paths}
    for _ in range(RUNS):
        for path in paths:
            started = clock()
            client.get(path)
            times[path].append((clock() - started) * 1000)
    return {path: min(found) for path, found in times.items()}


def main(number: int) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    ensure_database()
    fill(number)
    client = Client()
    paths = [path for path in public_paths() if client.get(path).status_code == 200]  # few articles fill few pages
    times = shortest(client, paths)
    print(f"\nLists, {connection.vendor}, {Article.objects.count():,} articles\n{'times':>6} {'ms':>8}  path")
    for path, milliseconds in times.items():
        print(f"{milliseconds / times['/articles/']:6.2f} {milliseconds:8.1f}  {path}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
