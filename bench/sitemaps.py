"""Sitemaps and feeds at 100,000 articles: server time, queries, bytes, addresses; too many of either fail. `python -m bench.sitemaps [articles]`."""

import sys

from bench.many import ensure_database, fill, measure  # first of all: it sets Django up

from django.conf import settings  # isort: skip
from django.db import connection  # isort: skip
from django.test import Client  # isort: skip

from articles.models import Article, Author  # isort: skip
from articles.sitemaps import SIZE  # isort: skip


def paths() -> list[str]:
    newest = Article.objects.published().order_by("-pk").values_list("pk", flat=True)[0]
    last, author = newest // SIZE + 1, Author.objects.public()[0].get_absolute_url()
    sitemaps = [f"/sitemap-articles-{number}.xml" for number in (1, last // 2 + 1, max(1, last - 1))]
    others = [f"/sitemap-{name}-1.xml" for name in ("authors", "categories", "tags")]
    feeds = ["/feeds/articles", "/categories/field-reports/feed", f"{author}feed", "/tags/ports/feed"]
    return [
        "/sitemap.xml", "/sitemap-site.xml", "/sitemap-news.xml", *sitemaps, *others,
        *(f"{feed}.{form}" for feed in feeds for form in ("atom", "rss", "json")),
    ]  # fmt: skip


def main(number: int) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    ensure_database()
    fill(number)
    client = Client()
    print(
        f"\n{connection.vendor}, {Article.objects.count():,} articles\n{'ms':>8}  status  queries    bytes   addresses  path"
    )
    for path in paths():
        milliseconds, status, queries = measure(client, path)
        content = client.get(path).content
        addresses = content.count(b"<loc>")
        assert addresses <= 50_000, path
        assert len(content) <= 50_000_000, path  # both as sitemaps.org says
        print(f"{milliseconds:8.1f}  {status:6}  {queries:7}  {len(content):7,}  {addresses:10,}  {path}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
