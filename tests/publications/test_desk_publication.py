"""Staff publications and partner sites in the desk."""

from typing import Any

from django.test import TestCase

from publications.models import Partner, Publication
from tests.articles.desk import DeskClient, form_of
from tests.factories import make_author, make_editor, make_partner, make_publication


class PublicationTests(TestCase):
    client_class = DeskClient

    def setUp(self) -> None:
        self.client.force_login(make_editor())

    def post(self, url: str, **fields: Any) -> Any:
        return self.client.post(url, form_of(self.client, url) | fields)

    def names(self, publication: Publication) -> list[str]:
        return list(publication.authorships.values_list("name", flat=True))

    def test_it_works(self) -> None:
        ada = make_author(name="Ada")
        rows = {
            "authorships-TOTAL_FORMS": 1,
            "authorships-0-author": ada.pk,
            "authorships-0-position": "",
            "authorships-0-name": "",
            "authorships-0-id": "",
        }
        url = "/admin/publications/publication/add/"
        answer = self.post(url, title="Corridors", date_text="May 2023", year=2023, month=5, precision="month", **rows)
        self.assertEqual(answer.status_code, 302)
        publication = Publication.objects.get()
        self.assertEqual((publication.date_text, publication.machine_date), ("May 2023", "2023-05"))
        self.assertEqual(self.names(publication), ["Ada"])

    def test_two_authors_change_places(self) -> None:
        publication = make_publication(authors=["Ada", "Ben"])
        url = f"/admin/publications/publication/{publication.pk}/change/"
        answer = self.post(url, **{"authorships-0-position": 2, "authorships-1-position": 1})
        self.assertEqual(answer.status_code, 302)
        self.assertEqual(self.names(publication), ["Ben", "Ada"])

    def test_nobody_stands_twice(self) -> None:
        publication = make_publication(authors=["Ada", "Ben"])
        url = f"/admin/publications/publication/{publication.pk}/change/"
        ada = publication.authorships.get(name="Ada").author
        self.assertContains(self.post(url, **{"authorships-1-author": ada.pk}), "Ada stands twice in this list.")
        self.assertEqual(self.names(publication), ["Ada", "Ben"])

    def test_the_printed_date_stays_and_doubts_are_shown(self) -> None:
        doubt = {"field": "date", "reason": "There is no such day.", "text": "January 34, 2022", "proposal": None}
        publication = make_publication(date_text="January 34, 2022", flags=[doubt, "Another <doubt>"])
        url = f"/admin/publications/publication/{publication.pk}/change/"
        page = self.client.get(url)
        self.assertContains(page, "There is no such day. · January 34, 2022")
        self.assertContains(page, "Another &lt;doubt&gt;")
        self.assertNotContains(page, 'name="flags"')
        self.assertEqual(self.post(url, outlet="Harbour Review").status_code, 302)
        publication.refresh_from_db()
        self.assertEqual((publication.date_text, publication.flags), ("January 34, 2022", [doubt, "Another <doubt>"]))

    def test_a_day_that_is_none_is_named(self) -> None:
        publication = make_publication()
        url = f"/admin/publications/publication/{publication.pk}/change/"
        self.assertContains(self.post(url, year="", month=1, day=34), "A day is a number from 1 to 31")
        self.assertContains(self.post(url, month=2, day=30), "There is no such day.")

    def test_a_twin_is_named(self) -> None:
        make_publication(title="Corridors", year=2022)
        other = make_publication(title="Other", year=2022)
        url = f"/admin/publications/publication/{other.pk}/change/"
        self.assertContains(self.post(url, title="CORRIDORS"), "is already here")

    def test_a_link_is_an_address_of_the_web(self) -> None:
        url = f"/admin/publications/publication/{make_publication().pk}/change/"
        self.assertEqual(self.post(url, link="javascript:alert(1)").status_code, 200)
        self.assertEqual(self.post(url, link="https://example.org/").status_code, 302)

    def test_the_list_costs_the_same_however_long(self) -> None:
        for _ in range(20):
            make_publication(authors=["Ada", "Ben"])
        with self.assertNumQueries(5):  # session, user, kinds, count, publications
            self.client.get("/admin/publications/publication/?q=publication")


class PartnerTests(TestCase):
    def test_it_works(self) -> None:
        self.client.force_login(make_editor())
        url = f"/admin/publications/partner/{make_partner().pk}/change/"
        self.client.post(url, form_of(self.client, url) | {"name": "Harbour Review"})
        self.assertEqual(Partner.objects.get().name, "Harbour Review")
        self.assertContains(self.client.get("/admin/publications/partner/"), "Harbour Review")
