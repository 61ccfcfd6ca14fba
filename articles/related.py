"""What to read after an article: what stands beside it in its issue, and what shares its tags and authors."""

from datetime import UTC, date, datetime
from functools import cached_property, lru_cache
from itertools import islice
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

_LATEST = (
    "SELECT * FROM (SELECT {article} FROM {table} WHERE {column} = %s AND published_at <= %s"
    " ORDER BY published_at DESC, {article} DESC LIMIT {limit}) AS latest"
)
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
_AT = moment("at")
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
    public = Article.objects.published(_AT).filter(pk=RawSQL("near.article", ())).order_by().values("pk")
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
        found = (row for row in self._found if self.issue and row.issue == self.issue.pk)
        return tuple(row.other() for row in found)

    @cached_property
    def akin(self) -> tuple[Other, ...]:
        """What shares most with it, outside its issue; the newest first among equals."""
        found = (row for row in self._found if not (self.issue and row.issue == self.issue.pk))
        return tuple(row.other() for row in islice(found, SHOWN))

    @cached_property
    def _found(self) -> list["_Row"]:
        tags = [tag.pk for tag in self.article.tags.all()]
        authors = [byline.author_id for byline in self.article.bylines.all()]
        sql, public = _question(len(tags), len(authors))
        pk, issue = self.article.pk, self.issue.pk if self.issue else None
        at = [value.filled({"at": self.at}) if isinstance(value, Slot) else value for value in public]
        now = _AT.filled({"at": self.at})
        latest = [value for linked in (*tags, *authors) for value in (linked, now)]
        with connection.cursor() as cursor:
            cursor.execute(sql, [issue, *latest, pk, *at, issue, issue, pk, pk])
            return [_Row(*row) for row in cursor.fetchall()]


class _Row(NamedTuple):
    pk: int
    title: str
    slug: str
    language: str
    published_at: datetime
    retracted_at: Any
    issue: int | None
    category: str

    def other(self) -> Other:
        """Of those that are shown only: forty are found."""
        # SQLite knows no zones; what Django keeps in it is in UTC.
        at = self.published_at if timezone.is_aware(self.published_at) else self.published_at.replace(tzinfo=UTC)
        title, url = headline(self.title, self.retracted_at), path_to("article_detail", self.slug)
        return Other(self.pk, title, url, self.language, timezone.localtime(at).date(), self.category)
