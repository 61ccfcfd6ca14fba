"""Pages of lists beside the first page of their list, and beside themselves in a small journal. `python -m bench.lists [articles]`.

The small journal is another scratch database, whose name ends in _few; a process of its own asks it in turn with this
one, page by page. Told is the shortest processor time of each answer, PostgreSQL's with it, since what disturbs only
ever adds. Lists are compared where both fill the page: a person signed fewer articles of a thousand.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from random import Random

from bench.many import connection, ensure_database, fill, settings  # first: it sets Django up

from django.test import Client  # isort: skip

from articles.listing import PER_PAGE, cursor_of  # isort: skip
from articles.models import Article, Author  # isort: skip
from bench.search import backend, worked  # isort: skip
from bench.targets import said_of, worst  # isort: skip

ROUNDS = 15
FEW = 1000
MOST = 1.15  # times
PAGES = ("", "page=10", "page=25", "page=50", "deep")


def lists() -> dict[str, str]:
    author = Author.objects.public()[0]
    narrowed = (
        "category=field-reports",
        "tag=ports",
        f"author={author.slug}",
        "year=2010",
        "category=field-reports&tag=ports",
    )
    named = {"all": "/articles/", "a category": "/categories/field-reports/", "a tag": "/tags/ports/"}
    named |= {"a person": author.get_absolute_url()}
    return named | {f"all, {words.split('-person')[0]}": f"/articles/?{words}" for words in narrowed}


def pages() -> dict[str, str]:
    """Of every list, by its name and the page."""
    articles = Article.objects.published().newest_first()
    deep = f"before={cursor_of(articles[articles.count() // 2])}"
    found = {}
    for name, path in lists().items():
        for page in PAGES:
            words = deep if page == "deep" else page
            found[f"{name}{', ' * bool(page)}{page}"] = path + ("&" if "?" in path else "?") * bool(words) + words
    return found


class Measured:
    """The pages that there are, asked one at a time."""

    def __init__(self, number: int) -> None:
        settings.ALLOWED_HOSTS = ["testserver"]
        ensure_database()
        fill(number)
        self.client = Client()
        self.paths = pages()
        self.full = [name for name, path in self.paths.items() if self._cards(path) == PER_PAGE]
        self.backend = backend()

    def _cards(self, path: str) -> int:
        response = self.client.get(path)
        return response.content.count(b'<div class="card"') if response.status_code == 200 else 0

    def milliseconds(self, name: str) -> float:
        before = worked(self.backend)
        self.client.get(self.paths[name])
        return (worked(self.backend) - before) * 1000


def answer_in_turn() -> None:
    """The small journal's side: it says which pages are full, then how long each takes that it is asked for."""
    measured = Measured(FEW)
    print(json.dumps(measured.full), flush=True)
    for line in sys.stdin:
        print(measured.milliseconds(line.strip()), flush=True)


def in_turn(measured: Measured) -> Iterator[tuple[str, float, float | None]]:
    """Name, milliseconds here, milliseconds in the small journal."""
    url = f"{os.environ['DATABASE_URL']}_few"
    small = subprocess.Popen(
        [sys.executable, "-m", "bench.lists", "in-turn"], env=os.environ | {"DATABASE_URL": url},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    assert small.stdin
    assert small.stdout
    lines = iter(small.stdout.readline, "")
    full = json.loads(next(line for line in lines if line.startswith("[")))
    for turn in range(ROUNDS):
        # In another order each time: what Python tidies up after so many objects would always meet the same pages.
        for name in Random(turn).sample(measured.full, len(measured.full)):
            here = measured.milliseconds(name)
            if name in full:
                print(name, file=small.stdin, flush=True)
            yield name, here, float(next(lines)) if name in full else None
    small.stdin.close()
    small.wait()


def main(number: int) -> None:
    measured = Measured(number)
    here: dict[str, float] = {}
    there: dict[str, float] = {}
    for name, milliseconds, of_few in in_turn(measured):
        here[name] = min(milliseconds, here.get(name, milliseconds))
        if of_few is not None:
            there[name] = min(of_few, there.get(name, of_few))
    firsts = {name: list_name for list_name in lists() for name in here if name.startswith(list_name)}
    of_first = {name: here[name] / here[firsts[name]] for name in here}
    of_few_ones = {name: here[name] / there[name] for name in there}
    print(
        f"\nLists, {connection.vendor}, {Article.objects.count():,} articles beside {FEW:,}, load {os.getloadavg()[0]:.1f}"
    )
    print(f"{'ms CPU':>8} {'of first':>8} {'of few':>7}  must be {MOST:g}  page")
    for name in measured.full:
        few = f"{of_few_ones[name]:7.2f}" if name in there else f"{'':7}"
        verdict = said_of(max(of_first[name], of_few_ones.get(name, 0)), MOST)
        print(f"{here[name]:8.1f} {of_first[name]:8.2f} {few}  {verdict:15}  {name}")
    print(worst("Of the first page", of_first, MOST, "×"))
    print(worst("Of the same page in a small journal", of_few_ones, MOST, "×"))


if __name__ == "__main__":
    if sys.argv[1:] == ["in-turn"]:
        answer_in_turn()
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
