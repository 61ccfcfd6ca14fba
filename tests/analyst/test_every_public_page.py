import html
import re
from datetime import UTC, date, datetime
from unittest import mock

from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext

from articles.models import Category
from reads.tallying import rank
from tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_editor,
    make_image,
    make_issue,
    make_page,
    make_partner,
    make_publication,
)

PATHS = [
    "/", "/articles/", "/articles/grain/", "/categories/analytical-articles/", "/tags/water/", "/authors/", "/authors/ann/",
    "/issues/", "/issues/2016-03-16/", "/publications/", "/publications/low-water/", "/about/", "/search/", "/search/?q=water", "/most-read/", "/most-read/?period=ever", "/reads/", "/newsletter/sent/", "/events/",
]  # fmt: skip


class EveryPublicPageTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        issue = make_issue(date=date(2016, 3, 16))
        author = make_author(name="Ann Lee", slug="ann")
        cls.article = make_article(
            slug="grain", authors=[author], tags=["Water"], issue=issue, lead_image=make_image(), background="<p>B.</p>"
        )
        make_publication(slug="low-water", title="Low water", authors=["Ann Lee"], cover=make_image())
        make_partner(logo=make_image())
        make_page(slug="about", title="About")

    def test_it_sets_no_cookie_and_may_be_kept_by_any_cache(self):
        for path in PATHS:
            response = self.client.get(path)
            self.assertEqual(response.status_code, 200, path)
            self.assertEqual(response.headers["Cache-Control"], "public, max-age=0", path)
            self.assertFalse(response.cookies, path)
            self.assertNotIn("Cookie", response.headers.get("Vary", ""), path)

    def test_a_broken_cookie_is_not_answered_by_another(self):
        for cookie in ("csrftoken=bad", "sessionid=abc", "sessionid=", "messages=zzz"):
            for path in PATHS:
                response = self.client.get(path, headers={"cookie": cookie})
                self.assertFalse(response.cookies, (path, cookie))
                self.assertNotIn("Cookie", response.headers.get("Vary", ""), (path, cookie))

    def test_it_is_the_same_bytes_for_an_editor_and_for_a_stranger(self):
        desk = Client()
        desk.force_login(make_editor())
        for path in PATHS:
            self.assertEqual(desk.get(path).content, self.client.get(path).content, path)

    def test_it_is_not_sent_twice_to_those_who_have_it(self):
        for path in PATHS:
            etag = self.client.get(path).headers["ETag"]
            self.assertEqual(self.client.get(path, headers={"if-none-match": etag}).status_code, 304, path)

    def test_head_answers_with_the_headers_of_get(self):
        for path in PATHS:
            get, head = self.client.get(path), self.client.head(path)
            self.assertEqual((head.status_code, head.content), (200, b""), path)
            self.assertEqual(dict(head.headers), dict(get.headers), path)

    def test_nothing_can_be_posted_to_it(self):
        for path in PATHS:
            self.assertIn(Client(enforce_csrf_checks=True).post(path).status_code, (403, 405), path)
            self.assertEqual(self.client.post(path).status_code, 405, path)

    def test_it_names_no_other_host_as_itself(self):
        for path in PATHS:
            self.assertEqual(self.client.get(path, headers={"host": "evil.example"}).status_code, 400, path)
            self.assertNotContains(self.client.get(path, headers={"x-forwarded-host": "evil.example"}), "evil.example")

    def test_every_link_within_the_site_leads_somewhere(self):
        links = {
            link for path in PATHS for link in re.findall(r'href="(/[^"#]*)"', self.client.get(path).content.decode())
        }
        for link in links:
            if not link.startswith("/static/"):
                self.assertEqual(self.client.get(html.unescape(link)).status_code, 200, link)

    def test_no_page_shows_a_draft(self):
        canary = "xyzzy"
        make_draft(
            title=f"t{canary}", summary=f"<p>s{canary}</p>", tags=[f"g{canary}"], issue=self.article.issue,
            authors=[make_author(name=f"n{canary}")], lead_image=make_image(credit=f"c{canary}"), imported_reads=10**6,
            imported_reads_on=date(2020, 1, 1),
        )  # fmt: skip
        make_article(title=f"future {canary}", published_at=datetime(2100, 1, 1, tzinfo=UTC), issue=self.article.issue)
        for path in PATHS:
            self.assertNotContains(self.client.get(path), canary, msg_prefix=path)


class FrontPageTests(TestCase):
    def test_an_empty_journal_has_a_front_page(self):
        self.assertEqual(self.client.get("/").status_code, 200)

    def test_it_shows_the_current_issue_and_not_the_one_in_preparation(self):
        out, ahead = make_issue(date=date(2016, 3, 16)), make_issue(date=date(2031, 3, 16), released_at=None)
        make_article(title="In the issue", issue=out)
        make_article(title="Ahead of its issue", issue=ahead)
        page = self.client.get("/")
        self.assertContains(page, "/issues/2016-03-16/")
        self.assertContains(page, "In the issue")
        self.assertNotContains(page, "/issues/2031-03-16/")

    def test_it_shows_the_latest_of_each_category_and_the_most_read(self):
        for category in Category.objects.all():
            make_article(title=f"Latest of {category}", category=category)
        make_article(title="Read by many", imported_reads=15880, imported_reads_on=date(2020, 1, 1))
        rank()
        page = self.client.get("/")
        for category in Category.objects.all():
            self.assertContains(page, f"Latest of {category}")
        self.assertContains(page, "Read by many")

    def test_it_shows_staff_publications(self):
        make_publication(title="Low water")
        self.assertContains(self.client.get("/"), "Low water")

    def test_its_cost_does_not_grow_with_the_journal(self):
        issue = make_issue()
        for category in Category.objects.all():
            for n in range(6):
                make_article(
                    category=category, issue=issue if n < 2 else None, imported_reads=n, imported_reads_on=date(2020, 1, 1),
                    authors=[make_author(), make_author()], lead_image=make_image(),
                )  # fmt: skip
        rank()
        # menu, issue, most read of the month and ever, categories, articles found, read, bylines, publications, partners
        with self.assertNumQueries(10):
            self.client.get("/")


class PublicationListTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_publication(title="Alpha", kind="Book", year=2021, authors=["Ann Lee"])
        make_publication(title="Omega", kind="Op-ed", year=2022, authors=["Bo Ek"])

    def test_it_is_narrowed_by_kind_author_and_year(self):
        for query in ("kind=Book", "kind=book", "author=ann-lee", "year=2021"):
            page = self.client.get(f"/publications/?{query}")
            self.assertContains(page, "Alpha")
            self.assertNotContains(page, "Omega")

    def test_bad_input_gets_a_sentence(self):
        for query in ("page=0", "page=x", "page=9", "year=x", "author=nobody"):
            response = self.client.get(f"/publications/?{query}")
            self.assertEqual(response.status_code, 404, query)
            self.assertContains(response, "<p", status_code=404)

    def test_its_cost_does_not_grow_with_the_list(self):
        for n in range(25):
            make_publication(authors=[f"Writer {n}", f"Other {n}"])
        with CaptureQueriesContext(connection) as queries:
            self.client.get("/publications/")
        self.assertLessEqual(len(queries), 6)

    def test_its_pdf_is_served(self):
        publication = make_publication(slug="paper")
        self.assertEqual(self.client.get("/publications/paper/paper.pdf").status_code, 404)
        publication.pdf.save("paper.pdf", ContentFile(b"%PDF-1.7 invented"))
        answer = self.client.get("/publications/paper/paper.pdf")
        self.assertEqual((answer.status_code, answer["Content-Type"]), (200, "application/pdf"))


class ErrorPageTests(TestCase):
    def test_what_is_not_there_is_said_in_a_sentence(self):
        page = self.client.get("/nothing/here/")
        self.assertContains(page, "<h1", status_code=404)
        self.assertEqual(page.headers["Cache-Control"], "public, max-age=0")

    def test_a_failure_has_a_page_that_needs_no_database(self):
        with mock.patch("articles.views.Filters.of", side_effect=RuntimeError):
            client = Client(raise_request_exception=False)
            page = client.get("/articles/")
        self.assertContains(page, "<h1", status_code=500)

    def test_an_unknown_host_gets_a_plain_refusal(self):
        self.assertEqual(self.client.get("/", headers={"host": "evil.example"}).status_code, 400)
