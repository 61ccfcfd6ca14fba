"""A PDF that is served is a read."""

from unittest import mock

from django.db import OperationalError
from django.http import HttpResponse
from django.test import RequestFactory, TestCase

from reads.models import Read, Total
from reads.recording import record_download
from reads.tallying import fold
from tests.factories import make_article

from .reading import FIREFOX, GOOGLEBOT, read


class DownloadTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        cls.article = make_article(slug="grain")

    def download(self, status: int = 200, method: str = "GET", agent: str = FIREFOX, **headers: str) -> int:
        request = RequestFactory().generic(
            method, "/a.pdf", headers={"User-Agent": agent} | headers, REMOTE_ADDR="192.0.2.1"
        )
        record_download(request, "grain", HttpResponse(status=status))
        return Read.objects.count()

    def test_it_is_counted_when_it_is_sent_and_when_the_reader_has_it(self):
        self.assertEqual([self.download(), self.download(304)], [1, 2])
        self.assertEqual(set(Read.objects.values_list("format", flat=True)), {Read.Format.PDF})

    def test_what_is_not_found_or_only_looked_at_is_not(self):
        self.assertEqual([self.download(404), self.download(500), self.download(method="HEAD")], [0, 0, 0])

    def test_it_is_counted_once_and_not_for_each_part(self):
        self.assertEqual(self.download(206, Range="bytes=0-65535"), 1)
        self.assertEqual(self.download(206, Range="bytes=65536-"), 1)

    def test_the_page_and_its_pdf_are_one_reader(self):
        read()
        self.download()
        fold()
        total = Total.objects.get()
        self.assertEqual((total.total, total.pdf, total.uniques), (2, 1, 1))

    def test_robots_stand_aside_and_what_is_fetched_ahead_is_not_counted(self):
        self.download(agent=GOOGLEBOT)
        self.assertEqual(self.download(**{"Sec-Purpose": "prefetch"}), 1)
        fold()
        total = Total.objects.get()
        self.assertEqual((total.total, total.robots), (0, 1))

    def test_who_fetches_an_article_s_pdf_reads_it(self):
        bytes_of_one = mock.patch("articles.pdf.render", return_value=b"%PDF-1.7 invented")
        with bytes_of_one, mock.patch("articles.pdf.is_available", return_value=True):
            for method in ("get", "head"):
                answer = getattr(self.client, method)("/articles/grain/grain.pdf", headers={"User-Agent": FIREFOX})
                self.assertEqual((answer.status_code, answer["Content-Type"]), (200, "application/pdf"))
            self.assertEqual(self.client.get("/articles/grain/other.pdf").status_code, 404)
            again = {"User-Agent": FIREFOX, "If-None-Match": answer["ETag"]}
            self.assertEqual(self.client.get("/articles/grain/grain.pdf", headers=again).status_code, 304)
        self.assertEqual(list(Read.objects.values_list("article", "format")), [(self.article.pk, Read.Format.PDF)] * 2)

    def test_it_is_served_though_it_cannot_be_counted(self):
        with mock.patch("reads.recording.record", side_effect=OperationalError), self.assertLogs("reads", "ERROR"):
            self.download()
