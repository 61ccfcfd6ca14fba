"""A manuscript becomes a draft in the desk, and its sources stand beside it."""

from typing import Any

from django.contrib.auth.models import Permission, User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase

from articles.models import Article, Source
from tests.factories import make_draft, make_editor

from .desk import DeskClient

IMPORT = "/admin/articles/article/import/"
TEXT = """Grain and Power
By Ada Person (3/15/2016 issue of the CACI Analyst)

The ports closed, and grain went by rail.

BACKGROUND: In 2022 the ports closed.

IMPLICATIONS: Much follows.

CONCLUSIONS: Little is certain.

AUTHOR'S BIO: Ada Person is a fellow at the Littoral Institute.
"""


class ImportTests(TestCase):
    client_class = DeskClient

    def setUp(self) -> None:
        self.editor = make_editor()
        self.client.force_login(self.editor)

    def send(self, data: str | bytes = TEXT, name: str = "grain.txt") -> Any:
        content = data.encode() if isinstance(data, str) else data
        return self.client.post(IMPORT, {"file": SimpleUploadedFile(name, content)}, follow=True)

    def test_it_works(self) -> None:
        page = self.send()
        article = Article.objects.get()
        source = article.sources.get()
        self.assertRedirects(page, f"/admin/articles/article/{article.pk}/intake/{source.pk}/")
        self.assertEqual(article.status, Article.Status.DRAFT)
        self.assertIn("In 2022 the ports closed.", article.background)
        self.assertContains(page, "is now a draft")
        newest = article.revisions.first()
        assert newest
        self.assertEqual(newest.editor, self.editor)

    def test_what_is_doubtful_stands_beside_the_draft(self) -> None:
        self.send()
        page = self.client.get(f"/admin/articles/article/{Article.objects.get().pk}/change/")
        self.assertContains(page, "grain.txt")
        self.assertContains(page, "Doubts")

    def test_the_same_file_again_changes_nothing(self) -> None:
        self.send()
        self.assertContains(self.send(), "was here already, unchanged")
        self.assertEqual(Article.objects.count(), 1)

    def test_a_refusal_names_what_is_wrong(self) -> None:
        page = self.send(b"%PDF-1.7 ...", "grain.docx")
        self.assertContains(page, "grain.docx: This is a PDF")
        self.assertFalse(Article.objects.exists())

    def test_it_needs_a_file_or_a_text(self) -> None:
        self.assertContains(self.client.post(IMPORT), "Choose a file, drop it here, or paste the text below.")

    def test_a_pasted_text_is_taken_in_like_a_file(self) -> None:
        self.client.post(IMPORT, {"pasted": TEXT})
        self.assertEqual(Article.objects.get().title, "Grain and Power")

    def test_what_the_clipboard_knows_of_its_form_is_kept(self) -> None:
        html = "<html><body><h1>Grain</h1><p>By Ada Person</p><p>Ports <em>closed</em>, and rails opened.</p></body></html>"
        self.client.post(IMPORT, {"pasted": "Grain", "pasted_html": html})
        self.assertIn("<em>closed</em>", Article.objects.get().body)

    def test_it_needs_the_permission_to_add_articles(self) -> None:
        reader = User.objects.create(username="reader", is_staff=True)
        reader.user_permissions.add(Permission.objects.get(codename="view_article"))
        self.client.force_login(reader)
        self.assertEqual(self.client.get(IMPORT).status_code, 403)
        self.assertEqual(self.client.post(IMPORT).status_code, 403)


class SourceTests(TestCase):
    def setUp(self) -> None:
        self.draft = make_draft(title="Grain")
        flag = {"field": "dateline", "reason": "Either way round.", "text": "03/12/2003", "proposal": "12 March 2003"}
        manuscript = {"flags": [flag], "unplaced": ["put-str", "<b>A stray line</b>"]}
        self.source = Source(article=self.draft, file_name="grain.docx", sha256="a" * 64, manuscript=manuscript)
        self.source.original.save("grain.docx", ContentFile(b"PK original"))
        self.url = f"/admin/articles/article/{self.draft.pk}/sources/{self.source.pk}/"
        self.form = f"/admin/articles/article/{self.draft.pk}/change/"

    def test_it_stands_beside_the_article(self) -> None:
        self.client.force_login(make_editor())
        page = self.client.get(self.form)
        for shown in ("grain.docx", "Either way round.", "03/12/2003", "Perhaps: 12 March 2003", "put-str",
                      "&lt;b&gt;A stray line&lt;/b&gt;", self.url):  # fmt: skip
            self.assertContains(page, shown)

    def test_the_original_is_downloaded_and_never_shown(self) -> None:
        self.client.force_login(make_editor())
        sent = self.client.get(self.url)
        self.assertEqual(b"".join(sent), b"PK original")
        self.assertEqual(sent["Content-Type"], "application/octet-stream")
        self.assertEqual(sent["Content-Disposition"], 'attachment; filename="grain.docx"')
        self.assertEqual(sent["X-Content-Type-Options"], "nosniff")
        self.assertIn("no-store", sent["Cache-Control"])

    def test_it_is_for_those_who_may_change_the_article(self) -> None:
        self.assertEqual(self.client.get(self.url).status_code, 302)
        reader = User.objects.create(username="reader", is_staff=True)
        reader.user_permissions.add(Permission.objects.get(codename="view_article"))
        self.client.force_login(reader)
        self.assertEqual(self.client.get(self.url).status_code, 403)
        self.assertNotContains(self.client.get(self.form), self.url)

    def test_it_belongs_to_its_article(self) -> None:
        self.client.force_login(make_editor())
        other = make_draft()
        self.assertEqual(
            self.client.get(f"/admin/articles/article/{other.pk}/sources/{self.source.pk}/").status_code, 404
        )

    def test_one_whose_file_is_gone_is_not_found(self) -> None:
        self.client.force_login(make_editor())
        self.source.original.delete(save=False)
        Source.objects.filter(pk=self.source.pk).update(original="sources/gone.docx")
        self.assertEqual(self.client.get(self.url).status_code, 404)
