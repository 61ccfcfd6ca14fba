"""`/healthz` and `/readyz`: alive, and ready."""

from datetime import timedelta
from unittest import mock

from django.db import OperationalError
from django.test import Client, TestCase
from django.utils import timezone

from analyst.models import Worker
from reads.models import Waiting
from tests.factories import make_article
from tests.reads.reading import read


class HealthTests(TestCase):
    def ready(self, **expected):
        answer = self.client.get("/readyz")
        found = answer.json()
        self.assertEqual({name: found[name] for name in expected}, expected)
        return answer

    def test_alive_is_said_without_asking_anybody(self):
        with self.assertNumQueries(0):
            answer = self.client.get("/healthz")
        self.assertEqual((answer.status_code, answer.content), (200, b"ok\n"))
        self.assertIn("no-store", answer.headers["Cache-Control"])

    def test_it_is_ready_when_everything_answers(self):
        Worker.objects.create(name="w1")
        answer = self.ready(status="ok", database="ok", cache="ok", migrations="ok", worker="ok", reads="ok")
        self.assertEqual(answer.status_code, 200)
        self.assertIn("no-store", answer.headers["Cache-Control"])

    def test_without_the_database_it_is_not(self):
        with mock.patch("analyst.health.connection.cursor", side_effect=OperationalError):
            answer = self.ready(status="down", database="down")
        self.assertEqual(answer.status_code, 503)

    def test_without_a_worker_it_is_ready_and_less_than_well(self):
        self.assertEqual(self.ready(status="degraded", worker="degraded").status_code, 200)
        Worker.objects.create(name="w1", beat_at=timezone.now() - timedelta(minutes=1))
        self.ready(worker="degraded")

    def test_a_cache_that_fails_is_told(self):
        for failure in (ConnectionError, ValueError):
            with mock.patch("analyst.health.shared.get", side_effect=failure):
                self.ready(status="degraded", cache="degraded")

    def test_a_migration_that_is_not_done_is_told(self):
        with mock.patch("analyst.health._all_migrations", return_value={("reads", "9999_ahead")}):
            self.ready(status="degraded", migrations="degraded")

    def test_a_tally_that_is_behind_is_told(self):
        make_article(slug="grain")
        read()
        self.ready(reads="ok")
        waiting = Waiting.objects.get().read
        waiting.at -= timedelta(minutes=3)
        waiting.save()
        self.ready(status="degraded", reads="degraded")

    def test_it_tells_neither_versions_nor_numbers(self):
        self.assertNotRegex(self.client.get("/readyz").content.decode(), r"\d")

    def test_it_sets_no_cookie(self):
        for path in ("/healthz", "/readyz"):
            self.assertFalse(Client().get(path).cookies)
