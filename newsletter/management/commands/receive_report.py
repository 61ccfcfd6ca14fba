"""A mail that came to the address for bounces: from a pipe, or all that lie in a mailbox."""

import mailbox
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from newsletter.reports import read, settle

LARGEST = 10 * 1024 * 1024


class Command(BaseCommand):
    help = "Counts a bounce or a complaint: the mail on standard input, or every mail of a Maildir (--maildir)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--maildir", type=Path, help="each mail in it is counted, and deleted then")

    def handle(self, *, maildir: Path | None, **options: Any) -> None:
        if maildir is None:
            self.stdout.write(settle(read(sys.stdin.buffer.read(LARGEST)), timezone.now()))
            return
        if not maildir.is_dir():
            raise CommandError(f"There is no folder {maildir}.")
        box = mailbox.Maildir(str(maildir), create=False)
        for key in list(box.keys()):
            self.stdout.write(settle(read(box.get_bytes(key)[:LARGEST]), timezone.now()))
            box.remove(key)
