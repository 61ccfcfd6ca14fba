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
from bench.targets import said_of  # isort: skip
from django.test import Client  # isort: skip
from django.utils.http import urlencode  # isort: skip

ROUNDS = 5
P50, P99, DESK_MS = 25, 60, 60  # of server time; the first two for words of few texts and of 13 % of them
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


HELD = ("one article in all", "0.7 % of the texts", "13 % of the texts")


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


def line(name: str, times: list[tuple[float, float]], p50: float = 0, p99: float = 0) -> str:
    """What must hold is said of the processor time."""
    both = [[clock for clock, _ in times], [cpu for _, cpu in times]]
    ends = [(statistics.median(found), statistics.quantiles(found, n=100, method="inclusive")[98]) for found in both]
    figures = " ".join(f"{median:8.1f} {rarely:8.1f}" for median, rarely in ends)
    must = [said_of(figure, most) for figure, most in zip(ends[1], (p50, p99), strict=True) if most]
    return f"{figures}  {'; '.join(must):24}  {name}"


def main(number: int) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    ensure_database()
    fill(number)
    desk, reader = Client(), Client()
    desk.force_login(User.objects.get_or_create(username="bench", is_staff=True, is_superuser=True)[0])
    print(
        f"\nSearch, {connection.vendor}, {Article.objects.count():,} articles, load {os.getloadavg()[0]:.1f}"
        f"\n{'p50 ms':>8} {'p99 ms':>8} {'p50 CPU':>8} {'p99 CPU':>8}  {'must hold of the CPU':24}  words that are in"
    )
    for name, questions in QUESTIONS.items():
        must = (P50, P99) if name in HELD else (0, 0)
        print(line(name, times_of(reader, PAGE, questions), *must))
    topics = QUESTIONS["13 % of the texts"]
    print(line("13 %, by date", times_of(reader, PAGE, topics, sort="date")))
    print(line("13 %, of one category and year", times_of(reader, PAGE, topics, category="field-reports", year="2010")))
    asked = {"10 % of the titles": QUESTIONS["10 % of the titles"], "nothing": QUESTIONS["nothing"]}
    asked |= {"one author": [f"{place}{n}" for n, place in enumerate(PLACES)]}
    for name, questions in asked.items():
        print(line(f"the desk: {name}", times_of(desk, DESK, questions), p50=DESK_MS))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
