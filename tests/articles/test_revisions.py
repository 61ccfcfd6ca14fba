import json
import random
import time
from datetime import date
from hashlib import sha256

from django.db import IntegrityError, transaction
from django.test import TestCase

from articles.models import Article, Author, Byline, Revision, StaleRevision
from tests.factories import analytical, make_article, make_author, make_editor, make_image, make_issue


def full_article() -> Article:
    article = make_article(
        title="Rivers and rails",
        background="<p>One<small data-note>A note.</small></p>",
        implications="<p>Two</p>",
        conclusions="<p>Three</p>",
        dateline="March 15th, 2016, The Analyst",
        dateline_on=date(2016, 3, 15),
        lead_image=make_image(credit="example.org"),
        lead_image_alt="A bridge",
        issue=make_issue(),
        issue_position=2,
        doi="10.5555/12345",
        tags=["water", "Rail"],
    )
    for position, name in enumerate(("Ann Swanström", "Karim kyzy"), 1):
        Byline.objects.create(
            article=article,
            author=make_author(name=name),
            position=position,
            affiliation=f"Then {position}",
            bio="<p>B</p>",
        )
    return article


class SnapshotTests(TestCase):
    def test_restoring_it_gives_the_same_snapshot(self):
        article = full_article()
        before = article.snapshot()
        article.title, article.background, article.lead_image = "Other", "", None
        article.save()
        article.set_bylines([])
        article.tags.clear()
        article.restore(before)
        self.assertEqual(Article.objects.get().snapshot(), before)

    def test_it_holds_neither_status_nor_reads_nor_dates_of_publication(self):
        names = set(full_article().snapshot())
        self.assertFalse(names & {"status", "imported_reads", "published_at", "modified_at", "updated_at"})

    def test_it_holds_the_bylines_in_order_as_printed(self):
        bylines = full_article().snapshot()["bylines"]
        self.assertEqual([byline["name"] for byline in bylines], ["Ann Swanström", "Karim kyzy"])
        self.assertEqual(bylines[1]["affiliation"], "Then 2")

    def test_what_was_restored_can_be_recorded_at_once(self):
        article = full_article()
        before = article.snapshot()
        article.restore(before)
        self.assertEqual(article.snapshot(), before)
        self.assertEqual(article.revise().snapshot, before)

    def test_a_doi_that_is_another_articles_by_now_stays_there(self):
        article = full_article()
        before = article.snapshot()
        article.doi = None
        article.save()
        make_article(doi="10.5555/12345")
        article.restore(before)
        self.assertIsNone(Article.objects.get(pk=article.pk).doi)

    def test_a_published_article_keeps_its_category(self):
        article = make_article()
        article.restore(article.snapshot() | {"category": None})
        self.assertEqual(Article.objects.get().category, analytical())

    def test_nobody_stands_twice_in_a_restored_byline(self):
        article = make_article(authors=[make_author(name="Ada Orlo"), make_author(name="Ada Orlo")])
        before = article.snapshot()
        article.set_bylines([])
        Author.objects.filter(pk=before["bylines"][1]["author"]).delete()
        article.restore(before)
        self.assertEqual([byline.name for byline in article.bylines.all()], ["Ada Orlo", "Ada Orlo"])

    def test_restoring_makes_an_author_anew_who_is_gone(self):
        article = full_article()
        before = article.snapshot()
        article.set_bylines([])
        for author in list(type(make_author()).objects.filter(name="Ann Swanström")):
            author.delete()
        article.restore(before)
        self.assertEqual(article.bylines.first().author.name, "Ann Swanström")

    def test_restoring_keeps_the_address_when_another_article_has_the_old_one(self):
        article = full_article()
        before = article.snapshot()
        article.slug = "moved"
        article.save()
        make_article(slug="rivers-and-rails")
        article.restore(before)
        self.assertEqual(article.slug, "moved")


class RevisionTests(TestCase):
    def test_they_are_numbered_and_each_knows_what_it_was_based_on(self):
        article, editor = full_article(), make_editor()
        first = article.revise(editor)
        second = article.revise(editor, base=1)
        self.assertEqual((first.number, second.number), (1, 2))
        self.assertEqual((first.based_on, second.based_on), (None, first))

    def test_a_stale_one_is_refused_and_names_who_was_faster(self):
        article = full_article()
        article.revise(make_editor(username="maria"))
        article.revise(make_editor(username="jonas"), base=1)
        with self.assertRaisesRegex(StaleRevision, "jonas as revision 2"):
            article.revise(make_editor(), base=1)
        self.assertEqual(article.revisions.count(), 2)

    def test_it_is_never_changed(self):
        revision = full_article().revise()
        revision.note = "rewritten"
        with self.assertRaises(TypeError):
            revision.save()

    def test_a_number_is_given_once(self):
        revision = full_article().revise()
        with self.assertRaises(IntegrityError), transaction.atomic():
            Revision.objects.bulk_create([Revision(article=revision.article, number=1, snapshot={})])

    def test_changing_the_article_later_does_not_change_it(self):
        article = full_article()
        revision = article.revise()
        article.title = "Other"
        article.save()
        self.assertEqual(Revision.objects.get(pk=revision.pk).snapshot["title"], "Rivers and rails")
        self.assertEqual(analytical().slug, "analytical-articles")


class WholeHistoryTests(TestCase):
    MANY = 200

    def test_each_of_two_hundred_revisions_comes_back_byte_for_byte_and_none_changes(self):
        article, chance = full_article(), random.Random(5)
        image, people, issue = make_image(65, 40), [make_author() for _ in range(4)], article.issue
        texts = ["", "<p>Łódź &amp; <em>Ölmütz</em></p>", "<p>Қазақ, ქართული, 中文</p>", "<ul><li>a</li></ul><p>b</p>"]
        for n in range(self.MANY):
            article.title = f"Rivers {n}"
            article.summary, article.background = f"<p>{n}</p>", chance.choice(texts) + f"<p>{n}</p>"
            article.lead_image, article.issue = chance.choice([None, image]), chance.choice([None, issue])
            with article.indexed_once():
                article.save()
                if n % 10 == 0:
                    chosen = chance.sample(people, chance.randrange(4))
                    article.set_bylines([Byline(author=author, name=author.name, bio="<p>B</p>") for author in chosen])
                    article.tags.set(chance.sample(["water", "Rail", "Ports"], chance.randrange(4)))
            article.revise()
        history = {revision.number: digest(revision.snapshot) for revision in article.revisions.all()}
        self.assertEqual(len(history), self.MANY)
        for revision in list(article.revisions.all()):
            article.restore(revision.snapshot)
            self.assertEqual(digest(Article.objects.get().snapshot()), history[revision.number])
        self.assertEqual({revision.number: digest(revision.snapshot) for revision in article.revisions.all()}, history)

    def test_the_page_of_a_thousand_revisions_takes_less_than_a_second(self):
        article = make_article()
        snapshot = article.snapshot()
        Revision.objects.bulk_create(Revision(article=article, number=n, snapshot=snapshot) for n in range(1, 1001))
        self.client.force_login(make_editor())
        url = f"/admin/articles/article/{article.pk}/revisions/"
        self.client.get(url)
        started = time.process_time()
        page = self.client.get(url)
        self.assertLess(time.process_time() - started, 1)
        self.assertContains(page, "1000")


def digest(snapshot):
    return sha256(json.dumps(snapshot, sort_keys=True).encode()).hexdigest()
