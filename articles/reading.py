"""An article with all that its page shows of it, in three questions that are put into SQL once."""

from datetime import datetime

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
        _know(article, "bylines", BYLINES.all(article=article.pk))
        _know(article, "tags", TAGS.all(article=article.pk))
    return found[0] if found else None


def _know(article: Article, name: str, rows: "list[Byline] | list[Tag]") -> None:
    """As if it had been fetched by prefetch_related()."""
    known = getattr(article, name).none()
    known._result_cache, known._prefetch_done = rows, True
    article._prefetched_objects_cache = {**getattr(article, "_prefetched_objects_cache", {}), name: known}  # type: ignore[attr-defined]
