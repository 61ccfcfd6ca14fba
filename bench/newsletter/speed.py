"""How fast an edition goes, and in how much memory."""

import os
import smtplib
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils import timezone

from newsletter.mime import Mould
from newsletter.models import Delivery, Edition, Key, Subscriber
from newsletter.sending import mould_of, send_due, start

from .mailing import Row, Sink, edition, fork, subscribe

TURNS = 5


def rate(sink: Sink, number: int) -> Iterator[Row]:
    """Three ways to send the same mail, in turns, so that what else the machine does falls on all alike."""
    subscribe(number)
    found: dict[str, list[float]] = {"plain": [], "ours": [], "bytes": [], "commits": []}
    for _ in range(TURNS):
        ours = edition()
        start(ours, timezone.now())
        found["ours"].append(number / timed(send_due))
        ours.refresh_from_db()
        assert ours.state == Edition.State.SENT, ours.trouble
        mould = mould_of(ours)
        found["plain"].append(number / timed(lambda mould=mould: plain_loop(mould.text, mould.html)))
        found["bytes"].append(number / timed(lambda mould=mould: prebuilt(mould, sink.port, number)))
        found["commits"].append(number / timed(lambda: commits(number)))
    for what, name in (
        ("a plain Django loop over one connection", "plain"),
        ("ours, each mail committed before and after (≥ 2)", "ours"),
        ("prebuilt bytes by smtplib, no state at all", "bytes"),
        ("no mail, one commit for each: what the database allows", "commits"),
    ):
        beside = statistics.median(mine / plain for mine, plain in zip(found[name], found["plain"], strict=True))
        turns = ", ".join(f"{rate:,.0f}" for rate in found[name])
        yield f"{number:,} mails, {what}", f"{statistics.median(found[name]):,.0f} a second ({turns})", f"{beside:.2f}"


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def plain_loop(text: str, html: str) -> None:
    with get_connection() as server:
        for reader in Subscriber.objects.active().iterator():
            mail = EmailMultiAlternatives("A winter of low water", text, to=[reader.email], connection=server)
            mail.attach_alternative(html, "text/html")
            mail.send()


def prebuilt(mould: Mould, port: int, number: int) -> None:
    raw = mould.fill("r1@d1.example", "<1@x.example>", "t" * 32, "t" * 32)
    with smtplib.SMTP("127.0.0.1", port) as server:
        for _ in range(number):
            server.sendmail("a@x.example", ["r1@d1.example"], raw)


def commits(number: int) -> None:
    for _ in range(number):
        Key.objects.filter(pk=1).update(id=1)


def memory(sink: Sink, number: int) -> Iterator[Row]:
    """What a process grows by when it starts and sends an edition to so many, against one to a thousand."""
    peaks = {}
    for people in (1000, number):
        subscribe(people)
        child = fork(lambda: send_some(2000))
        _, _, usage = os.wait4(child, 0)
        peaks[people] = usage.ru_maxrss / 1024
    yield (
        f"memory: start and first 2,000 mails of 1,000 and of {number:,}",
        f"{peaks[1000]:.0f} and {peaks[number]:.0f} MB",
        f"+{peaks[number] - peaks[1000]:.0f} MB",
    )


def send_some(most: int) -> None:
    made = edition()
    start(made, timezone.now())
    last = Delivery.objects.order_by("pk")[min(most, Delivery.objects.count()) - 1]
    Delivery.objects.filter(edition=made, pk__gt=last.pk).update(due_at=timezone.now() + timedelta(days=1))
    send_due()
