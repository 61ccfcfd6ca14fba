"""The mail work that is due, once. The worker does the same all the time."""

import signal
import threading
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand

from newsletter.sending import send_due
from newsletter.signing_up import mail_waiting


class Command(BaseCommand):
    help = "Mails what is due: links to confirm, scheduled editions, and those that are being sent. Then it ends."

    def handle(self, **options: Any) -> str:
        stop = threading.Event()

        def end(signum: int, frame: FrameType | None) -> None:
            stop.set()

        for signum in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signum, end)
        links = mail_waiting()
        fates = send_due(stop)
        told = ", ".join(f"{n} {name}" for name, n in sorted(fates.items())) or "nothing was due"
        return f"Links to confirm: {links}. Editions: {told}."
