"""Sixteen editors save five articles at the same time, through a real server: whether a word of any of them is lost.

`python -m bench.desk [saves of each editor]` on the scratch database of DATABASE_URL. Each editor opens a form, types a
mark of its own into one part, and presses Save; told that somebody else was faster in that part, they open it again. At
the end the history of each article is read: every mark that was acknowledged must be in it, and no part may have been
changed by somebody who had not seen what stood there. The edit form and a comparison are measured, too.
"""

import os
import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "analyst.settings")
django.setup()

from django.contrib.auth.models import User  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext, override_settings  # noqa: E402

from articles.compare import compare  # noqa: E402
from articles.models import Article, Category  # noqa: E402
from bench.many import ensure_database  # noqa: E402
from bench.reads.saves import fields_of  # noqa: E402
from bench.reads.site import Site  # noqa: E402

EDITORS, ARTICLES, SAVES = 16, 5, 200
PARTS = ("summary", "background", "implications", "conclusions")
PATIENCE = 60  # seconds for an answer


@dataclass
class Saved:
    """What an editor was told is saved, and what the part held when they opened it."""

    article: int
    editor: int
    part: str
    mark: str
    seen: str


class Editor(threading.Thread):
    def __init__(self, n: int, pk: int, session: str, port: int, articles: list[int], saves: int) -> None:
        super().__init__()
        self.n, self.pk, self.session, self.port, self.articles, self.saves = n, pk, session, port, articles, saves
        self.saved: list[Saved] = []
        self.answers: Counter[int] = Counter()
        self.times: list[float] = []

    def run(self) -> None:
        for n in range(self.saves):
            while not self._save(f"mark-{self.n}-{n}."):
                pass

    def _save(self, mark: str) -> bool:
        article, part = random.choice(self.articles), random.choice(PARTS)
        path = f"/admin/articles/article/{article}/change/"
        page, cookies = self._ask("GET", path)
        fields = fields_of(page)
        sent = fields | {part: f"<p>{mark}</p>", "_continue": "Save and continue editing"}
        if random.random() < 0.2:  # and now and then their browser keeps what they type
            self._ask("POST", f"/admin/articles/article/{article}/at-work/", sent, cookies)
        started = time.perf_counter()
        status = self._status(path, sent, cookies)
        self.times.append(time.perf_counter() - started)
        self.answers[status] += 1
        if status == 302:
            self.saved.append(Saved(article, self.pk, part, mark, fields[part]))
        return status == 302

    def _ask(self, method: str, path: str, fields: Any = None, cookies: str = "") -> tuple[str, str]:
        status, text, given = self._request(method, path, fields, cookies)
        assert status in (200, 302, 409), (status, path)
        return text, given

    def _status(self, path: str, fields: Any, cookies: str) -> int:
        return self._request("POST", path, fields, cookies)[0]

    def _request(self, method: str, path: str, fields: Any, cookies: str) -> tuple[int, str, str]:
        connected = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {"Host": f"localhost:{self.port}", "Cookie": cookies or f"sessionid={self.session}"}
        body = None
        if fields is not None:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-CSRFToken": fields["csrfmiddlewaretoken"],
            }
            body = urlencode(fields)
        connected.request(method, path, body, headers)
        answer = connected.getresponse()
        text = answer.read().decode()
        given = [cookie.partition(";")[0] for cookie in answer.headers.get_all("Set-Cookie") or []]
        connected.close()
        return answer.status, text, "; ".join([f"sessionid={self.session}", *given])


def all_save(saves: int, folder: Path) -> tuple[list[Editor], float]:
    category = Category.objects.order_by("pk")[0]
    texts = {part: f"<p>{part}</p>" for part in PARTS}
    articles = [Article.objects.create(title=f"Desk {n}", category=category, **texts) for n in range(ARTICLES)]
    for article in articles:
        article.revise()
    with Site(folder) as site:
        people = [User.objects.create(username=f"desk{n}", is_staff=True, is_superuser=True) for n in range(EDITORS)]
        pks = [article.pk for article in articles]
        editors = [Editor(n, who.pk, _session(who), site.port, pks, saves) for n, who in enumerate(people)]
        started = time.perf_counter()
        for editor in editors:
            editor.start()
        for editor in editors:
            editor.join()
        return editors, time.perf_counter() - started


def _session(editor: User) -> str:
    client = Client()
    client.force_login(editor)
    return client.cookies["sessionid"].value


def lost_and_overwritten(editors: list[Editor]) -> tuple[int, int]:
    """Acknowledged marks that no revision of their editor holds, and parts that were changed by who had not seen them."""
    lost = overwritten = 0
    saved = [one for editor in editors for one in editor.saved]
    for pk in {one.article for one in saved}:
        history = list(Article.objects.get(pk=pk).revisions.order_by("number"))
        for one in (one for one in saved if one.article == pk):
            text = f"<p>{one.mark}</p>"
            made = [
                n for n, row in enumerate(history) if row.editor_id == one.editor and row.snapshot[one.part] == text
            ]
            if not made:
                lost += 1
                continue
            before, after = history[made[0] - 1].snapshot, history[made[0]].snapshot
            others = [name for name in after if name != one.part and after[name] != before[name]]
            overwritten += before[one.part] != one.seen or bool(others)
    return lost, overwritten


def form_and_comparison() -> tuple[int, float, float]:
    """Queries and milliseconds of the form of an article with 50 revisions; milliseconds of comparing 5,000 words."""
    editor = User.objects.create(username="desk-form", is_staff=True, is_superuser=True)
    article = Article.objects.order_by("-pk")[0]
    while article.revisions.count() < 50:
        article.revise(editor)
    client, url = Client(), f"/admin/articles/article/{article.pk}/change/"
    client.force_login(editor)
    client.get(url)
    times = []
    for _ in range(5):
        with CaptureQueriesContext(connection) as queries:
            started = time.perf_counter()
            client.get(url)
            times.append((time.perf_counter() - started) * 1000)
    words = [f"word{random.randrange(900)}" for _ in range(5_000)]
    changed = [random.choice(words) if random.random() < 0.1 else word for word in words]
    old, new = ({"body": _paragraphs(text)} for text in (words, changed))
    started = time.perf_counter()
    compare(old, new)
    return len(queries), statistics.median(times), (time.perf_counter() - started) * 1000


def _paragraphs(words: list[str]) -> str:
    return "".join(f"<p>{' '.join(words[n : n + 100])}</p>" for n in range(0, len(words), 100))


@override_settings(ALLOWED_HOSTS=["testserver", "localhost"])
def main(saves: int) -> int:
    ensure_database()
    call_command("migrate", verbosity=0)
    with tempfile.TemporaryDirectory() as folder:
        editors, seconds = all_save(saves, Path(folder))
    lost, overwritten = lost_and_overwritten(editors)
    answers = sum((editor.answers for editor in editors), Counter())
    times = sorted(one for editor in editors for one in editor.times)
    queries, form, comparison = form_and_comparison()
    print(f"{connection.vendor}: {EDITORS} editors, {saves} saves each, {ARTICLES} articles, {seconds:.0f} s")
    print(
        f"  saved {answers[302]}, told of another's change {answers[409]}, other answers {answers - Counter({302: answers[302], 409: answers[409]})}"
    )
    print(
        f"  a save takes {statistics.median(times) * 1000:.0f} ms in the middle, {times[int(len(times) * 0.99)] * 1000:.0f} ms at p99"
    )
    print(f"  acknowledged and not in the history: {lost}; silently overwritten: {overwritten}")
    print(f"  form of 50 revisions: {queries} queries, {form:.0f} ms; comparing 5,000 words: {comparison:.0f} ms")
    return bool(lost or overwritten)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else SAVES))
