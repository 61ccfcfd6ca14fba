"""How often was it read? Counts what is waiting, then says."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Sum

from articles.models import Article
from reads.models import Total, summed
from reads.tallying import fold


class Command(BaseCommand):
    help = "Counts the reads that are waiting, and prints how many there are."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--article", metavar="SLUG", help="Of one article; without it, of all.")
        parser.add_argument("--json", action="store_true", help="As one JSON object.")

    def handle(self, *, article: str | None, json: bool, **options: Any) -> None:
        articles = Article.objects.filter(slug=article) if article else Article.objects.all()
        if article and not articles.exists():
            raise CommandError(f"There is no article with the address /articles/{article}/.")
        fold()
        numbers = summed(Total.objects.filter(article__in=articles) if article else Total.objects.all())
        numbers["imported"] = articles.aggregate(n=Sum("imported_reads"))["n"] or 0
        self.stdout.write(_as_json(article, numbers) if json else SENTENCE.format(**numbers))


SENTENCE = "{total} reads (of them {pdf} of a PDF), {uniques} unique, {robots} by robots; {imported} imported"


def _as_json(article: str | None, numbers: dict[str, int]) -> str:
    names = {"total": "total", "uniques": "unique", "robots": "robots", "pdf": "pdf", "imported": "imported"}
    return json.dumps({"article": article, **{name: numbers[field] for field, name in names.items()}})
