"""The front page: the current issue, the latest of each category, the most read."""

from datetime import datetime
from functools import cached_property

from django.db.models import Q, QuerySet

from articles.models import Article, Category, Issue
from articles.models.article import ArticleQuerySet

LATEST = 3  # of each category
MOST_READ = 5


def _newest(articles: ArticleQuerySet, count: int) -> QuerySet[Article, dict[str, int]]:
    return articles.newest_first().values("pk")[:count]


class FrontPage:
    """All its articles are read by one query, however many categories there are."""

    def __init__(self, at: datetime | None = None) -> None:
        self.at = at

    @cached_property
    def issue(self) -> Issue | None:
        return Issue.objects.current(self.at)

    @cached_property
    def categories(self) -> list[Category]:
        return list(Category.objects.all())

    @cached_property
    def _found(self) -> list[Article]:
        """What may stand on this page, newest first."""
        published = Article.objects.published(self.at)
        older = published.exclude(issue=self.issue) if self.issue else published
        wanted = Q(pk__in=_newest(published, 1)) | Q(pk__in=published.most_read().values("pk")[:MOST_READ])
        for category in self.categories:
            wanted |= Q(pk__in=_newest(older.filter(category=category), LATEST + 1))
        if self.issue:
            wanted |= Q(pk__in=published.filter(issue=self.issue).values("pk"))
        return list(Article.objects.filter(wanted).newest_first().for_listing())

    @cached_property
    def lead(self) -> Article | None:
        """The first article of the current issue; the newest of all where there is none."""
        return next(iter(self.issue_articles or self._found), None)

    @cached_property
    def issue_articles(self) -> list[Article]:
        articles = [article for article in self._found if self.issue and article.issue_id == self.issue.pk]
        return sorted(articles, key=lambda article: (article.issue_position or 9999, article.published_at, article.pk))

    @property
    def rest_of_issue(self) -> list[Article]:
        return [article for article in self.issue_articles if article != self.lead]

    @property
    def most_read(self) -> list[Article]:
        read = [article for article in self._found if article.imported_reads]
        return sorted(read, key=lambda article: (-article.imported_reads, -article.pk))[:MOST_READ]

    @property
    def by_category(self) -> list[tuple[Category, list[Article]]]:
        """The latest of each category that has any, what stands above left out."""
        shown = ((category, self._latest(category)) for category in self.categories)
        return [(category, articles) for category, articles in shown if articles]

    def _latest(self, category: Category) -> list[Article]:
        above = {*self.issue_articles, self.lead}
        fresh = (article for article in self._found if article.category_id == category.pk and article not in above)
        return list(fresh)[:LATEST]
