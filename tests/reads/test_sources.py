"""Which hosts led to a read: their names, and nothing of an address there."""

from datetime import UTC, date, datetime, timedelta

import time_machine
from django.test import TestCase

from reads.models import SourceDay
from reads.models.source import MOST, OTHER
from reads.tallying import fold, recount
from tests.factories import make_article

from .reading import GOOGLEBOT, read

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


def come(host: object, minutes: float = 0, **more) -> None:
    with time_machine.travel(NOON + timedelta(minutes=minutes), tick=False):
        assert read(**{"from": host}, **more).status_code == 204


def hosts() -> dict[str, int]:
    return {row.host: row.total for row in SourceDay.objects.all() if row.total}


class Sources(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_article(slug="grain")

    def test_reads_are_told_apart_by_host_and_day(self):
        come("a.example"), come("A.example", 1), come("b.example", 2), come("a.example", 60 * 24)
        fold()
        found = sorted(SourceDay.objects.values_list("day", "host", "total"))
        self.assertEqual(found, [
            (date(2026, 11, 25), "a.example", 2), (date(2026, 11, 25), "b.example", 1), (date(2026, 11, 26), "a.example", 1),
        ])  # fmt: skip

    def test_of_an_address_nothing_is_kept_and_of_no_page_nothing_is_told(self):
        for n, source in enumerate(("https://a.example/private?q=1", "", None, "a b", 7, "<b>", "x" * 101)):
            come(source, n)
        fold()
        self.assertEqual(hosts(), {})

    def test_of_a_double_click_the_host_of_the_last_one_counts_though_the_first_is_counted_already(self):
        come("a.example")
        fold()
        self.assertEqual(hosts(), {"a.example": 1})
        come("b.example", 0.2)
        fold()
        self.assertEqual(hosts(), {"b.example": 1})

    def test_robots_come_from_nowhere(self):
        come("a.example", agent=GOOGLEBOT)
        fold()
        self.assertEqual(hosts(), {})

    def test_invented_hosts_do_not_fill_the_table(self):
        come("often.example"), come("often.example", 1)
        for n in range(30):
            come(f"{n}.example", n, address=f"192.0.2.{n + 9}")
            if n % 7 == 0:
                fold()
        fold()
        self.assertEqual(SourceDay.objects.count(), MOST + 1)
        self.assertEqual((hosts()["often.example"], hosts()[OTHER]), (2, 30 - (MOST - 1)))
        come("29.example", 29.1, address="192.0.2.38")  # a double click of one that stands with the others
        fold()
        self.assertEqual(hosts()[OTHER], 30 - (MOST - 1))

    def test_counted_anew_they_stay(self):
        for n in range(25):
            come(f"{n}.example", n, address=f"192.0.2.{n}")
        fold()
        before = hosts()
        recount(NOON.date(), NOON + timedelta(hours=1))
        self.assertEqual(hosts(), before)

    def test_the_cost_does_not_grow_with_the_hosts(self):
        come("a.example")
        fold()
        for n in range(30):
            come(f"{n}.example", n, address=f"192.0.2.{n}")
        with self.assertNumQueries(15):  # two more than without: the rows that are there, and those that will be
            fold()
