"""What readers see: the number of an article, what is most read, and how it is counted."""

import html
import re
from datetime import date, timedelta
from pathlib import Path

import time_machine
from django.test import TestCase, override_settings

from articles.models import Category
from reads.models import Standing, Tallier
from reads.tallying import keep_up, rank
from tests.factories import make_article, make_author

from .hours import TODAY, was_read

ROOT = Path(__file__).resolve().parents[2]
OLD = {"imported_reads": 15880, "imported_reads_on": date(2020, 1, 1)}


def text_of(page: str) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", page)).split()).replace(" ,", ",")


@time_machine.travel(TODAY, tick=False)
class NumberOfAnArticle(TestCase):
    def page(self, **fields) -> str:
        article = make_article(slug="grain", **fields)
        was_read(article, "2026-11-24", 120)
        return text_of(self.client.get("/articles/grain/").content.decode())

    def test_it_is_one_number_its_parts_told_and_a_link_to_how_it_is_counted(self):
        page = self.page(**OLD)
        self.assertIn(
            "Read 16,000 times, as of 25 November 2026 (15,880 of them imported, as of 1 January 2020).", page
        )
        self.assertContains(self.client.get("/articles/grain/"), '<a href="/reads/">How we count</a>', html=True)

    @override_settings(READS_SHOWN_FROM=121)
    def test_nothing_is_shown_below_the_number_that_the_operator_sets(self):
        self.assertNotIn("times", self.page())
        self.assertNotContains(self.client.get("/articles/grain/"), "data-read-count")

    @override_settings(READS_SHOWN_FROM=120)
    def test_from_that_number_on_it_is_shown(self):
        self.assertIn("Read 120 times", self.page())

    @override_settings(READS_SHOWN_FROM=0)
    def test_what_nobody_has_read_has_no_number(self):
        make_article(slug="grain")
        self.assertNotContains(self.client.get("/articles/grain/"), "data-read-count")


@time_machine.travel(TODAY, tick=False)
class MostReadTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.other = Category.objects.exclude(slug="analytical-articles").first()
        for title, when, n in (
            ("Now", "2026-11-25 15", 1), ("Of the week", "2026-11-18 00", 30), ("Of the month", "2026-11-17 23", 40),
            ("Of the year", "2026-10-25", 50), ("Long ago", "2025-11-24", 60),
        ):  # fmt: skip
            was_read(make_article(title=title, authors=[make_author()]), when, n)
        make_article(title="Imported", category=cls.other, **OLD)
        rank(TODAY)

    def titles(self, query: str) -> list[str]:
        page = self.client.get(f"/most-read/{query}").content.decode()
        return re.findall(r'<h3[^>]*>\s*<a href="[^"]+">([^<]+)<', page)

    def test_each_period_reaches_back_in_whole_days_of_utc_and_holds_today(self):
        week = ["Of the week", "Now"]
        self.assertEqual(self.titles("?period=week"), week)
        self.assertEqual(self.titles(""), ["Of the month", *week])
        self.assertEqual(self.titles("?period=year"), ["Of the year", "Of the month", *week])
        ever = ["Imported", "Long ago", "Of the year", "Of the month", *week]
        self.assertEqual(self.titles("?period=ever"), ever)

    def test_a_category_has_lists_of_its_own(self):
        self.assertEqual(self.titles(f"?period=ever&category={self.other.slug}"), ["Imported"])
        self.assertEqual(self.titles(f"?category={self.other.slug}"), [])
        self.assertContains(
            self.client.get(f"/categories/{self.other.slug}/"), f"/most-read/?category={self.other.slug}"
        )

    def test_it_is_told_since_when_in_utc(self):
        with override_settings(TIME_ZONE="America/New_York"):
            self.assertContains(self.client.get("/most-read/?period=week"), "18 November 2026</time> (UTC)")

    @override_settings(READS_SHOWN_FROM=40)
    def test_what_was_read_less_often_than_is_shown_is_not_listed(self):
        self.assertEqual(self.titles("?period=week"), [])
        self.assertEqual(self.titles("?period=year"), ["Of the year", "Of the month"])

    def test_what_is_taken_back_is_not_listed(self):
        Standing.objects.filter(article__title="Imported").first().article.withdraw("It rested on a forged letter.")
        self.assertNotIn("Imported", self.titles("?period=ever"))

    def test_what_there_is_not_gets_a_sentence(self):
        for query in ("period=zzz", "period=", "category=nothing", "period=%00", "category=%00"):
            self.assertContains(self.client.get(f"/most-read/?{query}"), "<p", status_code=404)

    def test_its_cost_does_not_grow_with_the_list(self):
        with self.assertNumQueries(5):  # menu, standings, articles, bylines, categories
            self.client.get("/most-read/?period=ever")

    def test_the_front_page_shows_the_month_or_where_too_little_was_read_all_time(self):
        page = self.client.get("/").content.decode()
        self.assertIn("15,880 reads", page)
        for n in range(5):
            was_read(make_article(title=f"Fresh {n}"), "2026-11-25", 100 + n)
        rank(TODAY)
        page = text_of(self.client.get("/").content.decode())
        self.assertIn("Most read in a month", page)
        self.assertIn("Fresh 4 104 reads Fresh 3 103 reads", re.sub(r" By \S+ \S+", "", page))
        self.assertNotIn("15,880 reads", page)

    def test_only_the_first_of_each_category_are_written_down(self):
        for n in range(30):
            was_read(make_article(category=self.other), "2026-11-25", 1000 + n)
        rank(TODAY)
        week = Standing.objects.filter(period="week", article__category=self.other)
        self.assertEqual(sorted(week.values_list("reads", flat=True)), [1010 + n for n in range(20)])

    def test_it_is_ranked_once_an_hour(self):
        Standing.objects.all().delete()
        keep_up(TODAY + timedelta(minutes=29))
        self.assertFalse(Standing.objects.exists())
        keep_up(TODAY + timedelta(minutes=30))
        self.assertTrue(Standing.objects.exists())
        self.assertFalse(Tallier.ranked_before(TODAY + timedelta(minutes=30)))


class HowWeCount(TestCase):
    def test_the_page_says_what_the_documentation_says(self):
        page = text_of(self.client.get("/reads/").content.decode())
        _, *paragraphs = (ROOT / "docs/reads.md").read_text().strip().split("\n\n")
        self.assertEqual(len(paragraphs), 3)
        for paragraph in paragraphs:
            self.assertIn(" ".join(paragraph.replace("*", "").split()), page)
