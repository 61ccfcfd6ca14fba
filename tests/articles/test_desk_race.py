"""Editors who save in the same moment."""

from threading import Barrier, Thread

import pytest
from django.db import close_old_connections, connection
from django.test import TransactionTestCase

from articles.models import Article
from tests.factories import make_article, make_editor

from .desk import DeskClient, form_of


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the tests' SQLite is in memory, with one connection")
class RaceTests(TransactionTestCase):
    EDITORS, ROUNDS = 4, 5
    serialized_rollback = (
        True  # as every test that is not undone: what the migrations put in is there again for the next
    )

    def setUp(self) -> None:
        self.article = make_article(category=None, status=Article.Status.DRAFT)
        self.article.revise()
        self.url = f"/admin/articles/article/{self.article.pk}/change/"
        self.clients = [DeskClient() for _ in range(self.EDITORS)]
        for client in self.clients:
            client.force_login(make_editor())

    def test_one_is_saved_and_every_other_is_told(self) -> None:
        for round in range(self.ROUNDS):
            answers = self.all_save_at_once(round)
            self.assertEqual(sorted(answers), [302, 409, 409, 409])
            self.assertEqual(self.article.revisions.count(), round + 2)

    def all_save_at_once(self, round: int) -> list[int]:
        forms = [form_of(client, self.url) for client in self.clients]
        answers: list[int] = []
        start = Barrier(self.EDITORS)

        def save(n: int) -> None:
            start.wait()
            answers.append(self.clients[n].post(self.url, forms[n] | {"title": f"By {n} in {round}"}).status_code)
            close_old_connections()
            connection.close()

        threads = [Thread(target=save, args=[n]) for n in range(self.EDITORS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    def test_equal_titles_get_different_addresses(self) -> None:
        start = Barrier(self.EDITORS)

        def write() -> None:
            start.wait()
            make_article(title="Grain", category=None, status=Article.Status.DRAFT)
            connection.close()

        threads = [Thread(target=write) for _ in range(self.EDITORS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        slugs = Article.objects.filter(title="Grain").order_by("slug").values_list("slug", flat=True)
        self.assertEqual(list(slugs), ["grain", "grain-2", "grain-3", "grain-4"])
