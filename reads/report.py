"""What the desk and an author see: how often what was read, when, and from where."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import F, Model, Q, QuerySet, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from articles.models import Article, Author, Category, Issue

from .counting import flag
from .models import COUNTS, Hour, SourceDay
from .spans import DAY, Span, Step, month_before, months_before

# What can be looked at alone, and by what a list can be made: its rows, and the way to them from an hour.
KINDS: dict[str, tuple[type[Model], str]] = {
    "article": (Article, "article"),
    "author": (Author, "article__bylines__author"),
    "issue": (Issue, "article__issue"),
    "category": (Category, "article__category"),
}
LISTED = 50  # rows of a list in a page; its sheet has all


class Line(NamedTuple):
    """A line of a table."""

    name: str
    total: int
    pdf: int
    uniques: int
    robots: int
    before: int = 0
    key: int | None = None

    @property
    def change(self) -> str:
        """Against the time before, in percent."""
        return f"{round(100 * (self.total - self.before) / self.before):+d} %" if self.before else ""


class Bar(NamedTuple):
    line: Line
    x: int
    height: float  # of a hundred


class Flag(NamedTuple):
    kind: str
    name: str
    key: int
    total: int
    mean: float


def _within(span: Span) -> Q:
    return Q(hour__gte=span.start, hour__lt=span.end)


def _sums(span: Span, before: Span | None = None) -> dict[str, Any]:
    """Not called as the fields are, which could not be added up any more."""
    sums: dict[str, Any] = {f"sum_of_{name}": Coalesce(Sum(name, filter=_within(span)), 0) for name in COUNTS}
    return sums | ({"sum_before": Coalesce(Sum("total", filter=_within(before)), 0)} if before else {})


def _line(name: str, row: Any, key: int | None = None) -> Line:
    total, pdf, uniques, robots = (row[f"sum_of_{count}"] for count in COUNTS)
    return Line(name, total, pdf, uniques, robots, row.get("sum_before", 0), key)


@dataclass
class Report:
    """Each table is one query, and one more where it has names."""

    span: Span
    before: Span
    step: Step
    by: str = "article"
    kind: str = ""  # of what alone it tells; "" of all
    row: Any = None

    @classmethod
    def of_the_year(cls, today: date | None = None, **row: Model) -> "Report":
        """Of this month and the eleven before it."""
        today = today or timezone.now().astimezone(UTC).date()
        span = Span(months_before(today, 11), today)
        ((kind, one),) = row.items()
        return cls(span, span.before(), Step.MONTH, "article", kind, one)

    @property
    def scope(self) -> Q:
        return Q(**{KINDS[self.kind][1]: self.row}) if self.kind else Q()

    @property
    def _hours(self) -> QuerySet[Hour]:
        return Hour.objects.filter(self.scope)

    @cached_property
    def whole(self) -> Line:
        hours = self._hours.filter(_within(self.span) | _within(self.before))
        return _line("All", hours.aggregate(**_sums(self.span, self.before)))

    @cached_property
    def lines(self) -> list[Line]:
        """One for each hour, day, week, month or year, those without a read too."""
        hours = self._hours.filter(_within(self.span)).values_list("hour")
        found: dict[datetime, Counter[str]] = {at: Counter() for at in self.span.in_steps(self.step)}
        # Put into their steps here: SQLite, which knows no months, would ask Python about every row.
        for hour, *sums in hours.annotate(*(Sum(name) for name in COUNTS)):
            found[self.step.begin(hour)].update(dict(zip(COUNTS, sums, strict=True)))
        return [Line(self.step.named(at), *(counts[name] for name in COUNTS)) for at, counts in found.items()]

    @cached_property
    def bars(self) -> list[Bar]:
        most = max((line.total for line in self.lines), default=0) or 1
        return [Bar(line, x, round(100 * line.total / most, 2)) for x, line in enumerate(self.lines)]

    @property
    def highest(self) -> Line:
        return max(self.lines, key=lambda line: line.total)

    @cached_property
    def ranking(self) -> list[Line]:
        return self.ranked(LISTED)

    def ranked(self, most: int | None = None) -> list[Line]:
        """By article, author, issue or category. What two people wrote counts for both."""
        model, path = KINDS[self.by]
        hours = self._hours.filter(_within(self.span) | _within(self.before))
        rows = hours.values(key=F(path)).annotate(**_sums(self.span, self.before))
        found = list(rows.order_by(F("sum_of_total").desc(), "key")[:most])
        names = _names(model, [row["key"] for row in found])
        return [_line(names.get(row["key"], "none"), row, row["key"]) for row in found]

    @property
    def is_cut(self) -> bool:
        return len(self.ranking) == LISTED

    @cached_property
    def sources(self) -> list[tuple[str, int]]:
        """Hosts by what they led here, then what came from no page that was told."""
        days = SourceDay.objects.filter(self.scope, day__gte=self.span.first, day__lte=self.span.last)
        rows = days.values_list("host").annotate(n=Sum("total")).filter(n__gt=0).order_by("-n", "host")
        return [*rows, ("not told", self.whole.total - sum(n for _, n in rows))]

    @property
    def sources_listed(self) -> list[tuple[str, int]]:
        return [*self.sources[:-1][:LISTED], self.sources[-1]]

    @property
    def flagged_month(self) -> date:
        """The last whole one."""
        return month_before(timezone.now().astimezone(UTC).date())

    @cached_property
    def flags(self) -> list[Flag]:
        """Articles whose last whole month stands out from their twelve months before, as COUNTER has it."""
        first = self.flagged_month
        month = Span(first, months_before(first, -1) - DAY)
        year = Span(months_before(first, 12), first - DAY)
        hours = self._hours.filter(_within(month) | _within(year))
        now, past = (Sum("total", filter=_within(span), default=0) for span in (month, year))
        rows = hours.values_list("article").annotate(now=now, past=past).order_by("article")
        found = [(kind, *row) for row in rows if (kind := flag(row[1], [row[2], *[0] * 11]))]
        names = _names(Article, [article for _, article, _, _ in found])
        return [Flag(kind, names[article], article, now, past / 12) for kind, article, now, past in found]

    def works(self) -> Iterator[tuple[Article, int, Line | None]]:
        """What is published of it, how often it was read ever, and in this time."""
        lines = {line.key: line for line in self.ranked()}
        ever = F("imported_reads") + Coalesce("reads__total", 0)
        _, path = KINDS[self.kind]
        articles = Article.objects.published().filter(**{path.removeprefix("article__"): self.row})
        for article in articles.annotate(ever=ever).order_by("-ever", "-pk").defer("summary", *Article.TEXTS):
            yield article, article.ever, lines.get(article.pk)  # type: ignore[attr-defined]


def _names(model: type[Model], keys: list[int | None]) -> dict[int | None, str]:
    rows = model._default_manager.filter(pk__in=[key for key in keys if key])
    if model is Article:
        rows = rows.only("title")
    return {row.pk: str(row) for row in rows}
