"""Whether readers notice that an edition goes out, at the pace that the journal is shipped with."""

import os
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection

from articles.models import Article, Category
from bench.reads.clients import quantile
from bench.reads.site import Site

from .mailing import Row, Sink, edition, is_over, subscribe

PACE = 20  # mails a second
TURNS = 4  # with, and as many without
CLIENTS, PAUSE = 4, 0.05  # seconds between an answer and the next question
ARTICLES = 20


def beside_readers(sink: Sink, number: int) -> Iterator[Row]:
    """In turns: so many seconds without, and as many while the worker sends a part of the mails."""
    publish()
    subscribe(number // TURNS)
    sink.forget()
    os.environ["NEWSLETTER_RATE"], os.environ["EMAIL_URL"] = str(PACE), f"smtp://127.0.0.1:{sink.port}"
    times: dict[bool, list[float]] = {True: [], False: []}
    with Site(sink.folder) as site:
        read(site.port, 5)
        for _ in range(TURNS):
            times[False] += read(site.port, number / TURNS / PACE)
            made, before = edition(), len(sink.took())
            while len(sink.took()) == before:  # the worker looks every five seconds
                time.sleep(0.05)
            times[True] += read(site.port, number / TURNS / PACE)
            while not is_over(made):
                time.sleep(0.2)
    calm, busy = (quantile(times[key], 95) for key in (False, True))
    yield (
        f"{len(sink.took()):,} mails at {PACE} a second beside {CLIENTS} readers: p95 of an article",
        f"{busy:.1f} ms with ({len(times[True]):,} pages), {calm:.1f} ms without",
        f"{busy / calm:.2f} (≤ 1.25)",
    )


def publish() -> None:
    category, long_ago = Category.objects.all()[0], datetime(2016, 3, 15, 12, tzinfo=UTC)
    text = "<p>" + "What the winter did to the reservoirs, and who pays for it. " * 30 + "</p>"
    Article.objects.bulk_create(
        Article(
            slug=f"bench-{n}", title=f"Article {n}", summary=text, body=text * 4, status=Article.Status.PUBLISHED,
            published_at=long_ago, was_public=True, category=category,
        )
        for n in range(ARTICLES)
    )  # fmt: skip


def read(port: int, seconds: float) -> list[float]:
    """How many milliseconds each page took."""
    times: list[float] = []
    over = time.monotonic() + seconds

    def reader(first: int) -> None:
        connection, n = HTTPConnection("127.0.0.1", port, timeout=20), first
        while time.monotonic() < over:
            began = time.perf_counter()
            connection.request("GET", f"/articles/bench-{n % ARTICLES}/")
            answer = connection.getresponse()
            answer.read()
            assert answer.status == 200, answer.status
            times.append((time.perf_counter() - began) * 1000)
            n += 1
            time.sleep(PAUSE)

    threads = [threading.Thread(target=reader, args=(n,)) for n in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times
