"""What a page says of itself to machines: to Google Scholar, Zotero, search engines, and whoever shares a link."""

import json
from datetime import UTC, date, datetime

from django.test import TestCase, override_settings
from selectolax.lexbor import LexborHTMLParser

from tests.factories import make_article, make_author, make_category, make_draft, make_editor, make_image, make_issue

from .schema_org import unknown

SITE = "http://localhost:8000"


class MetadataTests(TestCase):
    def page(self, path="/articles/grain/"):
        return LexborHTMLParser(self.client.get(path).content.decode())

    def said(self, name, path="/articles/grain/"):
        selector = f'meta[name="{name}"], meta[property="{name}"]'
        return [meta.attributes["content"] for meta in self.page(path).css(selector)]

    def data(self, path="/articles/grain/"):
        (script,) = self.page(path).css('script[type="application/ld+json"]')
        data = json.loads(script.text())
        self.assertEqual(unknown(data), [])
        return data


class ScholarTests(MetadataTests):
    """https://scholar.google.com/intl/en/scholar/inclusion.html"""

    def test_every_author_in_order_each_followed_by_what_is_known_of_them(self):
        authors = [
            make_author(name="Stephen Blank", orcid="0000-0002-1825-0097"),
            make_author(name="Gulnara Karim kyzy"),
        ]
        article = make_article(slug="grain", authors=authors)
        article.bylines.filter(author=authors[0]).update(affiliation="Harbour School", name="Dr. Stephen Blank")
        names = [
            (meta.attributes["name"], meta.attributes["content"])
            for meta in self.page().css("meta[name^=citation_author]")
        ]
        self.assertEqual(
            names,
            [
                ("citation_author", "Blank, Stephen"),
                ("citation_author_institution", "Harbour School"),
                ("citation_author_orcid", "https://orcid.org/0000-0002-1825-0097"),
                ("citation_author", "Karim kyzy, Gulnara"),
            ],
        )

    def test_title_journal_date_number_and_abstract(self):
        issue = make_issue(date=date(2016, 3, 16), volume=18, number=5)
        make_article(
            slug="grain", title='Grain & "power" <1>', issue=issue, doi="10.5555/1", tags=["Water", "Rail"],
            summary="<p>What <em>happened</em>.</p><p>And why.</p>", published_at=datetime(2016, 3, 15, 12, tzinfo=UTC),
        )  # fmt: skip
        with override_settings(JOURNAL_ISSN="2050-084X"):
            for name, content in {
                "citation_title": ['Grain & "power" <1>'],
                "citation_journal_title": ["The Analyst"],
                "citation_publication_date": ["2016/03/15"],
                "citation_volume": ["18"],
                "citation_issue": ["5"],
                "citation_issn": ["2050-084X"],
                "citation_doi": ["10.5555/1"],
                "citation_abstract": ["What happened. And why."],
                "citation_keywords": ["Rail", "Water"],
                "citation_fulltext_html_url": [f"{SITE}/articles/grain/"],
            }.items():
                self.assertEqual(sorted(self.said(name)), content, name)

    def test_the_day_is_that_of_the_journals_zone(self):
        make_article(slug="grain", published_at=datetime(2020, 1, 1, 3, tzinfo=UTC))
        with override_settings(TIME_ZONE="America/New_York"):
            self.assertEqual(self.said("citation_publication_date"), ["2019/12/31"])
            self.assertEqual(self.data()["datePublished"], "2019-12-31T22:00:00-05:00")

    def test_dublin_core_stands_beside_it(self):
        make_article(slug="grain", title="Grain", authors=[make_author(name="Ada Orlo"), make_author(name="Sujatmo")])
        self.assertEqual(self.said("DC.title"), ["Grain"])
        self.assertEqual(self.said("DC.creator"), ["Orlo, Ada", "Sujatmo"])
        self.assertEqual(self.said("DC.date"), ["2016-03-15"])
        self.assertEqual(self.said("DC.identifier"), [f"{SITE}/articles/grain/"])

    def test_what_is_not_known_is_not_said(self):
        make_article(slug="grain", summary="")
        empty = [meta.html for meta in self.page().css("meta[content='']")]
        self.assertEqual(empty, [])
        for name in ("citation_author", "citation_volume", "citation_doi", "citation_abstract"):
            self.assertEqual(self.said(name), [], name)

    def test_a_number_in_preparation_is_not_told(self):
        make_article(slug="grain", issue=make_issue(volume=18, number=5, released_at=None))
        self.assertEqual(self.said("citation_volume"), [])
        self.assertEqual(self.data()["isPartOf"]["@type"], "Periodical")


class SharingTests(MetadataTests):
    def test_a_link_that_is_shared_shows_title_and_summary(self):
        make_article(slug="grain", title="Grain", authors=[make_author(slug="ann")])
        self.assertEqual(self.said("og:title"), ["Grain"])
        self.assertEqual(self.said("og:description"), ["What happened, and why."])
        self.assertEqual(self.said("og:url"), [f"{SITE}/articles/grain/"])
        self.assertEqual(self.said("article:author"), [f"{SITE}/authors/ann/"])
        self.assertEqual(self.said("twitter:card"), ["summary_large_image"])

    def test_a_change_before_publication_is_no_news(self):
        make_article(slug="grain", modified_at=datetime(2016, 3, 9, 12, tzinfo=UTC))
        self.assertEqual(self.said("article:modified_time"), ["2016-03-15T12:00:00+00:00"])


class LinkedDataTests(MetadataTests):
    def test_an_article_says_who_when_where_and_of_what_parts(self):
        issue = make_issue(date=date(2016, 3, 16), volume=18, number=5)
        author = make_author(name="Ada Orlo", slug="ada", orcid="0000-0002-1825-0097")
        image = make_image(1600, 900, credit="example.org", rights="https://creativecommons.org/licenses/by/4.0/")
        article = make_article(
            slug="grain", title="Grain", authors=[author], issue=issue, lead_image=image, tags=["Water"], licence="CC BY",
            background="<p>B</p>", conclusions="<p>C</p>", modified_at=datetime(2016, 4, 1, tzinfo=UTC),
        )  # fmt: skip
        article.bylines.update(affiliation="Harbour School")
        data = self.data()
        self.assertEqual((data["@type"], data["headline"]), ("ScholarlyArticle", "Grain"))
        self.assertEqual(
            (data["datePublished"], data["dateModified"]), ("2016-03-15T12:00:00+00:00", "2016-04-01T00:00:00+00:00")
        )
        self.assertEqual(
            data["author"],
            [
                {
                    "@type": "Person", "name": "Ada Orlo", "url": f"{SITE}/authors/ada/",
                    "sameAs": "https://orcid.org/0000-0002-1825-0097",
                    "affiliation": {"@type": "Organization", "name": "Harbour School"},
                }
            ],
        )  # fmt: skip
        self.assertEqual(
            [part["url"] for part in data["hasPart"]],
            [f"{SITE}/articles/grain/#{name}" for name in ("background", "conclusions")],
        )
        number = data["isPartOf"]
        self.assertEqual((number["issueNumber"], number["datePublished"]), ("5", "2016-03-16"))
        self.assertEqual(number["isPartOf"]["volumeNumber"], "18")
        self.assertEqual(number["isPartOf"]["isPartOf"]["name"], "The Analyst")
        self.assertEqual(data["image"]["creditText"], "example.org")
        self.assertEqual(data["image"]["license"], "https://creativecommons.org/licenses/by/4.0/")
        self.assertEqual(data["license"], {"@type": "CreativeWork", "name": "CC BY"})

    def test_a_category_says_whether_its_articles_are_news(self):
        make_article(slug="grain", category=make_category(is_news=True))
        self.assertEqual(self.data()["@type"], "NewsArticle")

    def test_no_title_can_end_the_script(self):
        title = "</script><img src=x onerror=alert(1)><!-- \u2028 &amp;"
        make_article(slug="grain", title=title)
        page = self.client.get("/articles/grain/").content.decode()
        self.assertNotIn("<img src=x", page)
        self.assertEqual(self.data()["headline"], title)

    def test_a_person_and_the_journal_have_data_too(self):
        author = make_author(name="Ada Orlo", slug="ada", bio="<p>A <em>fellow</em>.</p>", photo=make_image())
        make_article(slug="grain", authors=[author])
        person = self.data("/authors/ada/")
        self.assertEqual((person["@type"], person["name"], person["description"]), ("Person", "Ada Orlo", "A fellow."))
        self.assertEqual(self.data("/")["@type"], "Periodical")

    def test_every_script_and_name_of_any_language_comes_through(self):
        for n, name in enumerate(("Çiğdem Altınörs", "ნინო გელაშვილი", "阿依古丽", "ئالىم ئەنۋەر", "Nurlan Әуезов")):
            make_article(slug=f"a{n}", title=name, authors=[make_author(name=name)])
            self.assertEqual(self.data(f"/articles/a{n}/")["author"][0]["name"], name)
            self.assertEqual(self.said("citation_title", f"/articles/a{n}/"), [name])


class OtherPagesTests(MetadataTests):
    def test_a_withdrawn_article_says_nothing(self):
        make_article(slug="grain").withdraw("An error of fact.")
        self.assertEqual(self.page().css('meta[name^="citation"], script'), [])

    def test_a_preview_of_a_draft_can_be_looked_at(self):
        self.client.force_login(make_editor())
        draft = make_draft(authors=[make_author()])
        page = self.client.get(f"/admin/articles/article/{draft.pk}/preview/")
        self.assertNotContains(page, "cite.bib")
        self.assertNotContains(page, "citation_publication_date")

    def test_no_address_comes_from_the_request(self):
        make_article(slug="grain", authors=[make_author()])
        page = self.client.get("/articles/grain/", headers={"host": "127.0.0.1", "x-forwarded-host": "evil.example"})
        self.assertNotContains(page, "evil.example")
        self.assertNotContains(page, "127.0.0.1")
