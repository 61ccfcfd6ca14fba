"""Whatever is asked, no answer is a 500. Twenty times as much is asked by `python -m bench.hostile`."""

from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import make_article, make_author, make_issue, make_page, make_publication
from tests.hostile_requests import NASTY, asked, generated

HALF = 500


def hostile_to(number):
    calm = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=number, deadline=None, database=None, suppress_health_check=calm)


def status_of(one):
    return Client(raise_request_exception=False).request(**one.environ).status_code


@pytest.fixture
def journal(db):
    author = make_author(slug="ann")
    make_article(slug="grain", authors=[author], tags=["Water"], issue=make_issue())
    moved = make_article(slug="old")
    moved.slug = "new"
    moved.save()
    make_publication(authors=["Ann Lee"])
    make_page(slug="about")


@hostile_to(HALF)
@given(one=asked)
def test_no_input_gives_a_500(journal, one):
    assert status_of(one) < 500


def test_nor_does_what_is_made_by_rule(journal):
    assert [one for one in generated(HALF) if status_of(one) >= 500] == []


texts = st.one_of(
    st.text(max_size=40),
    st.sampled_from([text.decode("latin-1") for text in NASTY]),
    st.text('ab"-*():^ é中\0', max_size=30),
)
words = st.one_of(texts.map(lambda text: text.encode("utf-8", "surrogatepass")), st.binary(max_size=12))
searches = st.lists(
    st.tuples(st.sampled_from(["q", "q", "category", "year", "author", "tag", "kind", "sort", "in", "page"]), st.one_of(
        st.sampled_from([b"grain", b"ann", b"water", b"date", b"conclusions", b"articles", b"2016", b"1"]), words)),
    max_size=8,
).map(lambda pairs: "&".join(f"{name}={quote(text)}" for name, text in pairs))  # fmt: skip


@settings(
    max_examples=150,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(query=searches)
def test_no_search_gives_a_500(journal, query):
    response = Client(raise_request_exception=False).get("/search/", QUERY_STRING=f"q=grain&{query}")
    assert response.status_code in (200, 404), query


@pytest.mark.parametrize("headers", [
    {"host": "evil.example"}, {"host": "localhost:99999999"}, {"cookie": "sessionid=\xff; csrftoken=" + "x" * 5000},
    {"if-none-match": '"' + "x" * 60_000}, {"if-modified-since": "Thu, 99 Foo"}, {"accept-language": ",;q=9" * 500}, {"range": "bytes=9-1"},
    {"accept-encoding": "br;q=x, gzip;q=9, *;q=-1" * 99}, {"accept": "\xff" * 64_000}, {"x-forwarded-for": "1, " * 20_000}, {"content-length": "-1"},
    {"content-length": "9" * 30}, {"content-type": "multipart/form-data"}, {"content-type": "text/html; charset=\xff"}, {"if-none-match": "\xff, *, W/"},
])  # fmt: skip
def test_no_header_gives_a_500(journal, headers):
    client = Client(raise_request_exception=False)
    for path in ("/articles/grain/", "/feeds/articles.atom", "/search/?q=x", "/admin/login/"):
        assert client.get(path, headers=headers).status_code < 500, path
        assert client.post(path, b"x", content_type="text/plain", headers=headers).status_code < 500, path
