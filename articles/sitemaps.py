"""Sitemaps: every public address of what we write, cut into pages by primary key.

So an address stays on its page whatever is published or withdrawn, no page is counted or skipped to, and a page is one
range of one index. Django's sitemaps take the host from the request and pages by OFFSET.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote

from django.conf import settings
from django.db.models import Case, CharField, DateTimeField, Expression, F, Max, QuerySet, Value, When
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from django.views.decorators.http import require_safe

from . import images
from .machines import absolute, xml
from .models import Article, Author, Category, Issue, Tag
from .templatetags.machines import rfc3339

SIZE = 5_000  # primary keys of a page, so that it is made in a moment; sitemaps.org allows 50,000 addresses
LAST = 1_000_000  # more pages than that have no rows in any database
NEWS_HOURS, NEWS_MOST = 48, 1000  # as Google asks
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
IMAGE = "http://www.google.com/schemas/sitemap-image/1.1"
NEWS = "http://www.google.com/schemas/sitemap-news/0.9"
_STEP = "0000-00-00"  # what stands for the changing step of an address: a slug, a date or a key


_NO_IMAGE = Value(None, output_field=CharField())


class Row(NamedTuple):
    """An address as the database tells of it."""

    step: object
    changed: datetime | None
    image: str | None
    width: int | None


def _no_moment(at: datetime) -> Expression:
    return Cast(Value(None), DateTimeField())  # PostgreSQL asks for a type


@dataclass(frozen=True)
class Section:
    """All pages of one kind."""

    name: str
    rows: Callable[[datetime], QuerySet[Any]]  # the public ones
    view: str
    step: str = "slug"
    changed: Callable[[datetime], Expression | F] = _no_moment  # only where a change of the text is known
    image: str = ""

    def numbers(self, at: datetime) -> QuerySet[Any, tuple[str, int, datetime | None]]:
        """Name, number and last change of each page that has addresses."""
        cut = self.rows(at).order_by().annotate(map_number=F("pk") / SIZE + 1, map_changed=self.changed(at))
        pages = cut.values("map_number").annotate(map_last=Max("map_changed"))
        named = pages.annotate(map_name=Value(self.name, output_field=CharField()))
        return named.values_list("map_name", "map_number", "map_last")

    def page(self, number: int, at: datetime) -> list[Row]:
        if not 0 < number <= LAST:
            return []
        rows = self.rows(at).filter(pk__gte=(number - 1) * SIZE, pk__lt=number * SIZE).order_by("pk")
        about_image = [f"{self.image}__key", f"{self.image}__width"] if self.image else [_NO_IMAGE] * 2
        return [Row(*row) for row in rows.values_list(self.step, self.changed(at), *about_image)]

    def urls(self, number: int, at: datetime) -> Iterator[str]:
        for row in self.page(number, at):
            image = address("media", row.image, images.first_width(row.width), "jpg") if row.image and row.width else ""
            yield url_element(address(self.view, row.step), row.changed, image)


@cache
def _pattern(view: str, *rest: object) -> str:
    return reverse(view, args=[_STEP, *rest])


def address(view: str, step: object, *rest: object) -> str:
    """reverse() for the ten thousandth time."""
    return absolute(_pattern(view, *rest).replace(_STEP, quote(str(step))))


def url_element(location: str, changed: datetime | None = None, image: str = "") -> str:
    lastmod = f"<lastmod>{rfc3339(changed)}</lastmod>" if changed else ""
    inner = f"<image:image><image:loc>{escape(image)}</image:loc></image:image>" if image else ""
    return f"<url><loc>{escape(location)}</loc>{lastmod}{inner}</url>\n"


def sitemap_element(location: str, changed: datetime | None = None) -> str:
    lastmod = f"<lastmod>{rfc3339(changed)}</lastmod>" if changed else ""
    return f"<sitemap><loc>{escape(location)}</loc>{lastmod}</sitemap>\n"


def answer(root: str, elements: Iterable[str], **prefixes: str) -> HttpResponse:
    names = "".join(f' xmlns:{prefix}="{name}"' for prefix, name in prefixes.items())
    start = f'<?xml version="1.0" encoding="utf-8"?>\n<{root} xmlns="{SITEMAP}"{names}>\n'
    return xml(f"{start}{''.join(elements)}</{root}>\n")


def _changed(at: datetime) -> Expression:
    """moments.changed_at(), for the database."""
    is_later = When(modified_at__gt=F("published_at"), modified_at__lte=at, then="modified_at")
    return Case(is_later, default="published_at")


SECTIONS = (
    Section("articles", Article.objects.published, "article_detail", changed=_changed, image="lead_image"),
    Section("issues", Issue.objects.released, "issue_detail", "date", changed=lambda at: F("released_at")),
    Section("authors", Author.objects.public, "author_detail"),
    Section("categories", Category.objects.public, "category_detail"),
    Section("tags", Tag.objects.public, "tag_detail"),
)


def news(at: datetime) -> QuerySet[Article]:
    """What came out in the last two days."""
    since = at - timedelta(hours=NEWS_HOURS)
    return Article.objects.published(at).filter(published_at__gt=since, retracted_at=None).newest_first()


@require_safe
def sitemap_news(request: HttpRequest) -> HttpResponse:
    rows = news(timezone.now()).values_list("slug", "title", "language", "published_at")[:NEWS_MOST]
    return answer("urlset", [_news_element(*row) for row in rows], news=NEWS)


def _news_element(slug: str, title: str, language: str, published: datetime | None) -> str:
    assert published is not None
    of_journal = f"<news:name>{escape(settings.JOURNAL_NAME)}</news:name>"
    code = f"<news:language>{escape(_news_language(language))}</news:language>"
    moment = f"<news:publication_date>{rfc3339(published)}</news:publication_date>"
    about = f"<news:publication>{of_journal}{code}</news:publication>{moment}<news:title>{escape(title)}</news:title>"
    return f"<url><loc>{escape(address('article_detail', slug))}</loc><news:news>{about}</news:news></url>\n"


def _news_language(tag: str) -> str:
    """Two or three letters; the two kinds of Chinese are the exception that Google makes."""
    tag = tag.lower()
    return tag if tag in ("zh-cn", "zh-tw") else tag.partition("-")[0] or settings.LANGUAGE_CODE
