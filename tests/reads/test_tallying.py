"""From stored reads to numbers: each counted once, whatever comes late, twice or over midnight."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO
from uuid import uuid4

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.test import TestCase, TransactionTestCase
from hypothesis import HealthCheck, given, settings
from hypothesis.extra.django import TestCase as HypothesisTestCase

from articles.models import Article
from reads import readers, robots
from reads.counting import Event
from reads.models import Agent, Hour, Read, Restatement, Salt, Total, Waiting
from reads.tallying import BATCH, first_day, fold, forget, is_behind, keep_up, prune, recount
from tests.factories import make_article

from . import oracle
from .reading import FIREFOX, read
from .test_counting import some_events

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 11, 26, tzinfo=UTC)


def read_at(at: datetime, slug: str = "grain", **more) -> None:
    with time_machine.travel(at, tick=False):
        assert read(slug, **more).status_code == 204


def store(article: Article, event: Event) -> Read:
    """A read as it is stored, and not yet counted."""
    robot = {"name": FIREFOX, "is_robot_by_more": event.is_robot}
    agent, _ = Agent.objects.get_or_create(id=int(event.is_robot), defaults=robot)
    stored = Read.objects.create(
        nonce=uuid4(), article=article, format=event.format, at=event.at, reader=event.reader,
        reader_before=event.reader_before, is_robot=event.is_robot, agent=agent,
    )  # fmt: skip
    Waiting.objects.create(read=stored)
    return stored


def hours() -> dict[tuple[int, str], dict[str, int]]:
    rows = [row for row in Hour.objects.all() if row.total or row.robots]
    names = ("total", "pdf", "uniques", "robots")
    return {(row.article_id, oracle.slot(row.hour)): {name: getattr(row, name) for name in names} for row in rows}


def totals_are_the_sums_of_hours() -> bool:
    def sums(rows):
        return sum(row.total for row in rows), sum(row.uniques for row in rows), sum(row.robots for row in rows)

    return sums(Hour.objects.all()) == sums(Total.objects.all())


class OfAnyOrder(HypothesisTestCase):
    """Reads come in any order and are counted in any number of steps; the sum is what the slow oracle says."""

    @settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(events=some_events())
    def test_the_tallies_are_what_the_oracle_says(self, events):
        articles = {1: make_article(), 2: make_article()}
        for n, event in enumerate(events):
            store(articles[event.article], event)
            if n % 3 == 2:
                fold()
        fold()
        as_stored = [event._replace(article=articles[event.article].pk) for event in events]
        self.assertEqual(hours(), oracle.count(as_stored))
        self.assertTrue(totals_are_the_sums_of_hours())
        forget(MIDNIGHT + timedelta(days=1))
        for day in (NOON.date(), MIDNIGHT.date()):
            self.assertEqual(recount(day, MIDNIGHT + timedelta(days=1)).changed, 0)


class Folding(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.article = make_article(slug="grain")

    def test_each_read_is_counted_once(self):
        for n in range(5):
            read_at(NOON, address=f"192.0.2.{n}")
        self.assertEqual((fold(), fold()), (5, 0))
        self.assertEqual(Total.objects.get().total, 5)
        self.assertFalse(Waiting.objects.exists())

    def test_html_and_pdf_in_an_hour_are_two_reads_by_one_reader(self):
        read_at(NOON)
        read_at(NOON + timedelta(minutes=1), format="pdf")
        read_at(NOON + timedelta(minutes=2))
        fold()
        total = Total.objects.get()
        self.assertEqual((total.total, total.pdf, total.uniques), (3, 1, 1))

    def test_a_double_click_is_found_though_its_first_half_is_counted_already(self):
        read_at(NOON - timedelta(seconds=10))
        fold()
        read_at(NOON + timedelta(seconds=10))
        fold()
        self.assertEqual(
            hours(), {(self.article.pk, "2026-11-25 12"): {"total": 1, "pdf": 0, "uniques": 1, "robots": 0}}
        )
        self.assertTrue(totals_are_the_sums_of_hours())

    def test_a_late_read_is_the_only_one_of_its_hour_when_the_other_was_a_double_click_over_the_end_of_it(self):
        for seconds in (-10, 10, -1200):
            read_at(NOON + timedelta(seconds=seconds))
            fold()
        one = {"total": 1, "pdf": 0, "uniques": 1, "robots": 0}
        self.assertEqual(hours(), {(self.article.pk, "2026-11-25 11"): one, (self.article.pk, "2026-11-25 12"): one})

    def test_who_came_once_and_who_came_again_are_counted_alike(self):
        robot = {"agent": "curl/8.4.0", "address": "192.0.2.99"}
        for minutes, more in ((0, {}), (5, {"address": "192.0.2.2", "format": "pdf"}), (9, robot), (20, {})):
            read_at(NOON + timedelta(minutes=minutes), **more)
        fold()
        self.assertEqual(
            hours(), {(self.article.pk, "2026-11-25 12"): {"total": 3, "pdf": 1, "uniques": 2, "robots": 1}}
        )

    def test_reads_of_an_article_that_is_gone_are_dropped(self):
        other = make_article(slug="other")
        read_at(NOON, "other")
        read_at(NOON)
        other.delete()
        self.assertEqual(fold(), 2)
        self.assertEqual([row.article for row in Total.objects.all()], [self.article])

    def test_what_is_counted_goes_with_its_article(self):
        read_at(NOON)
        fold()
        self.article.delete()
        self.assertFalse(Total.objects.exists() or Hour.objects.exists())

    def test_its_cost_does_not_grow_with_the_reads(self):
        read_at(NOON)
        fold()
        for n in range(40):
            read_at(NOON, address=f"192.0.2.{n}")
        with self.assertNumQueries(13):
            fold()

    def test_it_is_behind_when_a_read_waits_for_minutes(self):
        self.assertFalse(is_behind(NOON))
        read_at(NOON)
        self.assertFalse(is_behind(NOON + timedelta(seconds=60)))
        self.assertTrue(is_behind(NOON + timedelta(minutes=3)))

    def test_the_clock_that_goes_back_an_hour_makes_no_negative_hour(self):
        for minutes in (0, 1, -59, -30, 2):
            read_at(NOON + timedelta(minutes=minutes))
            fold()
        self.assertEqual(
            sorted((hour, n["total"]) for (_, hour), n in hours().items()), [("2026-11-25 11", 2), ("2026-11-25 12", 3)]
        )


class OverMidnight(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_article(slug="grain")

    def test_a_double_click_over_midnight_is_one_read_of_the_new_day(self):
        for seconds, expected in ((10, 1), (20, 1), (21, 2)):
            Read.objects.all().delete(), Hour.objects.all().delete(), Total.objects.all().delete()
            read_at(MIDNIGHT - timedelta(seconds=10))
            fold()
            read_at(MIDNIGHT + timedelta(seconds=seconds))
            fold()
            self.assertEqual(Total.objects.get().total, expected, seconds)

    def test_a_minute_later_nothing_tells_who_was_who_and_the_count_stands(self):
        read_at(MIDNIGHT - timedelta(seconds=10))
        read_at(MIDNIGHT + timedelta(seconds=10))
        keep_up(MIDNIGHT + timedelta(seconds=30))
        self.assertEqual(Salt.objects.count(), 2)
        keep_up(MIDNIGHT + timedelta(seconds=71))
        self.assertEqual([salt.day for salt in Salt.objects.all()], [MIDNIGHT.date()])
        self.assertFalse(Read.objects.filter(reader_before__isnull=False).exists())
        self.assertEqual(Total.objects.get().total, 1)
        self.assertEqual(recount(NOON.date(), MIDNIGHT + timedelta(hours=1)).changed, 0)

    def test_a_reader_is_the_same_until_midnight_and_never_again(self):
        for at in (NOON, NOON + timedelta(hours=11), MIDNIGHT + timedelta(hours=1)):
            read_at(at)
        first, second, third = Read.objects.order_by("at").values_list("reader", flat=True)
        self.assertEqual(first, second)
        self.assertNotEqual(first, third)
        keep_up(MIDNIGHT + timedelta(hours=1))
        read_at(NOON + timedelta(hours=11, minutes=30))  # the salt of that day is gone: another is made
        self.assertNotIn(Read.objects.latest("pk").reader, (first, third))

    def test_a_reader_over_two_processes_is_one(self):
        read_at(NOON)
        readers._salts.clear()
        read_at(NOON + timedelta(seconds=20))
        fold()
        self.assertEqual(Total.objects.get().total, 1)

    def test_the_number_in_a_page_is_that_of_midnight_from_a_minute_after_on(self):
        article = Article.objects.get()
        read_at(NOON)
        fold()
        for at, expected in (
            (NOON, 0), (MIDNIGHT + timedelta(seconds=59), 0), (MIDNIGHT + timedelta(seconds=60), 1),
            (MIDNIGHT + timedelta(hours=23), 1),
        ):  # fmt: skip
            self.assertEqual(Total.objects.number_of_the_day(article, at).total, expected, at)
        read_at(MIDNIGHT + timedelta(hours=1))
        fold()
        with self.assertNumQueries(1):
            number = Total.objects.number_of_the_day(article, MIDNIGHT + timedelta(hours=2))
        self.assertEqual((number.total, number.as_of), (1, MIDNIGHT))


class Restating(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.article = make_article(slug="grain")

    def setUp(self):
        people = [
            FIREFOX,
            *(FIREFOX.replace("Firefox", name) for name in ("Wanderer", "Roamer", "Stroller", "Hiker", "Walker")),
        ]
        for n, agent in enumerate(people):
            read_at(NOON + timedelta(hours=n), agent=agent)
            read_at(NOON - timedelta(days=2) + timedelta(hours=n), agent=agent)
        fold()

    def add_robots(self, *names: str):
        listed = robots.robots()
        robots.robots.cache_clear(), robots._words_of_robots.cache_clear()
        self.addCleanup(robots._words_of_robots.cache_clear)
        patch = pytest.MonkeyPatch()
        patch.setattr(robots, "robots", lambda: [*listed, *names])
        self.addCleanup(patch.undo)

    def test_new_robots_are_taken_out_from_a_day_on_and_twice_changes_nothing(self):
        self.add_robots("wanderer", "roamer", "stroller", "hiker", "walker")
        out = StringIO()
        with time_machine.travel(NOON + timedelta(hours=10)):
            call_command("recount_reads", "--from", "2026-11-24", stdout=out)
            call_command("recount_reads", "--from", "2026-11-24", stdout=out)
        total = Total.objects.get()
        self.assertEqual((total.total, total.robots), (7, 5))  # those of two days before stand
        events = [event for _, event in Read.objects.events()]
        self.assertEqual(hours(), oracle.count(events))
        self.assertTrue(totals_are_the_sums_of_hours())
        self.assertEqual(
            [(row.changed, row.first_day) for row in Restatement.objects.order_by("pk")],
            [(5, date(2026, 11, 24)), (0, date(2026, 11, 24))],
        )
        self.assertIn("5 hours of articles have changed", out.getvalue())

    def test_what_was_told_by_a_version_is_not_judged_again(self):
        read_at(NOON, agent="Mozilla/5.0 Site24x7", address="192.0.2.50")
        fold()
        self.assertEqual(Agent.objects.get(is_robot_by_more=True).name, "Mozilla/0.0 Site00x0")
        self.assertEqual(recount(NOON.date(), NOON).changed, 0)

    def test_a_day_whose_reads_are_gone_is_refused(self):
        with self.assertRaisesMessage(CommandError, "Say --from 2026-11-23."):
            call_command("recount_reads", "--from", "2026-11-22")
        self.assertFalse(Restatement.objects.exists())

    def test_reads_are_pruned_after_a_hundred_days_and_tallies_are_kept(self):
        before = hours()
        late = NOON + timedelta(days=99)
        prune(late)
        self.assertEqual(first_day(late), date(2026, 11, 25))
        self.assertEqual(Read.objects.count(), 6)
        prune(NOON + timedelta(days=101))
        self.assertEqual(Read.objects.count(), 0)
        self.assertEqual(hours(), before)

    def test_the_command_says_how_often_it_was_read(self):
        Article.objects.filter(slug="grain").update(imported_reads=15880, imported_reads_on=date(2026, 1, 1))
        read_at(NOON, agent="curl/8.0")
        out = StringIO()
        call_command("reads", "--article", "grain", "--json", stdout=out)
        self.assertJSONEqual(
            out.getvalue(), {"article": "grain", "total": 12, "unique": 12, "robots": 1, "pdf": 0, "imported": 15880}
        )
        call_command("reads", stdout=out)
        self.assertIn("12 reads", out.getvalue())
        with self.assertRaisesMessage(CommandError, "There is no article with the address /articles/nothing/"):
            call_command("reads", "--article", "nothing")


@pytest.mark.skipif(connection.vendor != "postgresql", reason="two writers at once")
class CommittedLate(TransactionTestCase):
    serialized_rollback = True

    def test_a_read_whose_number_is_lower_and_whose_commit_is_later_is_counted(self):
        article = make_article(slug="grain")
        late = connections.create_connection("default")
        self.addCleanup(late.close)
        with late.cursor() as cursor:
            cursor.execute("BEGIN")
            values = [uuid4(), article.pk, NOON]
            cursor.execute(
                "INSERT INTO reads_read (nonce, article_id, format, at, reader, is_doubled, agent_id, is_robot, source)"
                " VALUES (%s, %s, 1, %s, 7, false, 1, false, '') RETURNING id", values,
            )  # fmt: skip
            number = cursor.fetchone()[0]
            cursor.execute("INSERT INTO reads_waiting (read_id) VALUES (%s)", [number])
            read_at(NOON)
            self.assertGreater(Read.objects.latest("pk").pk, number)
            self.assertEqual(fold(), 1)
            self.assertEqual(Total.objects.get().total, 1)
            cursor.execute("COMMIT")
        self.assertEqual(fold(), 1)
        self.assertEqual(Total.objects.get().total, 2)


def test_a_batch_is_no_more_than_a_database_takes_in_one_question():
    assert BATCH < 32_766  # values of a statement of SQLite
