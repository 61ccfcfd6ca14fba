"""The mail's own doctor: what receivers will find in the DNS, and what is wrong with it."""

import subprocess
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from newsletter.addresses import domain_of
from newsletter.deliverability import Asked, Records, faults
from newsletter.mime import bounce_address, sender

PATIENCE = 10  # seconds for an answer


class Command(BaseCommand):
    help = "Checks SPF, DKIM, DMARC and PTR of the address that the newsletter comes from."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--selector", required=True, help="of the DKIM key: s=… in a signature")
        parser.add_argument("--signs-as", help="d=… in a signature, if it is not the sender's domain")
        parser.add_argument("--address", action="append", default=[], help="IP of a server that sends; may be repeated")
        parser.add_argument("--records", type=Path, help="lines of 'name TYPE value' instead of asking the DNS")

    def handle(self, *, selector: str, records: Path | None, address: list[str], **options: Any) -> str:
        domain = domain_of(sender()[1])
        asked = Asked(domain, domain_of(bounce_address()), selector, options["signs_as"] or domain, tuple(address))
        found = faults(asked, from_file(records) if records else look_up)
        for fault in found:
            self.stdout.write(f"{fault.of}: {fault.sentence}")
        if found:
            raise CommandError(f"{len(found)} fault{'s' if len(found) > 1 else ''} found.")
        return f"SPF, DKIM and DMARC of {domain} are as mailboxes want them."


def from_file(path: Path) -> Records:
    rows = [line.split(None, 2) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    if wrong := [row for row in rows if len(row) != 3]:
        raise CommandError(f"This line is not 'name TYPE value': {' '.join(wrong[0])}")

    def records(name: str, kind: str) -> list[str]:
        return [value.strip('"') for n, k, value in rows if n.rstrip(".").lower() == name.lower() and k.upper() == kind]

    return records


def look_up(name: str, kind: str) -> list[str]:
    """By the system's `dig`: a resolver of our own for a command that runs once a year would be too much."""
    try:
        words = ["dig", "+short", "+time=3", kind, name]
        done = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE, check=False)
    except FileNotFoundError as problem:
        raise CommandError("There is no dig (on Debian: apt install bind9-dnsutils). Or give --records.") from problem
    except subprocess.TimeoutExpired as problem:
        raise CommandError(f"The DNS does not answer for {name}.") from problem
    if done.returncode:
        raise CommandError(f"The DNS does not answer for {name}.")
    lines = [line for line in done.stdout.splitlines() if line and not line.startswith(";")]
    return ["".join(line.strip('"').split('" "')) for line in lines]
