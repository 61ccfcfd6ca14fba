"""The front page: the current issue, the latest of each category, the most read."""

from datetime import datetime
from functools import cached_property

from django.db.models import CharField, QuerySet, Value

from articles.models import Article, Category, Issue
from articles.models.article import ArticleQuerySet

LATEST = 3  # of each category
MOST_READ = 5


def _marked(articles: ArticleQuerySet, mark: str) -> QuerySet[Article, tuple[str, int]]:
    return articles.annotate(mark=Value(mark, output_field=CharField())).values_list("mark", "pk")


class FrontPage:
    """All articles are found by one query and read by one more, however many categories there are."""

    def __init__(self, at: datetime | None = None) -> None:
        self.at = at

    @cached_property
    def issue(self) -> Issue | None:
        return Issue.objects.current(self.at)

    @cached_property
    def categories(self) -> list[Category]:
        return list(Category.objects.all())

    @cached_property
    def _found(self) -> dict[str, list[Article]]:
        published = Article.objects.published(self.at)
        lists = [
            _marked(published.newest_first()[:1], "lead"),
            _marked(published.most_read()[:MOST_READ], "read"),
            *(
                _marked(published.filter(category=category).newest_first()[: LATEST + 1], f"category-{category.pk}")
                for category in self.categories
            ),
        ]
        if self.issue:
            lists.append(_marked(published.filter(issue=self.issue).in_issue_order(), "issue"))
        pairs = list(lists[0].union(*lists[1:], all=True))
        articles = Article.objects.for_listing().in_bulk({pk for _, pk in pairs})
        found: dict[str, list[Article]] = {}
        for mark, pk in pairs:
            found.setdefault(mark, []).append(articles[pk])
        return found

    @cached_property
    def lead(self) -> Article | None:
        """The first article of the current issue; the newest of all where there is none."""
        return next(iter(self.issue_articles or self._found.get("lead", [])), None)

    @cached_property
    def issue_articles(self) -> list[Article]:
        return sorted(
            self._found.get("issue", []), key=lambda article: (article.issue_position or 9999, article.published_at)
        )

    @property
    def rest_of_issue(self) -> list[Article]:
        return [article for article in self.issue_articles if article != self.lead]

    @cached_property
    def most_read(self) -> list[Article]:
        return sorted(self._found.get("read", []), key=lambda article: -article.imported_reads)

    @property
    def by_category(self) -> list[tuple[Category, list[Article]]]:
        """The latest of each category that has any, what stands above left out."""
        above = {*self.issue_articles, self.lead}
        shown = ((category, self._latest(category, above)) for category in self.categories)
        return [(category, articles) for category, articles in shown if articles]

    def _latest(self, category: Category, above: set[Article | None]) -> list[Article]:
        articles = self._found.get(f"category-{category.pk}", [])
        fresh = [article for article in articles if article not in above]
        return sorted(fresh, key=lambda article: (article.published_at, article.pk), reverse=True)[:LATEST]
