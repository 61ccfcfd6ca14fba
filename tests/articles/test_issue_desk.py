"""The issue desk: a number is planned on its board, comes out with its articles, and can be taken back."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Issue
from tests.factories import LONG_AGO, make_article, make_author, make_draft, make_editor, make_image, make_issue

from .desk import fields_in, form_of
from .test_desk_article import DeskTests
from .test_states import make_writer

SOON = timezone.now().replace(microsecond=0) + timedelta(hours=1)


class ReleaseTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.nadia = make_editor(username="nadia")
        cls.issue = make_issue(date=date(2016, 3, 16), volume=18, number=5, released_at=None)
        cls.draft = make_draft(
            title="Grain",
            slug="grain",
            issue=cls.issue,
            issue_position=1,
            authors=[make_author(slug="ada")],
            tags=["Ports"],
        )
        cls.review = make_draft(title="Rail", slug="rail", issue=cls.issue, issue_position=2, status="review")
        cls.ahead = make_article(
            title="Gas", slug="gas", issue=cls.issue, published_at=datetime(2090, 1, 1, tzinfo=UTC)
        )
        cls.public = make_article(title="Oil", slug="oil", issue=cls.issue)
        cls.taken_back = make_article(title="Sand", slug="sand", issue=cls.issue, status="withdrawn")
        cls.alone = make_draft(title="Alone", slug="alone")

    def answers(self) -> dict[str, int]:
        paths = [
            "/issues/2016-03-16/",
            *(f"/articles/{name}/" for name in ("grain", "rail", "gas", "oil", "sand", "alone")),
            "/authors/ada/",
            "/tags/ports/",
        ]
        return {path: self.client.get(path).status_code for path in paths}

    def states(self) -> list[tuple[Any, ...]]:
        return list(Article.objects.order_by("pk").values_list("status", "published_at", "was_public", "due_at"))

    def test_everything_comes_out_together(self) -> None:
        self.issue.release(by=self.nadia)
        answers = self.answers()
        self.assertEqual([answers.pop(path) for path in ("/articles/sand/", "/articles/alone/")], [404, 404])
        self.assertEqual(set(answers.values()), {200})
        self.assertEqual(set(self.issue.going()), set())
        moments = {article.published_at for article in (Article.objects.filter(slug__in=["grain", "rail", "gas"]))}
        self.assertEqual(moments, {self.issue.released_at})
        for path in ("/", "/feeds/articles.atom", "/sitemap-articles-1.xml", "/issues/2016-03-16/"):
            self.assertContains(self.client.get(path), "grain", msg_prefix=path)
        self.assertContains(self.client.get("/sitemap-issues-1.xml"), "2016-03-16")

    def test_what_is_public_already_keeps_its_date(self) -> None:
        self.issue.release(by=self.nadia)
        self.assertEqual(Article.objects.get(slug="oil").published_at, LONG_AGO)

    def test_at_a_moment_ahead_nothing_is_early_and_nothing_late(self) -> None:
        self.issue.release(at=SOON, by=self.nadia)
        before, after = SOON - timedelta(seconds=1), SOON
        self.assertEqual(set(Article.objects.published(before)), {self.public})
        self.assertEqual(set(Article.objects.published(after)), {self.public, self.draft, self.review, self.ahead})
        self.assertNotIn(self.issue, Issue.objects.released(before))
        self.assertIn(self.issue, Issue.objects.released(after))

    def test_each_step_is_written_down(self) -> None:
        self.issue.release(by=self.nadia)
        self.issue.recall(by=self.nadia)
        said = list(LogEntry.objects.order_by("pk").values_list("object_repr", "change_message"))
        self.assertIn(("Grain", "Published."), said)
        self.assertIn(("Grain", "Recalled with the issue of 16 March 2016."), said)
        self.assertIn(("16 March 2016", "Recalled."), said)

    def test_recalled_it_is_as_if_it_never_had_been(self) -> None:
        states, answers = self.states(), self.answers()
        never = {path: self.client.get(path).content for path in answers if answers[path] == 404}
        self.issue.release(by=self.nadia)
        grain = Article.objects.get(slug="grain")
        grain.slug = "corn"  # which leaves a sign that must go, too
        grain.save()
        grain.slug = "grain"
        grain.save()
        self.issue.recall(by=self.nadia)
        self.assertEqual((self.states(), self.answers()), (states, answers))
        self.assertEqual(self.client.get("/articles/corn/").status_code, 404)
        for path, content in never.items():
            self.assertEqual(self.client.get(path).content, content, path)

    def test_what_was_withdrawn_meanwhile_stays_so(self) -> None:
        self.issue.release(by=self.nadia)
        Article.objects.get(slug="grain").withdraw("An error.")
        self.issue.recall(by=self.nadia)
        self.assertEqual(self.client.get("/articles/grain/").status_code, 410)

    def test_a_release_that_lies_ahead_can_be_recalled(self) -> None:
        states = self.states()
        self.issue.release(at=SOON, by=self.nadia)
        self.issue.recall(by=self.nadia)
        self.assertEqual(self.states(), states)
        self.assertNotIn(self.draft, Article.objects.published(SOON))

    def test_it_is_released_again_after_a_recall(self) -> None:
        for _ in range(2):
            self.issue.release(by=self.nadia)
            self.issue.recall(by=self.nadia)
        self.issue.release(by=self.nadia)
        self.assertEqual(self.client.get("/articles/grain/").status_code, 200)

    def test_released_twice_it_keeps_its_moment(self) -> None:
        self.issue.release(at=SOON, by=self.nadia)
        self.issue.release(by=self.nadia)
        self.assertEqual((self.issue.released_at, self.issue.releases.count()), (SOON, 1))


class BoardTests(DeskTests):
    def setUp(self) -> None:
        super().setUp()
        self.issue = make_issue(date=date(2016, 3, 16), released_at=None)
        author, image = make_author(name="Ada Orlo", bio="<p>A fellow.</p>"), make_image(credit="A. Lee")
        self.one, self.two, self.three = (
            make_draft(title=title, slug=title.lower(), status="review", issue=self.issue, issue_position=n, authors=[author],
                       lead_image=image, lead_image_alt="A harbour", body="<p>At length.</p>")
            for n, title in enumerate(("One", "Two", "Three"), 1)
        )  # fmt: skip
        self.url = f"/admin/articles/issue/{self.issue.pk}/board/"

    def order(self) -> list[str]:
        return [article.title for article in self.issue.articles.in_issue_order()]

    def fields(self) -> dict[str, Any]:
        return form_of(self.client, self.url)

    def place(self, positions: dict[Article, Any], **more: Any) -> Any:
        return self.client.post(
            self.url, self.fields() | {f"a{row.pk}-issue_position": n for row, n in positions.items()} | more
        )

    def act(self, verb: str, **fields: Any) -> Any:
        pk = self.issue.pk
        urls = {
            "slot": f"/admin/articles/issue/{pk}/slot/",
            "release": f"/admin/articles/issue/{pk}/release/",
            "recall": f"/admin/articles/issue/{pk}/recall/",
        }
        return self.client.post(urls[verb], {"base": self.fields()["base"]} | fields)

    def test_it_shows_articles_with_state_words_and_who_has_them(self) -> None:
        self.place({}, **{f"a{self.one.pk}-held_by": self.editor.pk, f"a{self.one.pk}-due_on": "2016-03-01"})
        page = self.client.get(self.url)
        for text in ("Ada Orlo", "In review", "nadia", 'value="2016-03-01"', "3 articles, 18 words"):
            self.assertContains(page, text)

    def test_two_change_places(self) -> None:
        self.assertSaved(self.place({self.one: 2, self.two: 1}))
        self.assertEqual(self.order(), ["Two", "One", "Three"])
        self.assertEqual([row.revisions.count() for row in (self.one, self.two, self.three)], [1, 1, 0])

    def test_numbers_that_make_no_sense_still_make_an_order(self) -> None:
        self.assertSaved(self.place({self.one: 900, self.two: "", self.three: 2}))
        self.assertEqual(self.order(), ["Three", "One", "Two"])

    def test_who_works_on_another_board_is_told_and_nothing_is_written(self) -> None:
        for changed in ({"title": "First"}, {}):
            sent = self.fields() | {f"a{self.one.pk}-issue_position": 3}
            self.one.title = changed.get("title", "One")
            self.one.due_on = None if changed else date(2016, 3, 1)
            self.one.save()
            self.one.revise()
            answer = self.client.post(self.url, sent)
            self.assertContains(answer, "Somebody changed this board in the meantime", status_code=409)
            self.assertEqual(self.issue.articles.in_issue_order()[0], self.one)

    def test_an_article_is_taken_out_and_put_in(self) -> None:
        self.assertSaved(self.place({}, **{f"a{self.two.pk}-take_out": "on"}))
        self.assertEqual(self.order(), ["One", "Three"])
        self.assertSaved(self.act("slot", article=self.two.pk))
        self.assertEqual(self.order(), ["One", "Three", "Two"])

    def test_a_slot_is_an_article_that_is_still_to_be_written(self) -> None:
        self.assertSaved(self.act("slot", title="Something on ports", due_on="2016-03-01", held_by=self.editor.pk))
        slot = Article.objects.get(title="Something on ports")
        self.assertEqual(
            (slot.issue, slot.issue_position, slot.held_by, slot.status), (self.issue, 4, self.editor, "draft")
        )
        self.assertContains(self.client.get(self.url), "no text yet")

    def test_a_slot_without_title_and_article_is_asked_about(self) -> None:
        self.assertContains(self.act("slot"), "Choose an article, or give a working title")

    def test_what_is_missing_stops_the_issue(self) -> None:
        Article.objects.filter(pk=self.two.pk).update(category=None)
        page = self.act("release")
        self.assertContains(page, "has no category")
        self.assertContains(page, "It cannot come out yet")
        self.assertContains(page, f"/admin/articles/article/{self.two.pk}/change/#at-category")
        self.issue.refresh_from_db()
        self.assertIsNone(self.issue.released_at)

    def test_what_is_doubtful_needs_a_reason_which_is_kept(self) -> None:
        Article.objects.filter(pk=self.two.pk).update(status="draft", lead_image_alt="")
        page = self.act("release")
        self.assertContains(page, "is a draft; nobody has been asked to review it")
        self.assertContains(page, "has a lead image without alternative text")
        self.assertContains(page, "Say why it goes out with these warnings")
        self.assertSaved(self.act("release", reason="The picture is plain."))
        said = LogEntry.objects.filter(object_id=self.two.pk).values_list("change_message", flat=True)
        self.assertIn("Released though it has a lead image without alternative text: The picture is plain.", said)

    def test_it_is_released_and_recalled_by_one_press_each(self) -> None:
        self.assertSaved(self.act("release"))
        self.assertEqual(self.client.get("/issues/2016-03-16/").status_code, 200)
        self.assertEqual(self.client.get("/articles/one/").status_code, 200)
        self.assertSaved(self.act("recall"))
        self.assertEqual(self.client.get("/issues/2016-03-16/").status_code, 404)
        self.assertEqual(self.client.get("/articles/one/").status_code, 404)
        self.assertEqual([row.status for row in self.issue.articles.all()], ["review"] * 3)

    def test_at_a_moment_that_is_given_in_the_zone_of_the_desk(self) -> None:
        self.client.post("/admin/articles/preferences/", {"zone": "Asia/Almaty"})
        self.assertSaved(self.act("release", at_0="2091-01-15", at_1="17:00"))
        self.issue.refresh_from_db()
        self.assertEqual(self.issue.released_at, datetime(2091, 1, 15, 12, tzinfo=UTC))
        self.assertContains(self.client.get(self.url), "Comes out at 15 January 2091, 17:00 (Asia/Almaty)")

    def test_what_changed_since_the_page_was_made_is_not_released(self) -> None:
        base = self.fields()["base"]
        self.one.revise()
        answer = self.client.post(f"/admin/articles/issue/{self.issue.pk}/release/", {"base": base})
        self.assertEqual(answer.status_code, 409)
        self.issue.refresh_from_db()
        self.assertIsNone(self.issue.released_at)

    def test_without_the_right_there_is_no_release(self) -> None:
        self.client.force_login(make_writer("view_issue", "change_issue", "add_article"))
        self.assertNotContains(self.client.get(self.url), "Release the issue")
        self.assertEqual(self.act("release").status_code, 403)
        self.assertEqual(self.act("recall").status_code, 403)
        self.assertSaved(self.place({self.one: 2, self.two: 1}))

    def test_who_has_left_still_has_what_they_had(self) -> None:
        left = make_editor(username="left", is_active=False)
        Article.objects.filter(pk=self.one.pk).update(held_by=left)
        self.assertSaved(self.place({self.one: 2, self.two: 1}))
        self.one.refresh_from_db()
        self.assertEqual(self.one.held_by, left)

    def test_a_form_that_was_refused_is_kept(self) -> None:
        page = self.place({self.one: 3}, **{f"a{self.two.pk}-due_on": "soon"})
        self.assertContains(page, "Enter a valid date.")
        kept = fields_in(page.content.decode())
        self.assertEqual((kept[f"a{self.one.pk}-issue_position"], kept[f"a{self.two.pk}-due_on"]), ("3", "soon"))
        self.assertSaved(self.client.post(self.url, kept | {f"a{self.two.pk}-due_on": ""}))

    def test_its_cost_does_not_grow_with_the_issue(self) -> None:
        for _ in range(12):
            make_draft(
                issue=self.issue,
                authors=[make_author(bio="<p>A.</p>"), make_author(bio="<p>B.</p>")],
                held_by=self.editor,
                due_on=date(2016, 3, 1),
            )
        self.assertLessEqual(self.queries(), 14 + 4 * 15)  # each text that is going is looked over by itself

    def queries(self) -> int:
        with CaptureQueriesContext(connection) as queries:
            self.client.get(self.url)
        return len(queries)

    def test_the_calendar_says_what_is_late_and_what_comes(self) -> None:
        today = timezone.localdate()
        make_draft(title="Late one", due_on=today - timedelta(days=3), held_by=self.editor)
        make_draft(title="Due one", due_on=today + timedelta(days=3))
        make_article(title="Scheduled one", published_at=SOON)
        page = self.client.get("/admin/articles/issue/calendar/").content.decode()
        late, coming = page.index("<h2>Late</h2>"), page.index("<h2>Coming</h2>")
        places = {text: page.index(text) for text in ("Late one", "Due one", "Scheduled one", "16 March 2016</a>")}
        self.assertTrue(late < places["Late one"] < coming < places["Scheduled one"] < places["Due one"])
        self.assertIn("is due from nadia", page)
        self.assertIn(self.url, page)
