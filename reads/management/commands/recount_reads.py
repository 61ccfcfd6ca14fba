"""Today's lists of robots judge the reads of past days anew."""

from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from reads.tallying import first_day, recount


class Command(BaseCommand):
    help = "Restates the tallies from a day on (UTC), under today's lists of robots."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--from", dest="first", metavar="DATE", required=True, type=date.fromisoformat)

    def handle(self, *, first: date, **options: Any) -> None:
        earliest = first_day()
        if first < earliest:
            raise CommandError(
                f"Raw reads are kept from {earliest} on; what was counted before stands. Say --from {earliest}."
            )
        restatement = recount(first)
        self.stdout.write(f"Done: counted anew from {first}; {restatement.changed} hours of articles have changed.")
