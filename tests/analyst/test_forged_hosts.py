"""Addresses come from the setting: whatever host a request claims, it is refused or nothing changes."""

from itertools import cycle

import pytest

from tests.factories import make_article, make_author, make_image, make_issue, make_publication

EVIL = "evil.example"
HOSTS = [
    EVIL, f"{EVIL}:80", f"localhost.{EVIL}", f"localhost@{EVIL}", f"localhost:80@{EVIL}", f"{EVIL}#localhost", f"{EVIL}?localhost",
    f"{EVIL}/localhost", f"localhost,{EVIL}", f"localhost {EVIL}", f"localhost\t{EVIL}", f"[{EVIL}]", "[::1", f"{EVIL}.", f".{EVIL}", "169.254.169.254",
    "lоcalhost", f"localhost:{EVIL}", f"//{EVIL}", f"https://{EVIL}", "%65vil.example", "_", "*", "'\"><script>",
]  # fmt: skip
HEADERS = [
    "x-forwarded-host", "x-forwarded-server", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-port", "x-forwarded-prefix", "x-forwarded-scheme",
    "forwarded", "x-host", "x-original-host", "x-original-url", "x-rewrite-url", "x-http-host-override", "x-real-ip", "x-script-name", "script-name",
    "x-http-method-override", "referer", "origin", "via", "client-ip", "true-client-ip", "x-wap-profile", "profile",
]  # fmt: skip
PATHS = [
    "/", "/articles/", "/articles/grain/", "/articles/grain/cite.bib", "/authors/ann/", "/issues/", "/search/?q=grain", "/publications/low-water/",
    "/nothing/", "/feeds/articles.atom", "/feeds/articles.rss", "/feeds/articles.json", "/sitemap.xml", "/sitemap-site.xml", "/sitemap-articles-1.xml",
    "/robots.txt", "/.well-known/security.txt", "/articles/grain", "/articles/old/",
]  # fmt: skip


@pytest.fixture
def journal(db):
    make_article(
        slug="grain", title="Grain", authors=[make_author(slug="ann")], issue=make_issue(), lead_image=make_image()
    )
    make_publication(slug="low-water")
    moved = make_article(slug="old")
    moved.slug = "new"
    moved.save()


def test_a_strange_host_is_refused_and_not_repeated(journal, client):
    for host, path in [*zip(HOSTS, cycle(PATHS), strict=False), *((EVIL, path) for path in PATHS)]:
        answer = client.get(path, headers={"host": host})
        assert answer.status_code == 400, (host, path)
        assert host not in answer.content.decode() or host in "*_", (host, path)
        assert "Location" not in answer.headers


def test_no_other_header_changes_a_byte(journal, client):
    for path in PATHS:
        plain = client.get(path)
        alone = [[name] for name in HEADERS] if path in ("/articles/grain/", "/articles/old/") else []
        for names in (HEADERS, *alone):
            answer = client.get(path, headers=dict.fromkeys(names, f"https://{EVIL}/x"))
            assert (answer.status_code, answer.content) == (plain.status_code, plain.content), (names, path)
            assert answer.headers.get("Location") == plain.headers.get("Location"), (names, path)


def test_a_host_of_ours_that_is_not_the_setting_is_not_repeated_either(journal, client):
    for path in PATHS:
        assert "127.0.0.1" not in client.get(path, headers={"host": "127.0.0.1:9999"}).content.decode()
