"""Whatever is asked, no answer is a 500."""

from urllib.parse import quote

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.factories import make_article, make_author, make_issue, make_page, make_publication

PREFIXES = [
    b"/", b"/articles/", b"/articles/grain/", b"/categories/", b"/tags/", b"/authors/", b"/issues/", b"/issues/2016-03-15/",
    b"/publications/", b"/search/", b"/most-read/", b"/reads/", b"/media/", b"/about/", b"/admin/", b"/admin/articles/article/", b"/static/", b"/feeds/", b"/categories/x/feed.", b"/sitemap-", b"/sitemap-articles-", b"//", b"/articles//",
]  # fmt: skip
NASTY = [
    b"", b"\0", b"%00", b"\xff\xfe", b"\xc3\x28", b"..", b"../..", b"%2e%2e/", b";", b"'", b'"', b"<script>", b"\xed\xa0\x80",
    "зерно".encode(), "e\u0301".encode(), b"2016-02-30", b"0000-00-00", b"9" * 40, b"-1", b"400.jpg", b"\\", b"a" * 3000, b"*", b"?",
    b"2016-03-15.pdf", b"cite.bib", b"\r\n", b"\x7f", b"%", b"%zz", b"+", b"&&", b"[]", b"{}", b"$ne", b"__class__", b"1/",
]  # fmt: skip
NAMES = [
    "page",
    "before",
    "category",
    "author",
    "tag",
    "year",
    "kind",
    "period",
    "sort",
    "in",
    "q",
    "o",
    "p",
    "e",
    "all",
    "_popup",
    "status__exact",
]

segment = st.one_of(
    st.sampled_from(NASTY), st.binary(max_size=12), st.text(max_size=12).map(lambda s: s.encode("utf-8", "replace"))
)
path = st.builds(
    lambda prefix, segments, slash: prefix + b"/".join(segments) + slash,
    st.sampled_from(PREFIXES), st.lists(segment, max_size=4), st.sampled_from([b"", b"/"]),
)  # fmt: skip
value = st.one_of(
    st.sampled_from(NASTY), st.binary(max_size=12), st.integers(-(10**30), 10**30).map(lambda n: str(n).encode())
)
query = st.lists(st.tuples(st.sampled_from(NAMES), value), max_size=3).map(
    lambda pairs: b"&".join(name.encode() + b"=" + text for name, text in pairs)
)


@pytest.fixture
def journal(db):
    author = make_author(slug="ann")
    make_article(slug="grain", authors=[author], tags=["Water"], issue=make_issue())
    moved = make_article(slug="old")
    moved.slug = "new"
    moved.save()
    make_publication(authors=["Ann Lee"])
    make_page(slug="about")


@settings(
    max_examples=2000,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    path=path,
    query=query,
    method=st.sampled_from(["GET", "GET", "GET", "HEAD", "POST", "PUT", "OPTIONS", "TRACE", "FOO"]),
)
def test_no_input_gives_a_500(journal, path, query, method):
    client = Client(raise_request_exception=False)
    response = client.request(
        REQUEST_METHOD=method, PATH_INFO=path.decode("latin-1"), QUERY_STRING=query.decode("latin-1")
    )
    assert response.status_code < 500, (method, path, query)


texts = st.one_of(
    st.text(max_size=40),
    st.sampled_from([text.decode("latin-1") for text in NASTY]),
    st.text('ab"-*():^ é中\0', max_size=30),
)
words = st.one_of(texts.map(lambda text: text.encode("utf-8", "surrogatepass")), value)
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
])  # fmt: skip
def test_no_header_gives_a_500(journal, headers):
    client = Client(raise_request_exception=False)
    assert client.get("/articles/grain/", headers=headers).status_code < 500
