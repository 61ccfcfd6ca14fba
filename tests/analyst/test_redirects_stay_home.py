"""Wherever a public address leads, it leads within the site."""

from urllib.parse import urljoin, urlsplit

import pytest

from tests.factories import make_article, make_category

HOME = "http://localhost:8000"
EVIL = [
    "//evil.example", "//evil.example/", "///evil.example", "////evil.example/", "/\\evil.example", "/\\/evil.example", "\\\\evil.example",
    "/%2fevil.example", "/%2f%2fevil.example", "/%5cevil.example", "/%5c%5cevil.example/", "/%09/evil.example", "/\t/evil.example", "/%0d%0aLocation:%20//evil.example",
    "/%00//evil.example", "/.//evil.example", "/..//evil.example", "/;@evil.example", "/@evil.example", "/https:evil.example", "/https://evil.example",
    "/http:/evil.example", "/javascript:alert(1)", "/%E3%80%82evil.example", "//evil%E3%80%82example", "//localhost@evil.example", "//evil.example#localhost",
]  # fmt: skip
LEADING = ["{}", "{}/nothing", "{}/articles/old", "/articles/old{}", "/articles/old/{}", "/articles/grain{}", "/categories/old{}/feed.atom", "/issues{}"]  # fmt: skip
NAMES = [
    "next",
    "url",
    "redirect",
    "return",
    "return_to",
    "continue",
    "to",
    "goto",
    "dest",
    "language",
    "page",
    "before",
    "q",
]


@pytest.fixture
def journal(db):
    make_article(slug="grain")
    for row in (make_article(slug="old"), make_category(slug="old")):
        row.slug = "new"
        row.save()


def leads_home(answer, asked):
    location = answer.headers.get("Location")
    if location is None:
        return
    assert location.startswith("/"), (asked, location)
    assert not location.startswith(("//", "/\\")), (asked, location)
    assert urlsplit(urljoin(HOME, location.replace("\\", "/"))).netloc == "localhost:8000", (asked, location)
    assert location.isprintable()


def ask(client, path, query=""):
    return client.generic("GET", "/", PATH_INFO=path, QUERY_STRING=query)


def test_an_address_made_of_another_leads_nowhere_else(journal, client):
    for payload in EVIL:
        for form in LEADING:
            path = form.format(payload)
            answer = ask(client, path)
            assert answer.status_code in (200, 301, 404), path
            leads_home(answer, path)


def test_no_parameter_leads_elsewhere(journal, client):
    for path, status in {"/articles/old/": 301, "/articles/grain": 301, "/articles/old": 301}.items():
        for payload in EVIL:
            answer = ask(client, path, "&".join(f"{name}={payload}" for name in NAMES))
            assert answer.status_code == status, (path, payload)
            leads_home(answer, (path, payload))


def test_an_old_address_with_a_slash_too_few_or_too_many_leads_home(journal, client):
    for path, status in {
        "/articles/old": 301,
        "/articles/old/": 301,
        "//articles/old/": 404,
        "/articles//old/": 404,
    }.items():
        answer = ask(client, path)
        assert answer.status_code == status, path
        leads_home(answer, path)
