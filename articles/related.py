"""What to read after an article: what stands beside it in its issue, and what shares its tags and authors."""

from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from django.db import connection
from django.db.models.expressions import RawSQL
from django.utils import timezone

from .models import Article, Byline, TaggedArticle
from .models.correctable import headline
from .paths import path_to
from .prepared import Slot, moment

BESIDE = 40  # articles of one issue; no number has more
SHOWN = 4  # articles that share something
LATEST = 40  # of each tag and author: enough to find what shares several, never a walk through thousands

# The latest by primary key, since that is the order of these tables' indexes.
_LATEST = "SELECT * FROM (SELECT {article} FROM {table} WHERE {column} = %s ORDER BY {article} DESC LIMIT {limit}) AS l"
_SHARED = (
    "(SELECT COUNT(*) FROM {table} WHERE {article} = near.article"
    " AND {column} IN (SELECT {column} FROM {table} AS own WHERE own.{article} = %s))"
)
# The database is led from the few that are near to their rows: left to choose, SQLite walks through all articles.
_NEAREST = """
SELECT a.id, a.title, a.slug, a.language, a.published_at, a.retracted_at, a.issue_id, category.name
FROM (SELECT id AS article FROM {articles} WHERE issue_id = %s {latest}) AS near
JOIN {articles} AS a ON a.id = near.article LEFT JOIN {categories} AS category ON category.id = a.category_id
WHERE a.id <> %s AND EXISTS ({published})
ORDER BY COALESCE(a.issue_id = %s, FALSE) DESC,
CASE WHEN a.issue_id = %s THEN a.issue_position END ASC NULLS LAST,
{shared} DESC, a.published_at DESC, a.id DESC LIMIT {limit}
"""
_TAGGED = {"table": TaggedArticle._meta.db_table, "article": "content_object_id", "column": "tag_id"}
_WRITTEN = {"table": Byline._meta.db_table, "article": "article_id", "column": "author_id"}


class Other(NamedTuple):
    """Plain values, by which the list is remembered."""

    pk: int
    title: str
    url: str
    language: str
    day: date
    category: str


@lru_cache(maxsize=200)
def _question(tags: int, authors: int) -> tuple[str, tuple[Any, ...]]:
    """How it is asked of an article with so many tags and so many authors, and what says that a row is public."""
    latest = [_LATEST.format(**names, limit=LATEST) for names in [_TAGGED] * tags + [_WRITTEN] * authors]
    public = Article.objects.published(moment("at")).filter(pk=RawSQL("near.article", ())).order_by().values("pk")
    published, values = public.query.sql_with_params()
    sql = _NEAREST.format(
        articles=Article._meta.db_table,
        categories=Article._meta.get_field("category").related_model._meta.db_table,
        latest="".join(f" UNION {arm}" for arm in latest),
        published=published,
        shared=" + ".join(_SHARED.format(**names) for names in (_TAGGED, _WRITTEN)),
        limit=BESIDE + SHOWN,
    )
    return sql, values


class Related:
    """One query, whatever the numbers of tags, of authors and of articles."""

    def __init__(self, article: Article, at: datetime | None = None) -> None:
        self.article, self.at = article, at or timezone.now()
        self.issue = article.released_issue

    @cached_property
    def beside(self) -> tuple[Other, ...]:
        """The other articles of its issue, once that is out, in their order."""
        return tuple(other for other, issue in self._found if self.issue and issue == self.issue.pk)

    @cached_property
    def akin(self) -> tuple[Other, ...]:
        """What shares most with it, outside its issue; the newest first among equals."""
        return tuple(other for other, issue in self._found if not (self.issue and issue == self.issue.pk))[:SHOWN]

    @cached_property
    def _found(self) -> list[tuple[Other, int | None]]:
        """With the issue of each."""
        tags = [tag.pk for tag in self.article.tags.all()]
        authors = [byline.author_id for byline in self.article.bylines.all()]
        sql, public = _question(len(tags), len(authors))
        pk, issue = self.article.pk, self.issue.pk if self.issue else None
        at = [value.filled({"at": self.at}) if isinstance(value, Slot) else value for value in public]
        with connection.cursor() as cursor:
            cursor.execute(sql, [issue, *tags, *authors, pk, *at, issue, issue, pk, pk])
            return [_read(*row) for row in cursor.fetchall()]


def _read(
    pk: int, title: str, slug: str, language: str, moment: datetime, retracted_at: Any, issue: int | None, category: str
) -> tuple[Other, int | None]:
    # SQLite knows no zones; what Django keeps in it is in UTC.
    day = timezone.localtime(moment if timezone.is_aware(moment) else moment.replace(tzinfo=UTC)).date()
    return Other(pk, headline(title, retracted_at), path_to("article_detail", slug), language, day, category), issue
