"""How an article is cited: files that reference managers read, and lines to copy."""

import json
from datetime import UTC, date, datetime
from typing import Any

import bibtexparser
import pytest
import rispy
from django.test import TestCase, override_settings

from articles.citations import Name, Work, apa, bibtex, chicago, csl, ris
from tests.factories import make_article, make_author, make_category, make_draft, make_issue

NAMES = tuple(
    Name.of(name) for name in ("Blank, Stephen J.", "van der Berg, Jan-Piet", "Sujatmo", "Karim kyzy, Gulnara")
)


def work(**fields: Any) -> Work:
    known: dict[str, Any] = {
        "key": "blank2016grain-1", "kind": "article", "title": "Grain and power", "url": "https://journal.example/grain/",
        "authors": NAMES[:1], "date": (2016, 3, 15), "container": "The Analyst", "volume": "18", "number": "5",
    }  # fmt: skip
    return Work(**known | fields)


# Lines


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        (
            {},
            "Blank, Stephen J. “Grain and power.” <em>The Analyst</em> 18, no. 5 (March 15, 2016)."
            " https://journal.example/grain/.",
        ),
        (
            {"authors": NAMES[:2], "volume": "", "number": ""},
            "Blank, Stephen J., and Jan-Piet van der Berg. “Grain and power.” <em>The Analyst</em>, March 15, 2016."
            " https://journal.example/grain/.",
        ),
        (
            {"title": "Who pays for “winter”?", "doi": "10.5555/1", "authors": ()},
            "“Who pays for ‘winter’?” <em>The Analyst</em> 18, no. 5 (March 15, 2016). https://doi.org/10.5555/1.",
        ),
        (
            {"authors": NAMES[2:3] * 7, "volume": "", "number": "", "date": ()},
            "Sujatmo, Sujatmo, Sujatmo, et al. “Grain and power.” <em>The Analyst</em>. https://journal.example/grain/.",
        ),
        (
            {"kind": "book", "container": "", "publisher": "Quay Street Press", "date": (2018,)},
            "Blank, Stephen J. <em>Grain and power.</em> Quay Street Press, 2018. https://journal.example/grain/.",
        ),
    ],
)
def test_chicago(fields, line):
    assert chicago(work(**fields)) == line


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        (
            {},
            "Blank, S. J. (2016, March 15). Grain and power. <em>The Analyst</em>, <em>18</em>(5)."
            " https://journal.example/grain/",
        ),
        (
            {"authors": NAMES, "volume": "", "number": ""},
            "Blank, S. J., van der Berg, J.-P., Sujatmo, &amp; Karim kyzy, G. (2016, March 15). Grain and power."
            " <em>The Analyst</em>. https://journal.example/grain/",
        ),
        (
            {"authors": (), "title": "Who pays?", "date": ()},
            "Who pays? (n.d.). <em>The Analyst</em>, <em>18</em>(5). https://journal.example/grain/",
        ),
        (
            {"kind": "report", "container": "", "publisher": "Institute for Dry Lands", "date": (2025, 4)},
            "Blank, S. J. (2025, April). <em>Grain and power.</em> Institute for Dry Lands. https://journal.example/grain/",
        ),
    ],
)
def test_apa(fields, line):
    assert apa(work(**fields)) == line


def test_of_more_than_twenty_authors_apa_names_nineteen_and_the_last():
    many = tuple(Name(f"Person{n}") for n in range(1, 23))
    line = apa(work(authors=many))
    assert "Person19, … Person22 (2016" in line
    assert "Person20" not in line


def test_what_a_title_says_is_no_markup():
    assert "&lt;b&gt;" in chicago(work(title="<b>"))
    assert "&lt;b&gt;" in apa(work(title="<b>"))


# Files

HARD = work(
    title="{Tariffs} & 5 % of $1,000: #1_a ~ b^c \\ d",
    authors=(*NAMES, Name("Müller", "Çiğdem"), Name("阿依古丽", ""), Name("Ministry of Grain and Water")),
    abstract="One.\n\nTwo “quoted” — три.",
    keywords=("oil, gas", "Water"),
    doi="10.5555/a_b",
    issn="2050-084X",
    language="en",
)


def test_bibtex_is_read_back_by_a_parser_of_bibtex():
    (entry,) = bibtexparser.loads(bibtex([HARD])).entries
    assert (entry["ENTRYTYPE"], entry["ID"]) == ("article", "blank2016grain-1")
    assert entry["author"].split(" and ")[:2] == ["Blank, Stephen J.", "van der Berg, Jan-Piet"]
    assert "{Sujatmo}" in entry["author"]
    assert "{Ministry of Grain and Water}" in entry["author"]
    assert "Müller, Çiğdem" in entry["author"]
    assert (entry["year"], entry["month"], entry["volume"], entry["number"]) == ("2016", "March", "18", "5")
    assert r"\& 5 \% of \$1,000: \#1\_a \textasciitilde{} b\textasciicircum{}c \textbackslash{} d" in entry["title"]
    assert entry["doi"] == "10.5555/a_b"


def test_ris_is_read_back_by_a_parser_of_ris():
    (entry,) = rispy.loads(ris([HARD]))
    assert entry["type_of_reference"] == "JOUR"
    assert entry["authors"] == [name.inverted for name in HARD.authors]
    assert (entry["title"], entry["secondary_title"]) == (HARD.title, "The Analyst")
    assert (entry["year"], entry["date"], entry["volume"], entry["number"]) == ("2016", "2016/03/15", "18", "5")
    assert entry["keywords"] == ["oil, gas", "Water"]
    assert entry["abstract"] == "One. Two “quoted” — три."
    assert ris([HARD]).endswith("ER  - \r\n")


def test_csl_holds_names_in_two_parts_and_dates_as_numbers():
    (item,) = csl([HARD])
    assert item["type"] == "article-journal"
    assert item["author"][:3] == [
        {"family": "Blank", "given": "Stephen J."}, {"family": "van der Berg", "given": "Jan-Piet"}, {"literal": "Sujatmo"}
    ]  # fmt: skip
    assert item["issued"] == {"date-parts": [[2016, 3, 15]]}
    assert (item["container-title"], item["DOI"]) == ("The Analyst", "10.5555/a_b")


@pytest.mark.parametrize("write", [bibtex, ris, csl])
def test_what_is_not_known_is_not_said(write):
    bare = Work(key="x-1", kind="report", title="T", url="https://journal.example/")
    written = json.dumps(write([bare]))
    for word in ("None", "{}", "0000", "doi", "DO  -", "issued"):
        assert word not in written


def test_no_line_of_a_file_can_be_smuggled_in():
    nasty = work(title="A\r\nER  - \r\nTY  - JOUR", abstract="x\n@misc{y,}")
    assert len(rispy.loads(ris([nasty]))) == 1
    assert len(bibtexparser.loads(bibtex([nasty])).entries) == 1


class ArticleCitationTests(TestCase):
    def test_it_works(self):
        issue = make_issue(date=date(2016, 3, 15), volume=18, number=5)
        authors = [make_author(name="Stephen Blank"), make_author(name="Gulnara Karim kyzy")]
        make_article(slug="grain", title="Grain and power", authors=authors, issue=issue, tags=["Water"])
        bib = self.client.get("/articles/grain/cite.bib")
        self.assertEqual(bib.headers["Content-Type"], "application/x-bibtex; charset=utf-8")
        self.assertEqual(bib.headers["Content-Disposition"], 'attachment; filename="grain.bib"')
        (entry,) = bibtexparser.loads(bib.content.decode()).entries
        self.assertEqual(entry["author"], "Blank, Stephen and Karim kyzy, Gulnara")
        self.assertEqual(entry["url"], "http://localhost:8000/articles/grain/")
        self.assertIn("TI  - Grain and power\r\n", self.client.get("/articles/grain/cite.ris").content.decode())
        (item,) = self.client.get("/articles/grain/cite.json").json()
        self.assertEqual((item["volume"], item["issue"]), ("18", "5"))

    def test_the_day_is_that_of_the_journals_zone(self):
        make_article(slug="grain", published_at=datetime(2020, 1, 1, 3, tzinfo=UTC))
        with override_settings(TIME_ZONE="America/New_York"):
            (item,) = self.client.get("/articles/grain/cite.json").json()
        self.assertEqual(item["issued"], {"date-parts": [[2019, 12, 31]]})

    def test_a_number_in_preparation_is_not_told(self):
        make_article(slug="grain", issue=make_issue(volume=18, number=5, released_at=None))
        (item,) = self.client.get("/articles/grain/cite.json").json()
        self.assertNotIn("issue", item)

    def test_news_is_cited_as_news(self):
        make_article(slug="grain", category=make_category(is_news=True))
        self.assertTrue(self.client.get("/articles/grain/cite.ris").content.startswith(b"TY  - NEWS"))

    def test_what_is_not_public_or_no_format_is_not_found(self):
        make_draft(slug="secret")
        make_article(slug="grain")
        for path in ("/articles/secret/cite.bib", "/articles/grain/cite.doc", "/articles/never/cite.ris"):
            self.assertEqual(self.client.get(path).status_code, 404, path)

    def test_an_old_address_leads_to_the_file_at_the_new_one(self):
        article = make_article(slug="grain")
        article.slug = "wheat"
        article.save()
        self.assertRedirects(self.client.get("/articles/grain/cite.bib"), "/articles/wheat/cite.bib", status_code=301)

    def test_the_page_offers_the_lines_and_the_files(self):
        make_article(slug="grain", title="Grain", authors=[make_author(name="Ada Orlo")])
        page = self.client.get("/articles/grain/")
        self.assertContains(page, "Orlo, Ada. “Grain.” <em>The Analyst</em>, March 15, 2016.")
        self.assertContains(page, "Orlo, A. (2016, March 15). Grain. <em>The Analyst</em>.")
        for extension in ("bib", "ris", "json"):
            self.assertContains(page, f'href="/articles/grain/cite.{extension}"')

    def test_its_cost_does_not_grow_with_the_authors(self):
        make_article(slug="grain", authors=[make_author() for _ in range(9)], tags=["A", "B", "C"])
        with self.assertNumQueries(3):  # article; bylines with authors; tags
            self.client.get("/articles/grain/cite.bib")
