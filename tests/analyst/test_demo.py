"""`manage.py demo`: the sample journal, and articles made by rule for measuring."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.test import TestCase, override_settings

from articles.models import Article, Author, Image, Issue
from newsletter.models import Edition, Event, Subscriber
from publications.models import Publication

ROOT = Path(__file__).resolve().parents[2]


def demo(**options: int) -> str:
    out = StringIO()
    call_command("demo", stdout=out, stderr=StringIO(), **options)
    return out.getvalue()


class SampleJournalTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        with override_settings(ZEAL_NPLUSONE_THRESHOLD=1000):  # it writes row by row, once
            cls.said = demo()

    def test_it_fills_an_empty_journal(self) -> None:
        self.assertIn("31 articles, 12 authors", self.said)
        writers = Author.objects.filter(bylines__isnull=False).distinct()
        self.assertEqual((writers.count(), Issue.objects.released().count()), (12, 8))
        self.assertEqual(Publication.objects.count(), 16)
        self.assertFalse(Image.objects.filter(width=0).exists())

    def test_it_has_readers_of_a_newsletter_and_an_edition_that_went_out(self) -> None:
        self.assertEqual(Subscriber.objects.count(), 500)
        self.assertEqual(Event.objects.count(), 3)
        tally = Edition.objects.get().tally()
        self.assertEqual((tally.sent, tally.adds_up), (tally.recipients, True))
        self.assertContains(self.client.get("/newsletter/editions/number-23/"), "Dear reader")

    def test_it_leaves_a_journal_with_articles_alone(self) -> None:
        self.assertIn("only for an empty one", demo())
        self.assertEqual(Article.objects.count(), 31)

    def test_every_article_answers_as_its_status_says(self) -> None:
        answers = {"published": 200, "withdrawn": 410, "draft": 404, "review": 404}
        for article in Article.objects.all():
            response = self.client.get(article.get_absolute_url())
            self.assertEqual(response.status_code, answers[article.status], article)


class SyntheticTests(TestCase):
    def test_the_same_seed_gives_the_same_articles(self) -> None:
        self.assertIn("added 30 synthetic articles", demo(articles=30, seed=7))
        first = list(
            Article.objects.order_by("slug").values_list("slug", "title", "background", "body", "published_at")
        )
        Article.objects.all().delete()
        demo(articles=30, seed=7)
        self.assertEqual(
            first,
            list(Article.objects.order_by("slug").values_list("slug", "title", "background", "body", "published_at")),
        )

    def test_another_seed_gives_others(self) -> None:
        demo(articles=5, seed=7)
        demo(articles=5, seed=8)
        self.assertEqual(Article.objects.count(), 10)

    def test_they_have_seventeen_hundred_words(self) -> None:
        demo(articles=10, seed=7)
        words = [article.word_count() for article in Article.objects.all()]
        self.assertTrue(all(1550 < number < 1850 for number in words), words)
        self.assertAlmostEqual(sum(words) / 10, 1700, delta=60)
