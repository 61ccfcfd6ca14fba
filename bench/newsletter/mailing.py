"""What each part needs: a mail server, readers, an edition, and processes that send."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.db import Error, close_old_connections, connection
from django.utils import timezone

from newsletter.models import Delivery, Edition, Key, Subscriber, digest, flags
from newsletter.sending import send_due

SENDERS = 3
TEXT = "<p>" + "What the winter did to the reservoirs, and who pays. " * 60 + "</p>"
Row = tuple[str, ...]  # of the table


class Sink:
    """A mail server in a process of its own, and what it wrote down."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.log = folder, folder / "sink.log"
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", self.port
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "bench.newsletter.sink", str(self.port), str(self.log)])
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()

    def forget(self) -> None:
        self.log.write_bytes(b"")  # the server goes on writing at its end

    def took(self) -> list[tuple[str, str]]:
        """To whom, and with which Message-ID."""
        return [tuple(line.split(" ")) for line in self.log.read_text().splitlines()]  # type: ignore[misc]


def subscribe(number: int) -> None:
    """So many subscribers, and nobody else."""
    Delivery.objects.all().delete(), Edition.objects.all().delete(), Subscriber.objects.all().delete()
    key, now = Key.load(), timezone.now()
    for first in range(0, number, 5000):
        Subscriber.objects.bulk_create(
            Subscriber(
                email=f"r{n}@d{n % 40}.example", domain=f"d{n % 40}.example", person=digest(key, f"r{n}@d{n % 40}.example"),
                confirmed_at=now, **flags(["news"]),
            )
            for n in range(first, min(number, first + 5000))
        )  # fmt: skip


def edition() -> Edition:
    made = Edition.objects.create(subject="A winter of low water", body=TEXT)
    made.schedule(timezone.now())
    return made


def is_over(made: Edition) -> bool:
    made.refresh_from_db()
    return made.state == Edition.State.SENT


def fork(work: Callable[[], object]) -> int:
    """A process that has all that this one has loaded, and a database connection of its own."""
    connection.close()
    child = os.fork()
    if child:
        return child
    try:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        work()
    finally:
        os._exit(0)


def kill(child: int) -> None:
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def again_and_again(work: Callable[[], object], pause: float) -> None:
    """As the worker does it, which outlives a database that is away."""
    while True:
        try:
            close_old_connections()
            work()
        except Error:
            connection.close()
        time.sleep(pause)


@contextmanager
def senders() -> Iterator[list[int]]:
    alive = [fork(send_for_ever) for _ in range(SENDERS)]
    try:
        yield alive
    finally:
        for child in alive:
            kill(child)


def send_for_ever() -> None:
    again_and_again(send_due, 0.1)
