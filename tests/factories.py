"""Makers of rows that take only what the test is about."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from io import BytesIO
from itertools import count
from typing import Any

from django.contrib.auth.models import User
from PIL import Image as Pillow

from analyst.models import Page
from articles.models import Article, Author, Byline, Category, Image, Issue
from publications.models import Partner, Publication

_n = count(1)
LONG_AGO = datetime(2016, 3, 15, 12, tzinfo=UTC)


def make_author(**fields: Any) -> Author:
    return Author.objects.create(**{"name": f"Ada Person{next(_n)}"} | fields)


def make_category(**fields: Any) -> Category:
    n = next(_n)
    return Category.objects.create(**{"name": f"Category {n}", "position": 9} | fields)


def analytical() -> Category:
    """Of the four that come with the first migration, the one with sections."""
    return Category.objects.get_or_create(
        slug="analytical-articles", defaults={"name": "Analytical Articles", "has_sections": True}
    )[0]


def make_article(*, authors: Iterable[Author] = (), tags: Iterable[str] = (), **fields: Any) -> Article:
    n = next(_n)
    defaults = {
        "title": f"Article {n}",
        "summary": "<p>What happened, and why.</p>",
        "status": Article.Status.PUBLISHED,
        "published_at": LONG_AGO,
    }
    if "category" not in fields:
        fields["category"] = analytical()
    article = Article.objects.create(**defaults | fields)
    for position, author in enumerate(authors, 1):
        Byline.objects.create(article=article, author=author, position=position)
    if tags:
        article.tags.set(tags)
    return article


def make_draft(**fields: Any) -> Article:
    return make_article(**{"status": Article.Status.DRAFT, "published_at": None} | fields)


def make_issue(**fields: Any) -> Issue:
    n = next(_n)
    defaults = {"date": date.fromordinal(date(1980, 1, 1).toordinal() + n), "released_at": LONG_AGO}
    return Issue.objects.create(**defaults | fields)


def picture_bytes(width: int = 64, height: int = 40, format: str = "JPEG", colour: str = "navy", **save: Any) -> bytes:
    out = BytesIO()
    Pillow.new("RGB", (width, height), colour).save(out, format, **save)
    return out.getvalue()


def make_image(width: int = 64, height: int = 40, **fields: Any) -> Image:
    return Image.objects.add(BytesIO(picture_bytes(width, height)), **fields)


def make_publication(*, authors: Iterable[str] = (), **fields: Any) -> Publication:
    publication = Publication.objects.create(
        **{"kind": "Op-ed", "title": f"Publication {next(_n)}", "year": 2022, "month": 5, "precision": "month"} | fields
    )
    publication.set_authors(authors)
    return publication


def make_partner(**fields: Any) -> Partner:
    return Partner.objects.create(**{"name": f"Partner {next(_n)}", "link": "https://example.org/"} | fields)


def make_page(**fields: Any) -> Page:
    n = next(_n)
    return Page.objects.create(**{"title": f"Page {n}", "body": "<p>About us.</p>"} | fields)


def make_editor(**fields: Any) -> User:
    defaults = {"username": f"editor{next(_n)}", "is_staff": True, "is_superuser": True}
    return User.objects.create(**defaults | fields)
