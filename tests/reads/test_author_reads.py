"""An author's own report: by a private link, without an account, until the desk takes it back."""

import re
from datetime import date

import time_machine
from django.test import TestCase, override_settings

from reads.models import ReportLink
from tests.articles.desk import form_of
from tests.factories import make_article, make_author, make_draft, make_editor

from .hours import TODAY, was_read
from .test_shown_numbers import text_of


@time_machine.travel(TODAY, tick=False)
class AuthorReads(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.editor = make_editor()
        cls.ann, cls.bo = make_author(name="Ann Lee"), make_author(name="Bo Ek")
        old = {"imported_reads": 15880, "imported_reads_on": date(2020, 1, 1)}
        cls.grain = make_article(title="Grain", authors=[cls.ann, cls.bo], **old)
        cls.water = make_article(title="Water", authors=[cls.bo])
        make_draft(title="Unfinished", authors=[cls.ann])
        was_read(cls.grain, "2025-12-01 00", 7, pdf=2, uniques=5)
        was_read(cls.grain, "2026-11-25 15", 5)
        was_read(cls.grain, "2025-11-30 23", 100)
        was_read(cls.water, "2026-11-24", 900)
        cls.link = ReportLink.objects.create(author=cls.ann)

    def test_it_shows_the_last_twelve_months_of_their_own_articles(self):
        answer = self.client.get(f"/reads/{self.link.secret}/")
        page = text_of(answer.content.decode())
        self.assertIn("1 Dec 2025 to 25 Nov 2026 (UTC): 12 reads, 2 of them of a PDF, 10 unique.", page)
        self.assertIn("December 2025 7 2 5", page)
        self.assertIn("November 2026 5 0 5", page)
        self.assertIn("Grain 12 2 10 15,992", page)
        self.assertNotIn("Water", page)
        self.assertNotIn("Unfinished", page)

    def test_an_article_that_was_not_read_in_this_time_stands_there_too(self):
        make_article(title="Unread", authors=[self.ann])
        self.assertIn("Unread 0 0 0 0", text_of(self.client.get(f"/reads/{self.link.secret}/").content.decode()))

    def test_no_cache_keeps_it_no_search_engine_lists_it_no_page_is_told_of_it(self):
        answer = self.client.get(f"/reads/{self.link.secret}/")
        self.assertEqual(answer["Cache-Control"], "no-store")
        self.assertEqual(answer["X-Robots-Tag"], "noindex")
        self.assertEqual(answer["Referrer-Policy"], "no-referrer")
        self.assertContains(answer, '<meta name="robots" content="noindex">', html=True)
        self.assertNotContains(answer, "canonical")
        self.assertNotIn("Set-Cookie", answer.headers)

    def test_an_unknown_link_is_not_found(self):
        for secret in ("a" * 32, self.link.secret[:-1], self.link.secret.swapcase()):
            self.assertEqual(self.client.get(f"/reads/{secret}/").status_code, 404)

    def test_it_is_long_random_and_its_own(self):
        other = ReportLink.objects.create(author=self.bo)
        self.assertNotEqual(other.secret, self.link.secret)
        self.assertRegex(other.secret, r"^[\w-]{32}$")

    def test_it_outlives_a_change_of_the_secret_key(self):
        with override_settings(SECRET_KEY="another" * 10):
            self.assertEqual(self.client.get(f"/reads/{self.link.secret}/").status_code, 200)

    def test_its_cost_does_not_grow_with_the_articles(self):
        for _ in range(10):
            was_read(make_article(authors=[self.ann]), "2026-11-20", 3)
        with self.assertNumQueries(7):  # menu, link, sum, months, articles, their numbers, their names
            self.client.get(f"/reads/{self.link.secret}/")

    def test_the_desk_makes_it_and_takes_it_back(self):
        self.client.force_login(self.editor)
        form = form_of(self.client, "/admin/reads/reportlink/add/") | {"author": self.bo.pk}
        self.client.post("/admin/reads/reportlink/add/", form)
        link = ReportLink.objects.get(author=self.bo)
        self.assertContains(self.client.get("/admin/reads/reportlink/"), f"/reads/{link.secret}/")
        self.assertContains(self.client.get(f"/admin/reads/reportlink/{link.pk}/change/"), f"/reads/{link.secret}/")
        self.assertEqual(self.client.get(f"/reads/{link.secret}/").status_code, 200)
        self.client.post(f"/admin/reads/reportlink/{link.pk}/delete/", {"post": "yes"})
        self.assertEqual(self.client.get(f"/reads/{link.secret}/").status_code, 404)

    def test_an_author_has_one(self):
        self.client.force_login(self.editor)
        form = form_of(self.client, "/admin/reads/reportlink/add/") | {"author": self.ann.pk}
        self.assertContains(self.client.post("/admin/reads/reportlink/add/", form), "already exists")

    def test_the_public_pages_do_not_lead_to_it(self):
        for path in ("/", "/sitemap-site.xml", f"/authors/{self.ann.slug}/"):
            self.assertEqual(re.findall(rf"/reads/{self.link.secret}", self.client.get(path).content.decode()), [])
