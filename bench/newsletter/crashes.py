"""What is lost, and what comes twice, when all that can die dies while an edition goes out."""

import random
import time
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from bench.reads.postgres import Postgres
from newsletter.models import Edition, delivery

from .mailing import SENDERS, Row, Sink, edition, fork, is_over, kill, send_for_ever, senders, subscribe

PATIENCE = 600  # seconds
PACE = 100  # mails a second from each sender, so that there is time to kill them all


def crashes(sink: Sink, number: int) -> Iterator[Row]:
    """A sender is killed each time a hundredth has arrived; now and then a server goes, and comes back."""
    subscribe(number)
    sink.forget()
    delivery.SILENT = timedelta(seconds=4)  # five minutes are for a server that takes its time
    settings.NEWSLETTER_RATE = PACE
    deaths = min(100, number // 100)
    sink_dies = spread(deaths, 5)
    database_dies = spread(deaths, 2) if connection.vendor == "postgresql" else set()
    made, chance, kills, deadline = edition(), random.Random(5), 0, time.monotonic() + PATIENCE
    with senders() as alive:
        while not is_over(made) and time.monotonic() < deadline:
            time.sleep(0.01)
            if kills == deaths or arrived(sink) < number * (kills + 1) // (deaths + 2):
                continue
            time.sleep(chance.random() * 0.05)
            n = chance.randrange(SENDERS)
            kill(alive[n])
            alive[n] = fork(send_for_ever)
            kills += 1
            if kills in sink_dies:
                sink.stop()
                sink.start()
            if kills in database_dies:
                restart_the_database(sink)
        told = f"{kills} kills -9 of {SENDERS} senders, {len(sink_dies)} restarts of the mail server"
        told += f", {len(database_dies)} of the database" if database_dies else ""
        most = kills + SENDERS * (len(sink_dies) + len(database_dies))  # mails that were under way when something went
        yield report(sink, made, f"{number:,} recipients, {told}", kills, most)
        again = made.send_unsure_again(timezone.now())
        while not is_over(made) and time.monotonic() < deadline:
            time.sleep(0.2)
        yield report(sink, made, f"… and the {again} unsure ones sent again by an editor", kills, most)
    settings.NEWSLETTER_RATE = 0


def spread(deaths: int, times: int) -> set[int]:
    """After which deaths something else goes, too."""
    return {deaths * n // (times + 1) for n in range(1, times + 1)} if deaths >= 100 else {deaths // 2}


def arrived(sink: Sink) -> int:
    return sink.log.read_bytes().count(b"\n")


def restart_the_database(sink: Sink) -> None:
    connection.close()
    server = Postgres(sink.folder / "postgres", int(settings.DATABASES["default"]["PORT"]))
    server.stop()
    time.sleep(1)
    server.start()


def report(sink: Sink, made: Edition, what: str, kills: int, most: int) -> Row:
    took, tally = sink.took(), made.tally()
    got = Counter(email for email, _ in took)
    unsure = set(made.deliveries.filter(state="unsure").values_list("subscriber__email", flat=True))
    missed = set(made.audience().values_list("email", flat=True)) - set(got) - unsure
    twice = sum(n - 1 for n in got.values())
    same = len(set(took)) == len(got)
    return (
        what,
        f"missed {len(missed)} (0), twice {twice} (≤ {kills}), unsure {len(unsure)} (≤ {most})",
        f"same Message-ID: {same}; account closed: {tally.adds_up and tally.is_over}",
    )
