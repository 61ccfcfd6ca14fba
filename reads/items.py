"""The item report in the manner of COUNTER (IR, release 5.1): by article and month, in all and by readers."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import Sum
from django.utils import timezone

from articles.machines import absolute
from articles.models import Article
from articles.templatetags.machines import rfc3339

from .models import Hour
from .spans import Span, Step

METRICS = {"Total_Item_Requests": "total", "Unique_Item_Requests": "uniques"}
# The same for every article: read by anybody, and by people.
ATTRIBUTES = {"Data_Type": "Article", "Access_Type": "Free_To_Read", "Access_Method": "Regular"}
COLUMNS = [
    *("Item", "Publisher", "Authors", "Publication_Date", "DOI", "Proprietary_ID", "Online_ISSN", "URI"),
    *("YOP", *ATTRIBUTES, "Metric_Type", "Reporting_Period_Total"),
]


class Item(NamedTuple):
    article: Article
    reads: dict[str, dict[date, int]]  # of a metric, by month

    @property
    def published_on(self) -> date | None:
        at = self.article.published_at
        return timezone.localtime(at).date() if at else None

    @property
    def authors(self) -> list[dict[str, str]]:
        people = self.article.bylines.all()
        known = [(byline.name, byline.author.orcid) for byline in people]
        return [{"Name": name} | ({"ORCID": orcid} if orcid else {}) for name, orcid in known]

    @property
    def ids(self) -> dict[str, str]:
        """Only those that there are."""
        article = self.article
        ids = {
            "DOI": article.doi or "",
            "Proprietary": f"{settings.FEED_AUTHORITY.partition(',')[0]}:{article.pk}",
            "Online_ISSN": settings.JOURNAL_ISSN,
            "URI": absolute(article.get_absolute_url()),
        }
        return {name: value for name, value in ids.items() if value}


class ItemReport:
    """Whole months of UTC. Of articles that were not read in them, nothing is told."""

    def __init__(self, span: Span) -> None:
        self.span = span
        self.months = [begin.date() for begin in span.in_steps(Step.MONTH)]

    def items(self) -> Iterator[Item]:
        reads: dict[int, dict[str, dict[date, int]]] = defaultdict(lambda: defaultdict(dict))
        for begin in self.span.in_steps(Step.MONTH):
            hours = Hour.objects.within(begin, Step.MONTH.after(begin)).values_list("article")
            for article, *sums in hours.annotate(*(Sum(name) for name in METRICS.values())):
                for metric, n in zip(METRICS, sums, strict=True):
                    if n:
                        reads[article][metric][begin.date()] = n
        articles = Article.objects.for_citing().filter(pk__in=reads).order_by("pk")
        return (Item(article, reads[article.pk]) for article in articles)

    def header(self) -> dict[str, str]:
        return {
            "Report_Name": "Item Report",
            "Report_ID": "IR",
            "Release": "5.1",
            "Institution_Name": "The World",
            "Metric_Types": "; ".join(METRICS),
            "Reporting_Period": f"Begin_Date={self.span.first}; End_Date={self.span.last}",
            "Created": rfc3339(timezone.now()),
            "Created_By": settings.JOURNAL_NAME,
        }

    def rows(self) -> Iterator[list[object]]:
        """As a sheet: the header, an empty line, the table."""
        for name, value in self.header().items():
            yield [name, value]
        yield []
        yield [*COLUMNS, *(month.strftime("%b-%Y") for month in self.months)]
        for item in self.items():
            for metric, months in item.reads.items():
                by_month = [months.get(month, 0) for month in self.months]
                yield [*self._about(item), metric, sum(by_month), *by_month]

    def _about(self, item: Item) -> list[object]:
        ids, day = item.ids, item.published_on
        authors = "; ".join(" (ORCID:".join(author.values()) + ")" * (len(author) - 1) for author in item.authors)
        known = [ids.get(name, "") for name in ("DOI", "Proprietary", "Online_ISSN", "URI")]
        about = [item.article.title, settings.JOURNAL_PUBLISHER, authors, day or ""]
        return [*about, *known, day.year if day else "", *ATTRIBUTES.values()]

    def as_json(self) -> dict[str, Any]:
        header: dict[str, Any] = {name: value for name, value in self.header().items() if name != "Reporting_Period"}
        header["Metric_Types"] = list(METRICS)
        header["Report_Filters"] = {"Begin_Date": str(self.span.first), "End_Date": str(self.span.last)}
        return {"Report_Header": header, "Report_Items": [self._item(item) for item in self.items()]}

    def _item(self, item: Item) -> dict[str, Any]:
        day = item.published_on
        performance = {
            metric: {f"{month:%Y-%m}": months[month] for month in sorted(months)}
            for metric, months in item.reads.items()
        }
        return {
            "Item": item.article.title,
            "Publisher": settings.JOURNAL_PUBLISHER,
            "Item_ID": item.ids,
            "Authors": item.authors,
            "Publication_Date": str(day or ""),
            "Attribute_Performance": [
                {**ATTRIBUTES, "YOP": str(day.year) if day else "", "Performance": performance},
            ],
        }
