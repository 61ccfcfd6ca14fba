from datetime import UTC, date, datetime

from django.test import TestCase

from articles.models import Article
from articles.related import LATEST, SHOWN, Other, Related
from tests.factories import make_article, make_author, make_draft, make_issue


def day(n: int) -> datetime:
    return datetime(2020, 1, 1 + n, 12, tzinfo=UTC)


class RelatedTests(TestCase):
    def related(self, article: Article, at: datetime | None = None) -> Related:
        return Related(Article.objects.for_page().get(pk=article.pk), at)

    def assertShown(self, others: list[Other], articles: list[Article]) -> None:
        self.assertEqual([other.title for other in others], [article.title for article in articles])

    def test_what_shares_more_tags_and_authors_comes_first(self):
        ann = make_author()
        one, three, two = (
            make_article(tags=["Water"]),
            make_article(tags=["Water", "Trade"], authors=[ann]),
            make_article(tags=["Trade"], authors=[ann]),
        )
        make_article(tags=["Music"], authors=[make_author()])
        article = make_article(tags=["Water", "Trade"], authors=[ann])
        self.assertShown(self.related(article).akin, [three, two, one])

    def test_among_equals_the_newest_comes_first_and_four_are_shown(self):
        others = [make_article(tags=["Water"], published_at=day(n)) for n in (3, 1, 5, 2, 4)]
        shown = self.related(make_article(tags=["Water"])).akin
        self.assertShown(shown, [others[2], others[4], others[0], others[3]])
        self.assertEqual(len(shown), SHOWN)

    def test_its_issue_stands_apart_and_in_order(self):
        issue = make_issue(date=date(2020, 1, 1))
        second = make_article(issue=issue, issue_position=2, tags=["Water"])
        first = make_article(issue=issue, issue_position=1)
        elsewhere = make_article(tags=["Water"])
        related = self.related(make_article(issue=issue, issue_position=3, tags=["Water"]))
        self.assertShown(related.beside, [first, second])
        self.assertShown(related.akin, [elsewhere])

    def test_nothing_that_is_not_public_is_named(self):
        ann, hidden = make_author(), make_issue(released_at=None)
        make_draft(tags=["Water"], authors=[ann])
        make_article(tags=["Water"], published_at=datetime(2100, 1, 1, tzinfo=UTC))
        make_article(tags=["Water"]).withdraw()
        make_article(issue=hidden)
        related = self.related(make_article(tags=["Water"], authors=[ann], issue=hidden))
        self.assertEqual((related.issue, related.beside, related.akin), (None, (), ()))

    def test_it_can_be_asked_about_any_moment(self):
        ahead = make_article(tags=["Water"], published_at=datetime(2100, 1, 1, tzinfo=UTC))
        article = make_article(tags=["Water"])
        self.assertShown(self.related(article, datetime(2100, 1, 2, tzinfo=UTC)).akin, [ahead])

    def test_an_article_that_shares_nothing_has_none(self):
        make_article(tags=["Water"])
        self.assertShown(self.related(make_article()).akin, ())

    def test_the_latest_of_a_large_tag_are_compared(self):
        oldest = make_article(tags=["Water", "Trade"])
        for _ in range(LATEST):
            make_article(tags=["Water"])
        article = make_article(tags=["Water"])
        self.assertNotIn(oldest.pk, [other.pk for other in self.related(article).akin])
        article.tags.add("Trade")
        self.assertEqual(self.related(article).akin[0].pk, oldest.pk)

    def test_it_is_one_query(self):
        article = make_article(tags=["a", "b", "c"], authors=[make_author(), make_author()], issue=make_issue())
        make_article(tags=["a"])
        article = Article.objects.for_page().get(pk=article.pk)
        with self.assertNumQueries(1):
            related = Related(article)
            for found in [*related.beside, *related.akin]:
                self.assertTrue(found.category)

    def test_the_page_shows_both(self):
        issue = make_issue(date=date(2016, 3, 16))
        make_article(issue=issue, title="Beside it")
        make_article(tags=["Water"], title="Of the same water")
        article = make_article(issue=issue, tags=["Water"])
        page = self.client.get(f"/articles/{article.slug}/")
        for text in ("In this issue", "Beside it", "On the same subjects", "Of the same water"):
            self.assertContains(page, text)
