"""The whole sample journal, read as machines read it: Google Scholar, citation managers, feed readers, crawlers."""

import json
import re
import subprocess
from datetime import datetime
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

import bibtexparser
import feedparser
import pytest
import rispy
from django.core.management import call_command
from django.test import Client, TestCase, override_settings
from selectolax.lexbor import LexborHTMLParser

from articles.models import Article, Author, Issue, Tag
from articles.models.author import validate_orcid
from publications.models import Publication
from tests.articles.schema_org import unknown
from tests.factories import picture_bytes

ROOT = Path(__file__).resolve().parents[2]
SITE = "http://localhost:8000"
START = [
    "/",
    "/nothing/",
    "/robots.txt",
    "/sitemap.xml",
    "/.well-known/security.txt",
    "/articles/the-ghost-fleet-of-the-velm/",
]
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([+-]\d\d:\d\d|Z)")


class Answer:
    """What a crawler keeps of a page."""

    def __init__(self, response):
        self.status, self.headers = response.status_code, response.headers
        self.content = b"".join(response) if response.streaming else response.content
        self.is_page = response.headers.get("Content-Type", "").startswith("text/html")
        self.tree = LexborHTMLParser(self.content) if self.is_page else None
        self.anchors = {node.attributes["id"] for node in self.tree.css("[id]")} if self.tree else set()

    def links(self):
        """Addresses in links, pictures, forms and the head of a page."""
        for node in self.tree.css("[href], [src], [srcset], form[action]") if self.tree else ():
            of = node.attributes
            yield from filter(None, (of.get("href"), of.get("src"), of.get("action")))
            yield from (part.split()[0] for part in (of.get("srcset") or "").split(",") if part.strip())
        if self.headers.get("Content-Type", "").startswith("application/xml"):
            yield from re.findall(r"<loc>([^<]*)</loc>", self.content.decode())

    def metas(self, name):
        return [node.attributes["content"] for node in self.tree.css(f'meta[name="{name}"]')]


def crawl():
    """Every answer within the site, by path; each address with who names it; addresses of others."""
    client, answers, named, others = Client(), {}, {}, set()
    waiting = list(START)
    while waiting:
        path = waiting.pop()
        if (
            path in answers or path.startswith("/static/") or path.endswith(".pdf")
        ):  # made one by one, and read elsewhere
            continue
        answers[path] = Answer(client.get(path))
        for link in answers[path].links():
            whole = urljoin(SITE + path, link)
            if not whole.startswith(f"{SITE}/"):
                others.add(whole)
                continue
            address, anchor = urldefrag(whole.removeprefix(SITE))
            named.setdefault((address, unquote(anchor)), path)
            waiting.append(address)
    return answers, named, others


class SampleTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        small = mock.patch("analyst.sample.load.draw", return_value=picture_bytes())
        with small, override_settings(ZEAL_NPLUSONE_THRESHOLD=1000):
            call_command("demo", stdout=StringIO())

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.answers, cls.named, cls.others = crawl()
        cls.articles = list(Article.objects.published().for_page())

    def page(self, article):
        return self.answers[article.get_absolute_url()]

    # Links

    def test_no_link_within_the_site_is_broken(self):
        self.assertGreater(len(self.answers), 250)
        expected = {"/articles/the-ghost-fleet-of-the-velm/": 410, "/nothing/": 404}
        found = {path: answer.status for path, answer in self.answers.items() if answer.status != 200}
        self.assertEqual(found, expected)

    def test_no_link_leads_to_a_place_in_a_page_that_is_not_there(self):
        broken = [
            (where, path, anchor)
            for (path, anchor), where in self.named.items()
            if anchor and anchor not in self.answers[path].anchors
        ]
        self.assertEqual(broken, [])

    def test_links_to_others_are_whole_and_safe(self):
        strange = [link for link in self.others if not re.match(r"(https?://[^/\s]+|mailto:[^\s@]+@)", link)]
        self.assertEqual(strange, [])

    def test_every_page_has_one_address(self):
        for path, answer in self.answers.items():
            canonical = (
                [node.attributes["href"] for node in answer.tree.css("link[rel=canonical]")] if answer.tree else []
            )
            self.assertLessEqual(len(canonical), 1, path)
            if "?" not in path and answer.is_page and answer.status == 200:
                self.assertEqual(canonical, [SITE + path])

    def test_every_address_in_a_sitemap_is_a_public_page_that_calls_itself_so(self):
        maps = [path for path in self.answers if path.startswith("/sitemap-")]
        self.assertGreaterEqual(len(maps), 7)
        for path in maps:
            locations = re.findall(r"<loc>([^<]*)</loc>", self.answers[path].content.decode())
            self.assertEqual(len(locations), len(set(locations)), path)
            for location in locations:
                answer = self.answers[location.removeprefix(SITE)]
                self.assertEqual(answer.status, 200, location)
                self.assertIn(f'<link rel="canonical" href="{location}">', answer.content.decode())
                self.assertNotIn('content="noindex', answer.content.decode(), location)

    def test_the_sitemaps_name_all_that_is_public_and_nothing_else(self):
        maps = [answer for path, answer in self.answers.items() if path.startswith("/sitemap-")]
        found = {link.removeprefix(SITE) for answer in maps for link in answer.links()}
        public = (
            *Article.objects.published(),
            *Author.objects.public(),
            *Issue.objects.released(),
            *Tag.objects.public(),
        )
        self.assertLessEqual({row.get_absolute_url() for row in public}, found)
        self.assertFalse({row.get_absolute_url() for row in Article.objects.exclude(status="published")} & found)

    @pytest.mark.validator
    def test_every_page_is_valid_html(self):
        pages = [(path, answer.content) for path, answer in self.answers.items() if answer.is_page]
        self.assertGreater(len(pages), 100)
        with TemporaryDirectory() as folder:
            for n, (_, html) in enumerate(pages):
                (Path(folder) / f"{n}.html").write_bytes(html)
            report = Path(folder) / "report.json"
            validate = [ROOT / "node_modules/.bin/html-validate", "--config", ROOT / ".htmlvalidate.json"]
            subprocess.run([*validate, "--formatter", f"json={report}", folder], check=False)
            files = json.loads(report.read_text())
        found = [
            (pages[int(Path(file["filePath"]).stem)][0], message["ruleId"], message["message"])
            for file in files
            for message in file["messages"]
        ]
        self.assertEqual(found, [])

    def test_robots_txt_is_far_below_what_a_robot_reads(self):
        self.assertLess(len(self.answers["/robots.txt"].content), 500 * 1024)

    # Google Scholar and schema.org

    def test_scholar_finds_what_it_asks_for(self):
        self.assertGreater(len(self.articles), 20)
        for article in self.articles:
            page = self.page(article)
            self.assertEqual(page.metas("citation_title"), [article.title])
            names = [byline.cited_name.inverted for byline in article.bylines.all()]
            self.assertEqual((page.metas("citation_author"), bool(names)), (names, True))
            (day,) = page.metas("citation_publication_date")
            self.assertEqual(datetime.strptime(day, "%Y/%m/%d").date(), article.published_at.date())
            self.assertEqual(page.metas("citation_journal_title"), ["The Analyst"])
            self.assertEqual(page.metas("citation_doi"), [article.doi] if article.doi else [])
            for doi in page.metas("citation_doi"):
                self.assertRegex(doi, r"^10\.\d{4,9}/\S+$")
            for address in (*page.metas("citation_fulltext_html_url"), *page.metas("citation_pdf_url")):
                self.assertTrue(address.startswith(SITE + article.get_absolute_url()), address)
            for orcid in page.metas("citation_author_orcid"):
                validate_orcid(orcid.removeprefix("https://orcid.org/"))

    def test_linked_data_is_known_whole_and_dated_with_a_zone(self):
        for path, answer in self.answers.items():
            for script in answer.tree.css('script[type="application/ld+json"]') if answer.tree else ():
                self.assertNotRegex(script.text(), r"[<>&]")
                data = json.loads(script.text())
                self.assertEqual(unknown(data), [], path)
                for name in ("datePublished", "dateModified"):
                    self.assertRegex(data.get(name, "2016-03-15T12:00:00Z"), MOMENT)
                for author in data.get("author", ()):
                    self.assertEqual(self.answers[unquoted(author["url"])].status, 200)

    # Citations

    def test_every_citation_is_parsed_to_the_letter(self):
        for row in (*self.articles, *Publication.objects.listed()):
            url, work = row.get_absolute_url(), row.work()
            (bib,) = bibtexparser.loads(self.answers[f"{url}cite.bib"].content.decode()).entries
            (ris,) = rispy.loads(self.answers[f"{url}cite.ris"].content.decode())
            (csl,) = json.loads(self.answers[f"{url}cite.json"].content)
            self.assertEqual((ris["title"], csl["title"]), (work.title, work.title))
            self.assertEqual(ris.get("authors", []), [name.inverted for name in work.authors])
            self.assertEqual(len(bib.get("author", "").split(" and ")), max(1, len(work.authors)))
            self.assertEqual((bib["url"], ris["urls"], csl["URL"]), (work.url, [work.url], work.url))

    def test_every_author_has_a_list_for_reference_managers(self):
        for author in Author.objects.public():
            entries = bibtexparser.loads(self.answers[f"{author.get_absolute_url()}cite.bib"].content.decode()).entries
            self.assertEqual(len({entry["ID"] for entry in entries}), len(entries))

    # Feeds

    def test_every_feed_is_parsed_without_a_complaint(self):
        feeds = {path: answer for path, answer in self.answers.items() if path.endswith((".atom", ".rss"))}
        self.assertGreater(len(feeds), 50)
        for path, answer in feeds.items():
            found = feedparser.parse(answer.content, response_headers={"content-type": answer.headers["Content-Type"]})
            self.assertFalse(found.bozo, (path, found.get("bozo_exception")))

    def test_every_json_feed_keeps_to_the_rules(self):
        feeds = [path for path in self.answers if path.endswith(".json") and "feed" in path]
        self.assertGreater(len(feeds), 20)
        for path in feeds:
            feed = json.loads(self.answers[path].content)
            self.assertEqual(feed["version"], "https://jsonfeed.org/version/1.1")
            self.assertEqual(feed["feed_url"], SITE + path)
            self.assertEqual(set(map(type, (feed["title"], feed["home_page_url"], feed["description"]))), {str})
            self.assertEqual(len({item["id"] for item in feed["items"]}), len(feed["items"]))
            for item in feed["items"]:
                for address in re.findall(r'(?:href|src)="([^"]*)"', item["content_html"]):
                    self.assertRegex(address, r"^(https?://|mailto:)", item["url"])
                self.assertTrue(item["content_html"] and item["id"] and item["url"].startswith(SITE))
                for name in ("date_published", "date_modified"):
                    self.assertRegex(item.get(name, "2016-03-15T12:00:00Z"), MOMENT)
                self.assertTrue(all(author["name"] and author["url"].startswith(SITE) for author in item["authors"]))
                self.assertTrue(all(isinstance(tag, str) for tag in item["tags"]))


def unquoted(address):
    """The path under which the crawler found it."""
    return urlsplit(address).path
