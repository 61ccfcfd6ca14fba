"""Search at 100,000 articles: server time of the page, by kind of question. `python -m bench.search [articles]`.

Measured warm, each question once a round, without the time of the network; the desk's list beside the readers' page.
On a machine with other work the clock tells of that work too: the processor time beside it is this process's and, where
Linux tells it, that of PostgreSQL's.
"""

import os
import statistics
import sys
import time
from pathlib import Path

from bench.many import User, connection, ensure_database, fill, settings  # first: it sets Django up

from analyst.sample.synthetic import PLACES, SUBJECTS, TOPICS, WELLS  # isort: skip
from articles.models import Article  # isort: skip
from django.test import Client  # isort: skip
from django.utils.http import urlencode  # isort: skip

ROUNDS = 5
PAGE, DESK = "/search/", "/admin/articles/article/"
QUESTIONS = {
    "one article in all": [f"w{n} " for n in range(1, 2000, 97)],
    "0.7 % of the texts": [f"{well} " for well in WELLS[::9]],
    "13 % of the texts": [f"{topic} " for topic in TOPICS],
    "two such, 2 %": [f"{one} {other} " for one, other in zip(TOPICS, TOPICS[3:], strict=False)],
    "without such a one": [f"{one} -{other}" for one, other in zip(TOPICS, TOPICS[3:], strict=False)],
    "10 % of the titles": [f"{place} " for place in PLACES],
    "unfinished": [topic[:4] for topic in TOPICS],
    "a rare phrase": [f'"{one} {other}"' for one, other in zip(WELLS[::9], WELLS[4::9], strict=False)],
    "in every text": [f"{word} " for word in ("ministry", "river", "water", "grain", "the", *SUBJECTS[:2])],
    "a phrase in every text": ['"the ministry"', '"of water"', '"rise again"'],
    "nothing": [f"zzz{n}" for n in range(9)],
}


def backend() -> Path | None:
    """Where Linux says how long PostgreSQL's process for our connection has run."""
    if connection.vendor == "sqlite":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        path = Path(f"/proc/{cursor.fetchone()[0]}/schedstat")
    return path if path.exists() else None


def worked(backend: Path | None) -> float:
    """Seconds of processor time, of both."""
    return time.process_time() + (int(backend.read_text().split()[0]) / 1e9 if backend else 0)


def times_of(client: Client, path: str, questions: list[str], **more: str) -> list[tuple[float, float]]:
    """Milliseconds of each answer: by the clock, and of the processor."""
    times = []
    for turn in range(ROUNDS + 1):
        for question in questions:
            where = backend()
            started, before = time.perf_counter(), worked(where)
            response = client.get(f"{path}?{urlencode({'q': question} | more)}")
            assert response.status_code == 200, question
            if turn:  # the first warms
                times.append(((time.perf_counter() - started) * 1000, (worked(where) - before) * 1000))
    return times


def line(name: str, times: list[tuple[float, float]]) -> str:
    both = [[clock for clock, _ in times], [cpu for _, cpu in times]]
    ends = [(statistics.median(found), statistics.quantiles(found, n=100, method="inclusive")[98]) for found in both]
    return " ".join(f"{median:8.1f} {p99:8.1f}" for median, p99 in ends) + f"  {name}"


def main(number: int) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    ensure_database()
    fill(number)
    desk, reader = Client(), Client()
    desk.force_login(User.objects.get_or_create(username="bench", is_staff=True, is_superuser=True)[0])
    print(
        f"\nSearch, {connection.vendor}, {Article.objects.count():,} articles, load {os.getloadavg()[0]:.1f}"
        f"\n{'p50 ms':>8} {'p99 ms':>8} {'p50 CPU':>8} {'p99 CPU':>8}  words that are in"
    )
    for name, questions in QUESTIONS.items():
        print(line(name, times_of(reader, PAGE, questions)))
    topics = QUESTIONS["13 % of the texts"]
    print(line("13 %, by date", times_of(reader, PAGE, topics, sort="date")))
    print(line("13 %, of one category and year", times_of(reader, PAGE, topics, category="field-reports", year="2010")))
    print(line("the desk: 10 % of the titles", times_of(desk, DESK, QUESTIONS["10 % of the titles"])))
    print(line("the desk: one author", times_of(desk, DESK, [f"{place}{n}" for n, place in enumerate(PLACES)])))
    print(line("the desk: nothing", times_of(desk, DESK, QUESTIONS["nothing"])))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
