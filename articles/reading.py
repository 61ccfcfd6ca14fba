"""What readers ask for most, in questions that are put into SQL once: an article with all that is its own, an image."""

from datetime import datetime
from operator import attrgetter
from typing import Any

from django.db import models

from .models import Article, Byline, Correction, Image, Tag
from .prepared import Prepared, Together, moment, number, text


def _at_an_address() -> "models.QuerySet[Article]":
    """The one public door to an article: published, or withdrawn."""
    articles = Article.objects.published(moment("at")) | Article.objects.withdrawn()
    return articles.filter(slug=text("slug")).select_related("category", "issue", "lead_image").order_by()


ARTICLE = Prepared(_at_an_address)
# What is said of it, in one question.
BYLINES = Prepared(lambda: Byline.objects.filter(article=number("article")).select_related("author").order_by())
TAGS = Prepared(lambda: Tag.objects.filter(tagged_articles__content_object=number("article")).order_by())
NOTES = Prepared(lambda: Correction.objects.noted().filter(article=number("article")).order_by())
SAID = Together(BYLINES, TAGS, NOTES)

PUBLIC_IMAGE = Prepared(lambda: Image.objects.public(moment("at")).filter(key=text("key")).order_by())


def public_image(key: str, at: datetime) -> Image | None:
    """Any room may use an image: to put that question together takes longer than to answer it."""
    return next(iter(PUBLIC_IMAGE.all(key=key, at=at)), None)


def article_at(slug: str, at: datetime) -> Article | None:
    found = ARTICLE.all(slug=slug, at=at)
    for article in found:  # one, or none
        bylines, tags, notes = SAID.all(article=article.pk)
        known = {"bylines": _known(bylines, Byline, "position"), "tags": _known(tags, Tag, "name")}
        article._prefetched_objects_cache = known  # type: ignore[attr-defined]
        article.notes = _in_order(notes, "number")
        for note in article.notes:
            note.article = article
    return found[0] if found else None


def _in_order(rows: list[Any], name: str) -> list[Any]:
    return sorted(rows, key=attrgetter(name))


def _known(rows: list[Any], model: type[models.Model], order: str) -> "models.QuerySet[Any]":
    """As prefetch_related() would leave them."""
    known: Any = model._default_manager.all()
    known._result_cache, known._prefetch_done = _in_order(rows, order), True
    return known
