"""Strangers' addresses are entered by the thousand, and one reader means it."""

import time
from collections import Counter
from collections.abc import Iterator

from django.conf import settings
from django.test import Client

from newsletter.models import Knock, Letter, Signup
from newsletter.signing_up import mail_waiting

from .mailing import Row, Sink, again_and_again, fork, kill

HONEST = "honest@reader.example"


def sign_ups(sink: Sink, number: int) -> Iterator[Row]:
    """For a hundred victims from two thousand addresses, a fifth with the button pressed; an honest one in the middle."""
    for model in (Signup, Letter, Knock):
        model.objects.all().delete()
    sink.forget()
    worker = fork(lambda: again_and_again(mail_waiting, 3))
    client, asked, mailed = Client(SERVER_NAME=settings.HOST), 0.0, None
    try:
        for n in range(number):
            if n == number // 2:
                ask(client, HONEST, "198.51.100.7", pause=2.1)
                asked = time.monotonic()
            ask(client, f"victim{n % 100}@victims.example", f"10.{n % 2000 // 250}.{n % 250}.9", presses=n % 5 == 0)
            if asked and mailed is None and n % 20 == 0:
                mailed = seconds_since(asked, sink)
        while mailed is None and time.monotonic() < asked + 90:
            time.sleep(0.5)
            mailed = seconds_since(asked, sink)
    finally:
        kill(worker)
    took = Counter(email for email, _ in sink.took())
    letters, most = took.total(), max((n for email, n in took.items() if email != HONEST), default=0)
    yield (
        f"{number:,} hostile sign-ups, 100 victims",
        f"most mails to one of them: {most} (≤ 1); {letters} in all (≤ {settings.NEWSLETTER_CONFIRMATIONS_PER_HOUR})",
        "the honest one is mailed " + ("never" if mailed is None else f"after {mailed:.0f} s at most (≤ 60 s)"),
    )


def ask(client: Client, email: str, address: str, *, presses: bool = True, pause: float = 0) -> None:
    answer = client.post("/newsletter/", {"email": email, "interests": "news"}, REMOTE_ADDR=address)
    if presses and answer.status_code == 200:
        ticket = answer.content.decode().partition('name="ticket" value="')[2].partition('"')[0]
        time.sleep(pause)
        client.post("/newsletter/", {"ticket": ticket}, REMOTE_ADDR=address)


def seconds_since(moment: float, sink: Sink) -> float | None:
    return time.monotonic() - moment if any(email == HONEST for email, _ in sink.took()) else None
