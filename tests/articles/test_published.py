from datetime import timedelta

from django.test import TestCase
from django.utils import timezone

from articles.models import Article
from tests.factories import make_article, make_draft, make_issue

TOMORROW = timezone.now() + timedelta(days=1)


class PublishedTests(TestCase):
    def test_it_is_what_has_been_published(self):
        self.assertIn(make_article(), Article.objects.published())

    def test_it_leaves_out_drafts(self):
        self.assertNotIn(make_draft(), Article.objects.published())

    def test_it_leaves_out_what_is_withdrawn(self):
        article = make_article()
        article.withdraw("An error of fact.")
        self.assertNotIn(article, Article.objects.published())

    def test_what_was_withdrawn_before_its_day_never_was(self):
        article = make_article(slug="grain", published_at=TOMORROW)
        article.withdraw("Never mind.")
        self.assertNotIn(article, Article.objects.withdrawn())
        self.assertEqual(self.client.get("/articles/grain/").status_code, 404)

    def test_what_came_out_by_itself_and_was_withdrawn_says_so(self):
        article = make_article(slug="grain", published_at=TOMORROW)
        Article.objects.update(published_at=timezone.now() - timedelta(minutes=1))  # a day later
        article.refresh_from_db()
        self.assertFalse(article.was_public)
        article.withdraw("An error of fact.")
        self.assertEqual(self.client.get("/articles/grain/").status_code, 410)

    def test_it_can_be_asked_about_any_moment(self):
        article = make_article(published_at=TOMORROW)
        self.assertNotIn(article, Article.objects.published())
        self.assertIn(article, Article.objects.published(at=TOMORROW))

    def test_publishing_again_keeps_the_first_date(self):
        article = make_article()
        first = article.published_at
        article.publish(at=TOMORROW)
        self.assertEqual(Article.objects.get().published_at, first)

    def test_an_article_shows_no_link_to_an_issue_in_preparation(self):
        self.assertIsNone(make_article(issue=make_issue(released_at=None)).released_issue)
        issue = make_issue()
        self.assertEqual(make_article(issue=issue).released_issue, issue)
