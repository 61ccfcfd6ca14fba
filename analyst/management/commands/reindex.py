"""Writes the search index anew."""

from typing import Any

from django.core.management.base import BaseCommand

from articles.models import Article, Entry
from publications.models import Publication


class Command(BaseCommand):
    help = "Writes the search index anew, while the journal goes on: after rows were written past it."

    def handle(self, **options: Any) -> str:
        total = 0
        for model in (Article, Publication):
            done = 0
            for done in model.reindex():
                self.stderr.write(f"\r{model._meta.verbose_name_plural}: {done:,}", ending="")
            total += done
        Entry.objects.rebuild()
        self.stderr.write("")
        return f"Done: {total:,} texts can be found."
