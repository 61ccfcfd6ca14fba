"""Draft, in review, published, withdrawn: who may take which step, and that it is written down."""

from datetime import timedelta
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.test import TestCase
from django.utils import timezone

from articles.models import Article
from tests.factories import make_article, make_draft, make_editor

from .desk import form_of
from .test_desk_article import DeskTests, change

Status = Article.Status
TOMORROW = timezone.now() + timedelta(days=1)


def make_writer(*codenames: str) -> User:
    """An editor with the rights to look and change, and these."""
    writer = User.objects.create(username=f"writer{User.objects.count()}", is_staff=True)
    rights = ["view_article", "change_article", "view_byline", "change_byline", "add_byline", *codenames]
    writer.user_permissions.set(Permission.objects.filter(codename__in=rights))
    return writer


class StepTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.nadia = make_editor(username="nadia")

    def test_each_step_says_who_took_it_and_when(self) -> None:
        article = make_draft()
        steps: list[tuple[Any, str]] = [
            (article.ask_for_review, "Sent to review."),
            (article.send_back, "Sent back to its writer."),
            (article.publish, "Published."),
            (article.withdraw, "Withdrawn."),
        ]
        for take, said in steps:
            before = timezone.now().replace(microsecond=0)
            take(by=self.nadia)
            article.refresh_from_db()
            self.assertEqual(article.status_by, self.nadia)
            self.assertGreaterEqual(article.status_at, before)
            entry = LogEntry.objects.order_by("pk").last()
            self.assertEqual((entry.user, entry.object_id, entry.change_message), (self.nadia, str(article.pk), said))

    def test_a_date_ahead_stands_in_the_history_with_its_zone(self) -> None:
        make_draft().publish(at=TOMORROW, by=self.nadia)
        self.assertRegex(LogEntry.objects.get().change_message, r"^Published, from .* \(UTC\) on\.$")

    def test_an_import_takes_steps_without_a_person(self) -> None:
        make_draft().publish()
        self.assertFalse(LogEntry.objects.exists())

    def test_what_nobody_has_read_may_be_brought_anywhere_but_withdrawn(self) -> None:
        self.assertEqual(make_draft().next_states(), [Status.DRAFT, Status.REVIEW, Status.PUBLISHED])
        self.assertEqual(make_article(published_at=TOMORROW).next_states(), list(Status))

    def test_what_was_public_is_published_or_withdrawn(self) -> None:
        article = make_article()
        self.assertEqual(article.next_states(), [Status.PUBLISHED, Status.WITHDRAWN])
        article.withdraw("An error.")
        self.assertEqual(article.next_states(), [Status.PUBLISHED, Status.WITHDRAWN])

    def test_a_withdrawn_article_comes_back_with_its_first_date(self) -> None:
        article = make_article()
        first = article.published_at
        article.withdraw("An error.")
        article.publish()
        article.refresh_from_db()
        self.assertEqual((article.is_published(), article.published_at), (True, first))


class RightTests(DeskTests):
    def choices(self, article: Article) -> list[str]:
        form = self.client.get(change(article)).context["adminform"].form
        return [value for value, _ in form.fields["status"].choices]

    def test_who_may_not_publish_asks_for_a_review(self) -> None:
        self.client.force_login(make_writer())
        article = make_draft()
        self.assertEqual(self.choices(article), ["draft", "review"])
        self.assertSaved(self.save(article, status="review"))
        article.refresh_from_db()
        self.assertEqual(article.status, Status.REVIEW)

    def test_nor_publishes_by_asking_for_it(self) -> None:
        self.client.force_login(make_writer())
        article = make_draft()
        self.assertRefused(self.save(article, status="published"), "is not one of the available choices")
        self.assertSaved(self.save(article, published_at_0="2016-03-15", published_at_1="12:00:00"))
        article.refresh_from_db()
        self.assertEqual((article.status, article.published_at), (Status.DRAFT, None))

    def test_nor_takes_back_what_a_publisher_has_scheduled(self) -> None:
        self.client.force_login(make_writer("withdraw_article"))
        article = make_article(published_at=TOMORROW)
        self.assertEqual(self.choices(article), ["published"])

    def test_each_right_counts_for_its_step(self) -> None:
        self.client.force_login(make_writer("publish_article"))
        self.assertEqual(self.choices(make_draft()), ["draft", "review", "published"])
        self.assertEqual(self.choices(make_article()), ["published"])
        self.client.force_login(make_writer("publish_article", "withdraw_article"))
        self.assertEqual(self.choices(make_article()), ["published", "withdrawn"])

    def test_the_actions_of_the_list_need_it_too(self) -> None:
        self.client.force_login(make_writer())
        draft, article = make_draft(), make_article()
        chosen = {"withdraw": "x", "notice": "An error."}
        for action, row in (("publish", draft), ("withdraw", article)):
            self.client.post("/admin/articles/article/", {"action": action, "_selected_action": row.pk} | chosen)
        self.assertEqual([row.status for row in Article.objects.order_by("pk")], ["draft", "published"])

    def test_two_editors_without_the_right_are_merged_as_others_are(self) -> None:
        self.client.force_login(make_writer())
        article = make_draft(background="<p>One.</p>", conclusions="<p>Two.</p>")
        article.revise()
        mine = form_of(self.client, change(article)) | {"background": "<p>Mine.</p>"}
        sent = {
            name: value
            for name, value in mine.items()
            if name not in ("published_at_0", "published_at_1", "withdrawal_notice")
        }
        self.assertSaved(self.save(article, conclusions="<p>Theirs.</p>"))
        self.assertSaved(self.client.post(change(article), sent))
        article.refresh_from_db()
        self.assertEqual((article.background, article.conclusions), ("<p>Mine.</p>", "<p>Theirs.</p>"))


class StateInTheDeskTests(DeskTests):
    def test_the_form_and_the_list_say_who_and_when(self) -> None:
        article = make_draft()
        self.assertSaved(self.save(article, status="review"))
        for url in (change(article), "/admin/articles/article/"):
            self.assertRegex(self.client.get(url).content.decode(), r"\d \w+ \d{4}, \d\d:\d\d \(UTC\), nadia")
        self.assertRegex(
            self.client.get("/admin/articles/article/").content.decode(), r">nadia, \d+ \w{3} \d{4}</small>"
        )

    def test_a_public_article_is_not_made_a_draft(self) -> None:
        article = make_article()
        self.assertRefused(self.save(article, status="draft"), "is not one of the available choices")

    def test_nor_is_it_hidden_by_a_date_ahead(self) -> None:
        article = make_article()
        page = self.save(article, published_at_0="2090-01-01", published_at_1="12:00:00")
        self.assertRefused(page, "It is public already. Withdraw it to take it from its readers.")

    def test_a_step_is_written_down_once(self) -> None:
        article = make_draft()
        self.assertSaved(self.save(article, status="published"))
        self.assertSaved(self.save(article, tags="Ports"))
        self.assertEqual(LogEntry.objects.filter(change_message="Published.").count(), 1)
