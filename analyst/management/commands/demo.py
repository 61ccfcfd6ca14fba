"""The sample journal, and articles made by rule for measuring."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from analyst.sample.load import SampleJournal
from analyst.sample.synthetic import Synthetic
from articles.models import Article


class Command(BaseCommand):
    help = "Fills an empty journal with the sample journal; --articles adds synthetic ones to any journal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--articles", type=int, default=0, metavar="N", help="Add N synthetic articles.")
        parser.add_argument("--seed", type=int, default=7, metavar="S", help="The same seed gives the same articles.")

    def handle(self, *, articles: int, seed: int, **options: Any) -> str:
        if not articles:
            return self._sample()
        for done in Synthetic(seed).add(articles):
            self.stderr.write(f"\r{done:,} of {articles:,}", ending="")
        self.stderr.write("")
        return f"Done: added {articles:,} synthetic articles."

    def _sample(self) -> str:
        if Article.objects.exists():
            return "There are articles here already; the sample journal is only for an empty one."
        return SampleJournal().load()
