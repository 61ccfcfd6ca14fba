"""What is counted of the reads, in tables of its own."""

from datetime import UTC, date, datetime, timedelta
from typing import Any, NamedTuple, Self

from django.conf import settings
from django.db import models
from django.db.models import F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from articles.models import Article
from articles.prepared import Prepared, moment, number
from reads.counting import day_of

COUNTS = ("total", "pdf", "uniques", "robots")


def summed(counted: "models.QuerySet[Any]") -> dict[str, int]:
    """All that the rows hold, as one line of numbers."""
    return counted.aggregate(**{name: Coalesce(Sum(name), 0) for name in COUNTS})


class HourQuerySet(models.QuerySet["Hour"]):
    def within(self, start: datetime, end: datetime) -> Self:
        """Hours that begin in a period of time, its end not included."""
        return self.filter(hour__gte=start, hour__lt=end)


class Hour(models.Model):
    """An article's reads in an hour of UTC."""

    article = models.ForeignKey(Article, models.CASCADE, db_index=False, related_name="hours_read")
    hour = models.DateTimeField()
    total = models.PositiveBigIntegerField(default=0)
    pdf = models.PositiveBigIntegerField(default=0)  # of the total
    uniques = models.PositiveBigIntegerField(default=0)
    robots = models.PositiveBigIntegerField(default=0)  # stand aside

    objects = HourQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "hour"], name="hour_of_article")]
        indexes = [models.Index(fields=["hour"], name="hour_of_all")]  # what was most read in a period

    def __str__(self) -> str:
        return f"{self.hour:%Y-%m-%d %H} h: {self.total}"


class Number(NamedTuple):
    """The number a reader is shown, and of what it is made."""

    measured: int
    imported: int
    as_of: datetime

    @property
    def total(self) -> int:
        return self.measured + self.imported

    @property
    def is_shown(self) -> bool:
        return self.total >= max(1, settings.READS_SHOWN_FROM)

    @property
    def day(self) -> date:
        return self.as_of.astimezone(UTC).date()


class TotalQuerySet(models.QuerySet["Total"]):
    def number(self, article: Article) -> Number:
        """As fresh as the tally."""
        measured = self.filter(article=article).values_list("total", flat=True).first() or 0
        return Number(measured, article.imported_reads, Tallier.last_run())

    def number_of_the_day(self, article: Article, at: datetime) -> Number:
        """As of the last midnight of UTC, so that a page's bytes change once a day; one query."""
        midnight = day_of(at - SETTLED)
        rows = MEASURED_BEFORE.ask(article=article.pk, midnight=midnight)
        return Number(rows[0][0] if rows else 0, article.imported_reads, midnight)


# So long after midnight, what came before it is in the tallies: a double click may take thirty seconds, and the tally
# runs every ten.
SETTLED = timedelta(seconds=60)


class Total(models.Model):
    """An article's reads in all: the sum of its hours."""

    article = models.OneToOneField(Article, models.CASCADE, primary_key=True, related_name="reads")
    total = models.PositiveBigIntegerField(default=0)
    pdf = models.PositiveBigIntegerField(default=0)  # of the total
    uniques = models.PositiveBigIntegerField(default=0)
    robots = models.PositiveBigIntegerField(default=0)  # stand aside

    objects = TotalQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "reads"

    def __str__(self) -> str:
        return str(self.total)


def _measured_before() -> "models.QuerySet[Any]":
    hours = Hour.objects.filter(article=OuterRef("article"), hour__gte=moment("midnight")).order_by().values("article")
    since = Coalesce(Subquery(hours.annotate(n=Sum("total")).values("n")), 0)
    return Total.objects.filter(article=number("article")).values_list(F("total") - since)


MEASURED_BEFORE = Prepared(_measured_before)


class Tallier(models.Model):
    """One row: whoever holds its lock counts, and no one else meanwhile."""

    ran_at = models.DateTimeField(null=True)
    ranked_at = models.DateTimeField(null=True)  # when it was last written down what was most read

    def __str__(self) -> str:
        return str(self.ran_at)

    @classmethod
    def lock(cls) -> "Tallier":
        """For the transaction that runs. Another one waits."""
        return cls.objects.select_for_update().get_or_create(pk=1)[0]

    @classmethod
    def ranked_before(cls, at: datetime) -> bool:
        return not cls.objects.filter(ranked_at__gte=at).exists()

    @classmethod
    def last_run(cls) -> datetime:
        ran_at = cls.objects.filter(pk=1).values_list("ran_at", flat=True).first()
        return ran_at or timezone.now()


class Restatement(models.Model):
    """That figures were counted anew: from which day on, and how many hours changed by it."""

    at = models.DateTimeField(default=timezone.now)
    first_day = models.DateField()
    changed = models.PositiveIntegerField("hours changed")

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"from {self.first_day}: {self.changed} hours changed"
