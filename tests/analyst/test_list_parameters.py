"""What a list is narrowed and ordered by is a closed list; whatever else is asked is a page or a sentence."""

from itertools import cycle, islice

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from tests.factories import LONG_AGO, make_article, make_author, make_issue, make_publication
from tests.hostile_requests import NASTY

LISTS = [
    "/", "/articles/", "/categories/analytical-articles/", "/tags/water/", "/authors/", "/authors/ann/", "/issues/", "/publications/", "/search/",
    "/feeds/articles.atom", "/sitemap.xml",
]  # fmt: skip
OURS = ["page", "before", "category", "author", "tag", "year", "kind", "sort", "in", "q"]
NOT_OURS = ["o", "order", "order_by", "ordering", "sort_by", "limit", "offset", "per_page", "fields", "status", "pk__gt", "published_at__lt", "title__regex", "_connector", "author__email", "format"]  # fmt: skip
ORDERS = [
    "-pk",
    "title",
    "?",
    "pk; DROP TABLE articles_article",
    "author__email",
    "published_at,pk",
    "relevance",
    "DATE",
    "date'--",
    "\0",
    "1",
    "%s",
    "-",
]
words = st.one_of(
    st.sampled_from(
        [text.decode("latin-1") for text in NASTY]
        + ORDERS
        + ["date", "conclusions", "articles", "2016", "water", "ann"]
    ),
    st.text(max_size=20),
    st.integers(-(10**30), 10**30).map(str),
)


class ParameterTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        author = make_author(slug="ann", name="Ann Lee")
        for n, title in enumerate(("Grain", "Barley", "Water wheat")):
            make_article(
                title=title,
                authors=[author],
                tags=["Water"],
                issue=make_issue(),
                published_at=LONG_AGO.replace(day=n + 1),
            )
        make_publication(title="Low water", authors=["Ann Lee"])

    @settings(max_examples=100, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(path=st.sampled_from(LISTS), query=st.lists(st.tuples(st.sampled_from(OURS + NOT_OURS), words), max_size=5))
    def test_any_parameters_give_a_page_or_a_sentence(self, path, query):
        data = {}
        for name, value in query:  # the same name twice, too
            data.setdefault(name, []).append(value.encode("utf-8", "replace").decode())
        response = self.client.get(path, data)
        self.assertIn(response.status_code, (200, 404), (path, query))
        if response.status_code == 404:
            self.assertContains(response, "<p", status_code=404)

    def test_no_parameter_that_is_not_ours_changes_what_is_listed(self):
        for path in LISTS[1:]:
            plain = self.client.get(path)
            for turn in range(0, len(ORDERS), 4):
                values = islice(cycle(ORDERS), turn, None)
                response = self.client.get(path, dict(zip(NOT_OURS, values, strict=False)))
                self.assertEqual(response.status_code, 200, path)
                self.assertEqual(titles(response), titles(plain), path)

    def test_search_is_sorted_by_relevance_or_date_alone(self):
        relevance, date = (
            titles(self.client.get("/search/", {"q": "water"} | order)) for order in ({}, {"sort": "date"})
        )
        self.assertEqual(sorted(relevance), sorted(date))
        self.assertGreater(len(relevance), 1)
        for order in ORDERS:
            self.assertEqual(titles(self.client.get("/search/", {"q": "water", "sort": order})), relevance, order)


def titles(response):
    return [line for line in response.content.decode().split("\n") if "<a href=" in line and "?" not in line] or [
        response.content
    ]
