"""What the desk's first page shows."""

from typing import Any

from django import template
from django.contrib.auth.models import User
from django.db.models import Q
from django.utils import timezone

from articles.models import Article, Issue, Source
from articles.models.article import ArticleQuerySet

register = template.Library()
ROWS = 6
LOOKED_THROUGH = 100  # of the newest manuscripts, for doubts


def _rows(articles: ArticleQuerySet) -> ArticleQuerySet:
    return articles.defer("summary", *Article.TEXTS).select_related("category", "status_by", "held_by")[:ROWS]


@register.simple_tag
def work_at_hand(user: User) -> dict[str, Any]:
    """What this editor has in hand, who is waited for, and what comes out next."""
    own = Q(created_by=user) | Q(held_by=user)
    seen = Article.objects.all() if user.has_perm("articles.view_article") else Article.objects.filter(own)
    drafts = seen.filter(status=Article.Status.DRAFT).order_by("-updated_at")
    return {
        "mine": _rows(drafts.filter(own)),
        "others": _rows(drafts.exclude(own)),
        "review": _rows(seen.filter(status=Article.Status.REVIEW).order_by("status_at")),
        "scheduled": _rows(seen.scheduled(timezone.now()).order_by("published_at")),
    }


@register.simple_tag
def next_issue() -> Issue | None:
    """The number that is in preparation, with its articles."""
    issue: Issue | None = Issue.objects.filter(released_at=None).order_by("date").first()
    if issue:
        articles = issue.articles.in_issue_order().defer("summary", *Article.TEXTS)
        issue.lined_up = list(articles[:12])  # type: ignore[attr-defined]
        issue.ready = sum(one.status == Article.Status.PUBLISHED for one in issue.lined_up)  # type: ignore[attr-defined]
    return issue


@register.simple_tag
def open_doubts() -> list[Source]:
    """The newest manuscripts in which something is still to be settled."""
    unfinished = [Article.Status.DRAFT, Article.Status.REVIEW]
    newest = Source.objects.filter(article__status__in=unfinished).select_related("article").order_by("-pk")
    found = [source for source in newest[:LOOKED_THROUGH] if source.open_flags() or source.left_unplaced()]
    return found[:ROWS]
