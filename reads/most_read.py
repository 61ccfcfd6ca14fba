"""What is most read in a period, in all or in a category: the lists that readers see."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.http import QueryDict
from django.utils import timezone

from articles.listing import Advice, find
from articles.models import Article, Category

from .models import Period, Standing

LISTED = 10


@dataclass(frozen=True)
class MostRead:
    period: Period
    numbers: dict[int, int]  # of an article's primary key, how often it was read; the most read first
    since: date | None  # of UTC
    category: Category | None = None

    @classmethod
    def of(cls, period: Period, most: int, at: datetime | None = None, category: Category | None = None) -> "MostRead":
        standings = Standing.objects.shown(at).filter(period=period)
        if category:
            standings = standings.filter(article__category=category)
        numbers = dict(standings.values_list("article", "reads")[:most])
        since = period.since(at or timezone.now())
        return cls(period, numbers, since and since.date(), category)

    @classmethod
    def of_late(cls, most: int, at: datetime | None = None) -> "MostRead":
        """Of the month; where too little was read in it, of all time."""
        month = cls.of(Period.MONTH, most, at)
        return month if len(month.numbers) == most else cls.of(Period.EVER, most, at)

    @classmethod
    def asked_for(cls, params: QueryDict) -> "MostRead":
        """By a page's address. Raises Advice for what there is not."""
        slug, word = params.get("category", ""), params.get("period", Period.MONTH)
        category = find(Category, slug, "There is no such category.") if slug else None
        if word not in Period.values:
            raise Advice("The period is week, month, year or ever.")
        return cls.of(Period(word), LISTED, category=category)

    def among(self, articles: Iterable[Article]) -> list[tuple[Article, int]]:
        """Articles with their numbers, in order."""
        found = {article.pk: article for article in articles}
        return [(found[pk], reads) for pk, reads in self.numbers.items() if pk in found]

    def articles(self) -> list[tuple[Article, int]]:
        return self.among(Article.objects.filter(pk__in=self.numbers).for_listing())

    @property
    def periods(self) -> list[Period]:
        return list(Period)
