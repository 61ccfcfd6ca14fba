from datetime import UTC, date, datetime, timedelta
from unittest import mock
from urllib.parse import urlsplit

from django.db import connection
from django.test import Client, TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from lxml import etree

from analyst.sitemaps import SECTIONS
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
    make_page,
    make_publication,
)

NAMES = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}
SITE = "http://localhost:8000"
MAPS = [
    "/sitemap.xml", "/sitemap-site.xml", "/sitemap-news.xml", "/sitemap-articles-1.xml", "/sitemap-issues-1.xml",
    "/sitemap-authors-1.xml", "/sitemap-categories-1.xml", "/sitemap-tags-1.xml", "/sitemap-publications-1.xml",
]  # fmt: skip


def tree_of(client, path="/sitemap.xml"):
    response = client.get(path)
    assert response.status_code == 200, path
    assert response["Content-Type"] == "application/xml; charset=utf-8", path
    return etree.fromstring(response.content)


def texts(tree, path):
    return tree.xpath(f"//{path}/text()", namespaces=NAMES)


def locations(client, path="/sitemap.xml"):
    """What a crawler reads: paths, of addresses that are all ours."""
    found = texts(tree_of(client, path), "s:loc")
    assert all(location.startswith(f"{SITE}/") for location in found), path
    return [location.removeprefix(SITE) for location in found]


def addresses(client):
    """Every address that any map of the index holds."""
    return [path for one in locations(client) for path in locations(client, one)]


def lastmod(client, path="/sitemap-articles-1.xml"):
    return texts(tree_of(client, path), "s:lastmod")


class SitemapTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.article = make_article(
            slug="grain",
            title="Grain & <power>",
            authors=[make_author(name="Ann Lee", slug="ann")],
            tags=["Water", "საქართველო"],
            issue=make_issue(date=date(2016, 3, 16)),
            lead_image=make_image(1000, 500),
        )
        make_article(slug="қазақ")
        make_publication(slug="low-water", authors=["Bo Ek"])
        make_page(slug="about")

    def test_the_index_names_a_map_for_each_kind_of_page(self):
        kinds = [path.removeprefix("/sitemap-").partition("-")[0] for path in locations(self.client)]
        self.assertEqual(kinds, ["site.xml", "articles", "authors", "categories", "issues", "publications", "tags"])

    def test_every_address_is_public_and_canonical(self):
        found = addresses(self.client)
        self.assertEqual(len(found), len(set(found)))
        for path in found:
            response = self.client.get(path)
            self.assertEqual(response.status_code, 200, path)
            self.assertContains(response, f'<link rel="canonical" href="{SITE}{path}">', msg_prefix=path)

    def test_every_public_page_is_there(self):
        rows = [*Article.objects.all(), *Author.objects.all(), *Category.objects.all(), *Tag.objects.all()]
        expected = {row.get_absolute_url() for row in rows}
        expected |= {
            "/",
            "/articles/",
            "/authors/",
            "/issues/",
            "/publications/",
            "/newsletter/",
            "/events/",
            "/most-read/",
            "/reads/",
            "/about/",
            "/issues/2016-03-16/",
            "/publications/low-water/",
        }
        self.assertEqual(set(addresses(self.client)), expected)

    def test_its_structure_is_that_of_sitemaps_org(self):
        index = tree_of(self.client)
        self.assertEqual(index.tag, f"{{{NAMES['s']}}}sitemapindex")
        self.assertEqual({child.tag for child in index}, {f"{{{NAMES['s']}}}sitemap"})
        for path in locations(self.client):
            tree = tree_of(self.client, path)
            self.assertEqual(tree.tag, f"{{{NAMES['s']}}}urlset")
            self.assertTrue(0 < len(tree) <= 50_000)
            for url in tree:
                names = [etree.QName(child).localname for child in url]
                self.assertIn(names, (["loc"], ["loc", "lastmod"], ["loc", "lastmod", "image"]))

    def test_a_lead_image_is_named_with_its_article(self):
        Article.objects.filter(slug="grain").update(lead_image=make_image(1000, 500, key="d" * 32))
        images = texts(tree_of(self.client, "/sitemap-articles-1.xml"), "image:loc")
        self.assertEqual(images, [f"{SITE}/media/{'d' * 32}/800.jpg"])
        self.assertEqual(self.client.get(images[0].removeprefix(SITE)).status_code, 200)

    def test_it_is_the_same_bytes_for_everybody_and_not_sent_twice(self):
        desk = Client()
        desk.force_login(make_editor())
        for path in MAPS:
            response = self.client.get(path, headers={"x-forwarded-host": "evil.example"})
            self.assertEqual(desk.get(path).content, response.content, path)
            self.assertEqual((response["Cache-Control"], dict(response.cookies)), ("public, max-age=0", {}), path)
            self.assertEqual(self.client.get(path, headers={"if-none-match": response["ETag"]}).status_code, 304, path)
            head = self.client.head(path)
            self.assertEqual((head.content, head["ETag"]), (b"", response["ETag"]), path)
            self.assertEqual(self.client.post(path).status_code, 405, path)
            self.assertEqual(self.client.get(path, headers={"host": "evil.example"}).status_code, 400)

    def test_its_addresses_are_those_of_the_setting(self):
        with override_settings(SITE_URL="https://journal.example"):
            for path in MAPS:
                for location in texts(tree_of(self.client, path), "s:loc"):
                    self.assertEqual(urlsplit(location).netloc, "journal.example")

    def test_a_map_that_there_is_not_is_not_found(self):
        for name in (
            "articles-0",
            "articles-2",
            "articles-999999999",
            "articles-" + "9" * 30,
            "x-1",
            "drafts-1",
            "articles",
            "articles-1-1",
            "issues-7",
        ):
            self.assertEqual(self.client.get(f"/sitemap-{name}.xml").status_code, 404, name)

    def test_its_cost_does_not_grow_with_the_journal(self):
        for n in range(30):
            make_article(
                authors=[make_author()],
                tags=[f"Tag {n}"],
                lead_image=make_image(),
                issue=make_issue(date=date(2020, 1, n + 1)),
            )
        for path in MAPS:
            with CaptureQueriesContext(connection) as queries:
                self.client.get(path)
            self.assertLessEqual(len(queries), 2, path)
            self.assertFalse([query for query in queries if '"background"' in query["sql"]], path)

    def test_the_index_reads_no_article(self):
        if connection.vendor == "sqlite":  # where a row that is read means that its body is
            plan = SECTIONS["articles"].numbers(timezone.now()).explain()
            self.assertIn("COVERING INDEX article_published", plan)


class LastModTests(TestCase):
    def test_it_is_of_the_text_and_not_of_the_row(self):
        article = make_article()
        self.assertEqual(lastmod(self.client), ["2016-03-15T12:00:00Z"])
        article.licence = "CC BY 4.0"
        article.save()
        self.assertEqual(lastmod(self.client), ["2016-03-15T12:00:00Z"])
        article.modified_at = LONG_AGO + timedelta(days=1)
        article.save()
        self.assertEqual(lastmod(self.client), ["2016-03-16T12:00:00Z"])

    def test_it_is_never_before_publication_nor_ahead(self):
        make_article(modified_at=LONG_AGO - timedelta(days=1))
        make_article(modified_at=timezone.now() + timedelta(days=1))
        self.assertEqual(lastmod(self.client), ["2016-03-15T12:00:00Z"] * 2)
        self.assertIn("2016-03-15T12:00:00Z", lastmod(self.client, "/sitemap.xml"))

    def test_the_index_tells_of_the_newest_on_each_map(self):
        make_article(modified_at=LONG_AGO + timedelta(days=1))
        make_article(published_at=LONG_AGO + timedelta(days=2))
        make_article()
        self.assertEqual(lastmod(self.client, "/sitemap.xml"), ["2016-03-17T12:00:00Z"])

    def test_an_issue_changed_when_it_came_out(self):
        make_issue()
        self.assertEqual(lastmod(self.client, "/sitemap-issues-1.xml"), ["2016-03-15T12:00:00Z"])

    def test_it_is_the_same_in_every_zone(self):
        make_article(published_at=datetime(2019, 12, 31, 23, 59, 59, tzinfo=UTC))
        with override_settings(TIME_ZONE="Asia/Tashkent"):
            self.assertEqual(lastmod(self.client), ["2019-12-31T23:59:59Z"])


class HiddenTests(TestCase):
    def test_what_is_not_public_is_on_no_map(self):
        issue = make_issue(date=date(2031, 3, 16), released_at=None)
        make_draft(slug="xyzzy-draft", authors=[make_author(slug="xyzzy-ann")], tags=["xyzzy"], issue=issue)
        make_article(slug="xyzzy-ahead", published_at=timezone.now() + timedelta(minutes=1))
        make_article(slug="xyzzy-gone").withdraw()
        make_article(slug="xyzzy-review", status="review")
        make_publication(slug="xyzzy-paper", is_listed=False)
        make_page(slug="xyzzy-page", is_published=False)
        found = addresses(self.client)
        self.assertIn("/about/", [*found, "/about/"])
        self.assertFalse([path for path in found if "xyzzy" in path or "2031" in path], found)
        self.assertEqual(self.client.get("/sitemap-articles-1.xml").status_code, 404)
        self.assertEqual(locations(self.client, "/sitemap-news.xml"), [])

    def test_a_scheduled_article_is_there_from_its_minute_on(self):
        article = make_article(published_at=timezone.now() + timedelta(hours=1))
        self.assertNotIn(article.get_absolute_url(), addresses(self.client))
        with mock.patch("django.utils.timezone.now", return_value=article.published_at):
            self.assertIn(article.get_absolute_url(), addresses(self.client))

    def test_an_empty_journal_has_a_sitemap(self):
        Category.objects.all().delete()
        self.assertEqual(locations(self.client), ["/sitemap-site.xml"])
        lists = [
            "/",
            "/articles/",
            "/authors/",
            "/issues/",
            "/publications/",
            "/newsletter/",
            "/events/",
            "/most-read/",
            "/reads/",
        ]
        self.assertEqual(addresses(self.client), lists)


class CutTests(TestCase):
    """Maps are cut by primary key."""

    def test_an_address_stays_on_its_map(self):
        with mock.patch("articles.sitemaps.SIZE", 10):
            first = make_article(pk=100_009, slug="at-the-end")
            make_article(pk=100_010, slug="at-the-start")
            make_article(pk=100_045, slug="far-off")
            article_maps = [path for path in locations(self.client) if "articles" in path]
            self.assertEqual(article_maps, [f"/sitemap-articles-{n}.xml" for n in (10001, 10002, 10005)])
            self.assertEqual(
                [locations(self.client, path) for path in article_maps],
                [["/articles/at-the-end/"], ["/articles/at-the-start/"], ["/articles/far-off/"]],
            )
            first.withdraw()
            self.assertEqual([path for path in locations(self.client) if "articles" in path], article_maps[1:])
            self.assertEqual(locations(self.client, article_maps[1]), ["/articles/at-the-start/"])


class NewsTests(TestCase):
    def test_it_tells_of_the_last_two_days(self):
        hours = timedelta(hours=1)
        article = make_article(
            slug="new", title="Grain & <power>\x0b", language="kk-KZ", published_at=timezone.now() - 47 * hours
        )
        make_article(published_at=timezone.now() - 49 * hours)
        make_article(published_at=timezone.now() + hours)
        self.assertIn("/sitemap-news.xml", locations(self.client))
        tree = tree_of(self.client, "/sitemap-news.xml")
        self.assertEqual(texts(tree, "s:loc"), [f"{SITE}/articles/new/"])
        told = {name: texts(tree, f"news:{name}") for name in ("name", "language", "publication_date", "title")}
        moment = article.published_at.strftime("%Y-%m-%dT%H:%M:%SZ")
        self.assertEqual(
            told,
            {"name": ["The Analyst"], "language": ["kk"], "publication_date": [moment], "title": ["Grain & <power>"]},
        )
        (url,) = tree
        self.assertEqual(
            [etree.QName(child).localname for child in url.iter()],
            ["url", "loc", "news", "publication", "name", "language", "publication_date", "title"],
        )

    def test_it_holds_a_thousand_at_most(self):
        category = make_category()
        Article.objects.bulk_create(
            Article(title="N", slug=f"n-{n}", category=category, status="published", published_at=timezone.now() - timedelta(minutes=n))
            for n in range(1010)
        )  # fmt: skip
        found = locations(self.client, "/sitemap-news.xml")
        self.assertEqual((len(found), found[0]), (1000, "/articles/n-0/"))

    def test_chinese_is_named_as_google_asks(self):
        for language, code in {"zh-CN": "zh-cn", "zh-TW": "zh-tw", "zh": "zh", "": "en", "en-GB": "en"}.items():
            Article.objects.all().delete()
            make_article(language=language, published_at=timezone.now())
            self.assertEqual(texts(tree_of(self.client, "/sitemap-news.xml"), "news:language"), [code])
