from datetime import UTC, date, datetime, timedelta
from unittest.mock import patch

from django.core.files.base import ContentFile
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.listing import cursor_of
from articles.models import Article, Author, Deleted, Tag
from tests.factories import LONG_AGO, analytical, make_article, make_author, make_category, make_draft, make_issue


def make_many(number, **fields):
    category = fields.pop("category", None) or analytical()
    Article.objects.bulk_create(
        Article(
            title=f"Many {n:04}", slug=f"many-{n:04}", category=category, status="published",
            published_at=LONG_AGO + timedelta(minutes=n), **fields,
        )
        for n in range(number)
    )  # fmt: skip


class ArticleListTests(TestCase):
    def test_it_shows_the_newest_first_twenty_a_page(self):
        make_many(25)
        page = self.client.get("/articles/")
        self.assertContains(page, "Many 0024")
        self.assertContains(page, "Many 0005")
        self.assertNotContains(page, "Many 0004")
        self.assertContains(page, "?page=2")
        self.assertContains(self.client.get("/articles/?page=2"), "Many 0004")

    def test_it_leaves_out_what_is_not_published(self):
        make_draft(title="Secret")
        self.assertNotContains(self.client.get("/articles/"), "Secret")

    def test_it_is_narrowed_by_category_author_tag_and_year(self):
        author, category = make_author(slug="ann"), make_category(slug="letters")
        make_article(
            title="The one",
            authors=[author],
            category=category,
            tags=["Water"],
            published_at=datetime(2019, 5, 1, tzinfo=UTC),
        )
        make_article(title="Not that")
        for query in (
            "category=letters",
            "author=ann",
            "tag=water",
            "year=2019",
            "category=letters&author=ann&tag=water&year=2019",
        ):
            page = self.client.get(f"/articles/?{query}")
            self.assertContains(page, "The one")
            self.assertNotContains(page, "Not that")

    def test_a_year_ends_at_midnight(self):
        make_article(title="Last second", published_at=datetime(2019, 12, 31, 23, 59, 59, tzinfo=UTC))
        self.assertContains(self.client.get("/articles/?year=2019"), "Last second")
        make_article(title="First second", published_at=datetime(2020, 1, 1, tzinfo=UTC))
        self.assertNotContains(self.client.get("/articles/?year=2019"), "First second")

    def test_the_years_to_choose_from_are_those_of_the_journals_zone(self):
        make_article(title="New Year's Eve", published_at=datetime(1999, 1, 1, 2, tzinfo=UTC))
        with override_settings(TIME_ZONE="America/New_York"):
            self.assertContains(self.client.get("/articles/"), "<option>1998</option>", html=True)
            self.assertContains(self.client.get("/articles/?year=1998"), "31 December 1998")

    def test_paging_keeps_the_filters(self):
        make_many(25)
        self.assertContains(self.client.get("/articles/?year=2016"), "year=2016&amp;page=2")

    def test_beyond_page_fifty_it_says_to_follow_the_older_links(self):
        make_many(1025)
        page = self.client.get("/articles/?page=51")
        self.assertContains(page, "follow the links to older articles", status_code=404)
        last = self.client.get("/articles/?page=50")
        self.assertContains(last, "?before=")
        listing = last.context["listing"]
        self.assertContains(self.client.get(listing.older_url), "Many 0024")

    def test_older_links_lead_to_every_article_once(self):
        make_many(45)
        Article.objects.update(published_at=LONG_AGO)  # all at the same moment: the row breaks the tie
        seen, url = [], "/articles/"
        first = self.client.get(url).context["listing"]
        seen += first.page
        cursor = f"/articles/?before={cursor_of(first.page[-1])}"
        while cursor:
            listing = self.client.get(cursor).context["listing"]
            seen += listing.page
            cursor = listing.older_url
        self.assertEqual(len(seen), 45)
        self.assertEqual(len(set(seen)), 45)

    def test_bad_input_gets_a_sentence(self):
        make_article()
        for query in (
            "page=zzz", "page=0", "page=-1", "page=1e9", "page=99", "before=", "before=x", "before=9-9-9",
            "before=99999999999999999-1", "category=none", "author=none", "tag=none", "year=16", "year=zzzz",
            "tag=%00", "author=%00", "category=%F0%28%8C%28", "page=%00",
        ):  # fmt: skip
            response = self.client.get(f"/articles/?{query}")
            self.assertIn(response.status_code, (200, 404), query)
            if response.status_code == 404:
                self.assertTrue(response.context["advice"], query)

    def test_an_empty_journal_has_a_list_too(self):
        self.assertEqual(self.client.get("/articles/").status_code, 200)

    def test_its_cost_does_not_grow_with_the_list(self):
        for _ in range(15):
            make_article(authors=[make_author(), make_author()], tags=["a", "b"])
        make_article(authors=[make_author(slug="ann")], tags=["water"])
        with self.assertNumQueries(6):  # and the author and the tag
            self.client.get("/articles/?author=ann&tag=water&year=2016&category=analytical-articles")
        with self.assertNumQueries(4):  # articles, bylines, categories and years, menu
            self.client.get("/articles/")


class LinkedListTests(TestCase):
    """Lists that are read in the order that bylines and tags know."""

    PATHS = (
        "/tags/water/", "/authors/ann/", "/articles/?author=ann&tag=water", "/articles/?tag=water&year=2016",
        "/articles/?category=analytical-articles&tag=water", "/articles/?category=analytical-articles&author=ann",
    )  # fmt: skip

    def assertListed(self, titles):
        for path in self.PATHS:
            listing = self.client.get(path).context["listing"]
            self.assertEqual([article.title for article in listing.page], titles, path)

    def setUp(self):
        self.author = make_author(slug="ann")
        self.first = self.make("First", published_at=LONG_AGO)

    def make(self, title, **fields):
        return make_article(title=title, authors=[self.author], tags=["Water"], **fields)

    def test_they_are_in_the_order_newest_first_whatever_order_they_were_written_in(self):
        self.make("Last", published_at=LONG_AGO - timedelta(hours=1))
        self.make("At the same moment", published_at=LONG_AGO)
        self.make("Newest", published_at=LONG_AGO + timedelta(hours=1))
        self.assertListed(["Newest", "At the same moment", "First", "Last"])

    def test_what_came_out_at_the_same_moment_in_another_category_is_not_of_this_one(self):
        self.make("Elsewhere", published_at=LONG_AGO, category=make_category(slug="letters"))
        for words in ("tag=water", "author=ann", "author=ann&tag=water"):
            listing = self.client.get(f"/articles/?category=letters&{words}").context["listing"]
            self.assertEqual([article.title for article in listing.page], ["Elsewhere"], words)

    def test_they_follow_every_step(self):
        other = self.make("Other", status="draft", published_at=None)
        self.assertListed(["First"])
        other.publish(LONG_AGO + timedelta(hours=1))
        self.assertListed(["Other", "First"])
        other.published_at = LONG_AGO - timedelta(hours=1)
        other.save()
        self.assertListed(["First", "Other"])
        other.withdraw()
        self.assertListed(["First"])

    def test_they_follow_an_issue_out_and_back(self):
        issue = make_issue(released_at=None)
        self.make("In the issue", status="draft", published_at=None, issue=issue)
        issue.release(LONG_AGO + timedelta(hours=1))
        self.assertListed(["In the issue", "First"])
        issue.recall()
        self.assertListed(["First"])

    def test_they_know_what_is_put_back(self):
        kept = Deleted.objects.take(self.first, None, timezone.now())
        self.make("Second")
        kept.put_back()
        self.assertListed(["Second", "First"])

    def test_what_lies_ahead_is_listed_from_its_moment_on(self):
        self.make("Ahead", published_at=datetime(2016, 12, 1, tzinfo=UTC))
        for now, titles in ((datetime(2016, 11, 30, tzinfo=UTC), ["First"]), (timezone.now(), ["Ahead", "First"])):
            with patch("django.utils.timezone.now", return_value=now):
                self.assertListed(titles)

    def test_the_article_is_asked_who_may_read_it_whatever_they_know(self):
        Article.objects.update(status="draft")  # past the model
        for path in ("/tags/water/", "/authors/ann/"):
            self.assertEqual(self.client.get(path).status_code, 404, path)
        make_article(title="Shown", authors=[self.author], tags=["Water"])
        self.assertListed(["Shown"])

    def test_pages_and_older_links_lead_to_every_article_once(self):
        for n in range(44):
            self.make(f"{n}", published_at=LONG_AGO + timedelta(minutes=n % 3))  # the row breaks the tie
        for path in self.PATHS:
            first, numbered = self.client.get(path).context["listing"], []
            seen, mark = list(first.page), "&" if "?" in path else "?"
            for page in (1, 2, 3):
                numbered += self.client.get(f"{path}{mark}page={page}").context["listing"].page
            for _ in (2, 3):
                listing = self.client.get(f"{path}{mark}before={cursor_of(seen[-1])}").context["listing"]
                seen += listing.page
            self.assertEqual((len(seen), len(set(seen)), listing.older_url), (45, 45, ""), path)
            self.assertEqual(numbered, seen, path)

    def test_what_a_tag_is_asked_of_does_not_hold_every_article(self):
        for rows in (Tag.objects.public(), Author.objects.public()):
            self.assertNotIn('IN (SELECT U0."id" FROM "articles_article"', str(rows.query))


class OtherListTests(TestCase):
    def setUp(self):
        self.author = make_author(name="Ann Östlund", slug="ann", bio="<p>She writes.</p>", email="private@example.org")
        self.issue = make_issue(date=date(2016, 3, 16), volume=18, number=5)
        self.article = make_article(
            title="The one",
            authors=[self.author],
            tags=["Water"],
            category=make_category(slug="letters"),
            issue=self.issue,
        )

    def test_a_category_a_tag_an_author_and_an_issue_show_their_articles(self):
        for path in ("/categories/letters/", "/tags/water/", "/authors/ann/", "/issues/2016-03-16/"):
            self.assertContains(self.client.get(path), "The one")

    def test_an_author_page_never_shows_the_private_address(self):
        page = self.client.get("/authors/ann/")
        self.assertContains(page, "She writes.")
        self.assertNotContains(page, "private@example.org")

    def test_people_and_issues_are_listed(self):
        self.assertContains(self.client.get("/authors/"), "Östlund")
        self.assertContains(self.client.get("/issues/"), "/issues/2016-03-16/")

    def test_the_archive_leads_to_each_year_and_to_its_articles(self):
        self.assertNotContains(self.client.get("/issues/"), 'href="#of-2016"')  # one year is no choice
        make_issue(date=date(2015, 12, 30))
        page = self.client.get("/issues/")
        for year in (2016, 2015):
            self.assertContains(page, f'<a href="#of-{year}">{year}</a>', html=True)
            self.assertContains(page, f'<section id="of-{year}"')
            self.assertContains(page, f'href="/articles/?year={year}"')

    def test_what_is_not_public_has_no_page(self):
        nobody = make_author(name="No Body")
        make_draft(authors=[nobody], tags=["secret"], issue=make_issue(date=date(2030, 1, 1), released_at=None))
        for path in (f"/authors/{nobody.slug}/", "/tags/secret/", "/issues/2030-01-01/", "/categories/none/"):
            self.assertEqual(self.client.get(path).status_code, 404, path)
        self.assertNotContains(self.client.get("/authors/"), "No Body")
        self.assertNotContains(self.client.get("/issues/"), "2030")

    def test_an_empty_category_has_a_page(self):
        make_category(slug="fresh")
        self.assertEqual(self.client.get("/categories/fresh/").status_code, 200)

    def test_an_issue_shows_its_articles_in_order(self):
        for position, title in ((3, "Third"), (2, "Second")):
            make_article(title=title, issue=self.issue, issue_position=position)
        Article.objects.filter(pk=self.article.pk).update(issue_position=1)
        text = self.client.get("/issues/2016-03-16/").content.decode()
        self.assertLess(text.index("The one"), text.index("Second"))
        self.assertLess(text.index("Second"), text.index("Third"))

    def test_the_printed_number_is_served_once_it_is_out(self):
        self.issue.pdf.save("number.pdf", ContentFile(b"%PDF-1.7 invented"))
        answer = self.client.get("/issues/2016-03-16/2016-03-16.pdf")
        self.assertEqual((answer.status_code, answer["Content-Type"]), (200, "application/pdf"))
        self.assertEqual(answer["Cache-Control"], "no-cache")
        again = {"if-none-match": answer["ETag"]}
        self.assertEqual(self.client.get("/issues/2016-03-16/2016-03-16.pdf", headers=again).status_code, 304)
        self.assertEqual(self.client.get("/issues/2016-03-16/2016-03-17.pdf").status_code, 404)
        type(self.issue).objects.update(released_at=None)
        self.assertEqual(self.client.get("/issues/2016-03-16/2016-03-16.pdf").status_code, 404)

    def test_an_impossible_date_is_not_found(self):
        self.assertEqual(self.client.get("/issues/2016-02-30/").status_code, 404)

    def test_no_list_asks_more_than_six_queries_whatever_its_length(self):
        issue = self.issue
        for _ in range(12):
            make_article(
                authors=[self.author, make_author()], tags=["Water"], category=self.article.category, issue=issue
            )
            make_issue()
        for path in (
            "/categories/letters/",
            "/tags/water/",
            "/authors/ann/",
            "/issues/2016-03-16/",
            "/authors/",
            "/issues/",
        ):
            with self.subTest(path), CaptureQueriesContext(connection) as queries:
                self.client.get(path)
            self.assertLessEqual(len(queries), 6, path)
