"""An article in a reader's library: what Zotero makes of the page, by the rules of its "Embedded Metadata"."""

from datetime import UTC, date, datetime
from unittest import mock

from django.test import TestCase
from selectolax.lexbor import LexborHTMLParser

from tests.factories import make_article, make_author, make_issue

FIELDS = {
    "title": "citation_title", "date": "citation_publication_date", "publicationTitle": "citation_journal_title",
    "volume": "citation_volume", "issue": "citation_issue", "DOI": "citation_doi", "abstractNote": "citation_abstract",
    "language": "citation_language", "pdf": "citation_pdf_url",
}  # fmt: skip


def authors_of(written: str) -> list[tuple[str, str]]:
    """Family and given name. A semicolon parts people; so does a comma with a space in the words on both of its sides."""
    people = [written]
    if ";" in written:
        people = written.split(";")
    elif len(parts := written.split(",")) > 1 and all(" " in part.strip(" ") for part in parts[:2]):
        people = parts
    names = []
    for person in (" ".join(person.split()) for person in people if person.strip()):
        family, comma, given = person.partition(",")
        if not comma:  # the last word is the family's
            given, _, family = person.rpartition(" ")
        names.append((family.strip(), given.strip()))
    return names


def as_zotero_reads(page: str) -> dict[str, object]:
    metas = [
        (meta.attributes["name"] or "", meta.attributes["content"] or "")
        for meta in LexborHTMLParser(page).css("head > meta[name][content]")
    ]
    found: dict[str, object] = {
        field: next((" ".join(content.split()) for name, content in metas if name.endswith(wanted)), None)
        for field, wanted in FIELDS.items()
    }
    is_in_a_journal = any(name == "citation_journal_title" for name, _ in metas)
    written = [content for name, content in metas if name.endswith("citation_author")]
    return found | {
        "itemType": "journalArticle" if is_in_a_journal else "webpage",
        "authors": [person for content in written for person in authors_of(content)],
    }


class ZoteroTests(TestCase):
    maxDiff = None

    def test_it_has_title_authors_in_order_date_journal_number_abstract_and_pdf(self):
        names = {
            "Zoë Blank": ("Blank", "Zoë"),
            "Gulnara Karim kyzy": ("Karim kyzy", "Gulnara"),
            "Sujatmo": ("Sujatmo", ""),
            "María José García Márquez": ("García Márquez", "María José"),
            "Bo Ek": ("Ek", "Bo"),
        }
        authors = [
            make_author(name=name, sort_name=", ".join(part for part in parts if part)) for name, parts in names.items()
        ]
        make_article(
            slug="grain", title='Grain & "power": <1>', summary="<p>What <em>happened</em>.</p><p>And why.</p>",
            authors=authors, issue=make_issue(date=date(2016, 3, 16), volume=18, number=5), doi="10.5555/1",
            published_at=datetime(2016, 3, 15, 12, tzinfo=UTC),
        )  # fmt: skip
        with mock.patch("articles.pdf.is_available", return_value=True):
            found = as_zotero_reads(self.client.get("/articles/grain/").content.decode())
        self.assertEqual(
            found,
            {
                "itemType": "journalArticle", "title": 'Grain & "power": <1>', "authors": [*names.values()],
                "date": "2016/03/15", "publicationTitle": "The Analyst", "volume": "18", "issue": "5",
                "DOI": "10.5555/1", "abstractNote": "What happened. And why.", "language": "en",
                "pdf": "http://localhost:8000/articles/grain/grain.pdf",
            },
        )  # fmt: skip
