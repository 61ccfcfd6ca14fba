"""An article with all that its page shows of it, in three questions that are put into SQL once."""

from datetime import datetime
from typing import Any

from django.db import models

from .models import Article, Byline, Tag
from .prepared import Prepared, moment, number, text


def _at_an_address() -> "models.QuerySet[Article]":
    """The one public door to an article: published, or withdrawn."""
    articles = Article.objects.published(moment("at")) | Article.objects.withdrawn()
    return articles.filter(slug=text("slug")).select_related("category", "issue", "lead_image").order_by()


ARTICLE = Prepared(_at_an_address)
BYLINES = Prepared(lambda: Byline.objects.filter(article=number("article")).select_related("author"))
TAGS = Prepared(lambda: Tag.objects.filter(tagged_articles__content_object=number("article")))


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
