"""Search: what a reader types becomes a question to the index, the same to both databases.

Words are found in every form they have, accents and case aside; all of them must be there. "Several words" are found
side by side, -words must be absent. The last word may be unfinished: from three letters on, it stands for all that
begin with it, unless a space follows it or it is an abbreviation in capitals. Everything else is just text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from django.db import connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from .models import Article
from .models.entry import KIND_BITS, OWNER_BITS, owner_at, row_of
from .words import stem, words_of

LONGEST = 1000  # characters that are read of a question
MOST_WORDS = 16
MOST_FOUND = 1000  # rows that are ranked, counted and paged through
UNFINISHED = 3  # letters

Scope = Literal["title", "head", "words", "conclusions"]

# A quotation with or without a minus; else what stands between spaces.
_PART = re.compile(r"(-?)(?:\"([^\"]*)\"|“([^”]*)”)|(\S+)")
_COLUMNS: dict[Scope, str] = {
    "title": "{title}",
    "head": "{title about}",
    "words": "{title about text}",
    "conclusions": "{conclusions}",
}


class Term(NamedTuple):
    """A word, or several side by side."""

    words: tuple[str, ...]
    is_unfinished: bool = False
    is_unwanted: bool = False
    is_quoted: bool = False

    def __str__(self) -> str:
        text = " ".join(self.words)
        return f"{'-' * self.is_unwanted}“{text}”" if self.is_quoted else f"{'-' * self.is_unwanted}{text}"

    def fts5(self) -> str:
        return f'"{" ".join(self.words)}"{"*" * self.is_unfinished}'

    def tsquery(self) -> str:
        return " <-> ".join(f"'{word}'" for word in self.words) + ":*" * self.is_unfinished

    def matches(self, words: list[str]) -> bool:
        """Whether these words are it."""
        first = zip(words, self.words[:-1], strict=False)
        return all(stem(word) == stem(own) for word, own in first) and self._ends_with(words[-1])

    def may_begin_with(self, words: list[str]) -> bool:
        if len(self.words) == 1:
            return bool(words) and self.matches(words[:1])
        return bool(words) and stem(words[0]) == stem(self.words[0])

    def _ends_with(self, word: str) -> bool:
        last = stem(self.words[-1])
        return stem(word) == last or (self.is_unfinished and (stem(word).startswith(last) or word.startswith(last)))


@dataclass(frozen=True)
class Query:
    """What was understood of what was typed."""

    terms: tuple[Term, ...] = ()

    @classmethod
    def of(cls, text: str) -> "Query":
        terms: dict[tuple[tuple[str, ...], bool], Term] = {}
        left = MOST_WORDS
        for term in _terms(text[:LONGEST], is_whole=len(text) <= LONGEST):
            same = (term.words, term.is_unwanted)
            if same not in terms and len(term.words) <= left:
                terms[same] = term
                left -= len(term.words)
        return cls(tuple(terms.values()))

    @property
    def wanted(self) -> list[Term]:
        return [term for term in self.terms if not term.is_unwanted]

    @property
    def unwanted(self) -> list[Term]:
        return [term for term in self.terms if term.is_unwanted]

    def __bool__(self) -> bool:
        """Whether there is anything to look for: unwanted words alone name nothing."""
        return bool(self.wanted)

    def __str__(self) -> str:
        return " ".join(map(str, self.terms))


def _terms(text: str, *, is_whole: bool) -> Iterator[Term]:
    for part in _PART.finditer(text):
        minus, straight, curly, plain = part.groups()
        quoted = straight if straight is not None else curly
        typed = plain if quoted is None else quoted
        words = tuple(words_of(typed, MOST_WORDS + 1))
        if not words:
            continue
        is_unwanted = bool(minus) or (quoted is None and typed.startswith("-"))
        is_last = is_whole and part.end() == len(text) and quoted is None and not is_unwanted
        # EU and UNESCO are not the beginning of "Europe" and of nothing.
        is_unfinished = is_last and len(words[-1]) >= UNFINISHED and typed[-1:].isalnum() and not typed.isupper()
        yield Term(words, is_unfinished, is_unwanted, quoted is not None)


class Hit(NamedTuple):
    kind: int
    pk: int
    tier: int
    filters: tuple[str, ...]


class Found(NamedTuple):
    """The nearest rows, at most MOST_FOUND. Who may read them is asked by whoever shows them."""

    hits: list[Hit]
    is_cut: bool


def find(
    query: Query, filters: tuple[str, ...] = (), *, only_conclusions: bool = False, by_date: bool = False
) -> Found:
    """Those with all words in the title first, then in the title, summary, names and tags, then in the text.

    Within each the newest stand first. These steps are the same on both databases, as a score of theirs would not be.
    """
    if not query:
        return Found([], False)
    base: Scope = "conclusions" if only_conclusions else "words"
    steps: list[Scope] = [base] if only_conclusions or by_date else ["title", "head", "words"]
    select = _select_fts5 if connection.vendor == "sqlite" else _select_tsquery
    selects = [select(query, filters, step, base) for step in steps]
    tiers = [f"SELECT {n} AS tier, place, filters FROM ({sql}) AS tier{n}" for n, (sql, _) in enumerate(selects, 1)]
    # PostgreSQL takes the reading of whole texts for cheap: for a word that most have it would read all of them.
    by_index = "" if connection.vendor == "sqlite" else "SET LOCAL enable_seqscan = off; "
    with connection.cursor() as cursor:
        cursor.execute(by_index + " UNION ALL ".join(tiers), [value for _, values in selects for value in values])
        rows: list[tuple[int, int, str]] = cursor.fetchall()
    return _nearest(rows)


def _nearest(rows: list[tuple[int, int, str]]) -> Found:
    first: dict[int, tuple[int, str]] = {}
    for tier, place, filters in sorted(rows):
        first.setdefault(place, (tier, filters))
    places = sorted(first, key=lambda place: (first[place][0], -place))
    hits = [Hit(*row_of(owner_at(place)), first[place][0], tuple(first[place][1].split())) for place in places]
    return Found(hits[:MOST_FOUND], len(hits) > MOST_FOUND)


def among(pks: list[int]) -> RawSQL:
    """For pk__in: one value instead of a thousand, each of which Django would look at."""
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [str(pks)])
    return RawSQL("SELECT unnest(%s::bigint[])", [pks])


def _fts5(query: Query, scope: Scope, unwanted_in: Scope) -> str:
    wanted = " AND ".join(term.fts5() for term in query.wanted)
    unwanted = " OR ".join(term.fts5() for term in query.unwanted)
    asked = f"{_COLUMNS[scope]} : ({wanted})"
    return f"({asked}) NOT ({_COLUMNS[unwanted_in]} : ({unwanted}))" if unwanted else asked


def _select_fts5(query: Query, filters: tuple[str, ...], scope: Scope, base: Scope) -> tuple[str, list[str | int]]:
    asked = _fts5(query, scope, base)
    if filters:
        asked = f"({asked}) AND {{filters}} : ({' AND '.join(filters)})"
    sql = (
        "SELECT e.place, e.filters FROM articles_found AS f JOIN articles_entry AS e INDEXED BY articles_entry_places"
        " ON e.place = f.rowid"
        " WHERE f.articles_found MATCH %s ORDER BY f.rowid DESC LIMIT %s"
    )
    return sql, [asked, MOST_FOUND + 1]


def _tsquery(query: Query) -> tuple[str, str]:
    """What is asked with and without what must be absent."""
    wanted = " & ".join(f"({term.tsquery()})" for term in query.wanted)
    unwanted = "".join(f" & !({term.tsquery()})" for term in query.unwanted)
    return wanted, wanted + unwanted


def _select_tsquery(query: Query, filters: tuple[str, ...], scope: Scope, base: Scope) -> tuple[str, list[str | int]]:
    wanted, asked = _tsquery(query)
    conditions, values = [f"{base}_vector @@ to_tsquery('analyst_words', %s)"], [asked]
    if scope != base:
        conditions = [f"{scope}_vector @@ to_tsquery('analyst_words', %s)", *(conditions if query.unwanted else [])]
        values = [wanted, *(values if query.unwanted else [])]
    if filters:
        conditions.append("filters_vector @@ to_tsquery('analyst_words', %s)")
        values.append(" & ".join(filters))
    # The sum keeps the planner from walking all places backwards and reading the words of each.
    sql = f"SELECT place, filters FROM articles_entry WHERE {' AND '.join(conditions)} ORDER BY place + 0 DESC LIMIT %s"
    return sql, [*values, MOST_FOUND + 1]


def named(articles: "QuerySet[Article]", text: str) -> "QuerySet[Article]":
    """For the desk: whose title, summary, authors, tags or address have all these words; drafts too."""
    query = Query.of(text)
    if not query:
        return articles.none() if text.strip() else articles
    # The row is read from the place, which both indexes give without a look at the entry.
    pk = f"(place & {2**OWNER_BITS - 1}) >> {KIND_BITS}"
    is_article = f"place & {2**KIND_BITS - 1} = {Article.KIND}"
    if connection.vendor == "sqlite":
        condition, value = "articles_found MATCH %s", _fts5(query, "head", "head")
        table, pk, is_article = "articles_found", pk.replace("place", "rowid"), is_article.replace("place", "rowid")
    else:
        condition, value = "head_vector @@ to_tsquery('analyst_words', %s)", _tsquery(query)[1]
        table = "articles_entry"
    pks = RawSQL(f"SELECT {pk} FROM {table} WHERE {condition} AND {is_article}", [value])
    return articles.filter(pk__in=pks)
