"""`/articles/<slug>/read`: what is stored, what is not, and what is answered."""

import json
import random
import re
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path
from unittest import mock
from uuid import uuid4

import time_machine
from django.contrib.auth.models import User
from django.contrib.staticfiles import finders
from django.db import OperationalError, connection
from django.test import Client, TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from articles.visitors import address_of
from reads.models import Read, Total
from reads.tallying import fold
from tests.factories import make_article, make_draft, make_editor

from .reading import FIREFOX, GOOGLEBOT, read

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)


class Answers(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.article = make_article(slug="grain")

    def test_a_read_is_answered_204_once_it_is_stored(self):
        answer = read()
        self.assertEqual((answer.status_code, answer.content), (204, b""))
        self.assertEqual(Read.objects.get().article, self.article)
        self.assertFalse(answer.cookies)

    def test_the_same_nonce_again_is_the_same_read(self):
        nonce = uuid4()
        self.assertEqual({read(nonce=nonce, address=f"192.0.2.{n}").status_code for n in range(3)}, {204})
        self.assertEqual(Read.objects.count(), 1)
        fold()
        self.assertEqual(read(nonce=nonce).status_code, 204)
        self.assertEqual((fold(), Total.objects.get().total), (0, 1))

    def test_what_is_malformed_is_told_how_it_should_look(self):
        nonce = uuid4().hex
        bodies = [
            "", "{", "[]", "null", "7", '"x"', "{}", b"\xff\xfe", json.dumps({"nonce": nonce}),
            json.dumps({"nonce": nonce, "format": "xml"}), json.dumps({"nonce": nonce, "format": []}),
            json.dumps({"nonce": nonce, "format": {}}), json.dumps({"nonce": 7, "format": "html"}),
            json.dumps({"nonce": nonce[:31], "format": "html"}), json.dumps({"nonce": f"{nonce}0", "format": "html"}),
            json.dumps({"nonce": f"{{{nonce}}}", "format": "html"}), json.dumps({"nonce": "٣" * 32, "format": "html"}),
            json.dumps({"nonce": nonce, "format": "html", "more": "x" * 1000}), "[" * 900, '{"nonce": NaN}',
        ]  # fmt: skip
        for body in bodies:
            answer = Client().post("/articles/grain/read", body, "application/json", headers={"User-Agent": FIREFOX})
            self.assertContains(answer, "32 hex digits", status_code=400, msg_prefix=repr(body))
        self.assertEqual(Read.objects.count(), 0)

    def test_what_is_unknown_or_unpublished_is_not_found(self):
        make_draft(slug="draft")
        make_article(slug="ahead", published_at=datetime(2100, 1, 1, tzinfo=UTC))
        make_article(slug="gone").withdraw("An error.")
        for slug in ("draft", "ahead", "gone", "nothing"):
            self.assertEqual(read(slug).status_code, 404, slug)
            self.assertEqual(self.client.get(f"/articles/{slug}/read").status_code, 404, slug)
        self.assertEqual(Read.objects.count(), 0)

    def test_a_former_address_counts_for_its_article(self):
        self.article.slug = "grain-and-power"
        self.article.save()
        self.assertEqual(read("grain").status_code, 204)
        self.assertEqual(Read.objects.get().article, self.article)
        self.assertEqual(self.client.get("/articles/grain/read").status_code, 200)

    def test_an_address_of_another_script_is_read(self):
        make_article(slug="مياه-الشتاء")
        self.assertEqual(read("مياه-الشتاء").status_code, 204)

    def test_without_a_database_nothing_is_promised(self):
        with mock.patch("reads.recording.Read.objects.record", side_effect=OperationalError):
            answer = read()
        self.assertEqual((answer.status_code, answer.headers["Retry-After"]), (503, "5"))
        with mock.patch("reads.views.PUBLIC.ask", side_effect=OperationalError):
            self.assertEqual(read().status_code, 503)

    def test_other_methods_are_refused(self):
        for method in ("put", "patch", "delete", "options"):
            self.assertEqual(getattr(self.client, method)("/articles/grain/read").status_code, 405)

    def test_it_costs_few_queries(self):
        read(address="192.0.2.9")
        with CaptureQueriesContext(connection) as queries:
            read()
        self.assertLessEqual(len(queries), 5)  # the article, the read and its place in the queue; a transaction

    def test_the_desk_is_no_reader_and_is_not_asked_who_it_is(self):
        desk = Client()
        desk.force_login(make_editor())
        with self.assertNumQueries(1):  # the article
            self.assertEqual(read(client=desk).status_code, 204)
        forged = Client()
        forged.cookies["sessionid"] = ""
        answer = read(client=forged)
        self.assertEqual((answer.status_code, Read.objects.count()), (204, 0))
        self.assertFalse(answer.cookies)
        self.assertEqual(User.objects.count(), 1)

    def test_no_header_makes_a_reader_the_desk(self):
        read(headers={"from-desk": "1", "from_desk": "1"})
        self.assertEqual(Read.objects.count(), 1)

    def test_a_page_loaded_in_case_it_is_wanted_is_not_read(self):
        for header in ({"Sec-Purpose": "prefetch"}, {"Sec-Purpose": "prefetch;prerender"}, {"Purpose": "prefetch"},
                       {"X-Moz": "prefetch"}, {"X-Purpose": "preview"}):  # fmt: skip
            self.assertEqual(read(headers=header).status_code, 204)
        self.assertEqual(Read.objects.count(), 0)

    def test_networks_of_the_house_are_not_counted(self):
        with override_settings(UNCOUNTED_NETWORKS=[ip_network("198.51.100.0/24"), ip_network("2001:db8::/32")]):
            for address in ("198.51.100.7", "::ffff:198.51.100.7", "2001:db8:1:2::3"):
                self.assertEqual(read(address=address).status_code, 204)
            self.assertEqual(Read.objects.count(), 0)
            read(address="203.0.113.1")
        self.assertEqual(Read.objects.count(), 1)

    def test_robots_are_flagged_and_stand_aside(self):
        for agent in (GOOGLEBOT, "", "curl/8.4.0"):
            self.assertEqual(read(agent=agent, address="192.0.2.7").status_code, 204)
        read()
        fold()
        total = Total.objects.get()
        self.assertEqual((total.total, total.uniques, total.robots), (1, 1, 3))


class TheNumber(TestCase):
    def test_it_is_measured_and_imported_together(self):
        article = make_article(slug="grain", imported_reads=15880, imported_reads_on=NOON.date())
        read()
        with time_machine.travel(NOON, tick=False):
            fold()
            answer = self.client.get("/articles/grain/read")
        expected = {"total": 15881, "measured": 1, "imported": 15880, "as_of": "2026-11-25T12:00:00Z"}
        self.assertEqual(answer.json(), expected)
        self.assertEqual(set(answer.headers["Cache-Control"].split(", ")), {"public", "max-age=45"})
        self.assertEqual(article.reads.total, 1)

    def test_an_article_that_nobody_has_read_has_none(self):
        make_article(slug="grain")
        with self.assertNumQueries(3):  # article, total, tallier
            answer = self.client.get("/articles/grain/read").json()
        self.assertEqual((answer["total"], answer["measured"], answer["imported"]), (0, 0, 0))


class Pages(TestCase):
    def test_a_page_asks_once_for_its_number_and_writes_nothing(self):
        make_article(slug="grain")
        read()
        fold()
        with CaptureQueriesContext(connection) as queries:
            self.client.get("/articles/grain/")
        asked = [query["sql"] for query in queries]
        self.assertEqual(len([sql for sql in asked if '"reads_' in sql]), 1)
        self.assertEqual([sql for sql in asked if not sql.lstrip("(\n ").startswith("SELECT")], [])


class Spoofing(TestCase):
    @classmethod
    def setUpTestData(cls):
        make_article(slug="grain")

    def test_one_peer_is_one_reader_whatever_it_sends(self):
        for n in range(50):
            address = ".".join(str(random.randrange(256)) for _ in range(4))
            headers = {
                "X-Forwarded-For": address,
                "Forwarded": f"for={address}",
                "Date": "Mon, 01 Jan 2001 00:00:00 GMT",
            }
            read(headers=headers, at="2001-01-01T00:00:00Z", reader=n)
        fold()
        total = Total.objects.get()
        self.assertEqual((total.uniques, total.total), (1, 1))
        self.assertGreater(Read.objects.order_by("at").first().at.year, 2020)

    def test_another_site_cannot_make_its_readers_tell(self):
        for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
            self.assertEqual(read(headers=headers).status_code, 403)
        self.assertEqual(Read.objects.count(), 0)
        for headers in ({"Origin": "http://localhost:8000"}, {"Sec-Fetch-Site": "same-origin"}):
            self.assertEqual(read(headers=headers).status_code, 204)

    def test_addresses_of_one_house_are_one(self):
        for n in range(1, 20):
            read(address=f"2001:db8:1:2::{n:x}")
        fold()
        self.assertEqual(Total.objects.get().uniques, 1)

    def test_the_host_that_led_here_is_kept_without_a_path_if_it_is_one(self):
        hosts = {
            "news.example": "news.example",
            "News.Example": "news.example",
            "https://news.example/a?b": "",
            "x" * 101: "",
            7: "",
        }
        for told, kept in hosts.items():
            read(**{"from": told})
            self.assertEqual(Read.objects.latest("pk").source, kept)


class Proxies(TestCase):
    def address(self, forwarded: str | None, proxies: int, peer: str = "10.0.0.1") -> str:
        request = mock.Mock(META={"REMOTE_ADDR": peer})
        if forwarded is not None:
            request.META["HTTP_X_FORWARDED_FOR"] = forwarded
        with override_settings(TRUSTED_PROXIES=proxies):
            return address_of(request)

    def test_the_address_is_what_the_outermost_proxy_of_ours_saw(self):
        cases = [
            ("203.0.113.9", 0, "10.0.0.1"),
            ("203.0.113.9", 1, "203.0.113.9"),
            ("1.1.1.1, 203.0.113.9", 1, "203.0.113.9"),
            ("1.1.1.1, 203.0.113.9, 10.0.0.2", 2, "203.0.113.9"),
            (None, 1, "10.0.0.1"),
            ("203.0.113.9", 2, "10.0.0.1"),
            ("unknown", 1, "10.0.0.1"),
            ("203.0.113.9:4711", 1, "203.0.113.9"),
            ("[2001:db8:1:2::9]:4711", 1, "2001:db8:1:2::"),
            ("2001:db8:1:2:3:4:5:6", 1, "2001:db8:1:2::"),
            ("::ffff:203.0.113.9", 1, "203.0.113.9"),
        ]
        for forwarded, proxies, expected in cases:
            self.assertEqual(self.address(forwarded, proxies), expected, forwarded)

    def test_a_server_that_is_asked_through_a_socket_knows_no_address(self):
        self.assertEqual(self.address(None, 0, peer=""), "")


def test_the_script_is_small_and_its_name_is_on_no_list():
    script = Path(finders.find("reads/read.js"))
    assert script.stat().st_size <= 1536
    for name in (script.name, reverse("article_read", args=["grain"])):
        assert not re.search("count|track|hit|stat|analytic|beacon|pixel|collect", name)
