"""Citations of staff publications, and of all that a person has published."""

import rispy
from django.test import TestCase

from tests.factories import make_article, make_author, make_publication


class PublicationCitationTests(TestCase):
    def test_a_book_has_a_publisher_and_an_op_ed_a_newspaper(self):
        make_publication(
            slug="ports", kind="Book", title="Small Ports", outlet="Quay Street Press", authors=["Ada Orlo"]
        )
        make_publication(slug="ferries", kind="Op-ed", title="Ferries for All", outlet="The Quay", authors=["Ada Orlo"])
        (book,) = rispy.loads(self.client.get("/publications/ports/cite.ris").content.decode())
        self.assertEqual((book["type_of_reference"], book["publisher"]), ("BOOK", "Quay Street Press"))
        (op_ed,) = rispy.loads(self.client.get("/publications/ferries/cite.ris").content.decode())
        self.assertEqual((op_ed["type_of_reference"], op_ed["secondary_title"]), ("NEWS", "The Quay"))
        self.assertIn(b"@book{orlo2022small-", self.client.get("/publications/ports/cite.bib").content)

    def test_a_date_is_as_precise_as_it_is_known(self):
        cases = [
            ({"year": 2022, "month": 1, "day": 3, "precision": "day"}, [2022, 1, 3]),
            ({"year": 2022, "month": 1, "precision": "month"}, [2022, 1]),
            ({"year": 2017, "month": 4, "precision": "season"}, [2017]),
            ({"year": 2017, "month": None, "precision": "year"}, [2017]),
        ]
        for n, (fields, parts) in enumerate(cases):
            make_publication(slug=f"p{n}", **fields)
            (item,) = self.client.get(f"/publications/p{n}/cite.json").json()
            self.assertEqual(item["issued"], {"date-parts": [parts]})

    def test_its_page_offers_the_lines_and_the_files(self):
        make_publication(
            slug="ports", kind="Book", title="Small Ports", outlet="Quay Street Press", authors=["Ada Orlo"]
        )
        page = self.client.get("/publications/ports/")
        self.assertContains(page, "Orlo, Ada. <em>Small Ports.</em> Quay Street Press, 2022.")
        self.assertContains(page, 'href="/publications/ports/cite.bib"')

    def test_what_is_not_shown_is_not_cited(self):
        make_publication(slug="hidden", is_listed=False)
        self.assertEqual(self.client.get("/publications/hidden/cite.bib").status_code, 404)


class AuthorCitationTests(TestCase):
    def test_all_that_a_person_has_published_is_one_file(self):
        ada = make_author(name="Ada Orlo", slug="ada")
        make_article(title="Grain", authors=[ada])
        make_publication(title="Small Ports", authors=["Ada Orlo"])
        make_publication(title="Hidden", authors=["Ada Orlo"], is_listed=False)
        make_article(title="Draft", authors=[ada], status="draft")
        entries = rispy.loads(self.client.get("/authors/ada/cite.ris").content.decode())
        self.assertEqual([entry["title"] for entry in entries], ["Grain", "Small Ports"])
        self.assertContains(self.client.get("/authors/ada/"), 'href="/authors/ada/cite.bib"')

    def test_its_cost_does_not_grow_with_the_list(self):
        ada = make_author(name="Ada Orlo", slug="ada")
        for n in range(12):
            make_article(authors=[ada, make_author()], tags=[f"Tag {n}"])
            make_publication(authors=["Ada Orlo", "Ben Adda"])
        with self.assertNumQueries(6):  # author; articles, bylines, tags; publications, authorships
            self.assertEqual(len(self.client.get("/authors/ada/cite.json").json()), 24)

    def test_nobody_is_not_found(self):
        self.assertEqual(self.client.get("/authors/nobody/cite.bib").status_code, 404)
