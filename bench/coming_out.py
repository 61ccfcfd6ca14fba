"""1,000 articles due in one minute: seen at their moment with every worker stopped, told of once by workers that die.

`python -m bench.coming_out [articles]` on the scratch database of DATABASE_URL. Workers are real processes, killed by
SIGKILL; letters are files; nothing is simulated.
"""

import logging
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path

LETTERS = Path(tempfile.mkdtemp(prefix="letters-"))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "analyst.settings")
os.environ["EMAIL_URL"] = f"filemail:///{LETTERS}"

import django  # noqa: E402

django.setup()

from django.contrib.admin.models import LogEntry  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.test import Client, override_settings  # noqa: E402
from django.utils import timezone  # noqa: E402
from django_tasks_db.models import DBTaskResult  # noqa: E402

from articles import letters  # noqa: E402
from articles.models import Article, Category  # noqa: E402
from bench.many import ensure_database  # noqa: E402

WORKERS, KILLS, MINUTE = 3, 20, 60


def schedule(number: int) -> list[Article]:
    """As an editor does it: drafts, each given its moment within one minute from now."""
    editor, _ = User.objects.get_or_create(username="bench", defaults={"email": "bench@example.org", "is_staff": True})
    category = Category.objects.order_by("pk")[0]
    drafts = [
        Article.objects.create(title=f"Due {n}", category=category, summary="<p>In short.</p>", body="<p>Text.</p>")
        for n in range(number)
    ]
    start = timezone.now() + timedelta(seconds=10 + number / 100)  # when they will all be written
    for n, draft in enumerate(drafts):
        draft.publish(at=start + timedelta(seconds=MINUTE) * n / number, by=editor)
    return drafts


def watch(articles: list[Article]) -> tuple[int, int, float]:
    """With no worker: how many are seen early, how many late, and the longest lateness in seconds."""
    client, early, late, longest = Client(), 0, 0, 0.0
    for article in articles[:: max(1, len(articles) // 100)]:
        assert article.published_at
        time.sleep(max(0.0, (article.published_at - timezone.now()).total_seconds() - 0.05))
        if timezone.now() < article.published_at:
            is_there = client.get(article.get_absolute_url()).status_code == 200
            early += is_there and timezone.now() < article.published_at
        time.sleep(max(0.0, (article.published_at - timezone.now()).total_seconds()))
        asked = time.perf_counter()
        while client.get(article.get_absolute_url()).status_code != 200:
            late += 1
            time.sleep(0.05)
        longest = max(longest, time.perf_counter() - asked)
    return early, late, longest


def start_worker() -> "subprocess.Popen[bytes]":
    command = [sys.executable, "manage.py", "worker", "--no-startup-delay", "--verbosity=0"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def work_and_die() -> tuple[int, float]:
    """Three workers, one of them killed again and again, until nothing is due and every letter has gone."""
    started, kills = time.perf_counter(), 0
    workers = [start_worker() for _ in range(WORKERS)]
    waiting = DBTaskResult.objects.filter(task_path=letters.post.module_path).exclude(status="SUCCESSFUL")
    while kills < KILLS or Article.objects.exclude(due_at=None).exists() or waiting.exists():
        time.sleep(random.uniform(0.5, 2.5))
        if kills < KILLS:
            n = random.randrange(WORKERS)
            workers[n].send_signal(signal.SIGKILL)
            workers[n].wait()
            workers[n], kills = start_worker(), kills + 1
        if time.perf_counter() - started > 600:
            break
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.wait(60)
    return kills, time.perf_counter() - started


def told() -> tuple[Counter[str], int]:
    """How often each article stands in a letter, and how many letters were sent more than once."""
    sent: dict[str, list[str]] = {}
    repeats = 0
    for file in LETTERS.iterdir():
        for raw in file.read_bytes().split(b"\n" + b"-" * 79 + b"\n"):
            if b"Message-ID" not in raw:
                continue
            letter = message_from_bytes(raw.strip() + b"\n")
            name = str(letter["Message-ID"])
            repeats += name in sent
            sent[name] = [line.strip() for line in raw.decode().splitlines() if line.startswith("  Due ")]
    return Counter(title for titles in sent.values() for title in titles), repeats


def main() -> None:
    number = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    ensure_database()
    logging.disable(logging.WARNING)  # what is not there yet is asked for on purpose
    with override_settings(ALLOWED_HOSTS=["*"]):
        articles = schedule(number)
        early, late, longest = watch(articles)
    print(
        f"seen early {early}, seen late {late} of {min(number, 100)} asked for (longest {longest:.2f} s), without a worker"
    )
    kills, seconds = work_and_die()
    newest = list(Article.objects.published().newest_first().values_list("pk", flat=True)[:20])
    print(f"order of the feed kept: {newest == [article.pk for article in reversed(articles)][:20]}")
    pks = [str(article.pk) for article in articles]
    events = Counter(
        LogEntry.objects.filter(object_id__in=pks, change_message="Came out.").values_list("object_id", flat=True)
    )
    printed = Counter(
        job["args"][1]
        for job in DBTaskResult.objects.filter(task_path__endswith="make_pdf").values_list("args_kwargs", flat=True)
    )
    in_letters, repeats = told()
    titles = [article.title for article in articles]
    print(f"{WORKERS} workers, {kills} kills, {seconds:.0f} s")
    for name, found, asked in (("publish events", events, pks), ("letters", in_letters, titles)):
        counts = Counter(found[key] for key in asked)
        print(f"{name}: once {counts[1]:,}, never {counts[0]:,}, more {sum(counts.values()) - counts[0] - counts[1]:,}")
    if printed:
        more = sum(printed[article.pk] > 1 for article in articles)
        print(f"PDFs ordered: {sum(printed[article.pk] > 0 for article in articles):,}, twice {more:,}")
    print(f"letters sent again by a worker that died after sending, under the same Message-ID: {repeats}")


if __name__ == "__main__":
    main()
