"""The front page: the current issue, the latest of each category, the most read."""

from collections.abc import Iterator
from datetime import datetime
from functools import cached_property

from django.db.models import QuerySet

from articles.models import Article, Category, Issue
from reads.most_read import MostRead

LATEST = 3  # of each category
MOST_READ = 5


class FrontPage:
    """All its articles are found by one query and read by one, however many categories there are."""

    def __init__(self, at: datetime | None = None) -> None:
        self.at = at

    @cached_property
    def issue(self) -> Issue | None:
        return Issue.objects.current(self.at)

    @cached_property
    def read(self) -> MostRead:
        return MostRead.of_late(MOST_READ, self.at)

    @cached_property
    def categories(self) -> list[Category]:
        return list(Category.objects.all())

    @cached_property
    def _found(self) -> list[Article]:
        """What may stand on this page, newest first."""
        # SQLite takes a limit only inside a subquery of a union.
        first, *others = (
            Article.objects.filter(pk__in=chosen.values("pk")).order_by().values_list("pk") for chosen in self._lists()
        )
        # The rows are found first and read then: a condition that joined all these lists would read every article.
        found = [pk for (pk,) in first.union(*others)]
        return list(Article.objects.filter(pk__in=found).newest_first().for_listing())

    def _lists(self) -> Iterator[QuerySet[Article]]:
        """The newest, the most read, the issue, and the newest of each category beside it."""
        published = Article.objects.published(self.at)
        yield published.newest_first()[:1]
        if self.read:
            yield published.filter(pk__in=self.read.numbers)
        if self.issue:
            yield published.filter(issue=self.issue)
        older = published.exclude(issue=self.issue) if self.issue else published
        for category in self.categories:
            yield older.filter(category=category).newest_first()[: LATEST + 1]

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
    def most_read(self) -> list[tuple[Article, int]]:
        return self.read.among(self._found)

    @property
    def by_category(self) -> list[tuple[Category, list[Article]]]:
        """The latest of each category that has any, what stands above left out."""
        shown = ((category, self._latest(category)) for category in self.categories)
        return [(category, articles) for category, articles in shown if articles]

    def _latest(self, category: Category) -> list[Article]:
        above = {*self.issue_articles, self.lead}
        fresh = (article for article in self._found if article.category_id == category.pk and article not in above)
        return list(fresh)[:LATEST]
