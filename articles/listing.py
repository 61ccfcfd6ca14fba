"""Lists of articles as readers page through them: newest first, by number near the top, by cursor beyond."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.db import models
from django.db.models import Subquery
from django.http import Http404, HttpRequest, QueryDict
from django.utils import timezone

from .models import Article, Author, Byline, Category, OldAddress, Tag, TaggedArticle
from .models.article import ArticleQuerySet
from .models.placed import PlacedQuerySet, met_at

PER_PAGE = 20
LAST_PAGE = 50
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


Row = TypeVar("Row", bound=models.Model)
Rows = ArticleQuerySet | PlacedQuerySet[Any]


class Advice(Http404):
    """Not found, and a sentence that says what to do."""


def cursor_of(article: Article) -> str:
    """A place in the order newest first: microseconds since 1970, and the row that breaks a tie."""
    assert article.published_at is not None
    return f"{(article.published_at - _EPOCH) // timedelta(microseconds=1)}-{article.pk}"


def _moment_and_pk(cursor: str) -> tuple[datetime, int]:
    if not re.fullmatch(r"-?\d{1,17}-\d{1,18}", cursor):
        raise Advice("This link to older articles is incomplete. Start again from the first page.")
    micros, pk = cursor.rsplit("-", 1)
    try:
        return _EPOCH + timedelta(microseconds=int(micros)), int(pk)
    except OverflowError:
        raise Advice("This link to older articles is incomplete. Start again from the first page.") from None


def page_number(params: QueryDict) -> int:
    """The page asked for, from 1. Raises Advice for what is not a number."""
    text = params.get("page", "1")
    if not re.fullmatch(r"[1-9]\d{0,8}", text):
        raise Advice("Pages are numbered from 1.")
    return int(text)


def year_of(text: str) -> int:
    if not re.fullmatch(r"[12]\d{3}", text):
        raise Advice("A year is written with four digits, like 2016.")
    return int(text)


LINKS: dict[Any, Any] = {Author: Byline, Tag: TaggedArticle}


def find(model: type[Row], slug: str, sentence: str) -> Row:
    """The public row that a filter names."""
    slug = slug.replace("\0", "\ufffd")  # PostgreSQL takes no NUL
    rows: Any = model._default_manager
    there = met_at(LINKS[model], slug) if model in LINKS else rows.public().filter(slug=slug).first()
    row: Row | None = there or OldAddress.objects.led_from(model, slug)
    if row is None:
        raise Advice(sentence)
    return row


@dataclass(frozen=True)
class Listing:
    """One page of a list of published articles: of these, or of those that bylines or tags link."""

    rows: Rows
    params: QueryDict
    url: str
    until: datetime

    @classmethod
    def of(cls, request: HttpRequest, rows: Rows, until: datetime | None = None) -> "Listing":
        """Those of these articles that are published, up to a moment (now by default or if it lies ahead).

        Raises Advice for a page that there is not.
        """
        now = timezone.now()
        listing = cls(rows.newest_first(), request.GET, request.path, min(until or now, now))
        _ = listing.page  # now, since a template swallows what is raised in it
        return listing

    @cached_property
    def _rows(self) -> list[Article]:
        """The page's articles, and one more if there is one."""
        if "before" in self.params:
            moment, pk = _moment_and_pk(self.params.get("before", ""))
            # One bound, and not two: SQLite would begin at the later one.
            older = self.rows.up_to(min(moment, self.until)).older_than(moment, pk)
            return self._read(older.article_pks()[: PER_PAGE + 1])
        start = (self.number - 1) * PER_PAGE
        return self._read(self.rows.up_to(self.until).article_pks()[start : start + PER_PAGE + 1])

    def _read(self, chosen: "models.QuerySet[Any, int]") -> list[Article]:
        """Chosen within an index, and read then: what stands before a page is passed over without being read."""
        articles = Article.objects.filter(pk__in=chosen).newest_first().for_listing()
        # Asked of each that was read: SQLite that has not counted rows would look for them among all published ones.
        return [article for article in articles if article.is_published(self.until)]

    @cached_property
    def number(self) -> int:
        number = page_number(self.params)
        if number > LAST_PAGE:
            raise Advice(f"Pages are numbered up to {LAST_PAGE}; from there on, follow the links to older articles.")
        return number

    @cached_property
    def page(self) -> list[Article]:
        rows = self._rows[:PER_PAGE]
        if not rows and "before" not in self.params and self.number > 1:
            raise Advice("This list has fewer pages.")
        return rows

    @property
    def is_first(self) -> bool:
        return "before" not in self.params and self.number == 1

    @property
    def newer_url(self) -> str:
        """The page before this one, where it has a number."""
        if "before" in self.params or self.number == 1:
            return ""
        return self._link(page=str(self.number - 1) if self.number > 2 else "")

    @property
    def older_url(self) -> str:
        if len(self._rows) <= PER_PAGE:
            return ""
        if "before" not in self.params and self.number < LAST_PAGE:
            return self._link(page=str(self.number + 1))
        return self._link(before=cursor_of(self.page[-1]))

    @property
    def first_url(self) -> str:
        return self._link()

    def _link(self, **paging: str) -> str:
        kept = [(name, value) for name, value in self.params.items() if name not in ("page", "before")]
        query = urlencode(kept + [(name, value) for name, value in paging.items() if value])
        return f"{self.url}?{query}" if query else self.url


def _among(categories: Iterable[Category], slug: str) -> Category:
    found = next((category for category in categories if category.slug == slug), None)
    return found or find(Category, slug, "There is no such category.")


def _choices() -> tuple[tuple[Category, ...], tuple[int, ...]]:
    """All categories, and the years from the newest article to the oldest, in one query."""
    moments = Article.objects.published().order_by("published_at").values("published_at")
    ends = {"oldest": Subquery(moments[:1]), "newest": Subquery(moments.reverse()[:1])}
    rows = tuple(Category.objects.public().annotate(**ends))
    oldest, newest = (getattr(rows[0], end) if rows else None for end in ends)
    if oldest is None or newest is None:
        return rows, ()
    first, last = timezone.localtime(oldest).year, timezone.localtime(newest).year
    return rows, tuple(range(last, first - 1, -1))


@dataclass(frozen=True)
class Filters:
    """What a list of all articles is narrowed by."""

    category: Category | None = None
    author: Author | None = None
    tag: Tag | None = None
    year: int | None = None
    # What can be chosen from.
    categories: tuple[Category, ...] = ()
    years: tuple[int, ...] = ()

    @classmethod
    def of(cls, params: QueryDict) -> "Filters":
        """Raises Advice for a category, person or tag that there is not."""
        category, author, tag, year = (params.get(name, "") for name in ("category", "author", "tag", "year"))
        categories, years = _choices()
        return cls(
            _among(categories, category) if category else None,
            find(Author, author, "There is nobody of that name here.") if author else None,
            find(Tag, tag, "There is no such tag.") if tag else None,
            year_of(year) if year else None,
            categories,
            years,
        )

    def rows(self) -> Rows:
        """What a person signed, else what has the tag, else all: the fewest, and each in the order of an index."""
        rows: Rows = Article.objects.all()
        if self.author:
            rows = self.author.bylines.all()
            rows = rows.of(Article.objects.tagged_with(self.tag)) if self.tag else rows
        elif self.tag:
            rows = self.tag.tagged_articles.all()
        if self.category:
            rows = rows.in_category(self.category)
        if self.year:
            rows = rows.filter(published_at__gte=timezone.make_aware(datetime(self.year, 1, 1)))
        return rows

    @property
    def until(self) -> datetime | None:
        """The last moment of the year, which the listing is told: a bound that it has already is not another one."""
        return timezone.make_aware(datetime.combine(date(self.year, 12, 31), time.max)) if self.year else None

    def __bool__(self) -> bool:
        return any((self.category, self.author, self.tag, self.year))
