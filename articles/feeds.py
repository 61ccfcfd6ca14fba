"""Feeds: what is new in the journal, a category, or of an author or under a tag, in Atom, RSS and JSON.

Django's syndication framework takes the host from the request, which may be anybody's; here it is the setting's.
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import CharField, F, IntegerField, Value
from django.db.models.functions import Coalesce, NullIf
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import http_date
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from . import images, prose, rich_text
from .machines import absolute, as_json, xml
from .models import Article, Author, Byline, Category, Tag, TaggedArticle
from .models.article import ArticleQuerySet
from .moments import changed_at
from .templatetags.machines import rfc3339

NEWEST = 20
TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}
_INDENT = re.compile(r"\n[ \n]+")


def tag_uri(kind: str, pk: object) -> str:
    """A name that outlives every change of address (RFC 4151)."""
    return f"tag:{settings.FEED_AUTHORITY}:{kind}/{pk}"


@dataclass(frozen=True)
class Named:
    """An author, a category or a tag."""

    name: str
    view: str
    slug: str

    @property
    def url(self) -> str:
        return absolute(reverse(self.view, args=[self.slug]))

    @property
    def scheme(self) -> str:
        """The address that all of its kind have in common."""
        return self.url.removesuffix("/").rpartition("/")[0] + "/"


@dataclass(frozen=True)
class Figure:
    """An image in a text."""

    key: str
    width: int
    height: int
    credit_line: str

    @property
    def url(self) -> str:
        return absolute(reverse("media", args=[self.key, images.first_width(self.width), "jpg"]))

    def picture(self, alt: str, *, view: str = "media") -> SafeString:
        size = (self.width, self.height)
        return format_html('<img src="{}" alt="{}" width="{}" height="{}">', self.url, alt, *size)


@dataclass
class Belongings:
    """What an article's row does not hold itself."""

    authors: list[Named] = field(default_factory=list)
    tags: list[Named] = field(default_factory=list)
    figures: dict[str, Figure] = field(default_factory=dict)


def belongings_of(articles: Iterable[Article]) -> dict[int, Belongings]:
    """Bylines, tags and figures of these articles, in one query."""
    pks, nothing = [article.pk for article in articles], Value(0, output_field=IntegerField())
    bylines = Byline.objects.filter(article__in=pks).values_list(
        "article_id", _text("byline"), "position", _either("name", "author__name"), "author__slug", nothing, nothing
    )
    tags = TaggedArticle.objects.filter(content_object__in=pks).values_list(
        "content_object_id", _text("tag"), nothing, "tag__name", "tag__slug", nothing, nothing
    )
    figures = Article.figures.through.objects.filter(article__in=pks, image__width__gt=0).values_list(
        "article_id", _text("figure"), nothing, _either("image__credit", "image__source"), "image__key",
        F("image__width"), F("image__height"),
    )  # fmt: skip
    found: dict[int, Belongings] = defaultdict(Belongings)
    for pk, kind, _, name, slug, width, height in sorted(bylines.order_by().union(tags, figures, all=True)):
        if kind == "byline":
            found[pk].authors.append(Named(name, "author_detail", slug))
        elif kind == "tag":
            found[pk].tags.append(Named(name, "tag_detail", slug))
        else:
            found[pk].figures[slug] = Figure(slug, width, height, name)
    return found


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())


def _either(first: str, second: str) -> Coalesce:
    return Coalesce(NullIf(F(first), _text("")), F(second), output_field=CharField())


@dataclass(frozen=True)
class Entry:
    """An article as a feed tells of it."""

    article: Article
    at: datetime
    belongings: Belongings

    @property
    def id(self) -> str:
        return tag_uri("article", self.article.pk)

    @property
    def authors(self) -> list[Named]:
        return self.belongings.authors

    @property
    def categories(self) -> list[Named]:
        """The category, then the tags."""
        assert self.article.category is not None
        category = Named(self.article.category.name, "category_detail", self.article.category.slug)
        return [category, *self.belongings.tags]

    @cached_property
    def url(self) -> str:
        return absolute(self.article.get_absolute_url())

    @property
    def published(self) -> datetime:
        assert self.article.published_at is not None
        return self.article.published_at

    @property
    def updated(self) -> datetime:
        return changed_at(self.published, self.article.modified_at, self.at)

    @property
    def licence(self) -> str:
        return self.article.licence or settings.JOURNAL_LICENCE

    @cached_property
    def image(self) -> Figure | None:
        lead = self.article.lead_image
        return Figure(lead.key, lead.width, lead.height, lead.credit_line) if lead and lead.width else None

    @property
    def lead_picture(self) -> SafeString:
        assert self.image is not None
        return self.image.picture(self.article.lead_image_alt)

    @cached_property
    def _text(self) -> prose.LaidOut:
        parts = [("summary", self.article.summary), *self.article.texts()]
        return prose.lay_out_abroad(parts, self.belongings.figures, self.url)

    @property
    def summary(self) -> str:
        return self._text.parts["summary"]

    @property
    def content(self) -> str:
        """All that its page says of the matter."""
        context = {"entry": self, "article": self.article, "text": self._text}
        return _INDENT.sub("\n", render_to_string("articles/_feed_content.html", context)).strip()


@dataclass(frozen=True)
class Feed:
    """The newest published articles among some."""

    articles: ArticleQuerySet
    kind: str  # with pk, what its id is made of
    pk: object
    name: str
    description: str
    page: str  # the address of the page that it goes with
    addresses: dict[str, str]  # its own, by form
    at: datetime

    @property
    def id(self) -> str:
        return tag_uri(self.kind, self.pk)

    @property
    def title(self) -> str:
        return f"{self.name} · {settings.JOURNAL_NAME}" if self.name else settings.JOURNAL_NAME

    @cached_property
    def entries(self) -> list[Entry]:
        # The rows are found first and read then: a database that sorts them would carry every body along.
        newest = self.articles.published(self.at).newest_first().values("pk")[:NEWEST]
        rows = Article.objects.filter(pk__in=newest).newest_first().select_related("category", "lead_image")
        articles = list(rows)
        Article.read_notes(articles)
        belongings = belongings_of(articles) if articles else {}
        return [Entry(article, self.at, belongings.get(article.pk, Belongings())) for article in articles]

    @cached_property
    def updated(self) -> datetime | None:
        return max((entry.updated for entry in self.entries), default=None)

    @property
    def last_modified(self) -> datetime | None:
        """For those who ask by date: a text that was saved without a word to readers is news to them too."""
        saved = (entry.article.updated_at for entry in self.entries)
        return max([self.updated, *saved]) if self.updated else None


def _answer(feed: Feed, form: str) -> HttpResponse:
    if form == "json":
        response = as_json(_json(feed), TYPES[form])
    else:
        response = xml(render_to_string(f"articles/feed.{form}", _context(feed, form)), TYPES[form])
    if feed.last_modified:
        response.headers["Last-Modified"] = http_date(feed.last_modified.timestamp())
    return response


def _context(feed: Feed, form: str) -> dict[str, object]:
    return {
        "feed": feed,
        "self": feed.addresses[form],
        "home": absolute("/"),
        "journal_name": settings.JOURNAL_NAME,
        "language": settings.LANGUAGE_CODE,
        "rights": settings.JOURNAL_LICENCE,
    }


def _json(feed: Feed) -> dict[str, Any]:
    """JSON Feed 1.1: what there is not is left out."""
    return {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "home_page_url": feed.page,
        "feed_url": feed.addresses["json"],
        "description": feed.description,
        "language": settings.LANGUAGE_CODE,
        "authors": [{"name": settings.JOURNAL_NAME, "url": absolute("/")}],
        "items": [_json_item(entry) for entry in feed.entries],
    }


def _json_item(entry: Entry) -> dict[str, Any]:
    item: dict[str, Any] = {
        "id": entry.id,
        "url": entry.url,
        "title": entry.article.headline,
        "content_html": entry.content,
        "summary": rich_text.text_of(entry.article.summary),
        "image": entry.image.url if entry.image else "",
        "date_published": rfc3339(entry.published),
        "date_modified": rfc3339(entry.updated) if entry.updated > entry.published else "",
        "authors": [{"name": author.name, "url": author.url} for author in entry.authors],
        "tags": list(dict.fromkeys(named.name for named in entry.categories)),
        "language": entry.article.language,
        "_rights": {"licence": entry.licence} if entry.licence else {},
    }
    return {name: value for name, value in item.items() if value}


def _addresses(view: str, *args: str) -> dict[str, str]:
    return {form: absolute(reverse(view, args=[*args, form])) for form in TYPES}


@require_safe
def journal_feed(request: HttpRequest, form: str) -> HttpResponse:
    about, page, at = f"What is new in {settings.JOURNAL_NAME}.", absolute("/"), timezone.now()
    articles, addresses = Article.objects.all(), _addresses("journal_feed")
    return _answer(Feed(articles, "feed", "articles", "", about, page, addresses, at), form)


def _answer_about(row: Category | Author | Tag, articles: ArticleQuerySet, at: datetime, form: str) -> HttpResponse:
    kind = row._meta.model_name or ""
    about = (row.description if isinstance(row, Category) else "") or f"{row.name} in {settings.JOURNAL_NAME}."
    page, addresses = absolute(row.get_absolute_url()), _addresses(f"{kind}_feed", row.slug)
    return _answer(Feed(articles, kind, row.pk, row.name, about, page, addresses, at), form)


def _with_its_articles(links: type[Any], slug: str, at: datetime) -> tuple[Any, ArticleQuerySet]:
    """A public author or tag, and the newest articles that it has, in one query."""
    name = links.owner().name
    latest = links.objects.public(at).up_to(at).of_the_one_at(slug).newest_first()
    found = list(latest.values_list(f"{links.ARTICLE}_id", name, f"{name}__name")[:NEWEST])
    model: Any = links.owner().related_model
    if not found:  # a person whose work stands elsewhere, if anybody
        return get_object_or_404(model.objects.public(at), slug=slug), Article.objects.none()
    _, pk, own_name = found[0]
    return model(pk=pk, name=own_name, slug=slug), Article.objects.filter(pk__in=[article for article, _, _ in found])


@require_safe
def category_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    category = get_object_or_404(Category, slug=slug)
    return _answer_about(category, Article.objects.filter(category=category), timezone.now(), form)


@require_safe
def author_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    at = timezone.now()
    author, articles = _with_its_articles(Byline, slug, at)
    return _answer_about(author, articles, at, form)


@require_safe
def tag_feed(request: HttpRequest, slug: str, form: str) -> HttpResponse:
    at = timezone.now()
    tag, articles = _with_its_articles(TaggedArticle, slug, at)
    return _answer_about(tag, articles, at, form)
