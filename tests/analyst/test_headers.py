"""What every answer says of itself: to browsers, that they run nothing strange; to caches, what they may keep."""

import re

import pytest
from django.test import TestCase, override_settings

from tests.factories import make_article, make_image

POLICY = {
    "default-src 'none'", "connect-src 'self'", "font-src 'self'", "form-action 'self'", "img-src 'self'", "script-src 'self'",
    "style-src 'self'", "base-uri 'none'", "frame-ancestors 'none'", "object-src 'none'",
}  # fmt: skip


class HeaderTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        moved = make_article(slug="old")
        moved.slug = "new"
        moved.save()
        make_article(slug="gone").withdraw("An error of fact.")

    def answers(self):
        """One of each kind and status."""
        image = make_image()
        make_article(slug="grain", lead_image=image)
        etag = self.client.get("/articles/grain/").headers["ETag"]
        yield 200, self.client.get("/articles/grain/")
        yield 200, self.client.get(f"/media/{image.key}/64.jpg")
        yield 200, self.client.get("/articles/grain/cite.bib")
        yield 301, self.client.get("/articles/old/")
        yield 304, self.client.get("/articles/grain/", headers={"if-none-match": etag})
        yield 404, self.client.get("/nothing/")
        yield 405, self.client.post("/articles/grain/")
        yield 410, self.client.get("/articles/gone/")
        yield 400, self.client.get("/", headers={"host": "evil.example"})

    def test_they_are_on_every_answer(self) -> None:
        for status, answer in self.answers():
            self.assertEqual(answer.status_code, status)
            headers = answer.headers
            self.assertEqual(set(headers["Content-Security-Policy"].split("; ")), POLICY, status)
            self.assertEqual(headers["X-Content-Type-Options"], "nosniff", status)
            self.assertEqual(headers["Referrer-Policy"], "strict-origin-when-cross-origin", status)
            self.assertEqual(headers["Cross-Origin-Opener-Policy"], "same-origin", status)
            self.assertEqual(headers["X-Frame-Options"], "DENY", status)
            self.assertIn("Cache-Control", headers, status)

    @override_settings(SECURE_HSTS_SECONDS=31536000)
    def test_what_came_safely_is_to_come_safely_for_a_year(self) -> None:
        answer = self.client.get("/articles/grain/", secure=True)
        self.assertEqual(answer.headers["Strict-Transport-Security"].partition(";")[0], "max-age=31536000")


@pytest.mark.django_db
def test_nothing_on_a_public_page_needs_to_be_trusted(client):
    """No script and no style stands in a page, so the policy needs neither nonce nor exception."""
    make_article(
        slug="grain", background="<p>Text.<small data-note>Note.</small></p><table><tr><td>1</td></tr></table>"
    )
    for path in ("/", "/articles/grain/", "/articles/", "/nothing/"):
        page = client.get(path).content.decode()
        for word in (" style=", "<style", " onclick=", "javascript:", "nonce"):
            assert word not in page, (path, word)
        scripts = re.findall(r"<script[^>]*>", page)
        assert [tag for tag in scripts if " src=" not in tag and "ld+json" not in tag] == []
