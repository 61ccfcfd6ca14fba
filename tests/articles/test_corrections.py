"""What was published changes only with a word to its readers, and a retraction keeps the record."""

import json
import re
from typing import Any

import feedparser
from django.contrib.admin.models import LogEntry
from django.test import TestCase
from selectolax.lexbor import LexborHTMLParser

from articles.models import Article, Correction
from tests.factories import LONG_AGO, make_article, make_author, make_draft, make_editor, make_issue

from .schema_org import unknown
from .test_desk_article import DeskTests
from .test_states import make_writer

Kind = Correction.Kind
NOTED = [kind for kind in Kind if kind not in (Kind.TYPO, Kind.REINSTATEMENT)]


class AskingTests(DeskTests):
    """ "Publish changes" asks what kind of change it is."""

    def setUp(self) -> None:
        super().setUp()
        self.article = make_article(
            title="Grain", slug="grain", background="<p>Signed in 1997.</p>", authors=[make_author(name="Ada")]
        )

    def correct(self, kind: str, note: str = "", **changes: Any) -> Any:
        changes = {"background": "<p>Signed in 1998.</p>"} | changes
        return self.publish(self.article, correction=kind, correction_note=note, **changes)

    def test_words_do_not_change_without_a_kind(self) -> None:
        refused = self.correct("", **{"bylines-0-name": "Dr. Ada"})
        self.assertRefused(refused, "Say what kind of change this is. Readers see another byline, background.")
        self.assertContains(self.client.get("/articles/grain/"), "1997")

    def test_all_but_typos_need_a_note(self) -> None:
        for kind in NOTED:
            self.assertRefused(self.correct(kind, " "), "all but typos leave a note on the page")
        self.assertFalse(Correction.objects.exists())

    def test_a_typo_leaves_no_note_and_stands_in_the_history(self) -> None:
        self.assertSaved(self.correct("typo"))
        page = self.client.get("/articles/grain/")
        self.assertContains(page, "1998")
        self.assertNotContains(page, "Typo")
        self.assertTrue(LogEntry.objects.filter(object_id=self.article.pk, change_message="Typo").exists())
        self.assertEqual(self.client.get("/articles/grain/changes/1/").status_code, 404)

    def test_a_correction_leaves_its_note_and_both_texts(self) -> None:
        self.assertSaved(self.correct("correction", "An earlier version gave the wrong year."))
        page = self.client.get("/articles/grain/")
        self.assertContains(page, "An earlier version gave the wrong year.")
        self.assertContains(page, "/articles/grain/changes/1/")
        changes = self.client.get("/articles/grain/changes/1/")
        self.assertContains(changes, "<h2>Background</h2>", html=True)
        self.assertRegex(changes.content.decode(), r"Signed in <del>1997\.</del><ins>1998\.</ins>")
        self.assertContains(changes, 'content="noindex"')

    def test_it_says_who_and_when(self) -> None:
        self.correct("update", "The treaty was ratified.")
        correction = Correction.objects.get()
        self.assertEqual((correction.by, correction.number), (self.editor, 1))
        self.article.refresh_from_db()
        self.assertEqual(self.article.modified_at, correction.at)

    def test_a_change_of_tags_is_asked_nothing(self) -> None:
        self.assertSaved(self.publish(self.article, correction="", tags="Ports"))
        self.assertFalse(Correction.objects.exists())

    def test_a_note_needs_no_change_of_the_text(self) -> None:
        self.assertSaved(self.publish(self.article, correction="concern", correction_note="The data are in doubt."))
        page = self.client.get("/articles/grain/")
        self.assertContains(page, "Expression of concern")
        self.assertNotContains(page, "/changes/1/")

    def test_what_was_withdrawn_changes_no_other_way(self) -> None:
        self.article.withdraw("An error.")
        self.assertSaved(self.save(self.article, background="<p>Signed in 1998.</p>"))
        self.assertSaved(self.save(self.article, status="published"))
        self.assertContains(self.client.get("/articles/grain/"), "1997")
        self.assertRefused(self.publish(self.article, correction=""), "Say what kind of change this is.")

    def test_a_withdrawal_takes_the_text_and_leaves_a_notice(self) -> None:
        self.assertSaved(self.correct("withdrawal", "It rested on a forged letter."))
        page = self.client.get("/articles/grain/")
        self.assertContains(page, "It rested on a forged letter.", status_code=410)
        self.assertNotContains(page, "199", status_code=410)

    def test_enter_saves_and_publishes_nothing(self) -> None:
        page = self.client.get(f"/admin/articles/article/{self.article.pk}/change/").content.decode()
        first = LexborHTMLParser(page).css("#article_form [type=submit]")[0]
        self.assertEqual(first.attributes["name"], "_save")

    def test_a_draft_is_asked_nothing(self) -> None:
        draft = make_draft()
        self.assertNotContains(self.client.get(f"/admin/articles/article/{draft.pk}/change/"), "_publish_changes")
        self.assertSaved(self.save(draft, background="<p>More.</p>"))

    def test_without_the_right_changes_wait(self) -> None:
        self.client.force_login(make_writer())
        self.assertNotContains(
            self.client.get(f"/admin/articles/article/{self.article.pk}/change/"), "_publish_changes"
        )
        self.assertEqual(self.correct("typo").status_code, 403)
        self.assertSaved(self.save(self.article, background="<p>Signed in 1998.</p>"))
        self.assertContains(self.client.get("/articles/grain/"), "1997")
        self.client.force_login(self.editor)
        self.assertSaved(self.publish(self.article, correction="correction", correction_note="The year was wrong."))
        self.assertContains(self.client.get("/articles/grain/"), "1998")

    def test_two_corrections_are_compared_each_with_what_it_found(self) -> None:
        self.correct("correction", "The year was wrong.")
        self.correct("correction", "And so was the place.", background="<p>Signed in Ismere.</p>")
        first, second = (self.client.get(f"/articles/grain/changes/{n}/").content.decode() for n in (1, 2))
        self.assertIn("<del>1997.</del>", first)
        self.assertIn("<del>1998.</del>", second)


class ToldTests(TestCase):
    """A note is dated, and everybody is told: readers, feeds, machines."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.article = make_article(
            title="Grain", slug="grain", authors=[make_author(slug="ada")], issue=make_issue(), tags=["Ports"]
        )
        cls.other = make_article(title="Rail", slug="rail", tags=["Ports"])
        cls.editor = make_editor()

    def linked_data(self) -> dict[str, Any]:
        page = self.client.get("/articles/grain/").content.decode()
        data: dict[str, Any] = json.loads(
            re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.S)[0]
        )
        return data

    def test_every_kind_is_told_on_the_page_in_feeds_and_to_machines(self) -> None:
        for number, kind in enumerate(NOTED, 1):
            self.article.correct(kind, f"Of the kind {kind}.", by=self.editor)
            told = self.linked_data()["correction"][-1]
            self.assertEqual(
                (told["@type"], told["name"], told["text"]), ("CorrectionComment", kind.label, f"Of the kind {kind}.")
            )
            self.assertTrue(told["url"].endswith(f"/articles/grain/#correction-{number}"))
            self.assertEqual(unknown(self.linked_data()), [])
            for url in ("/articles/grain/", *(f"/feeds/articles.{form}" for form in ("atom", "rss", "json"))):
                self.assertContains(self.client.get(url), f"Of the kind {kind}.", msg_prefix=url)

    def test_feeds_tell_of_it_as_new(self) -> None:
        before = self.client.get("/feeds/articles.atom")
        self.article.correct(Kind.CORRECTION, "The year was wrong.")
        [entry] = [
            entry
            for entry in feedparser.parse(self.client.get("/feeds/articles.atom").content).entries
            if "Grain" in entry.title
        ]
        self.assertGreater(entry.updated, entry.published)
        self.assertIn(entry.id, before.content.decode())

    def test_the_sitemap_dates_it(self) -> None:
        self.article.correct(Kind.CORRECTION, "The year was wrong.")
        day = self.article.noted_at.date().isoformat()
        self.assertContains(self.client.get("/sitemap-articles-1.xml"), f"<lastmod>{day}")

    def test_a_retracted_article_stays_and_says_so_everywhere(self) -> None:
        self.article.correct(Kind.RETRACTION, "The data were invented.")
        for url in ("/articles/grain/", "/", "/articles/", "/tags/ports/", "/authors/ada/", self.article.issue.get_absolute_url(),
                    "/search/?q=grain", "/articles/rail/", "/feeds/articles.atom", "/feeds/articles.rss", "/feeds/articles.json",
                    "/articles/grain/cite.bib", "/articles/grain/cite.ris", "/articles/grain/cite.json"):  # fmt: skip
            self.assertRegex(self.client.get(url).content.decode(), r"RETRACTED: (<mark>)?Grain", url)
        page = self.client.get("/articles/grain/")
        self.assertContains(page, "What happened, and why.")
        for name in ("citation_title", "DC.title"):
            self.assertContains(page, f'<meta name="{name}" content="RETRACTED: Grain">', html=True)
        self.assertEqual(self.linked_data()["headline"], "RETRACTED: Grain")
        self.assertTrue(self.article.paper().html.count("RETRACTED: Grain"))
        self.assertIn("The data were invented.", self.article.paper().html)

    def test_it_keeps_its_address_and_its_reads(self) -> None:
        Article.objects.filter(pk=self.article.pk).update(imported_reads=15880, imported_reads_on=LONG_AGO)
        self.article.refresh_from_db()
        self.article.correct(Kind.RETRACTION, "The data were invented.")
        page = self.client.get("/articles/grain/")
        self.assertEqual(page.status_code, 200)
        self.assertContains(page, "15,880")

    def test_a_retraction_can_be_lifted(self) -> None:
        self.article.correct(Kind.RETRACTION, "The data were invented.")
        self.article.correct(Kind.REINSTATEMENT, "They were not.")
        page = self.client.get("/articles/grain/")
        self.assertNotContains(page, "RETRACTED")
        self.assertContains(page, "Retraction lifted")

    def test_a_withdrawn_article_shows_no_comparison(self) -> None:
        old, new = self.article.revise(), self.article.revise()
        self.article.correct(Kind.CORRECTION, "The year was wrong.", old=old, new=new)
        self.article.withdraw("An error.")
        self.assertEqual(self.client.get("/articles/grain/changes/1/").status_code, 410)

    def test_notes_of_many_cost_a_feed_one_question(self) -> None:
        for article in (self.article, self.other):
            article.correct(Kind.CORRECTION, "The year was wrong.")
            article.correct(Kind.UPDATE, "And more.")
        with self.assertNumQueries(3):  # articles, notes, belongings
            self.client.get("/feeds/articles.atom")
