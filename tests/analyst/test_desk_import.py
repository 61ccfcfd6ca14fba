"""A manuscript that is dropped on the desk also fills the staff publications."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase

from articles.models import Article
from publications.models import Publication
from tests.articles.desk import DeskClient
from tests.factories import make_editor

PAGE = """Grain and power

Published in Field Reports

By Ada Person

The ports closed.

Staff Publications

Book Ada Person, Small Ports, Harbour School Press, May 2018.

Oped Omar Reyes, Ferries for All, The Quay, March 2, 2019.
"""


class DeskImportTests(TestCase):
    client_class = DeskClient

    def setUp(self) -> None:
        self.client.force_login(make_editor())

    def send(self, text: str = PAGE) -> Any:
        upload = SimpleUploadedFile("page.txt", text.encode())
        return self.client.post("/admin/articles/article/import/", {"file": upload}, follow=True)

    def test_it_works(self) -> None:
        self.assertContains(self.send(), "2 staff publications are new.")
        self.assertEqual(set(Publication.objects.values_list("title", flat=True)), {"Small Ports", "Ferries for All"})

    def test_the_same_page_again_adds_none(self) -> None:
        self.send()
        self.assertNotContains(self.send(), "staff publication")
        self.assertEqual(Publication.objects.count(), 2)

    def test_another_page_with_the_same_lines_adds_none(self) -> None:
        self.send()
        self.send(PAGE.replace("Grain and power", "Rails and power"))
        self.assertEqual((Article.objects.count(), Publication.objects.count()), (2, 2))

    def test_a_refused_file_adds_none(self) -> None:
        self.assertContains(self.send("\0"), "is not text")
        self.assertFalse(Publication.objects.exists())
