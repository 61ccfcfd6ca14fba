"""The bytes of an edition: built once, and filled for each recipient by joining pieces."""

import re
import secrets
from dataclasses import dataclass
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formataddr, formatdate, parseaddr
from unicodedata import category

from django.conf import settings
from django.urls import reverse

from articles.machines import absolute

from .addresses import domain_of

TOKEN = 32  # characters: a mark is as long as what takes its place, so that no line grows


@dataclass(frozen=True)
class Marks:
    """Where a recipient's tokens go. Drawn anew for each edition, so that no text can hold one."""

    leave: str
    choose: str


def new_marks() -> Marks:
    return Marks(secrets.token_hex(TOKEN // 2), secrets.token_hex(TOKEN // 2))


def one_line(text: str) -> str:
    """A header's text: whatever could end it, or hide in it, is a space."""
    return " ".join("".join(" " if category(letter)[0] in "CZ" else letter for letter in text).split())


def header(name: str, text: str) -> str:
    """'Name: text' as it travels. What looks like an encoded word and is none is encoded, so that it shows as typed."""
    text = one_line(text)
    value = Header(text, "us-ascii" if _is_plain(text) else "utf-8", header_name=name, maxlinelen=76)
    return f"{name}: {value.encode(linesep=SMTP.linesep)}"


def _is_plain(text: str) -> bool:
    return text.isascii() and "=?" not in text and max(map(len, text.split()), default=0) < 60


def sender() -> tuple[str, str]:
    """The name and the address that editions come from."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)


def sender_header() -> str:
    name, address = sender()
    if _is_plain(name := one_line(name)):
        return f"From: {formataddr((name, address))}"
    return f"{header('From', name)} <{address}>"


def bounce_address() -> str:
    """Where mail programs tell that something did not arrive."""
    return settings.NEWSLETTER_BOUNCES or sender()[1]


def list_headers(leave: str) -> dict[str, str]:
    """What a mailbox needs for its own button (RFC 2369, 2919, 8058). The address of one stands on one line."""
    page = absolute(reverse("newsletter"))
    return {
        "List-Unsubscribe": f"<{absolute(reverse('newsletter_unsubscribe', args=[leave]))}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "List-Id": f"<newsletter.{domain_of(sender()[1])}>",
        "List-Help": f"<{page}>",
        "List-Archive": f"<{page}>",
        "Precedence": "bulk",
        "X-Auto-Response-Suppress": "OOF, AutoReply",
    }


Piece = bytes | tuple[int, int, int]  # as it is, or characters a to b of the n-th token


class Mould:
    """An edition's mail with gaps."""

    def __init__(self, subject: str, text: str, html: str, marks: Marks) -> None:
        self.subject, self.text, self.html, self.marks = one_line(subject), text, html, marks
        lines = [header("Subject", subject), sender_header()]
        lines += [f"{name}: {value}" for name, value in list_headers(marks.leave).items()]
        head = SMTP.linesep.join(lines).encode("ascii") + b"\r\n"
        self._pieces = _cut(head + _body(text, html), marks)

    def fill(self, email: str, message_id: str, leave: str, choose: str) -> bytes:
        """One recipient's mail, ready for DATA: lines end in CRLF, and a dot at a line's beginning is doubled."""
        tokens = (leave, choose)
        head = f"Date: {formatdate(usegmt=True)}\r\nMessage-ID: {message_id}\r\nTo: {email}\r\n".encode("ascii")
        filled = [
            piece if isinstance(piece, bytes) else tokens[piece[0]][piece[1] : piece[2]].encode("ascii")
            for piece in self._pieces
        ]
        return head + b"".join(filled)


def _body(text: str, html: str) -> bytes:
    """The text part first, as RFC 2046 wants it: the last is the richest."""
    mail = EmailMessage(policy=SMTP)
    mail.set_content(text, cte="quoted-printable")
    mail.add_alternative(html, subtype="html", cte="quoted-printable")
    return re.sub(rb"^\.", b"..", mail.as_bytes(), flags=re.MULTILINE)


def _cut(template: bytes, marks: Marks) -> list[Piece]:
    """Cut at the marks, also where quoted-printable has broken one over two lines."""
    pieces: list[Piece] = []
    found = b"|".join(b"(%s)" % rb"(?:=\r\n)?".join(bytes([b]) for b in mark.encode()) for mark in _each(marks))
    end = 0
    for match in re.finditer(found, template):
        pieces.append(template[end : match.start()])
        pieces += _gap(match[0], 0 if match[1] else 1)
        end = match.end()
    return [*pieces, template[end:]]


def _each(marks: Marks) -> tuple[str, str]:
    return marks.leave, marks.choose


def _gap(mark: bytes, token: int) -> list[Piece]:
    pieces: list[Piece] = []
    at = 0
    for n, part in enumerate(mark.split(b"=\r\n")):
        pieces += [b"=\r\n"] if n else []
        pieces.append((token, at, at + len(part)))
        at += len(part)
    return pieces
