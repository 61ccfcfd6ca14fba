"""The ledger of consent, as a table for whoever is entitled to see it."""

import csv
from typing import Any

from django.core.management.base import BaseCommand

from articles.sheets import defused
from newsletter.models import Consent

HEAD = ("person", "what", "when (UTC)", "interests", "version", "SHA-256 of the wording", "wording", "page", "note")


class Command(BaseCommand):
    help = "Prints every row of the ledger of consent as CSV. People are named by a keyed hash."

    def handle(self, **options: Any) -> None:
        table = csv.writer(self.stdout)
        table.writerow(HEAD)
        for row in Consent.objects.select_related("wording").iterator():
            wording = (row.wording.pk, row.wording.digest, row.wording.text) if row.wording else ("", "", "")
            at = row.at.isoformat(timespec="seconds")
            line = (row.person, row.get_kind_display(), at, row.interests, *wording, row.form, row.note)
            table.writerow([defused(cell) for cell in line])
