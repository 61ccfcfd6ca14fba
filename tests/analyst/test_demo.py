"""`manage.py demo`: the sample journal, and articles made by rule for measuring."""

import json
import re
import subprocess
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urljoin

import feedparser
import pytest
from django.core.management import call_command
from django.test import TestCase, override_settings
from selectolax.lexbor import LexborHTMLParser

from articles.models import Article, Author, Category, Image, Issue, Tag
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

    def test_it_leaves_a_journal_with_articles_alone(self) -> None:
        self.assertIn("only for an empty one", demo())
        self.assertEqual(Article.objects.count(), 31)

    def test_every_article_answers_as_its_status_says(self) -> None:
        answers = {"published": 200, "withdrawn": 410, "draft": 404, "review": 404}
        for article in Article.objects.all():
            response = self.client.get(article.get_absolute_url())
            self.assertEqual(response.status_code, answers[article.status], article)

    def test_every_feed_of_it_is_parsed_without_a_complaint(self) -> None:
        rows = (*Category.objects.all(), *Author.objects.public(), *Tag.objects.public())
        for path in ("/feeds/articles", *(f"{row.get_absolute_url()}feed" for row in rows)):
            for form in ("atom", "rss"):
                response = self.client.get(f"{path}.{form}")
                found = feedparser.parse(response.content, response_headers={"content-type": response["Content-Type"]})
                self.assertFalse(found.bozo, (path, found.get("bozo_exception")))
            for item in self.client.get(f"{path}.json").json()["items"]:
                for address in re.findall(r'(?:href|src)="([^"]*)"', item["content_html"]):
                    self.assertRegex(address, r"^(https?://|mailto:)", item["url"])

    def test_its_sitemap_names_what_is_public(self) -> None:
        def named(path: str) -> list[str]:
            return re.findall(r"<loc>http://localhost:8000(/[^<]*)</loc>", self.client.get(path).content.decode())

        addresses = [address for path in named("/sitemap.xml") for address in named(path)]
        rows = (
            *Article.objects.published(),
            *Author.objects.public(),
            *Issue.objects.released(),
            *Tag.objects.public(),
        )
        self.assertLessEqual({row.get_absolute_url() for row in rows}, set(addresses))
        self.assertFalse(
            {row.get_absolute_url() for row in Article.objects.exclude(status="published")} & set(addresses)
        )

    @pytest.mark.validator
    def test_every_page_of_it_is_valid_html(self) -> None:
        with TemporaryDirectory() as folder:
            pages = {f"{n}.html": (path, html) for n, (path, html) in enumerate(self.crawled())}
            self.assertGreater(len(pages), 100)
            for name, (_, html) in pages.items():
                (Path(folder) / name).write_bytes(html)
            config = ROOT / ".htmlvalidate.json"
            report = Path(folder) / "report.json"
            command = [
                ROOT / "node_modules/.bin/html-validate",
                "--config",
                config,
                "--formatter",
                f"json={report}",
                folder,
            ]
            subprocess.run(list(map(str, command)), check=False)
            files = json.loads(report.read_text())
        found = [
            (pages[Path(file["filePath"]).name][0], message["ruleId"], message["message"])
            for file in files
            for message in file["messages"]
        ]
        self.assertEqual(found, [])

    def crawled(self) -> Iterator[tuple[str, bytes]]:
        """Every page that can be reached from the front page, and one that cannot."""
        waiting, seen = ["/", "/nothing/", "/articles/the-ghost-fleet-of-the-velm/"], set[str]()
        while waiting:
            path = waiting.pop()
            if path in seen:
                continue
            seen.add(path)
            response = self.client.get(path)
            if response.headers["Content-Type"].startswith("text/html"):
                yield path, response.content
                links = (link.attributes["href"] or "" for link in LexborHTMLParser(response.content).css("a[href]"))
                waiting += [urljoin(path, link.partition("#")[0]) for link in links if link.startswith(("/", "?"))]


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
