"""The tables of one database: `DATABASE_URL=… python -m bench.reads.measure <reads> <folder>`."""

import json
import os
import random
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "analyst.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402

from analyst.management.commands.run import _static_files_are_fresh  # noqa: E402
from articles.models import Article, Category  # noqa: E402
from bench.reads import k2  # noqa: E402
from bench.reads.clients import Plan, address_of, agent_of, quantile  # noqa: E402
from bench.reads.postgres import Postgres  # noqa: E402
from bench.reads.site import Site, load, nginx, told  # noqa: E402
from reads.models import Hour, Read, Total, Waiting, summed  # noqa: E402
from reads.tallying import fold  # noqa: E402
from tests.reads import oracle  # noqa: E402

ARTICLES, FEW = 1000, 200
VISITORS = 1000
SAVES = 200


def line(name: str, figure: str, target: str = "") -> None:
    print(f"  {name:<58} {figure:>26}   {target}", flush=True)


def table(name: str) -> None:
    print(f"\n{connection.vendor}: {name} (load {os.getloadavg()[0]:.1f})", flush=True)


def path_of(n: int) -> str:
    return f"/articles/bench-{n}/read"


# What would give a visitor away: the address, or that part of the user agent which is nobody else's.
TRACE = rb"100\.\d+\.\d+\.\d+|SM-\d+"


def traces_of(n: int) -> list[bytes]:
    return re.findall(TRACE, f"{address_of(n)} {agent_of(n)}".encode())


class Measurement:
    def __init__(self, number: int, folder: Path) -> None:
        self.number, self.folder = number, folder
        self.fewer = max(number // 10, 200)  # where a rate is asked for, or that nothing differs
        self.is_short = number < 1000
        self.turns = 1 if self.is_short else 4
        self.readers = 0  # so far: each has an address of its own

    def plan(self, site: Site | int, paths: list[str], number: int, **more: Any) -> Plan:
        first, self.readers = self.readers, self.readers + number
        return Plan(site if isinstance(site, int) else site.port, paths, number, first, **more)

    @contextmanager
    def site(self, path: str, application: str = "analyst.wsgi") -> Iterator[Site]:
        """One that has answered before: the first request of a process takes seconds."""
        with Site(self.folder, application) as site:
            told(self.plan(site, [path], 64))
            yield site

    def run(self) -> None:
        prepare()
        with self.site(path_of(0)) as site:
            self.kills(site)
            self.hot(site)
        k2.make_table([f"bench-{n}" for n in range(ARTICLES)])
        with self.site("/k2/bench-0", "bench.reads.k2:serve()") as site:
            self.older_way(site)
        with self.site(path_of(0)) as site:
            self.saves(site)
            self.told_again(site)
            self.cached(site)
            self.nobody(site)
            if connection.vendor == "postgresql":
                self.away(site)
        self.tally()

    def kills(self, site: Site) -> None:
        """What is acknowledged is counted, whoever dies."""
        fold()
        stored, counted = Read.objects.count(), total()
        few = [path_of(n) for n in range(FEW)]
        calm = told(self.plan(site, few, self.fewer))
        with site.dying():
            dying = told(self.plan(site, few, self.number))
        fold()
        acknowledged = calm["acknowledged"] + dying["acknowledged"]
        table(f"{self.fewer:,} reads by 16 clients, then {self.number:,} while {site.deaths} web workers die")
        line("stored, less acknowledged", f"{Read.objects.count() - stored - acknowledged:,}", f"0 of {acknowledged:,}")
        line("counted, less acknowledged", f"{total() - counted - acknowledged:,}", "0")
        events = [event for _, event in Read.objects.events()]
        line("articles and hours not as the slow oracle counts", str(differences(events)), "0")
        speed(calm, dying)

    def hot(self, site: Site) -> None:
        """One article that everybody reads, beside a thousand."""
        deadlocks, turns = deadlocks_so_far(), [self._turn(site, path_of) for _ in range(self.turns)]
        table("one hot article beside 1,000 articles, turn by turn")
        hot_beside_spread(turns)
        line("deadlocks", str(deadlocks_so_far() - deadlocks), "0")

    def _turn(self, site: Site, path: Callable[[int], str]) -> tuple[dict[str, Any], dict[str, Any]]:
        paths = [path(n) for n in range(ARTICLES)]
        spread, hot = (told(self.plan(site, chosen, self.fewer // 2)) for chosen in (paths, paths[:1]))
        return hot, spread

    def older_way(self, site: Site) -> None:
        before, paths = k2.hits(), [f"/k2/bench-{n}" for n in range(FEW)]
        calm = told(self.plan(site, paths, self.fewer))
        with site.dying():
            dying = told(self.plan(site, paths, self.fewer))
        wrong = k2.hits() - before - calm["acknowledged"] - dying["acknowledged"]
        table("the same in the way of K2, a column that each request adds one to")
        line("counted, less acknowledged", f"{wrong:+,}", "who asks again is counted again")
        speed(calm, dying)
        hot_beside_spread([self._turn(site, "/k2/bench-{}".format) for _ in range(self.turns)])

    def saves(self, site: Site) -> None:
        """The desk saves an article that is being read, and one while others are."""
        number = SAVES if not self.is_short else 3
        found: dict[bool, list[float]] = {True: [], False: []}
        lost, acknowledged, stored = 0, 0, Read.objects.count()
        for turn in range(2 * self.turns):
            is_hot = turn % 2 == 0
            paths = [path_of(0)] if is_hot else [path_of(n) for n in range(1, ARTICLES)]
            with load(self.plan(site, paths, 1_000_000 // 8)) as running:
                saved = save("bench-0", max(3, number // self.turns))
                acknowledged += running.stop()["acknowledged"]
            found[is_hot] += saved["times"]
            lost += saved["lost"]
        time.sleep(1)
        table(f"{number} saves of an article in the desk while it is read, and as many while others are")
        line("edits lost", str(lost), "0")
        line(
            "reads stored, less acknowledged (in flight: ≤ 16 a turn)",
            f"{Read.objects.count() - stored - acknowledged:,}",
            "≥ 0",
        )
        hot, others = (quantile(found[key], 95) for key in (True, False))
        line("p95 of a save: hot, others, ratio", f"{hot:.0f}, {others:.0f} ms, {hot / others:.2f}", "≤ 1.25")

    def told_again(self, site: Site) -> None:
        """The same nonce is the same read."""
        fold()
        stored, counted = Read.objects.count(), total()
        found = told(self.plan(site, [path_of(n) for n in range(FEW)], self.fewer, times=3, dropped=0.1))
        fold()
        table(f"{self.fewer:,} reads, each told three times, a tenth of the answers dropped")
        line("answers 204", f"{found['acknowledged']:,}")
        line(
            "stored, and counted, less reads",
            f"{Read.objects.count() - stored - self.fewer:,}, {total() - counted - self.fewer:,}",
            "0, 0",
        )

    def cached(self, site: Site) -> None:
        """Pages come out of a cache; reads are counted all the same, and the number is fresh."""
        if not shutil.which("nginx"):
            print("\nNot measured: behind a cache (there is no nginx)")
            return
        number, pages = self.fewer, [f"/articles/bench-{n}/" for n in range(20)]
        fold()
        counted, before = total(), site.number(path_of(0))["total"]
        with nginx(site) as port:
            site.number(path_of(0), port)  # which the cache now keeps
            plan = self.plan(port, [f"{page}read" for page in pages], number, pages=pages)
            found = told(plan)
            ages, fresh_after = self._ages(site, port, before + len(range(0, number, 20)))
        fold()
        table(f"{number:,} views of 20 pages through nginx, which keeps pages")
        seen = found["seen"]
        line("pages from the cache", f"{seen.get('page 200 HIT', 0) / number:.1%}")
        line("pages the site rendered, for 20", str(number - seen.get("page 200 HIT", 0)), "20")
        line("counted, less viewed", f"{total() - counted - number:,}", "0")
        line(
            f"the number on a page, in {len(ages)} s: oldest, right after",
            f"{max(ages):.0f} s, {fresh_after:.0f} s",
            "≤ 60 s",
        )

    def _ages(self, site: Site, port: int, expected: int) -> tuple[list[float], float]:
        """How old the number was when it was shown, each second, and when it was right."""
        started, ages, right = time.time(), [], 0.0
        while time.time() - started < (5 if self.is_short else 80):
            shown = site.number(path_of(0), port)
            ages.append(time.time() - datetime.fromisoformat(shown["as_of"]).timestamp())
            right = right or (time.time() - started if shown["total"] == expected else 0.0)
            time.sleep(1)
        return ages, right or float("inf")

    def nobody(self, site: Site) -> None:
        """Nothing at rest tells who the visitors were."""
        first, number = self.readers, 200 if self.is_short else VISITORS
        told(self.plan(site, [path_of(n) for n in range(FEW)], number, agents=10**9))
        people = {word for n in range(first, first + number) for word in traces_of(n)}
        kept = b"\n".join(everything_kept(self.folder))
        table(f"{number:,} visitors, then {len(kept) / 1e6:.1f} MB of dumps, database files and logs")
        line("addresses, and models in user agents, that are found", str(len(people & {*re.findall(TRACE, kept)})), "0")

    def away(self, site: Site) -> None:
        """The database goes in the middle, and comes back."""
        server = Postgres(self.folder / "postgres", int(settings.DATABASES["default"]["PORT"]))
        seconds, number = (3, 1000) if self.is_short else (60, self.fewer)
        fold()
        stored, counted = Read.objects.count(), total()
        connection.close()
        with load(self.plan(site, [path_of(n) for n in range(FEW)], number)) as running:
            time.sleep(2)
            server.stop()
            gone = time.time()
            time.sleep(seconds)
            back = time.time()
            server.start()
            found = running.wait()
        fold()
        told_at = sorted(found["told_at"])
        table(f"the database away for {seconds} s in the middle of {number:,} reads")
        line(
            "acknowledged before, while away, after",
            f"{sum(at < gone for at in told_at):,}, {sum(gone + 1 < at < back for at in told_at):,}, {sum(at >= back for at in told_at):,}",
            "away: 0",
        )
        line("refused with 503, p99 of that answer", f"{found['seen'].get('503', 0):,}, {found['refused_p99']:.0f} ms")
        line(
            "first read that is stored again",
            f"{min((at for at in told_at if at >= back), default=0) - back:.1f} s",
            "≤ 5 s",
        )
        line(
            "stored, and counted, less acknowledged",
            f"{Read.objects.count() - stored - found['acknowledged']:,}, {total() - counted - found['acknowledged']:,}",
            "0, 0",
        )

    def tally(self) -> None:
        """How much work it is to count."""
        table("the tally, by how many are a second click (CPU per 100,000 reads: ours, the database's)")
        for share in (0.1,) if self.is_short else (0.0, 0.1, 0.5):
            store(max(10_000, self.number), share)
            wall, own, server = time.perf_counter(), time.process_time(), server_cpu()
            n = fold()
            wall, own, server = time.perf_counter() - wall, time.process_time() - own, server_cpu() - server
            line(
                f"{share:.0%} of {n:,}: reads a second; of CPU",
                f"{n / wall:,.0f}; {n / (own + server):,.0f}",
                f"≥ 50,000   CPU {own * 1e5 / n:.2f} s, {server * 1e5 / n:.2f} s",
            )


def total() -> int:
    return summed(Total.objects.all())["total"]


def rate(found: dict[str, Any]) -> float:
    return found["acknowledged"] / found["seconds"]


def round_all(values: list[float]) -> str:
    return " ".join(f"{value:.2f}" for value in values)


def speed(calm: dict[str, Any], dying: dict[str, Any]) -> None:
    for how, found in (("in peace", calm), ("while they die", dying)):
        again = found["seen"].get("told again", 0)
        line(
            f"{how}: a second, p50, p99",
            f"{rate(found):,.0f}, {found['p50']:.0f}, {found['p99']:.0f} ms",
            f"told again: {again}",
        )


def hot_beside_spread(turns: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    ratios = [rate(hot) / rate(spread) for hot, spread in turns]
    middle = statistics.median
    line("rate, hot to spread, median (each)", f"{middle(ratios):.2f}", f"≥ 0.9 ({round_all(ratios)})")
    for name, column in (("hot", 0), ("spread", 1)):
        found = [turn[column] for turn in turns]
        p50, p99 = (middle(each[key] for each in found) for key in ("p50", "p99"))
        line(
            f"{name}: a second, p50, p99",
            f"{middle(map(rate, found)):,.0f}, {p50:.0f}, {p99:.0f} ms",
            "≥ 1,000, p99 ≤ 50 ms",
        )


def differences(events: list[Any]) -> int:
    """Hours of articles that are not what the oracle says; it looks at pairs, so article by article."""
    by_article: dict[int, list[Any]] = {}
    for event in events:
        by_article.setdefault(event.article, []).append(event)
    expected = {}
    for of_one in by_article.values():
        expected |= oracle.count(of_one)
    names = ("total", "pdf", "uniques", "robots")
    stored = {
        (row.article_id, oracle.slot(row.hour)): {name: getattr(row, name) for name in names}
        for row in Hour.objects.all()
    }
    return sum(expected.get(key) != stored.get(key) for key in expected.keys() | stored.keys())


def deadlocks_so_far() -> int:
    if connection.vendor != "postgresql":
        return 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT SUM(deadlocks) FROM pg_stat_database")
        return int(cursor.fetchone()[0])


def save(slug: str, number: int) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.reads.saves", slug, str(number)]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def everything_kept(folder: Path) -> Iterator[bytes]:
    """A dump by Django and one by the database, its files, and what web, worker and database have said."""
    dump = folder / "dump.json"
    call_command("dumpdata", output=str(dump), verbosity=0)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("CHECKPOINT")
        if program := shutil.which("pg_dump"):
            url = settings.DATABASE_URL.replace("postgres://", "postgresql://")
            yield subprocess.run([program, url], check=True, capture_output=True).stdout
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.read_bytes()


def server_cpu() -> float:
    """Seconds of CPU that the database has worked for this connection; SQLite works in our own process."""
    if connection.vendor != "postgresql":
        return 0.0
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        words = Path(f"/proc/{cursor.fetchone()[0]}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def store(number: int, share: float) -> None:
    """Reads of a day at 200 a second, of which a share comes from the reader before, ten milliseconds later."""
    with connection.cursor() as cursor:
        for model in (Waiting, Read, Hour, Total):
            cursor.execute(f"DELETE FROM {model._meta.db_table}")
    chance = random.Random(7)
    articles = list(Article.objects.values_list("pk", flat=True)[:FEW])
    article, reader = articles[0], 0
    start, rows = datetime(2026, 11, 25, 12, tzinfo=UTC), []
    for n in range(number):
        if chance.random() >= share:
            reader, article = chance.getrandbits(62), chance.choice(articles)
        nonce, at = UUID(int=chance.getrandbits(128)), start + timedelta(milliseconds=5 * n)
        rows.append(
            Read(nonce=nonce, article_id=article, format=1, at=at, reader=reader, agent_id=1, is_robot=n % 20 == 0)
        )
    made = Read.objects.bulk_create(rows, batch_size=2000)
    Waiting.objects.bulk_create([Waiting(read=read) for read in made], batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def prepare() -> None:
    """An empty journal, and a thousand short articles in it."""
    call_command("migrate", verbosity=0)
    if not _static_files_are_fresh():
        call_command("collectstatic", verbosity=0, interactive=False)
    long_ago = datetime(2016, 3, 15, 12, tzinfo=UTC)
    Article.objects.bulk_create(
        Article(
            slug=f"bench-{n}", title=f"Article {n}", summary="<p>What happened, and why.</p>", body="<p>It did.</p>",
            status=Article.Status.PUBLISHED, published_at=long_ago, was_public=True, category=Category.objects.all()[0],
        )
        for n in range(ARTICLES)
    )  # fmt: skip


if __name__ == "__main__":
    Measurement(int(sys.argv[1]), Path(sys.argv[2])).run()
