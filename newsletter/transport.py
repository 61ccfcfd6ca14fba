"""How one mail is handed over, and what became of it: over a connection that is kept, or by a provider's own way."""

import re
from dataclasses import dataclass
from enum import Enum
from smtplib import SMTP, SMTPException, SMTPResponseException
from typing import Protocol

from django.core.mail import EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.smtp import EmailBackend

from .mime import Mould, bounce_address, list_headers

# Seconds for each answer of a mail server, and for its receipt. Three and one are less than delivery.SILENT.
TIMEOUT, RECEIPT = 60, 110


class Fate(Enum):
    SENT = "sent"
    REFUSED = "refused"  # for good, for this recipient
    LATER = "later"  # not now, for this recipient
    BUSY = "busy"  # not now, for this provider
    DOWN = "down"  # nothing was handed over: the server does not answer, or takes nothing from us
    UNSURE = "unsure"  # the connection broke between the mail and its receipt


@dataclass(frozen=True)
class Outcome:
    fate: Fate
    code: str = ""
    reason: str = ""


@dataclass(frozen=True)
class Recipient:
    email: str
    message_id: str
    leave: str
    choose: str


class Transport(Protocol):
    def send(self, mould: Mould, to: Recipient, following: str = "") -> Outcome:
        """Hand one mail over. Who most likely gets the next may be named: it can save a wait."""

    def close(self) -> None: ...


def open_transport() -> Transport:
    """By the settings: Django's SMTP backend gives us its connection, any other takes whole messages."""
    connection = get_connection(fail_silently=False)
    if isinstance(connection, EmailBackend):
        connection.timeout = connection.timeout or TIMEOUT
        return OverSmtp(connection)
    return ByBackend(connection)


_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")


def outcome_of(code: int, said: bytes | str, fate: Fate | None = None) -> Outcome:
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    enhanced = _ENHANCED.search(text)
    status = enhanced[1] if enhanced else ""
    if fate is None:
        is_busy = code == 421 or status.startswith("4.7.")
        fate = Fate.BUSY if is_busy else Fate.LATER if 400 <= code < 500 else Fate.REFUSED
    return Outcome(fate, f"{code} {status}".strip(), " ".join(text.split()))


class OverSmtp:
    """One connection for all.

    A server that takes commands ahead of its answers (RFC 2920) gets a mail together with the envelope of the next:
    one wait for each mail, and not four. No word of the next mail itself leaves before its turn.
    """

    def __init__(self, backend: EmailBackend) -> None:
        self.backend = backend
        self.sender = bounce_address()
        self.ahead = ""  # whose envelope is sent, and its answers not read yet

    def send(self, mould: Mould, to: Recipient, following: str = "") -> Outcome:
        """Never raises for what a server or a network does."""
        if self.ahead not in ("", to.email):
            self.close()
        was_open = self.backend.connection is not None
        try:
            server = self._open()
            refusal = self._address(server, to.email)
        except TimeoutError as problem:
            self.close()
            return _down(problem)
        except (OSError, SMTPException) as problem:
            self.close()
            refusal = _down(problem)
        if refusal and refusal.fate is Fate.DOWN and was_open:  # some take so many mails, or minutes, and no more
            self.close()
            return self.send(mould, to, following)
        if refusal:
            return refusal
        mail = mould.fill(to.email, to.message_id, to.leave, to.choose)
        return self._hand_over(server, mail, following if server.has_extn("pipelining") else "")

    def _open(self) -> SMTP:
        self.backend.open()
        server: SMTP = self.backend.connection  # type: ignore[assignment]
        server.ehlo_or_helo_if_needed()
        return server

    def _envelope(self, email: str) -> list[bytes]:
        return [f"MAIL FROM:<{self.sender}>\r\n".encode("ascii"), f"RCPT TO:<{email}>\r\n".encode("ascii"), b"DATA\r\n"]

    def _address(self, server: SMTP, email: str) -> Outcome | None:
        """Say from whom and to whom, and ask whether the mail may come; why not, if it may not."""
        answers = []
        if server.has_extn("pipelining"):
            if not self.ahead:
                server.send(b"".join(self._envelope(email)))
            self.ahead = ""
            for _ in self._envelope(email):
                answers.append(server.getreply())
                if answers[-1][0] == 421:  # it is gone, and says no more
                    break
        else:
            for command in self._envelope(email):
                server.send(command)
                answers.append(server.getreply())
                if answers[-1][0] >= 400:
                    break
        return self._judge(server, answers)

    def _judge(self, server: SMTP, answers: list[tuple[int, bytes]]) -> Outcome | None:
        n, (code, said) = next(((n, answer) for n, answer in enumerate(answers) if answer[0] >= 400), (3, (354, b"")))
        if n == 3:
            return None
        if len(answers) == 3 and answers[2][0] == 354:  # it waits for a mail that nobody may get
            server.send(".\r\n")
            server.getreply()
        if code == 421:
            self.close()
        else:
            server.rset()
        # What is said to our name is about us, and to theirs about them.
        fate = Fate.DOWN if n == 0 else None
        return outcome_of(code, said, fate)

    def _hand_over(self, server: SMTP, mail: bytes, following: str) -> Outcome:
        end = b".\r\n" if mail.endswith(b"\r\n") else b"\r\n.\r\n"
        envelope = self._envelope(following) if following else []
        try:
            server.send(b"".join([mail, end, *envelope]))
            self.ahead = following
            server.sock.settimeout(max(RECEIPT, self.backend.timeout or 0))  # type: ignore[union-attr]
            code, said = server.getreply()
            server.sock.settimeout(self.backend.timeout)  # type: ignore[union-attr]
        except (OSError, SMTPException) as problem:
            self.close()
            return Outcome(Fate.UNSURE, reason=f"The connection broke before the receipt: {type(problem).__name__}")
        if code == 421:
            self.close()
        return Outcome(Fate.SENT) if code < 400 else outcome_of(code, said)

    def close(self) -> None:
        """Whatever state the connection is in."""
        connection, self.backend.connection = self.backend.connection, None
        ahead, self.ahead = self.ahead, ""
        if connection is None:
            return
        try:
            if ahead:  # the server waits for a mail, and would take anything for one
                connection.close()
                return
            if connection.sock:
                connection.sock.settimeout(2)
            connection.quit()
        except (OSError, SMTPException):
            connection.close()


def _down(problem: Exception) -> Outcome:
    if isinstance(problem, SMTPResponseException):
        return outcome_of(problem.smtp_code, problem.smtp_error, Fate.DOWN)
    words = "does not answer" if isinstance(problem, TimeoutError) else str(problem) or type(problem).__name__
    return Outcome(Fate.DOWN, reason=f"The mail server: {words}")


class ByBackend:
    """Any other backend of Django: a provider's by anymail, or one that writes mails to a folder."""

    def __init__(self, backend: BaseEmailBackend) -> None:
        self.backend = backend

    def send(self, mould: Mould, to: Recipient, following: str = "") -> Outcome:
        marks = {mould.marks.leave: to.leave, mould.marks.choose: to.choose}
        headers = list_headers(to.leave) | {"Message-ID": to.message_id}
        mail = EmailMultiAlternatives(
            mould.subject, _filled(mould.text, marks), to=[to.email], headers=headers, connection=self.backend
        )
        mail.attach_alternative(_filled(mould.html, marks), "text/html")
        try:
            mail.send()
        except (OSError, SMTPException, ValueError) as problem:
            return _provider_said(problem)
        return Outcome(Fate.SENT)

    def close(self) -> None:
        self.backend.close()


def _filled(text: str, marks: dict[str, str]) -> str:
    for mark, token in marks.items():
        text = text.replace(mark, token)
    return text


def _provider_said(problem: Exception) -> Outcome:
    """Anymail tells of a provider's answer by its HTTP status; what broke on the way there may have arrived."""
    status = getattr(problem, "status_code", None)
    reason = " ".join(str(problem).split())[:200]
    if status == 429:
        return Outcome(Fate.DOWN, "429", reason)
    if status is not None and status < 500:
        return Outcome(Fate.DOWN if status in (401, 403) else Fate.REFUSED, str(status), reason)
    if status is not None or type(problem).__name__ == "ConnectTimeout" or isinstance(problem, ConnectionRefusedError):
        return Outcome(Fate.DOWN, str(status or ""), reason)
    if type(problem).__name__ == "AnymailRecipientsRefused":
        return Outcome(Fate.REFUSED, reason=reason)
    return Outcome(Fate.UNSURE, reason=reason)
