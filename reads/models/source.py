"""From which hosts readers came."""

from collections import Counter, defaultdict
from datetime import date

from django.db import models

from articles.models import Article

OTHER = "other"
MOST = 20  # hosts of an article and day that are told by name: who sends invented ones does not fill the table


class SourceDayQuerySet(models.QuerySet["SourceDay"]):
    def add(self, change: Counter[tuple[int, date, str]]) -> None:
        """The first hosts of a day have a row each; what comes from a host without a row is added to the others."""
        here = self.filter(article__in={article for article, _, _ in change}, day__in={day for _, day, _ in change})
        before = {(row.article_id, row.day, row.host): row.total for row in here}
        hosts: dict[tuple[int, date], set[str]] = defaultdict(set)
        for article, day, host in before:
            hosts[article, day].add(host)
        after: Counter[tuple[int, date, str]] = Counter()
        for (article, day, host), n in change.most_common():
            known = hosts[article, day]
            if host not in known and (n < 0 or len(known) >= MOST):
                host = OTHER
            known.add(host)
            after[article, day, host] += n
        rows = [
            self.model(article_id=article, day=day, host=host, total=before.get((article, day, host), 0) + n)
            for (article, day, host), n in after.items()
        ]
        key = ["article", "day", "host"]
        self.bulk_create(rows, update_conflicts=True, unique_fields=key, update_fields=["total"])


class SourceDay(models.Model):
    """An article's reads of a day (UTC) that a host led to. Of an address there, nothing is known."""

    article = models.ForeignKey(Article, models.CASCADE, db_index=False, related_name="sources_of_reads")
    day = models.DateField()
    host = models.CharField(max_length=100)
    total = models.PositiveBigIntegerField(default=0)

    objects = SourceDayQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "day", "host"], name="source_of_article_and_day")]
        indexes = [models.Index(fields=["day"], name="source_of_all")]

    def __str__(self) -> str:
        return f"{self.day} {self.host}: {self.total}"
