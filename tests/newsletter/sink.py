"""A mail server for tests: aiosmtpd, which keeps what it gets and refuses what it is told to."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

Answer = Callable[[str], str | None]


class Sink:
    def __init__(self) -> None:
        self.raw: list[tuple[str, bytes]] = []  # to whom, and what
        self.at_rcpt: Answer = lambda email: None
        self.at_data: Answer = lambda email: None
        self.connections = 0
        self.pipelines = False  # whether it takes commands ahead of its answers
        self.most = 1_000_000  # mails over one connection
        self.drop: Callable[[str], bool] = lambda email: False

    async def handle_EHLO(
        self, server: SMTP, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]] if self.pipelines else responses

    async def handle_MAIL(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:
        session.mails = getattr(session, "mails", 0) + 1
        if session.mails > self.most:
            return "421 4.4.5 enough for one connection"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: Any) -> str:
        answer = self.at_rcpt(address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        elif answer.startswith("421"):
            server.transport.write(f"{answer}\r\n".encode())
            server.transport.close()
        return answer or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        (to,) = envelope.rcpt_tos
        answer = self.at_data(to)
        if answer is None:
            self.raw.append((to, envelope.original_content))
        if self.drop(to):
            server.transport.close()
        return answer or "250 Taken"

    @property
    def to(self) -> list[str]:
        return [to for to, _ in self.raw]

    @property
    def mails(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for _, raw in self.raw]  # type: ignore[misc]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(sink: Sink) -> Iterator[int]:
    controller = Controller(sink, hostname="127.0.0.1", port=free_port(), enable_SMTPUTF8=False)
    controller.start()
    try:
        yield controller.port
    finally:
        controller.stop()
