"""Requests that nobody means well by: by hypothesis, which shrinks what it finds, and by a plain generator."""

from collections.abc import Iterator
from random import Random
from typing import NamedTuple

from hypothesis import strategies as st

PREFIXES = [
    b"/", b"/articles/", b"/articles/grain/", b"/categories/", b"/tags/", b"/authors/", b"/issues/", b"/issues/2016-03-15/",
    b"/publications/", b"/search/", b"/most-read/", b"/reads/", b"/media/", b"/about/", b"/admin/", b"/admin/articles/article/", b"/static/", b"/feeds/", b"/categories/x/feed.", b"/sitemap-", b"/sitemap-articles-", b"//", b"/articles//",
    b"/csp-reports", b"/authors/ann/", b"/articles/old/", b"/.well-known/", b"/accounts/",
]  # fmt: skip
NASTY = [
    b"", b"\0", b"%00", b"\xff\xfe", b"\xc3\x28", b"..", b"../..", b"%2e%2e/", b";", b"'", b'"', b"<script>", b"\xed\xa0\x80",
    "зерно".encode(), "e\u0301".encode(), b"2016-02-30", b"0000-00-00", b"9" * 40, b"-1", b"400.jpg", b"\\", b"a" * 3000, b"*", b"?",
    b"2016-03-15.pdf", b"cite.bib", b"\r\n", b"\x7f", b"%", b"%zz", b"+", b"&&", b"[]", b"{}", b"$ne", b"__class__", b"1/",
]  # fmt: skip
NAMES = [
    "page", "before", "category", "author", "tag", "year", "kind", "period", "sort", "in", "q", "o", "p", "e", "all", "_popup", "status__exact",
]  # fmt: skip
METHODS = ["GET", "GET", "GET", "HEAD", "POST", "PUT", "OPTIONS", "TRACE", "FOO"]


class Asked(NamedTuple):
    method: str
    path: bytes
    query: bytes

    @property
    def environ(self) -> dict[str, str]:
        return {
            "REQUEST_METHOD": self.method,
            "PATH_INFO": self.path.decode("latin-1"),
            "QUERY_STRING": self.query.decode("latin-1"),
        }


_segment = st.one_of(
    st.sampled_from(NASTY), st.binary(max_size=12), st.text(max_size=12).map(lambda s: s.encode("utf-8", "replace"))
)
_path = st.builds(
    lambda prefix, segments, slash: prefix + b"/".join(segments) + slash,
    st.sampled_from(PREFIXES), st.lists(_segment, max_size=4), st.sampled_from([b"", b"/"]),
)  # fmt: skip
_value = st.one_of(
    st.sampled_from(NASTY), st.binary(max_size=12), st.integers(-(10**30), 10**30).map(lambda n: str(n).encode())
)
_query = st.lists(st.tuples(st.sampled_from(NAMES), _value), max_size=3).map(
    lambda pairs: b"&".join(name.encode() + b"=" + text for name, text in pairs)
)
asked = st.builds(Asked, st.sampled_from(METHODS), _path, _query)


def generated(number: int, seed: int = 1) -> Iterator[Asked]:
    random = Random(seed)

    def text() -> bytes:
        if random.random() < 0.6:
            return random.choice(NASTY)
        if random.random() < 0.2:
            return str(random.randrange(-(10**30), 10**30)).encode()
        return random.randbytes(random.randrange(12))

    for _ in range(number):
        segments = b"/".join(text() for _ in range(random.randrange(5)))
        names = random.choices(NAMES, k=random.randrange(4)) * random.choice((1, 1, 1, 2))  # the same one twice, too
        query = b"&".join(name.encode() + b"=" + text() for name in names)
        slash = random.choice((b"", b"/"))
        yield Asked(random.choice(METHODS), random.choice(PREFIXES) + segments + slash, query)
