"""robots.txt and security.txt."""

import re
from datetime import UTC, datetime, timedelta
from unittest import mock
from urllib.robotparser import RobotFileParser

from django.core.exceptions import ValidationError
from django.test import TestCase, override_settings
from django.utils import timezone

from analyst.models import Page

PATHS = ["/robots.txt", "/.well-known/security.txt"]


class RobotsTests(TestCase):
    def test_it_names_the_sitemap_and_keeps_robots_out_of_the_desk_alone(self):
        page = self.client.get("/robots.txt")
        self.assertEqual(
            page.content.decode(),
            "User-agent: *\nDisallow: /admin/\nDisallow: /accounts/\n\nSitemap: http://localhost:8000/sitemap.xml\n",
        )

    def test_a_robot_understands_it(self):
        robots = RobotFileParser()
        robots.parse(self.client.get("/robots.txt").content.decode().splitlines())
        self.assertEqual(robots.site_maps(), ["http://localhost:8000/sitemap.xml"])
        for path in ("/", "/articles/grain/", "/feeds/articles.atom", "/media/x/800.jpg", "/administration/"):
            self.assertTrue(robots.can_fetch("Googlebot", path), path)
        for path in ("/admin/", "/admin/articles/", "/accounts/login/"):
            self.assertFalse(robots.can_fetch("Googlebot", path), path)


class SecurityTests(TestCase):
    def fields(self):
        lines = self.client.get("/.well-known/security.txt").content.decode().splitlines()
        return dict(line.split(": ", 1) for line in lines)

    def test_it_says_whom_to_tell(self):
        fields = self.fields()
        self.assertEqual(list(fields), ["Contact", "Expires", "Preferred-Languages", "Canonical"])
        self.assertEqual(fields["Contact"], "mailto:desk@localhost")
        self.assertEqual(fields["Canonical"], "http://localhost:8000/.well-known/security.txt")
        self.assertEqual(fields["Preferred-Languages"], "en")
        with override_settings(SECURITY_CONTACT="https://journal.example/report"):
            self.assertEqual(self.fields()["Contact"], "https://journal.example/report")

    def test_it_expires_within_a_year_and_changes_once_a_month(self):
        moment, expiries = datetime(2026, 1, 1, tzinfo=UTC), set()
        while moment.year < 2028:
            with mock.patch("django.utils.timezone.now", return_value=moment):
                text = self.fields()["Expires"]
            expiries.add(text)
            ahead = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S%z") - moment
            self.assertTrue(timedelta(days=300) < ahead < timedelta(days=365), moment)
            moment += timedelta(hours=60)
        self.assertEqual(len(expiries), 24)

    def test_it_changes_at_the_same_moment_in_every_zone(self):
        before_midnight = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)
        with mock.patch("django.utils.timezone.now", return_value=before_midnight), timezone.override("Asia/Tashkent"):
            self.assertEqual(self.fields()["Expires"], "2026-12-01T00:00:00Z")


class PlainTextTests(TestCase):
    def test_it_is_plain_text_and_the_same_for_everybody(self):
        for path in PATHS:
            page = self.client.get(path)
            self.assertEqual((page.status_code, page["Content-Type"]), (200, "text/plain; charset=utf-8"))
            self.assertEqual(page["Cache-Control"], "public, max-age=0")
            self.assertEqual(self.client.get(path, headers={"x-forwarded-host": "evil.example"}).content, page.content)
            self.assertEqual(self.client.get(path, headers={"host": "evil.example"}).status_code, 400)
            self.assertEqual(self.client.get(path, headers={"if-none-match": page["ETag"]}).status_code, 304)
            head = self.client.head(path)
            self.assertEqual((head.status_code, head.content, dict(head.headers)), (200, b"", dict(page.headers)))
            self.assertEqual(self.client.post(path).status_code, 405)
            self.assertFalse(page.cookies)
            self.assertTrue(page.content.isascii() and re.fullmatch(rb"(?:[^\r\n]*\n)+", page.content))

    def test_it_asks_no_database(self):
        for path in PATHS:
            with self.assertNumQueries(0):
                self.client.get(path)

    def test_no_flat_page_may_take_these_names(self):
        Page(title="About", slug="about").full_clean()
        for slug in ("robots", "sitemap", "feeds", "robots.txt", "sitemap.xml", ".well-known", "sitemap-news.xml"):
            with self.assertRaises(ValidationError, msg=slug):
                Page(title="Other", slug=slug).full_clean()
