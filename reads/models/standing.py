"""What was most read, written down every hour, so that no page adds up a year."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from articles.models import Article
from reads.counting import day_of

from .counted import Hour

MOST = 20  # articles of each category


class Period(models.TextChoices):
    WEEK = "week", "Week"
    MONTH = "month", "Month"
    YEAR = "year", "Year"
    EVER = "ever", "Ever"

    def since(self, at: datetime) -> datetime | None:
        """So many whole days of UTC, and the one that runs."""
        return day_of(at) - timedelta(days=DAYS[self]) if self in DAYS else None


DAYS = {Period.WEEK: 7, Period.MONTH: 30, Period.YEAR: 365}


class StandingQuerySet(models.QuerySet["Standing"]):
    def shown(self, at: datetime | None = None) -> Self:
        """What readers may see, the most read first."""
        enough = self.filter(reads__gte=settings.READS_SHOWN_FROM, article__in=Article.objects.published(at))
        return enough.order_by("-reads", "-article")

    def as_of(self, at: datetime) -> "list[Standing]":
        """What stands first at this moment in each category, and so in all. Nothing is written."""
        return [
            self.model(period=period, article_id=article, reads=reads)
            for period, rows in _read(at).items()
            for article, reads in _first(rows)
        ]


Row = tuple[int, int | None, int]  # an article, its category, how often it was read


def _read(at: datetime) -> dict[Period, list[Row]]:
    articles = Article.objects.published(at)
    ever = articles.annotate(n=F("imported_reads") + Coalesce("reads__total", 0)).order_by()
    found: dict[Period, list[Row]] = {Period.EVER: list(ever.values_list("pk", "category", "n"))}
    sums = {period.value: Sum("total", filter=Q(hour__gte=period.since(at)), default=0) for period in DAYS}
    hours = Hour.objects.filter(hour__gte=Period.YEAR.since(at), article__in=articles)
    counted = list(hours.values_list("article", "article__category").annotate(**sums))
    for n, period in enumerate(DAYS, 2):
        found[period] = [(row[0], row[1], row[n]) for row in counted]
    return found


def _first(rows: Iterable[Row]) -> Iterator[tuple[int, int]]:
    places: Counter[int | None] = Counter()
    for article, category, reads in sorted(rows, key=lambda row: (-row[2], -row[0])):
        places[category] += 1
        if reads and places[category] <= MOST:
            yield article, reads


class Standing(models.Model):
    """That an article is among the most read of a period."""

    article = models.ForeignKey(Article, models.CASCADE, db_index=False, related_name="standings")
    period = models.CharField(max_length=5, choices=Period)
    reads = models.PositiveBigIntegerField()

    objects = StandingQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "period"], name="standing_once")]

    def __str__(self) -> str:
        return f"{self.period}: {self.reads}"
