"""`python -m bench.newsletter`: how fast an edition goes, in how much memory, and what a hundred kills lose of it.

On SQLite in a file of its own, or where DATABASE_URL leads: give it an empty database. `--quick` takes a tenth.
"""

import os
import random
import resource
import signal
import smtplib
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

FOLDER = tempfile.mkdtemp(prefix="bench-newsletter-")
os.environ.setdefault("DATABASE_URL", f"sqlite:///{FOLDER}/bench.sqlite3")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "analyst.settings")
os.environ["NEWSLETTER_RATE"] = "0"

import django  # noqa: E402

django.setup()

from django.conf import settings  # noqa: E402
from django.core.mail import EmailMultiAlternatives, get_connection  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import close_old_connections, connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from newsletter.models import Delivery, Edition, Key, Letter, Signup, Subscriber, delivery, digest, flags  # noqa: E402
from newsletter.sending import mould_of, send_due, start  # noqa: E402
from newsletter.signing_up import mail_waiting  # noqa: E402

QUICK = "--quick" in sys.argv
SENDERS, KILLS, SINK_RESTARTS = 3, 10 if QUICK else 100, 1 if QUICK else 5
LOG = Path(FOLDER) / "sink.log"
TEXT = "<p>" + "What the winter did to the reservoirs, and who pays. " * 60 + "</p>"


class SinkProcess:
    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.start()
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", self.port

    def start(self) -> None:
        self.process = subprocess.Popen([sys.executable, "-m", "bench.newsletter.sink", str(self.port), str(LOG)])
        for _ in range(300):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()


def taken() -> list[tuple[str, str]]:
    return [tuple(line.split(" ")) for line in LOG.read_text().splitlines()] if LOG.exists() else []  # type: ignore[misc]


def readers(number: int) -> None:
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
    LOG.write_bytes(b"")  # the server goes on writing at its end


def edition() -> Edition:
    made = Edition.objects.create(subject="A winter of low water", body=TEXT)
    made.schedule(timezone.now())
    return made


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def rate(number: int) -> None:
    """Three ways to send the same mail, in turns, so that what else the machine does falls on all alike."""
    readers(number)
    SINK.stop(), SINK.start()
    seconds: dict[str, list[float]] = {"plain": [], "ours": [], "bytes": []}
    for _ in range(3):
        ours = edition()
        seconds["ours"].append(timed(send_due))
        ours.refresh_from_db()
        assert ours.state == Edition.State.SENT, ours.trouble
        mould = mould_of(ours)
        seconds["plain"].append(timed(lambda mould=mould: plain_loop(mould.text, mould.html)))
        seconds["bytes"].append(timed(lambda mould=mould: prebuilt(mould, number)))
    best = {name: number / min(times) for name, times in seconds.items()}
    print(f"| a plain Django loop over one connection | {best['plain']:,.0f} a second | 1 |")
    print(
        f"| ours, each mail committed before and after | {best['ours']:,.0f} a second | {best['ours'] / best['plain']:.2f} |"
    )
    print(
        f"| prebuilt bytes by smtplib, no state at all | {best['bytes']:,.0f} a second | {best['bytes'] / best['plain']:.2f} |"
    )


def plain_loop(text: str, html: str) -> None:
    with get_connection() as server:
        for reader in Subscriber.objects.active().iterator():
            mail = EmailMultiAlternatives("A winter of low water", text, to=[reader.email], connection=server)
            mail.attach_alternative(html, "text/html")
            mail.send()


def prebuilt(mould: object, number: int) -> None:
    raw = mould.fill("r1@d1.example", "<1@x.example>", "t" * 32, "t" * 32)  # type: ignore[attr-defined]
    with smtplib.SMTP("127.0.0.1", SINK.port) as server:
        for _ in range(number):
            server.sendmail("a@x.example", ["r1@d1.example"], raw)


def memory(number: int) -> None:
    """What a process grows by when it starts and sends an edition to so many, against one to a thousand."""
    peaks = {}
    for people in (1000, number):
        readers(people)
        child = fork(lambda: send_some(2000))
        _, _, usage = os.wait4(child, 0)
        peaks[people] = usage.ru_maxrss / 1024
    grown = peaks[number] - peaks[1000]
    print(
        f"| memory: start and first 2,000 mails of 1,000 and of {number:,} | {peaks[1000]:.0f} and {peaks[number]:.0f} MB | +{grown:.0f} MB |"
    )


def send_some(most: int) -> None:
    made = edition()
    start(made, timezone.now())
    Delivery.objects.filter(
        edition=made, pk__gt=Delivery.objects.order_by("pk")[min(most, Delivery.objects.count()) - 1].pk
    ).update(due_at=timezone.now() + timedelta(days=1))
    send_due()


def fork(work: Callable[[], object]) -> int:
    """A process that has all that this one has loaded, and a database connection of its own."""
    connection.close()
    child = os.fork()
    if child:
        return child
    try:
        work()
    finally:
        os._exit(0)


def send_for_ever() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    while True:
        close_old_connections()
        send_due()
        time.sleep(0.1)


@contextmanager
def senders() -> Iterator[list[int]]:
    alive = [fork(send_for_ever) for _ in range(SENDERS)]
    try:
        yield alive
    finally:
        for child in alive:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)


def crashes(number: int) -> None:
    """Kill senders and restart the server while an edition goes out; then count who got what."""
    readers(number)
    delivery.SILENT = timedelta(seconds=4)  # five minutes are for a server that takes its time
    made, chance, kills = edition(), random.Random(5), 0  # noqa: S311
    restarts = {KILLS * n // (SINK_RESTARTS + 1) for n in range(1, SINK_RESTARTS + 1)}
    with senders() as alive:
        deadline = time.monotonic() + 240
        while not is_over(made) and time.monotonic() < deadline:
            time.sleep(chance.random() * 0.25)
            if kills < KILLS and Delivery.objects.filter(state="sent").exists():
                n = chance.randrange(SENDERS)
                os.kill(alive[n], signal.SIGKILL)
                os.waitpid(alive[n], 0)
                alive[n] = fork(send_for_ever)
                kills += 1
                if kills in restarts:
                    SINK.stop()
                    SINK.start()
        report(
            made,
            f"{number:,} recipients, {SENDERS} senders, {kills} kills -9, {SINK_RESTARTS} restarts of the server",
            kills,
        )
        again = made.send_unsure_again(timezone.now())
        while not is_over(made) and time.monotonic() < deadline + 60:
            time.sleep(0.2)
        report(made, f"… and the {again} unsure ones sent again by an editor", kills)


def is_over(made: Edition) -> bool:
    made.refresh_from_db()
    return made.state == Edition.State.SENT


def report(made: Edition, what: str, kills: int) -> None:
    got, tally = Counter(email for email, _ in taken()), made.tally()
    unsure = set(made.deliveries.filter(state="unsure").values_list("subscriber__email", flat=True))
    missed = set(made.audience().values_list("email", flat=True)) - set(got) - unsure
    twice = sum(n - 1 for n in got.values())
    ids = Counter(email for email, _ in set(taken()))
    same = all(n == 1 for n in ids.values())
    print(
        f"| {what} | missed {len(missed)}, twice {twice} (≤ {kills}), unsure {len(unsure)} | same Message-ID: {same}; account closed: {tally.adds_up and tally.is_over} |"
    )


def sign_ups(number: int) -> None:
    """Hostile ones for a hundred victims from two thousand addresses; an honest one in the middle."""
    Signup.objects.all().delete(), Letter.objects.all().delete()
    LOG.write_bytes(b"")  # the server goes on writing at its end
    worker = fork(mail_for_ever)
    client, honest, mailed = Client(SERVER_NAME=settings.HOST), 0.0, None
    try:
        for n in range(number):
            where = f"10.{n % 2000 // 250}.{n % 250}.9"
            who = "honest@reader.example" if n == number // 2 else f"victim{n % 100}@victims.example"
            address = "198.51.100.7" if n == number // 2 else where
            answer = client.post("/newsletter/", {"email": who, "interests": "news"}, REMOTE_ADDR=address)
            if answer.status_code == 200 and (n == number // 2 or n % 5 == 0):  # some press the button, too
                ticket = answer.content.decode().partition('name="ticket" value="')[2].partition('"')[0]
                time.sleep(2.1 if n == number // 2 else 0)
                client.post("/newsletter/", {"ticket": ticket}, REMOTE_ADDR=address)
            if n == number // 2:
                honest = time.monotonic()
            if honest and mailed is None and n % 20 == 0:
                mailed = seconds_since(honest)
        while honest and mailed is None and time.monotonic() < honest + 90:
            time.sleep(0.5)
            mailed = seconds_since(honest)
    finally:
        os.kill(worker, signal.SIGKILL)
        os.waitpid(worker, 0)
    most = max(Counter(email for email, _ in taken()).values(), default=0)
    told = "never" if mailed is None else f"after {mailed:.0f} s at most"
    print(
        f"| {number:,} hostile sign-ups, 100 victims | most mails to one of them: {most}; {len(taken())} in all | the honest one is mailed {told} |"
    )


def seconds_since(moment: float) -> float | None:
    return time.monotonic() - moment if any(email.startswith("honest@") for email, _ in taken()) else None


def mail_for_ever() -> None:
    while True:
        close_old_connections()
        mail_waiting()
        time.sleep(3)


if __name__ == "__main__":
    call_command("migrate", verbosity=0)
    SINK = SinkProcess()
    try:
        print(f"On {connection.vendor}.\n\n| what | figure | against |\n|---|---|---|", flush=True)
        rate(300 if QUICK else 3000)
        memory(10_000 if QUICK else 100_000)
        crashes(1000 if QUICK else 10_000)
        sign_ups(500 if QUICK else 10_000)
    finally:
        SINK.stop()
    print(f"\nPeak of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB.")
