"""What readers ask for most, in questions that are put into SQL once: an article with all that is its own, an image."""

from datetime import datetime
from typing import Any

from django.db import models

from .models import Article, Byline, Image, Tag
from .prepared import Prepared, moment, number, text


def _at_an_address() -> "models.QuerySet[Article]":
    """The one public door to an article: published, or withdrawn."""
    articles = Article.objects.published(moment("at")) | Article.objects.withdrawn()
    return articles.filter(slug=text("slug")).select_related("category", "issue", "lead_image").order_by()


ARTICLE = Prepared(_at_an_address)
BYLINES = Prepared(lambda: Byline.objects.filter(article=number("article")).select_related("author"))
TAGS = Prepared(lambda: Tag.objects.filter(tagged_articles__content_object=number("article")))


PUBLIC_IMAGE = Prepared(lambda: Image.objects.public(moment("at")).filter(key=text("key")).order_by())


def public_image(key: str, at: datetime) -> Image | None:
    """Any room may use an image: to put that question together takes longer than to answer it."""
    return next(iter(PUBLIC_IMAGE.all(key=key, at=at)), None)


def article_at(slug: str, at: datetime) -> Article | None:
    found = ARTICLE.all(slug=slug, at=at)
    for article in found:  # one, or none
        known = {"bylines": _known(BYLINES, article), "tags": _known(TAGS, article)}
        article._prefetched_objects_cache = known  # type: ignore[attr-defined]
    return found[0] if found else None


def _known(question: "Prepared[Byline] | Prepared[Tag]", article: Article) -> "models.QuerySet[Any]":
    """Its answer, as prefetch_related() would leave it."""
    known = question.model._default_manager.all()
    known._result_cache, known._prefetch_done = question.all(article=article.pk), True  # type: ignore[union-attr]
    return known
