"""No public page asks the database more often because there is more to show."""

from datetime import date, timedelta

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from tests.factories import (
    analytical,
    make_article,
    make_author,
    make_image,
    make_issue,
    make_partner,
    make_publication,
)

BUDGETS = {
    "/articles/grain/": 8,  # with a figure in its text and a correction
    "/": 14, "/search/?q=water": 8, "/search/?q=zzz": 8,
    "/articles/": 8, "/articles/?author=ann&tag=water&year=2016&category=analytical-articles": 8,
    "/categories/analytical-articles/": 8, "/tags/water/": 8, "/authors/": 8, "/authors/ann/": 8, "/issues/": 8,
    "/issues/2016-03-16/": 8, "/publications/": 8,
    "/feeds/articles.atom": 3, "/feeds/articles.rss": 3, "/feeds/articles.json": 3,
    "/sitemap.xml": 2, "/sitemap-site.xml": 2, "/sitemap-news.xml": 2, "/sitemap-articles-1.xml": 2,
    "/sitemap-authors-1.xml": 2, "/sitemap-categories-1.xml": 2, "/sitemap-tags-1.xml": 2,
}  # fmt: skip


class QueryBudgetTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.issue = make_issue(date=date(2016, 3, 16))
        cls.image = make_image()
        cls.ann = make_author(slug="ann", photo=cls.image)
        cls.add(2, slug="grain")

    @classmethod
    def add(cls, number, **fields):
        for n in range(number):
            other = make_author()
            make_article(
                title=f"Water {cls.issue.articles.count()}", issue=cls.issue, authors=[cls.ann, other],
                tags=["Water", f"tag {n}"], lead_image=cls.image, category=analytical(), imported_reads=5 + n,
                imported_reads_on=cls.issue.date, body=f'<p>Water.</p><figure data-image="{cls.image.key}"></figure>',
                **(fields if not n else {}),
            ).correct("correction", "It was the other way round.")  # fmt: skip
            make_issue(date=cls.issue.date + timedelta(days=cls.issue.articles.count()))
            make_publication(title=f"Water {other.pk}", authors=[other.name], cover=cls.image)
            make_partner(logo=cls.image)

    def queries_of(self, path):
        with CaptureQueriesContext(connection) as queries:
            self.assertEqual(self.client.get(path).status_code, 200, path)
        # What a search within a transaction takes back, as only a test has one, is no question.
        return len([query for query in queries if not query["sql"].startswith("ROLLBACK TO")])

    def test_every_page_keeps_its_budget_whatever_the_number_of_rows(self):
        few = {path: self.queries_of(path) for path in BUDGETS}
        self.assertEqual({path: n for path, n in few.items() if n > BUDGETS[path]}, {})
        self.add(9)
        many = {path: self.queries_of(path) for path in BUDGETS}
        self.assertEqual({path: n for path, n in many.items() if n > few[path]}, {})
