import json
import re
from datetime import UTC, datetime, timedelta
from unittest.mock import patch
from urllib.parse import urlsplit

import feedparser
from django.db import connection
from django.test import Client, SimpleTestCase, TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase
from lxml import etree

from articles.machines import as_json, xml
from articles.models import Article, Author, Category, Tag
from tests.factories import (
    LONG_AGO,
    make_article,
    make_author,
    make_category,
    make_draft,
    make_editor,
    make_image,
    make_issue,
    make_publication,
)

TYPES = {"atom": "application/atom+xml", "rss": "application/rss+xml", "json": "application/feed+json"}
FEEDS = [
    "/feeds/articles.atom", "/feeds/articles.rss", "/feeds/articles.json",
    "/categories/letters/feed.atom", "/categories/letters/feed.rss", "/categories/letters/feed.json",
    "/authors/ann/feed.atom", "/authors/ann/feed.rss", "/authors/ann/feed.json",
    "/tags/water/feed.atom", "/tags/water/feed.rss", "/tags/water/feed.json",
]  # fmt: skip
UYGHUR, KAZAKH, GEORGIAN, CHINESE = "ئۇيغۇر ئېلى", "Қазақстан Республикасы", "საქართველო", "中亚与高加索"
IN_HTML = re.compile(r'(?:href|src)="([^"]*)"')


def parsed(client, path):
    """A feed of XML as a feed reader understands it."""
    response = client.get(path)
    assert response.status_code == 200, path
    etree.fromstring(response.content)
    found = feedparser.parse(response.content, response_headers={"content-type": response["Content-Type"]})
    assert not found.bozo, (path, found.get("bozo_exception"))
    return found


def items(client, path="/feeds/articles.json"):
    return client.get(path).json()["items"]


class RichFeedTests(TestCase):
    """A journal in which everything is there."""

    @classmethod
    def setUpTestData(cls):
        cls.figure = make_image(credit="Port & Sons", key="f" * 32)
        cls.article = make_article(
            slug="grain",
            title="Grain & power: <b>why</b> it's “late”",
            summary='<p>The ports <em>closed</em>; <a href="/about/">see</a>.</p>',
            background='<p>First.<small data-note="">Said in <a href="#x">1911</a>.</small></p><h3>Then</h3>'
            f'<figure data-image="{"f" * 32}" data-alt="A quay"><figcaption>The quay</figcaption></figure>',
            implications="<table><tbody><tr><td>12 t</td></tr></tbody></table>",
            conclusions='<p>Last.<small data-note="">Ibid.</small></p>',
            authors=[make_author(name="Ann Lee", slug="ann"), make_author(name=KAZAKH), make_author(name=UYGHUR)],
            category=make_category(name="Letters", slug="letters", description="Short & signed."),
            tags=["Water", GEORGIAN],
            lead_image=make_image(1000, 400, credit="Ada", key="e" * 32),
            lead_image_alt='A "port"',
            lead_image_caption="At dawn",
            language="kk",
            licence="CC BY 4.0",
            modified_at=LONG_AGO + timedelta(days=3),
        )

    def test_every_feed_is_parsed_without_a_complaint(self):
        for path in FEEDS:
            if not path.endswith(".json"):
                self.assertEqual(
                    [entry.link for entry in parsed(self.client, path).entries],
                    ["http://localhost:8000/articles/grain/"],
                )

    def test_it_says_what_it_is(self):
        for path in FEEDS:
            kind = TYPES[path.rpartition(".")[2]]
            self.assertEqual(self.client.get(path)["Content-Type"], f"{kind}; charset=utf-8", path)

    def test_atom_tells_all_of_an_article(self):
        feed = parsed(self.client, "/feeds/articles.atom")
        (entry,) = feed.entries
        self.assertEqual(entry.id, f"tag:localhost,2026:article/{self.article.pk}")
        self.assertEqual(
            entry.title_detail, {"type": "text/plain", "language": "kk", "base": "", "value": self.article.title}
        )
        self.assertEqual([author.name for author in entry.authors], ["Ann Lee", KAZAKH, UYGHUR])
        self.assertEqual(entry.authors[0].href, "http://localhost:8000/authors/ann/")
        self.assertEqual(
            [(tag.term, tag.label) for tag in entry.tags],
            [("letters", "Letters"), ("water", "Water"), (GEORGIAN, GEORGIAN)],
        )
        self.assertEqual(entry.tags[0].scheme, "http://localhost:8000/categories/")
        self.assertEqual((entry.published, entry.updated), ("2016-03-15T12:00:00Z", "2016-03-18T12:00:00Z"))
        self.assertEqual(entry.rights, "CC BY 4.0")
        self.assertEqual(entry.enclosures[0].href, f"http://localhost:8000/media/{'e' * 32}/800.jpg")
        self.assertIn("<em>closed</em>", entry.summary)
        self.assertEqual(entry.content[0].language, "kk")
        self.assertEqual((feed.feed.title, feed.feed.updated), ("The Analyst", "2016-03-18T12:00:00Z"))

    def test_rss_tells_all_of_an_article(self):
        feed = parsed(self.client, "/feeds/articles.rss")
        (item,) = feed.entries
        self.assertEqual((item.id, item.guidislink), (f"tag:localhost,2026:article/{self.article.pk}", False))
        self.assertEqual([author.name for author in item.authors], ["Ann Lee", KAZAKH, UYGHUR])
        self.assertEqual([tag.term for tag in item.tags], ["Letters", "Water", GEORGIAN])
        self.assertEqual(item.published, "Tue, 15 Mar 2016 12:00:00 GMT")
        self.assertEqual(item.enclosures[0].type, "image/jpeg")
        self.assertIn("Last.", item.content[0].value)
        self.assertEqual(feed.feed.updated, "Fri, 18 Mar 2016 12:00:00 GMT")

    def test_a_title_in_rss_is_the_title(self):
        tree = etree.fromstring(self.client.get("/feeds/articles.rss").content)
        self.assertEqual(tree.findtext("channel/item/title"), self.article.title)

    def test_json_has_what_its_specification_asks_for(self):
        feed = self.client.get("/feeds/articles.json").json()
        self.assertEqual((feed["version"], feed["title"]), ("https://jsonfeed.org/version/1.1", "The Analyst"))
        self.assertEqual(feed["feed_url"], "http://localhost:8000/feeds/articles.json")
        self.assertEqual(feed["home_page_url"], "http://localhost:8000/")
        (item,) = feed["items"]
        self.assertEqual(item["id"], f"tag:localhost,2026:article/{self.article.pk}")
        self.assertEqual([author["name"] for author in item["authors"]], ["Ann Lee", KAZAKH, UYGHUR])
        self.assertEqual(item["tags"], ["Letters", "Water", GEORGIAN])
        self.assertEqual((item["title"], item["summary"]), (self.article.title, "The ports closed; see."))
        self.assertEqual(
            (item["date_published"], item["date_modified"]), ("2016-03-15T12:00:00Z", "2016-03-18T12:00:00Z")
        )
        self.assertEqual((item["language"], item["_rights"]), ("kk", {"licence": "CC BY 4.0"}))
        self.assertEqual(item["image"], f"http://localhost:8000/media/{'e' * 32}/800.jpg")
        known = {
            "id",
            "url",
            "title",
            "content_html",
            "summary",
            "image",
            "date_published",
            "date_modified",
            "authors",
            "tags",
            "language",
            "_rights",
        }
        self.assertEqual(set(item), known)

    def test_the_text_is_whole_with_its_notes_at_the_end(self):
        html = items(self.client)[0]["content_html"]
        order = [
            "The ports",
            "At dawn",
            "<h2>Background</h2>",
            "First.",
            "<h3>Then</h3>",
            "The quay",
            "Port &amp; Sons",
            "12 t",
            "Last.",
            "<h2>Notes</h2>",
            "Said in",
            "Ibid.",
        ]
        self.assertEqual(sorted(order, key=html.index), order)
        self.assertIn('<a href="http://localhost:8000/articles/grain/#note-2">2</a>', html)
        self.assertEqual(html.count("<li>"), 2)

    def test_no_address_in_a_text_is_relative(self):
        html = items(self.client)[0]["content_html"]
        self.assertIn('alt="A quay"', html)
        found = IN_HTML.findall(html)
        self.assertGreaterEqual(len(found), 6)
        for address in found:
            self.assertTrue(address.startswith("http://localhost:8000/"), address)
        self.assertIn('href="http://localhost:8000/about/"', html)

    def test_the_feed_of_a_category_author_or_tag_is_named_after_it(self):
        for path, title in (
            ("/categories/letters/", "Letters"),
            ("/authors/ann/", "Ann Lee"),
            ("/tags/water/", "Water"),
        ):
            feed = parsed(self.client, f"{path}feed.atom").feed
            self.assertEqual((feed.title, feed.link), (f"{title} · The Analyst", f"http://localhost:8000{path}"))
        self.assertEqual(parsed(self.client, "/categories/letters/feed.atom").feed.subtitle, "Short & signed.")

    def test_pages_say_where_their_feeds_are(self):
        for page, start in {
            "/": "/feeds/articles", "/categories/letters/": "/categories/letters/feed", "/authors/ann/": "/authors/ann/feed",
            "/tags/water/": "/tags/water/feed", "/articles/grain/": "/categories/letters/feed", "/articles/": "/feeds/articles",
        }.items():  # fmt: skip
            html = self.client.get(page).content.decode()
            for form, kind in TYPES.items():
                self.assertIn(f'<link rel="alternate" type="{kind}" href="{start}.{form}"', html, page)

    def test_any_script_is_exact(self):
        for name in (UYGHUR, KAZAKH, GEORGIAN, CHINESE, "İıŞ ’n – —", "e\u0301 \U0001f33e \u200f\u202b"):
            Article.objects.update(title=name)
            self.assertEqual(parsed(self.client, "/feeds/articles.atom").entries[0].title, name)
            self.assertEqual(items(self.client)[0]["title"], name)

    def test_it_names_no_host_but_its_own(self):
        for path in FEEDS:
            plain = self.client.get(path).content
            for header in ("x-forwarded-host", "x-forwarded-server", "x-original-url", "forwarded"):
                self.assertEqual(self.client.get(path, headers={header: "evil.example"}).content, plain, (path, header))
            self.assertEqual(self.client.get(path, headers={"host": "evil.example"}).status_code, 400)
        with override_settings(SITE_URL="https://journal.example"):
            hosts = {
                urlsplit(url).netloc
                for path in FEEDS
                for url in re.findall(r'https?://[^"<\s]+', self.client.get(path).content.decode())
            }
        self.assertEqual(hosts - {"www.w3.org", "purl.org", "jsonfeed.org"}, {"journal.example"})

    def test_it_is_the_same_bytes_for_everybody(self):
        desk = Client()
        desk.force_login(make_editor())
        for path in FEEDS:
            response = desk.get(path)
            self.assertEqual(response.content, self.client.get(f"{path}?utm_source=x").content, path)
            self.assertFalse(response.cookies)
            self.assertEqual(response["Cache-Control"], "public, max-age=0")

    def test_it_is_not_sent_twice_to_those_who_have_it(self):
        for path in FEEDS:
            first = self.client.get(path)
            for headers in ({"if-none-match": first["ETag"]}, {"if-modified-since": first["Last-Modified"]}):
                self.assertEqual(self.client.get(path, headers=headers).status_code, 304, (path, headers))
        self.article.save()
        first = timezone.now() + timedelta(hours=-1)
        early = {"if-modified-since": first.strftime("%a, %d %b %Y %H:%M:%S GMT")}
        self.assertEqual(self.client.get("/feeds/articles.atom", headers=early).status_code, 200)

    def test_head_answers_with_the_headers_of_get(self):
        for path in FEEDS:
            get, head = self.client.get(path), self.client.head(path)
            self.assertEqual((head.status_code, head.content, dict(head.headers)), (200, b"", dict(get.headers)), path)

    def test_nothing_can_be_posted_to_it(self):
        for path in FEEDS:
            self.assertEqual(self.client.post(path).status_code, 405)

    def test_its_id_survives_a_new_address_of_the_article_and_of_the_site(self):
        before = items(self.client)[0]
        self.article.slug = "wheat"
        self.article.save()
        with override_settings(SITE_URL="https://elsewhere.example"):
            after = items(self.client)[0]
        self.assertEqual(after["url"], "https://elsewhere.example/articles/wheat/")
        self.assertEqual(after["id"], before["id"])

    def test_an_old_address_leads_to_the_feed(self):
        for row, slug in (
            (Category.objects.get(slug="letters"), "l"),
            (Author.objects.get(slug="ann"), "a"),
            (Tag.objects.get(slug="water"), "w"),
        ):
            old, row.slug = row.get_absolute_url(), slug
            row.save()
            for form in TYPES:
                response = self.client.get(f"{old}feed.{form}")
                self.assertEqual(
                    (response.status_code, response["Location"]), (301, f"{row.get_absolute_url()}feed.{form}")
                )

    def test_what_is_not_there_is_not_found(self):
        for path in (
            "/categories/x/feed.atom",
            "/authors/x/feed.rss",
            "/tags/x/feed.json",
            "/feeds/articles.xml",
            "/feeds/",
            "/authors/ann/feed.atom/",
        ):
            self.assertEqual(self.client.get(path).status_code, 404, path)

    def test_its_cost_does_not_grow_with_the_journal(self):
        for n in range(25):
            make_article(
                authors=[Author.objects.get(slug="ann"), make_author()], tags=["Water", f"Tag {n}"], category=self.article.category,
                lead_image=make_image(), body=f'<figure data-image="{make_image().key}"></figure>', published_at=LONG_AGO + timedelta(n),
            )  # fmt: skip
        for path in FEEDS:
            with CaptureQueriesContext(connection) as queries:
                self.assertEqual(self.client.get(path).status_code, 200, path)
            self.assertLessEqual(len(queries), 3, path)  # whose it is, the articles, what belongs to them
            whole = [query["sql"] for query in queries if '"body"' in query["sql"]]
            self.assertTrue(len(whole) == 1 and "LIMIT 20" in whole[0], path)
            if path.endswith("json"):
                self.assertEqual(len(items(self.client, path)), 20)


class FeedTests(TestCase):
    def test_an_empty_journal_has_valid_feeds(self):
        Category.objects.get_or_create(slug="letters", defaults={"name": "Letters"})
        make_publication(authors=["Ann Lee"])  # who is listed, and wrote no article
        for path in ("/feeds/articles", "/categories/letters/feed", "/authors/ann-lee/feed"):
            atom = parsed(self.client, f"{path}.atom")
            self.assertEqual((atom.entries, atom.feed.updated), ([], "1970-01-01T00:00:00Z"))
            self.assertEqual(parsed(self.client, f"{path}.rss").entries, [])
            self.assertEqual(items(self.client, f"{path}.json"), [])
            self.assertNotIn("Last-Modified", self.client.get(f"{path}.atom"))

    def test_a_tag_that_no_reader_has_met_has_none(self):
        make_draft(tags=["Secret"])
        self.assertEqual(self.client.get("/tags/secret/feed.atom").status_code, 404)

    def test_of_one_with_many_articles_it_holds_the_newest_too(self):
        author = make_author(slug="ann")
        for n in range(5):
            make_article(title=f"{n}", authors=[author], tags=["Water"], published_at=LONG_AGO + timedelta(hours=n))
        make_draft(authors=[author], tags=["Water"])
        make_article(title="Another's")
        for path in ("/authors/ann/feed.json", "/tags/water/feed.json"):
            with patch("articles.feeds.NEWEST", 3), self.assertNumQueries(3):
                shown = items(self.client, path)
            self.assertEqual([item["title"] for item in shown], ["4", "3", "2"], path)

    def test_it_leaves_out_what_is_not_published(self):
        author, category = make_author(slug="ann"), make_category(slug="letters")
        usual = {"authors": [author], "category": category, "tags": ["Water"]}
        make_article(title="Shown", **usual)
        make_draft(title="xyzzy draft", **usual)
        make_article(title="xyzzy ahead", published_at=timezone.now() + timedelta(hours=1), **usual)
        make_article(title="xyzzy gone", **usual).withdraw()
        make_article(title="xyzzy review", status="review", **usual)
        make_article(title="Shown too", issue=make_issue(released_at=None), **usual)
        for path in FEEDS:
            page = self.client.get(path)
            self.assertContains(page, "Shown")
            self.assertNotContains(page, "xyzzy")
            self.assertNotContains(page, "/issues/")

    def test_a_link_in_a_text_leads_where_it_leads_on_the_page(self):
        for href, whole in {
            "//other.example/x": "http://other.example/x", "?page=2": "http://localhost:8000/articles/grain/?page=2",
            "../../about/": "http://localhost:8000/about/", "mailto:desk@example.org": "mailto:desk@example.org",
            "https://other.example/a?b=1&amp;c=2": "https://other.example/a?b=1&amp;c=2", "": "http://localhost:8000/articles/grain/",
        }.items():  # fmt: skip
            Article.objects.all().delete()
            make_article(slug="grain", background=f'<p><a href="{href}">x</a></p>')
            self.assertEqual(IN_HTML.findall(items(self.client)[0]["content_html"]), [whole])
        Article.objects.all().delete()
        make_article(slug="grain", background='<p><a href="http://[">x</a></p>')
        self.assertEqual(len(items(self.client)), 1)

    def test_the_newest_stand_first(self):
        for n in range(3):
            make_article(title=f"Number {n}", published_at=LONG_AGO + timedelta(n))
        self.assertEqual([item["title"] for item in items(self.client)], ["Number 2", "Number 1", "Number 0"])

    def test_a_correction_changes_the_moment_of_update_alone(self):
        article = make_article(modified_at=LONG_AGO - timedelta(1))
        atom, rss = (parsed(self.client, f"/feeds/articles.{form}").entries[0] for form in ("atom", "rss"))
        self.assertEqual(atom.updated, "2016-03-15T12:00:00Z")
        self.assertNotIn("date_modified", items(self.client)[0])
        Article.objects.filter(pk=article.pk).update(modified_at=LONG_AGO + timedelta(1))
        new_atom, new_rss = (parsed(self.client, f"/feeds/articles.{form}").entries[0] for form in ("atom", "rss"))
        self.assertEqual((new_atom.published, new_atom.updated), (atom.published, "2016-03-16T12:00:00Z"))
        self.assertEqual((new_rss.published, new_rss.id), (rss.published, rss.id))

    def test_nothing_is_updated_in_the_future(self):
        make_article(modified_at=timezone.now() + timedelta(days=400))
        self.assertEqual(parsed(self.client, "/feeds/articles.atom").feed.updated, "2016-03-15T12:00:00Z")

    def test_a_moment_is_the_same_in_every_zone(self):
        make_article(published_at=datetime(2019, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC))
        make_article(published_at=datetime(1001, 1, 1, tzinfo=UTC))
        plain = self.client.get("/feeds/articles.atom").content
        with override_settings(TIME_ZONE="Europe/Stockholm"):  # where 1001 has an offset of 1:00:14
            self.assertEqual(self.client.get("/feeds/articles.atom").content, plain)
        self.assertEqual(
            [entry.published for entry in parsed(self.client, "/feeds/articles.atom").entries],
            ["2019-12-31T23:59:59Z", "1001-01-01T00:00:00Z"],
        )
        self.assertEqual(
            parsed(self.client, "/feeds/articles.rss").entries[1].published, "Thu, 01 Jan 1001 00:00:00 GMT"
        )

    def test_those_who_ask_by_date_are_told_of_what_was_saved(self):
        article = make_article()
        asked = self.client.get("/feeds/articles.atom")["Last-Modified"]
        Article.objects.filter(pk=article.pk).update(
            title="Corrected", updated_at=timezone.now() + timedelta(seconds=2)
        )
        response = self.client.get("/feeds/articles.atom", headers={"if-modified-since": asked})
        self.assertContains(response, "Corrected")

    def test_the_journals_licence_holds_where_an_article_names_none(self):
        make_article()
        with override_settings(JOURNAL_LICENCE="CC BY-NC 4.0"):
            self.assertEqual(items(self.client)[0]["_rights"], {"licence": "CC BY-NC 4.0"})
            feed = parsed(self.client, "/feeds/articles.atom")
        self.assertEqual((feed.feed.rights, feed.entries[0].rights), ("CC BY-NC 4.0", "CC BY-NC 4.0"))
        self.assertNotIn("rights", parsed(self.client, "/feeds/articles.atom").entries[0])

    def test_an_article_without_author_is_the_journals(self):
        make_article()
        feed = parsed(self.client, "/feeds/articles.atom")
        self.assertEqual(feed.feed.author, "The Analyst")
        self.assertNotIn("authors", items(self.client)[0])


# Characters that nothing should contain, among those that anything may.
nasty = st.text(st.sampled_from("\x01\x08\x0b\x0c\x1f\x7f\x85\ufffe\uffff]>&<'\"\r\n a") | st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60)  # fmt: skip


class AnyTextTests(HypothesisTestCase):
    @settings(max_examples=30, deadline=None, database=None, suppress_health_check=[HealthCheck.too_slow])
    @given(title=nasty, name=nasty, tag=nasty, html=nasty, language=nasty)
    def test_no_text_breaks_a_feed(self, title, name, tag, html, language):
        author = make_author(name=name)
        article = make_article(
            title=title, licence=title, lead_image=make_image(credit=name), lead_image_caption=tag, authors=[author]
        )
        Tag.objects.all().delete()
        article.tags.through.objects.create(tag=Tag.objects.create(name=tag, slug="t"), content_object=article)
        article.summary = article.background = f"]]>{html}"
        article.language = language[:10]
        article.save()
        Category.objects.filter(pk=article.category_id).update(name=name, description=html)
        for path in (
            "/feeds/articles",
            article.category.get_absolute_url() + "feed",
            author.get_absolute_url() + "feed",
            "/tags/t/feed",
        ):
            parsed(self.client, f"{path}.atom")
            parsed(self.client, f"{path}.rss")
            self.assertEqual(len(self.client.get(f"{path}.json").json()["items"]), 1)


class MachineTests(SimpleTestCase):
    """What neither database takes can still come from a setting or a template."""

    def test_what_xml_cannot_carry_is_left_out(self):
        text = "a\0b\x0bc\ud800d\udfffe\ufffef\uffffg]]&gt;\t\n\U0001f33e\x85\u202b"
        tree = etree.fromstring(xml(f"<a>{text}</a>").content)
        self.assertEqual(tree.text, "abcdefg]]>\t\n\U0001f33e\x85\u202b")

    def test_json_has_neither(self):
        content = as_json({"a": ["\ud800x\x01"], "b": {"c": "\ufffe"}, "n": 1}).content
        self.assertEqual(json.loads(content), {"a": ["x"], "b": {"c": ""}, "n": 1})
