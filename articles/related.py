"""What to read after an article: what stands beside it in its issue, and what shares its tags and authors."""

from datetime import datetime
from functools import cached_property, lru_cache
from typing import Any

from django.db.models import F, IntegerField, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.utils import timezone

from .models import Article, Byline, TaggedArticle
from .prepared import Prepared, moment, number

BESIDE = 40  # articles of one issue; no number has more
SHOWN = 4  # articles that share something
LATEST = 40  # of each tag and author: enough to find what shares several, never a walk through thousands

# The latest by primary key, since that is the order of these tables' indexes.
_LATEST = (
    "SELECT * FROM (SELECT {article} FROM {table} WHERE {column} = %s ORDER BY {article} DESC LIMIT {limit}) AS latest"
)
_SHARED = "(SELECT COUNT(*) FROM {table} WHERE {article} = {articles}.id AND {column} IN ({values}))"

Link = tuple[dict[str, str], list[Any]]  # how rows are linked, and a place for the value of each link


@lru_cache(maxsize=200)
def _question(tags: int, authors: int, is_in_issue: bool) -> Prepared[Article]:
    """Asked of an article with so many tags and so many authors: each has a place of its own in it."""
    return Prepared(lambda: _near(tags, authors, is_in_issue))


def _near(tags: int, authors: int, is_in_issue: bool) -> "QuerySet[Article]":
    places = [
        (
            {"table": TaggedArticle._meta.db_table, "article": "content_object_id", "column": "tag_id"},
            [number(f"tag{n}") for n in range(tags)],
        ),
        (
            {"table": Byline._meta.db_table, "article": "article_id", "column": "author_id"},
            [number(f"author{n}") for n in range(authors)],
        ),
    ]
    links = [(names, values) for names, values in places if values]
    near = Q(pk__in=_sharing(links)) if links else Q(pk__in=[])
    order = [F("shared").desc(), F("published_at").desc(), F("pk").desc()]
    articles = Article.objects.published(moment("at")).exclude(pk=number("article")).annotate(shared=_shared(links))
    if is_in_issue:
        near |= Q(issue=number("issue"))
        articles = articles.annotate(is_beside=Q(issue=number("issue")))
        order = [F("is_beside").desc(nulls_last=True), F("issue_position").asc(nulls_last=True), *order]
    fields = ("title", "slug", "language", "published_at", "retracted_at", "issue", "category__name")
    return articles.filter(near).select_related("category").only(*fields).order_by(*order)[: BESIDE + SHOWN]


def _sharing(links: list[Link]) -> RawSQL:
    latest = [_LATEST.format(**names, limit=LATEST) for names, values in links for _ in values]
    return RawSQL(" UNION ".join(latest), [value for _, values in links for value in values])


def _shared(links: list[Link]) -> RawSQL:
    """How many tags and authors it has in common, counted by index."""
    counts = [
        _SHARED.format(**names, articles=Article._meta.db_table, values=", ".join(["%s"] * len(values)))
        for names, values in links
    ]
    values = [value for _, values in links for value in values]
    return RawSQL(" + ".join(counts) or "0", values, output_field=IntegerField())


class Related:
    """One query, whatever the numbers of tags, of authors and of articles."""

    def __init__(self, article: Article, at: datetime | None = None) -> None:
        self.article, self.at = article, at or timezone.now()
        self.issue = article.released_issue

    @cached_property
    def beside(self) -> list[Article]:
        """The other articles of its issue, once that is out, in their order."""
        return [article for article in self._found if self.issue and article.issue_id == self.issue.pk]

    @cached_property
    def akin(self) -> list[Article]:
        """What shares most with it, outside its issue; the newest first among equals."""
        return [article for article in self._found if article not in self.beside][:SHOWN]

    @cached_property
    def _found(self) -> list[Article]:
        tags = [tag.pk for tag in self.article.tags.all()]
        authors = [byline.author_id for byline in self.article.bylines.all()]
        linked = {f"tag{n}": pk for n, pk in enumerate(tags)} | {f"author{n}": pk for n, pk in enumerate(authors)}
        if not (linked or self.issue):
            return []
        question = _question(len(tags), len(authors), self.issue is not None)
        issue = self.issue.pk if self.issue else None
        return question.all(at=self.at, article=self.article.pk, issue=issue, **linked)
