"""What to read after an article: what stands beside it in its issue, and what shares its tags and authors."""

from datetime import datetime
from functools import cached_property

from django.db.models import F, IntegerField, Q
from django.db.models.expressions import RawSQL

from .models import Article, Byline, TaggedArticle

BESIDE = 40  # articles of one issue; no number has more
SHOWN = 4  # articles that share something
LATEST = 40  # of each tag and author: enough to find what shares several, never a walk through thousands

# The latest by primary key, since that is the order of these tables' indexes.
_LATEST = (
    "SELECT * FROM (SELECT {article} FROM {table} WHERE {column} = %s ORDER BY {article} DESC LIMIT {limit}) AS latest"
)
_SHARED = "(SELECT COUNT(*) FROM {table} WHERE {article} = {articles}.id AND {column} IN ({values}))"


class Related:
    """One query, whatever the numbers of tags, of authors and of articles."""

    def __init__(self, article: Article, at: datetime | None = None) -> None:
        self.article, self.at = article, at
        self.issue = article.released_issue
        tags = [tag.pk for tag in article.tags.all()]
        authors = [byline.author_id for byline in article.bylines.all()]
        links = [
            ({"table": TaggedArticle._meta.db_table, "article": "content_object_id", "column": "tag_id"}, tags),
            ({"table": Byline._meta.db_table, "article": "article_id", "column": "author_id"}, authors),
        ]
        self.links = [(names, values) for names, values in links if values]

    @property
    def beside(self) -> list[Article]:
        """The other articles of its issue, once that is out, in their order."""
        return [article for article in self._found if self.issue and article.issue_id == self.issue.pk]

    @property
    def akin(self) -> list[Article]:
        """What shares most with it, outside its issue; the newest first among equals."""
        beside = self.beside
        return [article for article in self._found if article not in beside][:SHOWN]

    @cached_property
    def _found(self) -> list[Article]:
        near = Q(pk__in=self._sharing()) if self.links else Q(pk__in=[])
        order = [F("shared").desc(), F("published_at").desc(), F("pk").desc()]
        articles = Article.objects.published(self.at).exclude(pk=self.article.pk).annotate(shared=self._shared())
        if self.issue:
            near |= Q(issue=self.issue)
            articles = articles.annotate(is_beside=Q(issue=self.issue))
            order = [F("is_beside").desc(nulls_last=True), F("issue_position").asc(nulls_last=True), *order]
        fields = ("title", "slug", "language", "published_at", "issue", "category__name")
        return list(articles.filter(near).select_related("category").only(*fields).order_by(*order)[: BESIDE + SHOWN])

    def _sharing(self) -> RawSQL:
        latest = [_LATEST.format(**names, limit=LATEST) for names, values in self.links for _ in values]
        return RawSQL(" UNION ".join(latest), [value for _, values in self.links for value in values])

    def _shared(self) -> RawSQL:
        """How many tags and authors it has in common, counted by index."""
        counts = [
            _SHARED.format(**names, articles=Article._meta.db_table, values=", ".join(["%s"] * len(values)))
            for names, values in self.links
        ]
        values = [value for _, values in self.links for value in values]
        return RawSQL(" + ".join(counts) or "0", values, output_field=IntegerField())
