"""What mail servers send back: that a mail did not arrive (RFC 3464), or that somebody complained (RFC 5965).

A report is hostile until its person is found: it only counts for somebody who was sent a mail.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from enum import Enum

from .bounces import score
from .models import Consent, Delivery, Subscriber, digest_of

LATE = timedelta(days=30)  # a report of a mail that is older is about nothing that still matters
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_CODE = re.compile(r"\b(4\d\d|5\d\d)[ -]")
_ADDRESS = re.compile(r"[\w.+'/=-]+@[\w-]+(?:\.[\w-]+)+")
_MESSAGE_ID = re.compile(r"<(\d{1,18})\.([0-9a-f]{16})@")
_AUTOMATIC = re.compile(
    r"out of (?:the )?office|automatic reply|auto(?:matic)?[- ]?response|vacation|abwesen|absence", re.IGNORECASE
)
_NO_SUCH = re.compile(
    r"user unknown|unknown user|user not (?:known|found)|no such (?:user|mailbox|recipient|address)|does not exist|"
    r"doesn't (?:exist|have an? )|no longer valid|not listed in|mailbox (?:not found|unavailable)|no mailbox|"
    r"(?:address|recipient) rejected|invalid (?:recipient|mailbox)|recipient (?:name is )?not (?:found|recognized)|"
    r"account (?:has been )?disabled|unbekannt|existiert nicht|nicht gefunden|не найден|не существует|"
    r"n'existe pas|inconnu|no existe|desconocid",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"(?:mailbox|mail ?folder|quota|storage|postfach).{0,30}(?:full|exceed|voll|überschritten)|over ?(?:disk )?quota|"
    r"exceeding their quota|переполнен|(?:boîte|quota).{0,30}(?:pleine|dépassé)",
    re.IGNORECASE,
)
_SPAM = re.compile(r"spam|blocked|blacklist|block ?list|policy|reputation|dmarc|unsolicited|спам", re.IGNORECASE)
_MACHINE = re.compile(
    r"mailer-daemon|mdaemon|postmaster|mail delivery|delivery (?:sub)?system|(?:mail|system) administrator|bounce|<>",
    re.IGNORECASE,
)
_FAILED = re.compile(
    r"undeliver|non-?delivery|failure|failed|(?:not|n't|unable)(?: able)?(?: to)?(?: be| been)? (?:deliver|reach)|"
    r"returned mail|invalid final delivery|has been returned|delivery problem|bad destination|aborted|"
    r"unzustellbar|nicht zugestellt|не (?:было |может быть )?доставлен|"
    r"non remis|pas pu (?:être|etre)|no se (?:ha podido|pudo) entregar",
    re.IGNORECASE,
)
_WAITS = re.compile(
    r"delayed|will be (?:retried|tried)|(?:continue|keep) trying|no action is required|verzögert|задерж", re.IGNORECASE
)
# Where the mail that is returned begins, in reports that show it as text: what stands there is ours.
_COPY = re.compile(
    r"^\W*(?:original message\b|.*(?:copy of|returned) (?:the |your )?(?:original )?(?:message|mail)|.*message follows|"
    r"below (?:this|the next) line|return-path:|received:|ursprüngliche nachricht)",
    re.IGNORECASE | re.MULTILINE,
)


class Kind(Enum):
    BOUNCE = "bounce"
    COMPLAINT = "complaint"
    NOTHING = "nothing"  # out of office, a delay, a letter to the desk


@dataclass(frozen=True)
class Report:
    kind: Kind
    addresses: tuple[str, ...] = ()  # of whom it may be, the likeliest first
    delivery: int | None = None  # the key in a Message-ID of ours, with the seal that says so
    seal: str = ""
    status: str = ""


def read(raw: bytes) -> Report:
    """What a mail to the address for bounces says. Never raises for what stands in it."""
    mail = message_from_bytes(raw, policy=policy.compat32)
    found = _message_id(raw)
    if fields := _part(mail, "message/feedback-report"):
        return Report(Kind.COMPLAINT, _complained(mail, fields), *found)
    if fields := _part(mail, "message/delivery-status"):
        return _of_status(mail, fields, found)
    if _is_automatic(mail) and not _is_by_machine(mail):
        return Report(Kind.NOTHING)
    return _by_words(mail, found)


def _part(mail: Message, kind: str) -> list[Message]:
    """The blocks of fields of a machine's part of the report; some leave out that it is a message."""
    for part in mail.walk():
        if part.get_content_type() == kind:
            inner = part.get_payload()
            if isinstance(inner, list):
                return [block for block in inner if isinstance(block, Message)]
            return [message_from_bytes(block.encode(), policy=policy.compat32) for block in str(inner).split("\n\n")]
    return []


def _message_id(raw: bytes) -> tuple[int | None, str]:
    """Of the mail that is returned: the last one that is ours."""
    matches = _MESSAGE_ID.findall(raw.decode("latin-1"))
    return (int(matches[-1][0]), matches[-1][1]) if matches else (None, "")


def _field(blocks: list[Message], name: str) -> Iterator[str]:
    """Also where a server writes in its own alphabet, which RFC 3464 forbids."""
    for block in blocks:
        for key, value in block.raw_items():
            if key.lower() == name.lower():
                yield str(value).encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _addresses(*texts: str) -> tuple[str, ...]:
    """X.400 has them as "SMTP=ann@example.org", and so has VERP."""
    found = (address.strip("'") for text in texts for address in _ADDRESS.findall(text))
    return tuple(dict.fromkeys(form for address in found for form in (address.rpartition("=")[2], address)))


def _returned_to(mail: Message) -> list[str]:
    """To whom the returned mail was written."""
    inner = [part for part in mail.walk() if part.get_content_type() in ("message/rfc822", "text/rfc822-headers")]
    headers = [message_from_bytes(part.as_bytes().partition(b"\n\n")[2], policy=policy.compat32) for part in inner]
    return [str(header.get("To", "")) for header in headers]


def _complained(mail: Message, blocks: list[Message]) -> tuple[str, ...]:
    named = [*_field(blocks, "Original-Rcpt-To"), *_field(blocks, "Removal-Recipient")]
    return _addresses(*named, *_returned_to(mail))


def _of_status(mail: Message, blocks: list[Message], found: tuple[int | None, str]) -> Report:
    actions = {word for action in _field(blocks, "Action") for word in action.lower().split()[:1]}
    if actions and actions <= {"delayed", "relayed", "delivered", "expanded"}:
        return Report(Kind.NOTHING)
    said = " ".join([*_field(blocks, "Status"), *_field(blocks, "Diagnostic-Code")])
    named = [*_field(blocks, "Original-Recipient"), *_field(blocks, "Final-Recipient"), *_returned_to(mail)]
    addresses = _addresses(*named) or _not_ours(mail, _said(mail))
    return Report(Kind.BOUNCE, addresses, *found, status=status_in(said))


def _is_automatic(mail: Message) -> bool:
    auto = str(mail.get("Auto-Submitted", "")).lower()
    return bool(_AUTOMATIC.search(_subject(mail))) or auto.startswith("auto-replied") or "X-Autoreply" in mail


def _is_by_machine(mail: Message) -> bool:
    return bool(_MACHINE.search(f"{mail.get('From', '')} {mail.get('Return-Path', '')}"))


def _by_words(mail: Message, found: tuple[int | None, str]) -> Report:
    """A report of an old kind, made for people to read."""
    said, subject = _said(mail), _subject(mail)
    words = f"{subject}\n{said}"
    failed = any(sign.search(words) for sign in (_NO_SUCH, _FULL, _STATUS, _CODE, _FAILED))
    if not failed or not (_is_by_machine(mail) or _FAILED.search(subject)) or _WAITS.search(words):
        return Report(Kind.NOTHING)
    named = _addresses(str(mail.get("X-Failed-Recipients", "")))
    named += _not_ours(mail, *_returned_to(mail), words, *_texts(mail))
    return Report(Kind.BOUNCE, named, *found, status=status_in(words))


def _not_ours(mail: Message, *texts: str) -> tuple[str, ...]:
    ours = {address.lower() for address in _addresses(str(mail.get("To", "")), str(mail.get("From", "")))}
    return tuple(address for address in _addresses(*texts) if address.lower() not in ours)


def _subject(mail: Message) -> str:
    """As it was meant, if it can be read."""
    subject = str(mail.get("Subject", ""))
    try:
        return str(make_header(decode_header(subject)))
    except (HeaderParseError, LookupError, ValueError):
        return subject


def _said(mail: Message) -> str:
    """What the report says by itself, without the mail that it returns."""
    text = "\n".join(_texts(mail))
    copy = _COPY.search(text)
    return text[: copy.start()] if copy else text


def _texts(mail: Message) -> Iterator[str]:
    """Not those in a mail that is returned as a part."""
    if mail.get_content_maintype() == "text":
        yield _text_of(mail)
    elif mail.get_content_maintype() == "multipart" and isinstance(parts := mail.get_payload(), list):
        for part in parts:
            if isinstance(part, Message):
                yield from _texts(part)


def _text_of(part: Message) -> str:
    data = part.get_payload(decode=True)
    if not isinstance(data, bytes):
        return ""
    try:
        return data.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return data.decode("utf-8", "replace")


def status_in(text: str) -> str:
    """The enhanced status that a text states, or means. A filter's verdict is 5.7.1, whatever it calls itself."""
    stated = [f"{a}.{b}.{c}" for a, b, c in _STATUS.findall(text) if a in "45"]
    if exact := [status for status in stated if not status.endswith(".0.0")]:
        return exact[0]
    if _SPAM.search(text):
        return "5.7.1"
    if _NO_SUCH.search(text):
        return "5.1.1"
    if _FULL.search(text):
        return "4.2.2"
    code = _CODE.search(text)
    return stated[0] if stated else f"{code[1][0]}.0.0" if code else "5.0.0"


def settle(report: Report, at: datetime) -> str:
    """Count it, and say in a sentence what came of it."""
    if report.kind is Kind.NOTHING:
        return "It tells of nothing that has to be done."
    delivery, subscriber = _whose(report, at)
    if subscriber is None:
        return "It is about nobody who is written to."
    if report.kind is Kind.COMPLAINT:
        subscriber.stop(Consent.Kind.COMPLAINED, at)
        return f"{subscriber} complained and is written to no more."
    if delivery:
        Delivery.objects.filter(pk=delivery.pk, bounced_at__isnull=True).update(bounced_at=at)
    is_over = score(subscriber, report.status, at)
    return f"{subscriber}: {report.status}" + (", and is written to no more." if is_over else ", counted.")


def _whose(report: Report, at: datetime) -> tuple[Delivery | None, Subscriber | None]:
    """By our Message-ID if its seal is good, else by an address that was written to of late."""
    if report.delivery:
        delivery = Delivery.objects.filter(pk=report.delivery).select_related("subscriber").first()
        if delivery and delivery.seal() == report.seal:
            return delivery, delivery.subscriber
    people = [digest_of(address) for address in report.addresses[:10]]
    lately = Delivery.objects.filter(person__in=people, done_at__gt=at - LATE, subscriber__isnull=False)
    newest = {row.person: row for row in lately.select_related("subscriber").order_by("done_at")}
    delivery = next((newest[person] for person in people if person in newest), None)
    return delivery, delivery.subscriber if delivery else None
