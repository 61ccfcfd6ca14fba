"""What the desk's first page shows."""

from typing import Any

from django import template
from django.utils import timezone

from articles.models import Article
from articles.models.article import ArticleQuerySet

register = template.Library()
ROWS = 8


def _rows(articles: ArticleQuerySet) -> ArticleQuerySet:
    return articles.defer("summary", *Article.TEXTS).select_related("category")[:ROWS]


@register.simple_tag
def work_at_hand() -> dict[str, Any]:
    """What is being written, and what comes out next."""
    unfinished = Article.objects.filter(status__in=[Article.Status.DRAFT, Article.Status.REVIEW])
    ahead = Article.objects.filter(status=Article.Status.PUBLISHED, published_at__gt=timezone.now())
    return {"unfinished": _rows(unfinished.order_by("-pk")), "scheduled": _rows(ahead.order_by("published_at"))}
