"""One person's data: shown, or forgotten."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from newsletter.people import erase, export


class Command(BaseCommand):
    help = "Shows all that the newsletter knows of an address (--export), or forgets it (--erase)."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("email")
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("--export", action="store_true")
        what.add_argument("--erase", action="store_true")

    def handle(self, *, email: str, **options: Any) -> str:
        try:
            if options["export"]:
                return json.dumps(export(email), indent=1, ensure_ascii=False, default=str)
            found = erase(email, timezone.now())
        except ValidationError as problem:
            raise CommandError(problem.messages[0]) from problem
        return f"{'Forgotten.' if found else 'Nothing was known of it.'} No import and no edition will write to it."
