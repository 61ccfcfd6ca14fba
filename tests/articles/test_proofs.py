"""The proof of a text that readers do not have yet, and what a mail shows of it."""

import pytest
from django.test import TestCase
from django.utils import timezone

from articles.models import Article, Author, Autosave, Tag
from articles.proofs import first_sentence, proof_of
from tests.factories import make_article, make_author, make_category, make_draft, make_editor, make_image

from .test_desk_article import DeskTests


class ProofTests(TestCase):
    def test_it_shows_the_snapshot_and_writes_nothing(self) -> None:
        article = make_article(title="Grain", authors=[make_author(name="Ada")], tags=["Ports"])
        text = article.snapshot() | {"title": "Rail", "tags": ["Rail", "Ports"], "background": "<p>Now.</p>"}
        text["bylines"] = [*text["bylines"], {"author": 0, "name": "Ben Gone", "affiliation": "", "bio": "<p>B.</p>"}]
        before = article.snapshot()
        with self.assertNumQueries(8):
            proof = proof_of(article, text)
        self.assertEqual((proof.title, proof.background), ("Rail", "<p>Now.</p>"))
        self.assertEqual([byline.name for byline in proof.bylines.all()], ["Ada", "Ben Gone"])
        self.assertEqual([tag.name for tag in proof.tags.all()], ["Rail", "Ports"])
        self.assertEqual(Article.objects.get().snapshot(), before)
        self.assertEqual((Author.objects.count(), Tag.objects.count()), (1, 1))

    def test_what_is_gone_is_left_out(self) -> None:
        article = make_draft(category=make_category(), lead_image=make_image())
        text = article.snapshot() | {"category": 0, "issue": 0, "lead_image": 0}
        proof = proof_of(article, text)
        self.assertEqual((proof.category, proof.issue, proof.lead_image), (None, None, None))


class PreviewTests(DeskTests):
    def setUp(self) -> None:
        super().setUp()
        self.article = make_article(
            title="Grain", slug="grain", background="<p>Then.</p>", authors=[make_author(name="Ada")]
        )
        self.url = f"/admin/articles/article/{self.article.pk}/preview/"

    def test_it_shows_what_was_saved_last_though_readers_do_not_see_it(self) -> None:
        self.save(self.article, background="<p>Now.</p>", tags="Rail", **{"bylines-0-name": "Dr. Ada"})
        page = self.client.get(self.url)
        self.assertContains(page, "Now.")
        self.assertContains(page, "Dr. Ada")
        self.assertContains(page, "/tags/rail/")
        self.assertNotContains(self.client.get("/articles/grain/"), "Now.")

    def test_and_what_its_editor_has_typed_since(self) -> None:
        text = self.article.snapshot() | {"background": "<p>Typed.</p>"}
        Autosave.objects.keep(self.editor, self.article, "", 0, text, timezone.now())
        self.assertContains(self.client.get(f"{self.url}?unsaved=1"), "Typed.")
        self.assertNotContains(self.client.get(self.url), "Typed.")
        self.client.force_login(make_editor())
        self.assertNotContains(self.client.get(f"{self.url}?unsaved=1"), "Typed.")

    def test_it_alone_may_be_shown_in_a_frame_and_only_in_ours(self) -> None:
        self.assertEqual(self.client.get(self.url)["X-Frame-Options"], "SAMEORIGIN")
        for url in ("/articles/grain/", f"/admin/articles/article/{self.article.pk}/change/", "/admin/"):
            self.assertEqual(self.client.get(url)["X-Frame-Options"], "DENY", url)

    def test_a_mail_shows_title_summary_and_how_the_conclusions_begin(self) -> None:
        self.save(self.article, conclusions="<p>Dr. Orlo was <em>right</em>. The ports stay shut.</p>")
        page = self.client.get(f"{self.url}?as=mail")
        self.assertContains(page, "What happened, and why.")
        self.assertContains(page, "<em>Dr. Orlo was right.</em>")
        self.assertNotContains(page, "The ports stay shut")
        self.assertIn("no-store", page["Cache-Control"])

    def test_it_counts_no_read(self) -> None:
        self.assertNotContains(self.client.get(self.url), "data-read=")


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("<p>One. Two.</p>", "One."),
        ("<p>One</p><p>Two.</p>", "One"),
        ("<p>Will it? Yes.</p>", "Will it?"),
        ("<p>Dr. A. B. Orlo of the U.S. Navy spoke. Then he left.</p>", "Dr. A. B. Orlo of the U.S. Navy spoke."),
        ("<p>It cost 3.5 million. More came.</p>", "It cost 3.5 million."),
        ("<p>“We are done.” Nobody was.</p>", "“We are done.”"),
        ("<p>水位上升。港口關閉。</p>", "水位上升。"),
        ("<p>A note.<small data-note>See no. 4.</small> Next.</p>", None),
        ("", ""),
    ],
)
def test_the_first_sentence(text: str, first: str | None) -> None:
    found = first_sentence(text)
    assert found.startswith("A note.") if first is None else found == first
