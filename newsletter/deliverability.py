"""Whether mailboxes will take our mail: SPF, DKIM, DMARC, PTR and their alignment, from the records of the DNS.

What Gmail and Yahoo ask of those who write to many: https://support.google.com/a/answer/81126.
"""

import base64
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address, ip_network

Records = Callable[[str, str], list[str]]  # a name and a type, as in ("example.org", "TXT")

LOOKUPS = 10  # RFC 7208, 4.6.4
SHORTEST_KEY = 160  # bytes of a public key of 1,024 bits, in its envelope of two or three dozen
SECOND_LEVEL = ("ac", "co", "com", "edu", "gov", "net", "org")
_COSTS_A_LOOKUP = re.compile(r"^[+?~-]?(include:|a\b|mx\b|ptr\b|exists:)|^redirect=", re.IGNORECASE)


@dataclass(frozen=True)
class Fault:
    of: str  # SPF, DKIM, DMARC, PTR
    sentence: str


@dataclass(frozen=True)
class Asked:
    """What is looked at."""

    sender: str  # the domain in From:
    bounces: str  # the domain that bounces go to
    selector: str
    signs_as: str  # the domain in the signature
    addresses: tuple[str, ...] = ()  # of the servers that our mail leaves from


def faults(asked: Asked, records: Records) -> list[Fault]:
    return [*_spf(asked, records), *_dkim(asked, records), *_dmarc(asked, records), *_ptr(asked, records)]


def _texts(records: Records, name: str, begins: str) -> list[str]:
    return [text for text in records(name, "TXT") if text.lower().replace(" ", "").startswith(begins)]


def _spf(asked: Asked, records: Records) -> Iterator[Fault]:
    found = _texts(records, asked.bounces, "v=spf1")
    if not found:
        yield Fault("SPF", f"{asked.bounces} has no TXT record with v=spf1, so nobody knows who may send for it.")
        return
    if len(found) > 1:
        yield Fault("SPF", f"{asked.bounces} has {len(found)} SPF records; of more than one, none holds.")
    terms = found[0].split()
    if "+all" in terms or "all" in terms:
        yield Fault("SPF", "The record ends in +all: it lets everybody send in your name. End it in ~all or -all.")
    elif not re.search(r"[~-]all$|redirect=", found[0].strip()):
        yield Fault("SPF", "The record says nothing of all others. End it in ~all or -all.")
    if (n := _lookups(asked.bounces, records, set())) > LOOKUPS:
        yield Fault("SPF", f"To read the record takes {n} look-ups; receivers stop after {LOOKUPS}. Leave some out.")
    for address in asked.addresses:
        if not _names(asked.bounces, address, records, set()):
            yield Fault("SPF", f"{address}, which sends your mail, is not in the record.")


def _terms(name: str, records: Records) -> list[str]:
    return next(iter(_texts(records, name, "v=spf1")), "").split()


def _lookups(name: str, records: Records, seen: set[str]) -> int:
    if name in seen:
        return 0
    seen.add(name)
    count = 0
    for term in _terms(name, records):
        count += bool(_COSTS_A_LOOKUP.search(term))
        inner = re.match(r"^[+?~-]?(?:include:|redirect=)(\S+)", term, re.IGNORECASE)
        count += _lookups(inner[1], records, seen) if inner else 0
    return count


def _names(name: str, address: str, records: Records, seen: set[str]) -> bool:
    """Whether the SPF record of a domain lets this address send."""
    if name in seen:
        return False
    seen.add(name)
    for term in _terms(name, records):
        word, _, value = term.lstrip("+").partition(":")
        if word in ("ip4", "ip6") and _within(address, value):
            return True
        if word == "a" and address in _addresses(value or name, records):
            return True
        if word == "mx":
            hosts = (host.split()[-1].rstrip(".") for host in records(value or name, "MX"))
            if any(address in _addresses(host, records) for host in hosts):
                return True
        further = value if word == "include" else term.partition("=")[2] if term.startswith("redirect=") else ""
        if further and _names(further, address, records, seen):
            return True
    return False


def _within(address: str, network: str) -> bool:
    try:
        return ip_address(address) in ip_network(network, strict=False)
    except ValueError:
        return False


def _addresses(host: str, records: Records) -> list[str]:
    return [*records(host, "A"), *records(host, "AAAA")]


def _dkim(asked: Asked, records: Records) -> Iterator[Fault]:
    name = f"{asked.selector}._domainkey.{asked.signs_as}"
    found = records(name, "TXT")
    if not found:
        yield Fault("DKIM", f"{name} has no TXT record: signatures cannot be checked.")
        return
    tags = _tags(found[0])
    key = tags.get("p", "")
    if not key:
        yield Fault("DKIM", f"The key at {name} is empty: it was withdrawn.")
        return
    try:
        length = len(base64.b64decode(re.sub(r"\s", "", key), validate=True))
    except ValueError:
        yield Fault("DKIM", f"The key at {name} is no base64. Copy it anew, whole.")
        return
    if tags.get("k", "rsa") == "rsa" and length < SHORTEST_KEY:
        yield Fault("DKIM", f"The key at {name} is shorter than 1,024 bits. Make one of 2,048.")
    if "y" in tags.get("t", "").split(":"):
        yield Fault("DKIM", f"The record at {name} says t=y, that it is only a test: receivers may ignore it.")


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name.strip()}


def organisation(domain: str) -> str:
    """The last two parts, or three where the second is one like co.uk: near enough for a warning."""
    parts = domain.lower().rstrip(".").split(".")
    is_second_level = (
        len(parts) > 2 and len(parts[-1]) == 2 and parts[-2] in ("co", "com", "org", "net", "ac", "gov", "edu")
    )
    return ".".join(parts[-3 if is_second_level else -2 :])


def _dmarc(asked: Asked, records: Records) -> Iterator[Fault]:
    names = dict.fromkeys([f"_dmarc.{asked.sender}", f"_dmarc.{organisation(asked.sender)}"])
    found = next((texts for name in names if (texts := _texts(records, name, "v=dmarc1"))), [])
    if not found:
        yield Fault("DMARC", f"_dmarc.{asked.sender} has no TXT record. Begin with: v=DMARC1; p=none; rua=mailto:…")
        return
    tags = _tags(found[0])
    if len(found) > 1:
        yield Fault("DMARC", f"There are {len(found)} DMARC records; with more than one, none holds.")
    if tags.get("p", "").lower() not in ("none", "quarantine", "reject"):
        yield Fault("DMARC", "The record has no policy: p= must be none, quarantine or reject.")
    if not _aligned(asked.sender, asked.signs_as, tags.get("adkim", "r")):
        yield Fault("DMARC", f"Mail from {asked.sender} is signed as {asked.signs_as}: that does not count for DMARC.")
    if not _aligned(asked.sender, asked.bounces, tags.get("aspf", "r")):
        yield Fault("DMARC", f"Bounces go to {asked.bounces}, which is not of {asked.sender}: SPF does not count then.")


def _aligned(sender: str, other: str, mode: str) -> bool:
    if mode.lower() == "s":
        return sender.lower() == other.lower()
    return organisation(sender) == organisation(other)


def _ptr(asked: Asked, records: Records) -> Iterator[Fault]:
    for address in asked.addresses:
        names = [name.rstrip(".") for name in records(ip_address(address).reverse_pointer, "PTR")]
        if not names:
            yield Fault("PTR", f"{address} has no name (PTR). Ask whoever rents it to you for one.")
        elif not any(address in _addresses(name, records) for name in names):
            yield Fault("PTR", f"{address} is named {names[0]}, and that name does not lead back to it.")
