"""Somebody without an account reads a proof by a link, comments on it, and approves it or asks for changes."""

import logging
from datetime import timedelta
from smtplib import SMTPException
from typing import Any
from unittest.mock import patch

from django.core import mail
from django.utils import timezone
from time_machine import travel

from analyst.logs import WithoutSecrets
from articles.models import Article, Revision, SignOff
from articles.prose import in_blocks, lay_out
from tests.factories import make_article, make_author, make_draft, make_editor, make_image

from .desk import form_of
from .test_desk_article import DeskTests, change


class LinkTests(DeskTests):
    def setUp(self) -> None:
        super().setUp()
        self.image = make_image(credit="A harbour")
        self.ada = make_author(name="Ada Orlo", affiliation="Ismere University", bio="<p>Writes on grain.</p>")
        self.article = make_article(
            title="Grain",
            slug="grain",
            lead_image=self.image,
            background="<p>The ports closed.</p><ul><li>One</li></ul>",
            conclusions="<p>They stay shut.</p>",
        )
        row = {"author": self.ada.pk, "name": "Ada Orlo", "affiliation": "Ismere University"}
        text = self.article.snapshot() | {"bylines": [row | {"bio": "<p>Writes on <em>grain</em>.</p>"}]}
        self.article.restore(text)
        self.article.revise()
        self.save(self.article, title="Grain and power", implications="<p>Proof only.</p>")
        self.revision: Revision = self.article.revisions.first()
        self.sign_off, token = SignOff.objects.ask(
            self.revision, self.editor, timezone.now(), author=self.ada, person="Ada Orlo"
        )
        self.url, self.shown = f"/sign-off/{token}/", f"/sign-off/{token}/images/{self.image.key}.jpg"
        self.client.logout()

    def answer(self, answer: str = "approved", **said: str) -> Any:
        printed = {"affiliation": "Ismere University", "bio": "Writes on grain."}
        return self.client.post(self.url, printed | {"answer": answer} | said)

    def answered(self) -> SignOff:
        return SignOff.objects.get()


class ReadingTests(LinkTests):
    def test_it_shows_the_proof_of_its_revision_and_not_what_readers_see(self) -> None:
        self.assertContains(self.client.get(self.url), "Proof only.")
        self.client.force_login(self.editor)
        self.save(self.article, implications="<p>Later.</p>")
        page = self.client.get(self.url)
        self.assertContains(page, "Grain and power")
        self.assertNotContains(page, "Later.")

    def test_nothing_may_keep_it_find_it_or_tell_its_address(self) -> None:
        page = self.client.get(self.url)
        self.assertEqual(page["Cache-Control"], "private, no-store")
        self.assertIn("noindex", page["X-Robots-Tag"])
        self.assertEqual(page["Referrer-Policy"], "no-referrer")
        self.assertEqual(page["X-Frame-Options"], "DENY")
        self.assertNotContains(page, "canonical")
        self.assertNotContains(page, self.url)

    def test_it_needs_no_cookie_and_gives_none(self) -> None:
        self.assertEqual({**self.client.get(self.url).cookies}, {})
        self.assertEqual({**self.answer().cookies}, {})

    def test_to_look_changes_nothing(self) -> None:
        before = [*SignOff.objects.values()]
        for ask in (self.client.get, self.client.head, self.client.options, self.client.put):
            ask(self.url)
        self.client.get(f"{self.url}?answer=approved")
        self.assertEqual([*SignOff.objects.values()], before)

    def test_the_token_is_kept_by_nobody_else(self) -> None:
        token = self.url.split("/")[2]
        self.assertNotIn(token, str([*SignOff.objects.values()]))
        self.assertGreaterEqual(len(token), 43)

    def test_its_images_are_shown_under_its_address_and_no_others(self) -> None:
        self.assertContains(self.client.get(self.url), f'src="images/{self.image.key}.jpg"')
        shown = self.client.get(self.shown)
        self.assertEqual((shown.status_code, shown["Cache-Control"]), (200, "private, no-store"))
        b"".join(shown)
        other = make_image(80, 50)
        make_draft(lead_image=other)
        self.assertEqual(self.client.get(f"{self.url}images/{other.key}.jpg").status_code, 404)


class ClosedTests(LinkTests):
    def assertClosed(self, url: str) -> None:
        for found in (
            self.client.get(url),
            self.client.post(url, {"answer": "approved"}),
            self.client.get(self.shown),
        ):
            self.assertEqual(found.status_code, 404)
        self.assertEqual(self.answered().answer, "")

    def test_a_second_after_its_time_is_over(self) -> None:
        with travel(self.sign_off.expires_at - timedelta(seconds=1), tick=False):
            self.assertEqual(self.client.get(self.url).status_code, 200)
        with travel(self.sign_off.expires_at + timedelta(seconds=1), tick=False):
            self.assertClosed(self.url)

    def test_taken_back(self) -> None:
        self.sign_off.revoke(timezone.now())
        self.assertClosed(self.url)

    def test_of_a_deleted_article(self) -> None:
        self.article.delete()
        self.assertEqual(self.client.get(self.url).status_code, 404)

    def test_mistyped(self) -> None:
        for token in (self.url[10:-2], "x", "%00", "é" * 300, self.sign_off.token_hash):
            self.assertEqual(self.client.get(f"/sign-off/{token}/").status_code, 404, token)

    def test_it_lasts_two_days_and_never_more_than_seven(self) -> None:
        now = timezone.now()
        self.assertEqual(self.sign_off.expires_at - self.sign_off.asked_at, timedelta(hours=48))
        long, _ = SignOff.objects.ask(self.revision, self.editor, now, timedelta(days=30), person="B")
        self.assertEqual(long.expires_at, now + timedelta(days=7))

    def test_no_log_keeps_the_address(self) -> None:
        with self.assertLogs("django.request", "WARNING") as logs:
            self.client.get("/sign-off/a-secret-of-somebody/")
        record: logging.LogRecord = logs.records[0]
        WithoutSecrets().filter(record)
        self.assertIn("/sign-off/…/", record.getMessage())
        self.assertNotIn("a-secret", record.getMessage())


class AnswerTests(LinkTests):
    def test_it_works(self) -> None:
        self.assertRedirects(self.answer(), self.url, status_code=303)
        self.assertEqual(self.answered().answer, "approved")
        self.assertContains(self.client.get(self.url), "You have approved this text")

    def test_comments_stand_with_their_paragraphs(self) -> None:
        self.answer("changes", **{"background-1": "Two, not one.", "summary-0": "Shorter?"})
        said = [(row["part"], row["place"], row["quote"], row["text"]) for row in self.answered().comments]
        self.assertEqual(
            said,
            [("summary", 0, "What happened, and why.", "Shorter?"), ("background", 1, "One", "Two, not one.")],
        )

    def test_corrections_of_oneself_are_proposed_and_nothing_is_written(self) -> None:
        self.answer(bio="Writes on grain\r\nand on rail.")
        self.assertEqual(self.answered().corrections, {"bio": "<p>Writes on grain\nand on rail.</p>"})
        self.ada.refresh_from_db()
        self.assertEqual(self.ada.bio, "<p>Writes on grain.</p>")
        self.assertEqual(self.article.revisions.count(), 2)

    def test_changes_need_a_word_about_what(self) -> None:
        refused = self.answer("changes")
        self.assertContains(refused, "Say what should change", status_code=400)
        self.assertEqual(self.answered().answer, "")

    def test_what_is_refused_keeps_all_that_was_written(self) -> None:
        refused = self.answer("", message="My words", **{"background-0": "x" * 5_001, "conclusions-0": "And these"})
        self.assertContains(refused, "My words", status_code=400)
        self.assertContains(refused, "And these", status_code=400)
        self.assertContains(refused, "Press one of the two buttons.", status_code=400)

    def test_it_is_answered_once(self) -> None:
        self.answer("changes", message="Not yet.")
        self.answer()
        self.assertEqual((self.answered().answer, self.answered().message), ("changes", "Not yet."))

    def test_what_is_written_is_never_markup(self) -> None:
        self.answer("changes", message="<script>x</script>", bio="<script>x</script>B", affiliation="<b>U</b>")
        self.assertNotContains(self.client.get(self.url), "<script>x")
        self.client.force_login(self.editor)
        page = self.client.get(f"/admin/articles/article/{self.article.pk}/sign-offs/{self.sign_off.pk}/")
        self.assertNotContains(page, "<script>x")
        self.assertNotContains(page, "<b>U")

    def test_somebody_who_is_no_author_is_asked_nothing_about_a_bio(self) -> None:
        _, token = SignOff.objects.ask(self.revision, self.editor, timezone.now(), person="Referee")
        page = self.client.get(f"/sign-off/{token}/")
        self.assertNotContains(page, "About you")
        self.assertEqual(self.client.post(f"/sign-off/{token}/", {"answer": "approved"}).status_code, 303)


class DeskSideTests(LinkTests):
    def setUp(self) -> None:
        super().setUp()
        self.client.force_login(self.editor)
        self.list = f"/admin/articles/article/{self.article.pk}/sign-offs/"
        self.one = f"{self.list}{self.sign_off.pk}/"

    def ask(self, **fields: Any) -> Any:
        return self.client.post(self.list, {"author": self.ada.pk, "email": "", "hours": 48} | fields)

    def test_a_link_is_made_shown_once_and_mailed(self) -> None:
        page = self.ask(email="ada@example.org")
        made = SignOff.objects.first()
        assert made
        url = page.context["url"]
        self.assertEqual((made.person, made.revision), ("Ada Orlo", self.revision))
        self.assertContains(page, url)
        self.assertIn(url, mail.outbox[0].body)
        self.assertEqual(mail.outbox[0].to, ["ada@example.org"])
        self.assertNotContains(self.client.get(self.list), url)
        self.assertContains(self.client.get(f"/sign-off/{url.split('/')[-2]}/"), "Proof only.")

    def test_a_mail_server_that_is_away_loses_no_link(self) -> None:
        with patch("articles.letters.EmailMessage.send", side_effect=SMTPException("away")):
            page = self.ask(email="ada@example.org")
        self.assertContains(page, "could not be sent")
        self.assertContains(page, page.context["url"])

    def test_it_is_asked_of_somebody_for_seven_days_at_most(self) -> None:
        self.assertContains(self.ask(author=""), "Name who is asked.")
        self.assertContains(self.ask(hours=169), "less than or equal to 168")
        self.assertEqual(SignOff.objects.count(), 1)

    def test_it_is_taken_back(self) -> None:
        self.client.post(f"/admin/articles/article/{self.article.pk}/sign-offs/{self.sign_off.pk}/revoke/")
        self.assertEqual(self.client.get(self.url).status_code, 404)
        self.assertContains(self.client.get(self.list), "back")

    def test_an_answer_stands_beside_its_paragraphs(self) -> None:
        self.answer("changes", **{"background-0": "Which ports?"}, affiliation="Port Sabel University")
        page = self.client.get(self.one)
        self.assertContains(page, "Which ports?")
        self.assertContains(page, "<del>Ismere </del><ins>Port Sabel </ins>")
        self.assertContains(self.client.get(self.list), "Changes asked for")

    def test_corrections_are_taken_into_the_byline_by_a_press(self) -> None:
        self.answer(affiliation="Port Sabel University")
        self.client.post(f"{self.one}take-over/", {"where": "byline", "base": self.revision.number})
        self.assertEqual(form_of(self.client, change(self.article))["bylines-0-affiliation"], "Port Sabel University")
        self.assertEqual(
            form_of(self.client, change(self.article))["bylines-0-bio"], "<p>Writes on <em>grain</em>.</p>"
        )
        self.ada.refresh_from_db()
        self.assertEqual(self.ada.affiliation, "Ismere University")

    def test_a_stale_page_takes_over_nothing(self) -> None:
        self.answer(affiliation="Port Sabel University")
        self.client.post(f"{self.one}take-over/", {"where": "byline", "base": 1})
        self.assertEqual(self.article.revisions.count(), 2)

    def test_or_onto_the_page_of_the_author(self) -> None:
        self.answer(affiliation="Port Sabel University")
        url = f"/admin/articles/article/{self.article.pk}/sign-offs/{self.sign_off.pk}/take-over/"
        self.client.post(url, {"where": "author"})
        self.ada.refresh_from_db()
        self.assertEqual(self.ada.affiliation, "Port Sabel University")

    def test_of_another_article_there_is_nothing_here(self) -> None:
        other = f"/admin/articles/article/{make_draft().pk}/sign-offs/{self.sign_off.pk}/"
        self.assertEqual(self.client.get(other).status_code, 404)
        self.assertEqual(self.client.post(f"{other}revoke/").status_code, 404)
        self.assertEqual(self.client.post(f"{other}take-over/").status_code, 404)

    def test_who_asked_gets_a_letter(self) -> None:
        self.editor.email = "nadia@example.org"
        self.editor.save()
        with patch("articles.letters.post") as post:
            self.answer(message="Fine.")
        to, subject, body, _ = post.enqueue.call_args.args
        self.assertEqual((to, subject), (self.editor.pk, "Approved: Grain"))
        self.assertIn("Ada Orlo has read the proof", body)
        self.assertIn("Fine.", body)

    def test_who_may_only_look_asks_nobody(self) -> None:
        self.client.force_login(make_editor(is_superuser=False))
        self.assertEqual(self.ask().status_code, 403)
        self.assertEqual(self.client.post(f"{self.one}revoke/").status_code, 403)

    def test_a_text_that_was_never_saved_in_the_desk_is_remembered_as_it_was_sent(self) -> None:
        article = make_draft(title="Rail")
        self.client.post(f"/admin/articles/article/{article.pk}/sign-offs/", {"person": "Ben", "hours": 1})
        self.assertEqual(Article.objects.get(pk=article.pk).revisions.get().snapshot["title"], "Rail")


def test_blocks_joined_again_are_the_page() -> None:
    text = (
        "<p>A &amp; b<br>c&nbsp;<small data-note>n</small></p>loose <em>words</em><ul><li><p>x</p></li></ul>"
        '<table><tr><td>1</td></tr></table><figure data-image="k"><figcaption>c</figcaption></figure><p>z</p>'
    )
    page = lay_out([("body", text)]).parts["body"]
    blocks = in_blocks(page)
    assert "".join(blocks) == page.replace("loose <em>", "loose <em>")
    assert len(blocks) == 6
