"""What every answer says of itself: to browsers, that they run nothing strange; to caches, what they may keep."""

import re
import subprocess
from pathlib import Path
from unittest import mock

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.test import Client, TestCase, override_settings

from tests.factories import make_article, make_image, make_publication

ROOT = Path(__file__).resolve().parents[2]
POLICY = {
    "default-src 'none'", "connect-src 'self'", "font-src 'self'", "form-action 'self'", "img-src 'self'", "script-src 'self'",
    "style-src 'self'", "base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'", "report-uri /csp-reports", "report-to csp",
}  # fmt: skip
SAID = {
    "X-Content-Type-Options": "nosniff", "Referrer-Policy": "strict-origin-when-cross-origin", "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin", "Reporting-Endpoints": 'csp="/csp-reports"',
}  # fmt: skip


@override_settings(WHITENOISE_USE_FINDERS=True, WHITENOISE_AUTOREFRESH=True)
class HeaderTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        moved = make_article(slug="old")
        moved.slug = "new"
        moved.save()
        make_article(slug="gone").withdraw("An error of fact.")
        make_article(slug="grain", tags=["Water"])
        make_publication(slug="low-water")

    def setUp(self) -> None:
        self.client = Client(raise_request_exception=False)

    def answers(self):
        """One of each kind and status."""
        image = make_image()
        make_article(lead_image=image)
        pages = ["/", "/articles/", "/articles/grain/", "/search/?q=x", "/publications/low-water/", "/tags/water/"]
        files = ["/robots.txt", "/.well-known/security.txt", "/sitemap.xml", "/feeds/articles.atom", "/feeds/articles.json",
                 "/articles/grain/cite.bib", "/static/css/tokens.css", "/static/img/favicon.svg", f"/media/{image.key}/64.jpg"]  # fmt: skip
        for path in (*pages, *files):
            first = self.client.get(path)
            yield 200, first
            known = {"if-none-match": first.get("ETag"), "if-modified-since": first.get("Last-Modified")}
            if any(known.values()):
                yield 304, self.client.get(path, headers={name: value for name, value in known.items() if value})
            yield 405, self.client.delete(path)
            is_file = path.startswith("/static/")  # the same whatever host is asked for
            yield 200 if is_file else 400, self.client.get(path, headers={"host": "evil.example"})
        for path in ("/articles/old/", "/articles/grain", "//articles/grain"):
            yield 301, self.client.get(path)
        for path in ("/nothing/", "/no/thing", "/articles/?page=zzz", "/static/nothing.css", "/media/x/9.jpg", "/%ff/"):
            yield 404, self.client.get(path)
        yield 410, self.client.get("/articles/gone/")
        yield 204, self.client.post("/csp-reports", b"{}", content_type="application/csp-report")
        for status, failure in {403: PermissionDenied(), 500: RuntimeError()}.items():
            with mock.patch("articles.views.Filters.of", side_effect=failure):
                yield status, self.client.get("/articles/")
        with mock.patch("articles.views.render", return_value=HttpResponse(status=503)):
            yield 503, self.client.get("/articles/")
        with override_settings(SECURE_SSL_REDIRECT=True):
            strict = Client(raise_request_exception=False)
            yield 301, strict.get("/articles/")
            yield 400, strict.get("/articles/", headers={"host": "evil.example"})

    def test_they_are_on_every_answer(self) -> None:
        seen = set()
        for status, answer in self.answers():
            where = (status, answer.request["PATH_INFO"])
            self.assertEqual(answer.status_code, status, where)
            seen.add(status)
            self.assertEqual(set(answer.get("Content-Security-Policy", "").split("; ")), POLICY, where)
            self.assertEqual({name: answer.get(name) for name in SAID}, SAID, where)
            self.assertIn("Cache-Control", answer.headers, where)
            self.assertFalse(answer.cookies, where)
            if b"".join(answer):
                self.assertRegex(
                    answer.get("Content-Type", ""), r'^(text/.+; charset="?utf-8"?|(application|image)/.+)$', where
                )
        self.assertEqual(seen, {200, 204, 301, 304, 400, 403, 404, 405, 410, 500, 503})

    @override_settings(SECURE_HSTS_SECONDS=31536000)
    def test_what_came_safely_is_to_come_safely_for_a_year(self) -> None:
        for path in ("/articles/grain/", "/nothing/", "/static/css/tokens.css", "/articles/old/", "/articles/gone/"):
            answer = self.client.get(path, secure=True)
            self.assertEqual(answer.get("Strict-Transport-Security", "").partition(";")[0], "max-age=31536000", path)


@pytest.mark.validator
@pytest.mark.django_db
def test_googles_evaluator_finds_no_weakness_in_the_policy(client):
    """Findings of MEDIUM (30) and worse; what is only a perhaps is asked of the reader of its list."""
    script = """
        const { CspParser } = require("csp_evaluator/dist/parser.js");
        const { CspEvaluator } = require("csp_evaluator/dist/evaluator.js");
        const findings = new CspEvaluator(new CspParser(process.argv[1]).csp).evaluate();
        for (const one of findings) if (one.severity <= 30) console.log(one.severity, one.directive, one.description);
    """
    policy = client.get("/").headers["Content-Security-Policy"]
    done = subprocess.run(["node", "-e", script, policy], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == ""
    weak = subprocess.run(["node", "-e", script, "script-src *"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "script-src" in weak.stdout


@pytest.mark.django_db
def test_nothing_on_a_public_page_needs_to_be_trusted(client):
    """No script and no style stands in a page, so the policy needs neither nonce nor exception."""
    make_article(
        slug="grain", background="<p>Text.<small data-note>Note.</small></p><table><tr><td>1</td></tr></table>"
    )
    for path in ("/", "/articles/grain/", "/articles/", "/nothing/", "/search/?q=text", "/authors/", "/issues/"):
        page = client.get(path).content.decode()
        for word in (" style=", "<style", " onclick=", "javascript:", "nonce"):
            assert word not in page, (path, word)
        scripts = re.findall(r"<script[^>]*>", page)
        assert [tag for tag in scripts if " src=" not in tag and "ld+json" not in tag] == []
