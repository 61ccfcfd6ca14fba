"""Who is waited for gets a mail, and may say no to it."""

from contextlib import suppress
from datetime import timedelta
from itertools import count
from smtplib import SMTPServerDisconnected
from threading import Thread
from typing import Any
from unittest import mock

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core import mail
from django.db import connection
from django.test import TestCase, TransactionTestCase
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from analyst.failures import tell_of_failed_jobs
from articles import letters
from articles.coming_out import come_out
from articles.models import Article, Preferences
from tests.factories import analytical, make_article, make_draft, make_editor

from .test_states import make_writer

SOON = timezone.now() + timedelta(hours=1)


def post_all() -> None:
    """Do the jobs that send letters, as the worker does."""
    for job in DBTaskResult.objects.ready().filter(task_path=letters.post.module_path):
        letters.post.call(*job.args_kwargs["args"])
        DBTaskResult.objects.filter(pk=job.pk).update(status="SUCCESSFUL")


class LetterTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.writer = make_writer()
        User.objects.filter(pk=cls.writer.pk).update(email="writer@example.org")
        cls.writer.refresh_from_db()
        cls.publisher = make_editor(username="nadia", email="nadia@example.org")

    def sent(self) -> list[tuple[str, list[str]]]:
        post_all()
        return [(letter.subject, letter.to) for letter in mail.outbox]

    def test_those_who_may_publish_are_asked_for_a_review(self) -> None:
        article = make_draft(title="Grain & power")
        article.ask_for_review(by=self.writer)
        self.assertEqual(self.sent(), [("To review: Grain & power", ["nadia@example.org"])])
        body = mail.outbox[0].body
        self.assertIn(f"{self.writer.username} asks for a review", body)
        self.assertIn(f"http://localhost:8000/admin/articles/article/{article.pk}/change/", body)

    def test_nobody_is_asked_by_themselves(self) -> None:
        make_draft().ask_for_review(by=self.publisher)
        self.assertEqual(self.sent(), [])

    def test_nor_who_has_left_or_has_no_address_or_said_no(self) -> None:
        make_editor(is_active=False, email="left@example.org")
        make_editor(email="")
        Preferences.objects.create(user=make_editor(email="no@example.org"), mail_reviews=False)
        Preferences.objects.create(user=make_editor(email="yes@example.org"), mail_published=False)
        make_draft().ask_for_review(by=self.publisher)
        self.assertEqual([to for _, to in self.sent()], [["yes@example.org"]])

    def test_what_comes_back_is_told_to_who_asked(self) -> None:
        article = make_draft(title="Grain")
        article.ask_for_review(by=self.writer)
        article.send_back(by=self.publisher)
        self.assertIn(("Sent back: Grain", ["writer@example.org"]), self.sent())

    def test_a_step_that_fails_sends_nothing(self) -> None:
        article = make_draft()
        with mock.patch.object(LogEntry.objects, "create", side_effect=RuntimeError), self.assertRaises(RuntimeError):
            article.ask_for_review(by=self.writer)
        self.assertEqual(self.sent(), [])

    def test_a_mail_server_that_is_away_is_tried_again_later(self) -> None:
        make_draft().ask_for_review(by=self.writer)
        with mock.patch("django.core.mail.EmailMessage.send", side_effect=SMTPServerDisconnected):
            post_all()
        again = DBTaskResult.objects.get(status="READY")
        self.assertGreater(again.run_after, timezone.now() + timedelta(minutes=4))
        letters.post.call(*again.args_kwargs["args"])
        self.assertEqual(len(mail.outbox), 1)

    def test_the_same_letter_twice_is_known_by_its_id(self) -> None:
        make_draft().ask_for_review(by=self.writer)
        job = DBTaskResult.objects.get()
        for _ in range(2):
            letters.post.call(*job.args_kwargs["args"])
        self.assertEqual(len({letter.extra_headers["Message-ID"] for letter in mail.outbox}), 1)


class ComingOutTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.nadia = make_editor(username="nadia", email="nadia@example.org")

    def scheduled(self, **fields: Any) -> Article:
        article = make_draft(**fields)
        article.publish(at=SOON, by=self.nadia)
        return article

    def test_what_follows_is_done_once_and_not_before_its_moment(self) -> None:
        article = self.scheduled(title="Grain")
        self.assertEqual(come_out(SOON - timedelta(seconds=1)), 0)
        self.assertEqual([come_out(SOON), come_out(SOON)], [1, 0])
        post_all()
        self.assertEqual([letter.subject for letter in mail.outbox], ["Published: Grain"])
        self.assertEqual(LogEntry.objects.filter(object_id=article.pk, change_message="Came out.").count(), 1)

    def test_nobody_waits_for_it_to_read(self) -> None:
        article = self.scheduled()
        self.assertIn(article, Article.objects.published(at=SOON))

    def test_it_is_known_to_have_been_public(self) -> None:
        article = self.scheduled()
        come_out(SOON)
        article.refresh_from_db()
        self.assertTrue(article.was_public)

    def test_what_is_published_at_once_is_not_told_of(self) -> None:
        make_draft().publish(by=self.nadia)
        make_article()
        self.assertEqual(come_out(SOON), 0)

    def test_a_date_that_moves_moves_it_and_a_step_back_ends_it(self) -> None:
        moved, dropped = self.scheduled(), self.scheduled()
        moved.published_at = SOON + timedelta(hours=1)
        moved.save()
        dropped.send_back(by=self.nadia)
        self.assertEqual([come_out(SOON), come_out(SOON + timedelta(hours=1))], [0, 1])

    def test_a_save_after_its_moment_loses_nothing(self) -> None:
        article = self.scheduled()
        past = timezone.now() - timedelta(minutes=1)
        Article.objects.update(published_at=past, due_at=past)
        Article.objects.get(pk=article.pk).save()
        self.assertEqual(come_out(), 1)


class FailureTests(TestCase):
    def test_a_job_that_failed_is_told_of_once(self) -> None:
        make_editor(email="nadia@example.org")
        letters.post.enqueue(0, "", "", "")
        DBTaskResult.objects.update(
            status="FAILED", task_path="articles.models.printed.make_pdf", exception_class_path="builtins.ValueError",
            args_kwargs={"args": ["articles.Article", 12], "kwargs": {}},
        )  # fmt: skip
        self.assertEqual([tell_of_failed_jobs(), tell_of_failed_jobs()], [1, 0])
        post_all()
        [letter] = mail.outbox
        self.assertIn("make_pdf (articles.Article, 12): ValueError", letter.body)

    def test_a_letter_that_failed_sends_no_letter(self) -> None:
        letters.post.enqueue(0, "", "", "")
        DBTaskResult.objects.update(status="FAILED")
        self.assertEqual(tell_of_failed_jobs(), 0)


class PreferencesTests(TestCase):
    def test_each_letter_is_switched_by_its_own_reader(self) -> None:
        nadia, other = make_editor(), make_editor()
        self.client.force_login(nadia)
        self.assertContains(self.client.get("/admin/articles/preferences/"), "A text is sent to review")
        self.client.post("/admin/articles/preferences/", {"zone": "", "mail_answers": "on"})
        mine = Preferences.objects.get(user=nadia)
        self.assertEqual((mine.mail_reviews, mine.mail_answers, mine.mail_failures), (False, True, False))
        self.assertFalse(Preferences.objects.filter(user=other).exists())

    def test_strangers_are_led_to_the_login(self) -> None:
        self.assertEqual(self.client.get("/admin/articles/preferences/").status_code, 302)


class Death(Exception):
    """What a worker that is killed leaves behind: an open transaction, which the database undoes."""


class WorkersThatDieTests(TransactionTestCase):
    serialized_rollback = True  # what the migrations put in is there again for the next

    NUMBER, WORKERS = 100, 3

    def test_each_of_a_hundred_is_told_of_once_by_three_workers_that_die(self) -> None:
        nadia = make_editor(username="nadia", email="nadia@example.org")
        category = analytical()
        Article.objects.bulk_create(
            Article(
                title=f"Due {n:03}", slug=f"due-{n}", category=category, status="published", status_by=nadia,
                published_at=SOON + timedelta(seconds=n * 0.6), due_at=SOON + timedelta(seconds=n * 0.6),
            )
            for n in range(self.NUMBER)
        )  # fmt: skip
        self.assertEqual(
            Article.objects.published(SOON + timedelta(seconds=59.5)).count(), self.NUMBER
        )  # nobody worked
        with mock.patch("articles.coming_out.BATCH", 7), mock.patch.object(letters, "came_out", self.letter_or_death()):
            self.let_them_work()
        told = [line.strip() for job in DBTaskResult.objects.filter(task_path=letters.post.module_path)
                for line in job.args_kwargs["args"][2].splitlines() if line.startswith("  Due")]  # fmt: skip
        self.assertEqual(sorted(told), [f"Due {n:03}" for n in range(self.NUMBER)])
        came_out = LogEntry.objects.filter(change_message="Came out.").values_list("object_repr", flat=True)
        self.assertEqual(sorted(came_out), sorted(told))
        self.assertFalse(
            Article.objects.exclude(due_at=None).exists() or Article.objects.filter(was_public=False).exists()
        )

    def letter_or_death(self) -> Any:
        write, calls = letters.came_out, count()

        def write_or_die(*args: Any) -> None:
            number = next(calls)
            if number % 3 == 0:
                raise Death  # before the letter is written
            write(*args)
            if number % 3 == 1 and number < 20:
                raise Death  # or after it, with everything done but the last step

        return write_or_die

    def let_them_work(self) -> None:
        """At once where there are several connections; the tests' SQLite has one."""
        if connection.vendor == "sqlite":
            self.work()
        else:
            threads = [Thread(target=self.work) for _ in range(self.WORKERS)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()

    def work(self) -> None:
        while Article.objects.exclude(due_at=None).exists():
            with suppress(Death):
                come_out(SOON + timedelta(minutes=1))
        if connection.vendor != "sqlite":
            connection.close()
