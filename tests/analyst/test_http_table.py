"""HTTP, case by case: one address for each page, true statuses, and nothing sent twice or larger than it need be."""

import gzip
from datetime import date

import brotli
import pytest
from django.core.files.base import ContentFile

from tests.factories import make_article, make_author, make_image, make_issue, make_page, make_publication

KEY = "k" * 32
UTF8 = "text/html; charset=utf-8"
FOUND = {
    "/": UTF8, "/articles/": UTF8, "/articles/grain/": UTF8, "/articles/зерно/": UTF8, "/categories/analytical-articles/": UTF8, "/tags/water/": UTF8,
    "/authors/": UTF8, "/authors/ann/": UTF8, "/issues/": UTF8, "/issues/2016-03-16/": UTF8, "/publications/": UTF8, "/publications/low-water/": UTF8,
    "/about/": UTF8, "/search/": UTF8, "/search/?q=grain": UTF8, "/newsletter/sent/": UTF8,
    "/feeds/articles.atom": "application/atom+xml; charset=utf-8", "/feeds/articles.rss": "application/rss+xml; charset=utf-8",
    "/feeds/articles.json": "application/feed+json; charset=utf-8", "/sitemap.xml": "application/xml; charset=utf-8", "/sitemap-news.xml": "application/xml; charset=utf-8",
    "/robots.txt": "text/plain; charset=utf-8", "/.well-known/security.txt": "text/plain; charset=utf-8",
    "/articles/grain/cite.bib": "application/x-bibtex; charset=utf-8", "/articles/grain/cite.ris": "application/x-research-info-systems; charset=utf-8",
    "/articles/grain/cite.json": "application/vnd.citationstyles.csl+json; charset=utf-8", "/authors/ann/cite.bib": "application/x-bibtex; charset=utf-8",
    f"/media/{KEY}/64.jpg": "image/jpeg", "/publications/low-water/low-water.pdf": "application/pdf",
}  # fmt: skip
LED_ON = {
    "/articles": "/articles/", "/articles/grain": "/articles/grain/", "/authors/ann": "/authors/ann/", "/search?q=a%20b": "/search/?q=a%20b",
    "/articles/old/": "/articles/new/", "/articles/old": "/articles/new/", "/articles/old/cite.bib": "/articles/new/cite.bib", "/articles/old/?a=1": "/articles/new/?a=1",
}  # fmt: skip
NOT_FOUND = [
    "/nothing/", "/articles/never/", "//", "//articles/", "/articles//", "/articles//grain/", "/articles/grain//", "/Articles/", "/ARTICLES/grain/",
    "/articles/./grain/", "/articles/../articles/grain/", "/articles/grain/..", "/articles/grain/.", "/articles/grain;a=1/", "/articles;/grain/", "/articles/grain/;",
    "/articles%2Fgrain/", "/articles%2fgrain", "/articles/grain%2F", "/%2farticles/grain/", "/articles/grain/%00", "/articles/grain/cite.", "/articles/grain/cite.BIB",
    "/articles/grain/index.html", "/issues/2016-3-16/", "/issues/2016-02-30/", "/sitemap.xml/", "/robots.txt/", "/ROBOTS.TXT", "/feeds/articles.atom/",
    "/categories/drafts/", "/tags/secret/", "/authors/nobody/", "/media/x/64.jpg", f"/media/{KEY}/65.jpg", f"/media/{KEY}/64.svg", "/admin.css", "/.git/config", "/.env", "/wp-login.php",
]  # fmt: skip


@pytest.fixture
def journal(db):
    issue, author = make_issue(date=date(2016, 3, 16)), make_author(slug="ann")
    make_article(slug="grain", authors=[author], tags=["Water"], issue=issue, lead_image=make_image(key=KEY))
    make_article(slug="зерно", body="<p>Слово.</p>", language="ru")
    make_article(slug="gone").withdraw("An error of fact.")
    moved = make_article(slug="old")
    moved.slug = "new"
    moved.save()
    publication = make_publication(slug="low-water", authors=["Ann Lee"])
    publication.pdf.save("paper.pdf", ContentFile(b"%PDF-1.7 invented"))
    make_page(slug="about")


def test_each_page_feed_and_file_is_of_its_kind_and_head_tells_what_get_does(journal, client):
    for path, kind in FOUND.items():
        get, head = client.get(path), client.head(path)
        assert (get.status_code, get.headers["Content-Type"]) == (200, kind), path
        assert (head.status_code, head.headers) == (200, get.headers), path


def test_whoever_has_it_is_not_sent_it_again(journal, client):
    for path in FOUND:
        for accepted in ("", "br", "gzip"):
            first = client.get(path, headers={"accept-encoding": accepted})
            known = (
                {"if-none-match": first["ETag"]}
                if "ETag" in first.headers
                else {"if-modified-since": first["Last-Modified"]}
            )
            again = client.get(path, headers=known | {"accept-encoding": accepted})
            assert (again.status_code, b"".join(again)) == (304, b""), (path, accepted)
            assert first.headers.get("Vary", "") in again.headers.get("Vary", ""), path
            assert again.headers["Cache-Control"] == first.headers["Cache-Control"], path


@pytest.mark.parametrize(("way", "unpacked"), [("br", brotli.decompress), ("gzip", gzip.decompress)])
def test_texts_travel_small(journal, client, way, unpacked):
    for path, kind in FOUND.items():
        plain, small = client.get(path), client.get(path, headers={"accept-encoding": f"deflate, {way};q=0.8, zstd"})
        is_text = not kind.startswith(("image/", "application/pdf"))
        assert ("Accept-Encoding" in plain.headers.get("Vary", "")) == is_text, path
        if is_text and len(plain.content) >= 500:
            assert (small["Content-Encoding"], unpacked(small.content)) == (way, plain.content), path
            assert int(small["Content-Length"]) == len(small.content) < len(plain.content)
            assert small["ETag"] == f"W/{plain['ETag']}"
        else:
            assert "Content-Encoding" not in small.headers, path


def test_the_better_way_is_taken_and_a_refused_one_is_not(journal, client):
    for accepted, way in {
        "gzip, br": "br",
        "gzip, br;q=0": "gzip",
        "br;q=0.0, gzip; q=0": None,
        "identity": None,
        "*": None,
        "brr, xgzip": None,
    }.items():
        assert client.get("/", headers={"accept-encoding": accepted}).headers.get("Content-Encoding") == way, accepted


def test_a_page_of_the_desk_is_not_compressed(journal, client):
    assert "Content-Encoding" not in client.get("/admin/login/", headers={"accept-encoding": "br"}).headers


def test_what_moved_or_lacks_its_slash_is_led_on_in_one_step(journal, client):
    for path, target in LED_ON.items():
        for ask in (client.get, client.head):
            answer = ask(path)
            assert (answer.status_code, answer.headers["Location"]) == (301, target), path
        assert client.get(target).status_code == 200


def test_what_is_not_there_is_not_found_at_any_spelling(journal, client):
    for path in NOT_FOUND:
        where, _, query = path.partition("?")
        answer = client.generic("GET", "/", PATH_INFO=where, QUERY_STRING=query)
        if answer.status_code == 301:  # a slash is added once, and then there is nothing
            where = answer.headers["Location"]
            assert where[:1] == "/" != where[1:2], path
            answer = client.get(where)
        assert answer.status_code == 404, path
        assert 'rel="canonical"' not in answer.content.decode(), path


def test_what_was_taken_back_is_gone(journal, client):
    for answer in (client.get("/articles/gone/"), client.head("/articles/gone/")):
        assert answer.status_code == 410
    assert client.get("/articles/gone/cite.bib").status_code == 404


def test_a_page_names_one_address_as_its_own(journal, client):
    for path, kind in FOUND.items():
        if kind == UTF8 and "?" not in path:
            for query in ("", "?utm_source=x", "?page=1"):
                page = client.get(path + query).content.decode()
                assert page.count('rel="canonical"') == 1, path


def test_no_other_method_is_taken(journal, client):
    for path in FOUND:
        for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "OPTIONS", "BREW"):
            answer = client.generic(method, path)
            assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD"), (path, method)
