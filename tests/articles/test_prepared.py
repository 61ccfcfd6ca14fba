from datetime import UTC, datetime, timedelta

import pytest
from django.test import TestCase
from django.utils import timezone
from django.utils.safestring import mark_safe

from articles.models import Article
from articles.prepared import Prepared, moment, number, text
from articles.reading import article_at
from articles.templatetags.remembered import _written, remembered
from tests.factories import make_article, make_author, make_draft, make_image, make_issue

TITLED = Prepared(lambda: Article.objects.published(moment("at")).filter(title=text("title")).select_related("issue"))


class PreparedTests(TestCase):
    def test_it_answers_what_the_query_set_answers(self):
        make_article(title="Grain", issue=make_issue(), lead_image=make_image(), modified_at=timezone.now())
        make_article(title="Water")
        now = timezone.now()
        with self.assertNumQueries(1):
            (found,) = TITLED.all(at=now, title="Grain")
            self.assertIsNotNone(found.issue)
        (same,) = Article.objects.filter(title="Grain").select_related("issue")
        for field in Article._meta.concrete_fields:
            self.assertEqual(getattr(found, field.attname), getattr(same, field.attname), field.name)
        self.assertEqual(found.issue.released_at, same.issue.released_at)

    def test_it_is_put_into_sql_once_and_sees_what_is_there_now(self):
        made = []
        question = Prepared(lambda: made.append(1) or Article.objects.filter(pk__gt=number("after")).order_by("pk"))
        article = make_article(title="Before")
        self.assertEqual([row.title for row in question.all(after=0)], ["Before"])
        Article.objects.filter(pk=article.pk).update(title="After")
        self.assertEqual([row.title for row in question.all(after=0)], ["After"])
        self.assertEqual(question.all(after=article.pk), [])
        self.assertEqual(made, [1])

    def test_what_is_published_depends_on_the_moment_that_is_given(self):
        tomorrow = timezone.now() + timedelta(days=1)
        make_article(title="Ahead", published_at=tomorrow)
        self.assertEqual(TITLED.ask(at=timezone.now(), title="Ahead"), ())
        self.assertEqual(len(TITLED.ask(at=tomorrow, title="Ahead")), 1)

    def test_a_value_is_never_read_as_sql(self):
        make_article(title="100 %s '; DROP")
        self.assertEqual(len(TITLED.ask(at=timezone.now(), title="100 %s '; DROP")), 1)
        self.assertEqual(TITLED.ask(at=timezone.now(), title="' OR ''='"), ())

    def test_the_rows_can_be_remembered_by(self):
        make_article(title="Grain", lead_image=make_image(), published_at=datetime(2016, 3, 15, 12, tzinfo=UTC))
        rows = TITLED.ask(at=timezone.now(), title="Grain")
        self.assertEqual(hash(rows), hash(TITLED.ask(at=timezone.now(), title="Grain")))
        Article.objects.update(title="Grain", summary="Another")
        self.assertNotEqual(rows, TITLED.ask(at=timezone.now(), title="Grain"))


class ArticleAtTests(TestCase):
    def test_it_comes_with_its_people_tags_and_corrections_in_two_questions(self):
        ann, ben = make_author(name="Ann"), make_author(name="Ben")
        made = make_article(slug="grain", authors=[ben, ann], tags=["Water", "Aral"])
        for kind, note in (("correction", "One."), ("typo", ""), ("update", "Two.")):
            made.correct(kind, note)
        with self.assertNumQueries(2):
            article = article_at("grain", timezone.now())
            self.assertEqual([byline.author.name for byline in article.bylines.all()], ["Ben", "Ann"])
            self.assertEqual([tag.name for tag in article.tags.all()], ["Aral", "Water"])
            self.assertEqual([note.text for note in article.notes], ["One.", "Two."])
        for found, same in zip(article.bylines.all(), made.bylines.select_related("author"), strict=True):
            for row, own in ((found, same), (found.author, same.author)):
                for field in row._meta.concrete_fields:
                    self.assertEqual(getattr(row, field.attname), getattr(own, field.attname), field.name)
        self.assertEqual([note.at for note in article.notes], [note.at for note in made.corrections.noted()])

    def test_a_draft_is_nowhere_and_what_was_taken_back_says_so(self):
        make_draft(slug="draft")
        make_article(slug="gone").withdraw("Taken back.")
        self.assertIsNone(article_at("draft", timezone.now()))
        self.assertEqual(article_at("gone", timezone.now()).withdrawal_notice, "Taken back.")


class RememberedTests(TestCase):
    TEMPLATE = "articles/_feeds.html"

    def part(self, title):
        return remembered(self.TEMPLATE, view="category_feed", slug="news", title=title)

    def test_it_is_written_once_for_the_same_values(self):
        first = self.part("News")
        hits = _written.cache_info().hits
        self.assertIs(self.part("News"), first)
        self.assertEqual(_written.cache_info().hits, hits + 1)
        self.assertIn("Digest (Atom)", self.part("Digest"))

    def test_a_text_is_not_taken_for_the_same_words_as_html(self):
        self.assertIn("<b> (Atom)", self.part(mark_safe("<b>")))
        self.assertIn("&lt;b&gt; (Atom)", self.part("<b>"))

    def test_it_refuses_what_may_change_while_it_stays_equal(self):
        for value in (make_article(), timezone.now(), ["News"], (1, make_issue()), (mark_safe("<b>"),)):
            with pytest.raises(TypeError, match="plain values"):
                self.part(value)
