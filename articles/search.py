"""Search: what a reader types becomes a question to the index, the same to both databases.

Words are found in every form they have, accents and case aside; all of them must be there. "Several words" are found
side by side, -words must be absent. The last word may be unfinished: from three letters on, it stands for all that
begin with it, unless a space follows it or it is an abbreviation in capitals. Everything else is just text.
"""

import re
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Literal, NamedTuple

from django.db import OperationalError, connection
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from .models import Article
from .models.entry import KIND_BITS, OWNER_BITS, owner_at, row_of
from .words import stem, words_of

LONGEST = 1000  # characters that are read of a question
MOST_WORDS = 16
MOST_FOUND = 500  # rows that are ranked, counted and paged through
MOST_NAMED = 1000  # rows that the desk's list shows of a search
UNFINISHED = 3  # letters
MOST_READ = 10_000  # texts that PostgreSQL reads to see whether words stand side by side; else only the newest
PATIENCE = 0.8  # seconds until a search is given up

Scope = Literal["title", "head", "words", "conclusions"]
Arm = tuple[int, str, list[str | int]]  # a tier, how it is asked for, and the values of that

_PK = f"(({{place}} & {2**OWNER_BITS - 1}) >> {KIND_BITS})"
# PostgreSQL takes the reading of whole texts for cheap: for a word that most have it would read all of them. One search
# is work for one process, so that two readers do not wait for each other's helpers.
_PLAN = "SET LOCAL enable_seqscan = off; SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off; "
# How many of the newest texts are looked at before all are: of a common word, five hundred are among them. The place of
# the last is written into the question, since the planner counts on a third of all for one that it does not know.
_REACHES: dict[Scope, tuple[int, ...]] = {
    "title": (6000,), "head": (6000,), "words": (1500, 6000), "conclusions": (1500, 6000),
}  # fmt: skip

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
    tier: int
    place: int
    filters: str

    @property
    def kind(self) -> int:
        return row_of(owner_at(self.place))[0]

    @property
    def pk(self) -> int:
        return row_of(owner_at(self.place))[1]


class Found(NamedTuple):
    """Those of the nearest rows, at most MOST_FOUND, that may be shown."""

    hits: list[Hit]
    is_cut: bool
    is_of_the_newest: bool = False  # older texts were not read


class TooBroad(Exception):
    """The database was given up on, after PATIENCE."""


def find(
    query: Query,
    filters: tuple[str, ...] = (),
    *,
    only_conclusions: bool = False,
    by_date: bool = False,
    among: "Iterable[QuerySet[Any]] | None" = None,
) -> Found:
    """Those with all words in the title first, then in the title, summary, names and tags, then in the text.

    Within each the newest stand first. These steps are the same on both databases, as a score of theirs would not be.
    Who may read is asked of the rows themselves, in the same question, when it is said among which to look.
    """
    if not query:
        return Found([], False)
    base: Scope = "conclusions" if only_conclusions else "words"
    steps: list[Scope] = [base] if only_conclusions or by_date else ["title", "head", "words"]
    if connection.vendor == "sqlite":
        is_whole, arms = True, _arms_fts5(query, filters, steps, base)
    else:
        is_whole, places = _within_reach(query, base)
        arms = _arms_tsquery(query, filters, steps, base, is_whole, places)
    tables, tiers, values = [], [], []
    for n, (tier, sql, own_values) in enumerate(arms):
        tables.append(f"arm{n} AS MATERIALIZED ({sql})")
        tiers.append(f"SELECT {tier} AS tier, place, filters FROM arm{n}")
        values += own_values
    tables.append(f"found AS MATERIALIZED ({' UNION ALL '.join(tiers)})")
    may_be_shown, of_rows = _may_be_shown(among)
    sql = f"WITH {', '.join(tables)} SELECT tier, place, filters, {may_be_shown} FROM found"
    return _nearest(ask(sql, values + of_rows), is_whole)


def _nearest(rows: list[tuple[int, int, str, bool]], is_whole: bool) -> Found:
    first = {row[1]: row for row in sorted(rows, key=itemgetter(0), reverse=True)}
    nearest = sorted(first.values(), key=lambda row: (row[0], -row[1]))
    hits = [Hit(tier, place, filters) for tier, place, filters, is_shown in nearest[:MOST_FOUND] if is_shown]
    is_cut = len(nearest) > MOST_FOUND
    return Found(hits, is_cut, not (is_whole or is_cut))


def _may_be_shown(among: "Iterable[QuerySet[Any]] | None") -> tuple[str, list[Any]]:
    """Whether the row of what was found is in one of these, as SQL."""
    if among is None:
        return "TRUE", []
    parts: list[str] = []
    values: list[Any] = []
    pk = _PK.format(place="found.place")
    for rows in among:
        is_of_kind = f"found.place & {2**KIND_BITS - 1} = {rows.model.KIND}"
        own = rows.filter(pk__in=RawSQL(f"SELECT {pk} FROM found", [])).order_by().values("pk")
        sql, own_values = own.query.sql_with_params()
        parts.append(f"{is_of_kind} AND {pk} IN ({sql})")
        values += own_values
    return " OR ".join(parts), values


def ask(sql: str, values: list[Any]) -> list[Any]:
    """What the index answers. Raises TooBroad for what takes longer than PATIENCE."""
    asked = _asked_of_sqlite if connection.vendor == "sqlite" else _asked_of_postgresql
    with connection.cursor() as cursor:
        try:
            return asked(cursor, sql, values)
        except OperationalError as problem:
            cause = problem.__cause__
            if getattr(cause, "pgcode", getattr(cause, "sqlite_errorname", "")) in ("57014", "SQLITE_INTERRUPT"):
                raise TooBroad from problem
            raise


def _asked_of_sqlite(cursor: Any, sql: str, values: list[Any]) -> list[Any]:
    end = time.monotonic() + PATIENCE
    connection.connection.set_progress_handler(lambda: time.monotonic() > end, 1000)
    try:
        return list(cursor.execute(sql, values).fetchall())
    finally:
        connection.connection.set_progress_handler(None, 0)


def _asked_of_postgresql(cursor: Any, sql: str, values: list[Any]) -> list[Any]:
    """In a transaction of its own, or in a step of one that is taken back: so the settings end with the question."""
    settings = f"SET LOCAL statement_timeout = {int(PATIENCE * 1000)}; {_PLAN}"
    if not connection.in_atomic_block:
        cursor.execute(settings + sql, values)
        return list(cursor.fetchall())
    try:
        cursor.execute(f"SAVEPOINT search; {settings}{sql}", values)
        return list(cursor.fetchall())
    finally:
        cursor.execute("ROLLBACK TO SAVEPOINT search; RELEASE SAVEPOINT search")


def _fts5(query: Query, scope: Scope, unwanted_in: Scope) -> str:
    wanted = " AND ".join(term.fts5() for term in query.wanted)
    unwanted = " OR ".join(term.fts5() for term in query.unwanted)
    asked = f"{_COLUMNS[scope]} : ({wanted})"
    return f"({asked}) NOT ({_COLUMNS[unwanted_in]} : ({unwanted}))" if unwanted else asked


def _arms_fts5(query: Query, filters: tuple[str, ...], steps: list[Scope], base: Scope) -> Iterator[Arm]:
    narrowed = f" AND {{filters}} : ({' AND '.join(filters)})" if filters else ""
    sql = (
        "SELECT e.place, e.filters FROM articles_found AS f JOIN articles_entry AS e INDEXED BY articles_entry_places"
        " ON e.place = f.rowid"
        " WHERE f.articles_found MATCH %s ORDER BY f.rowid DESC LIMIT %s"
    )
    for tier, step in enumerate(steps, 1):
        yield tier, sql, [f"({_fts5(query, step, base)}){narrowed}", MOST_FOUND + 1]


def _tsquery(query: Query) -> tuple[str, str]:
    """What is asked with and without what must be absent."""
    wanted = " & ".join(f"({term.tsquery()})" for term in query.wanted)
    unwanted = "".join(f" & !({term.tsquery()})" for term in query.unwanted)
    return wanted, wanted + unwanted


def _within_reach(query: Query, scope: Scope) -> tuple[bool, dict[int, int | None]]:
    """Whether all texts can be read, and the place behind so many; None where there are not so many."""
    numbers = sorted({number for reach in _REACHES.values() for number in reach})
    place = "(SELECT place FROM articles_entry ORDER BY place DESC OFFSET {} LIMIT 1)"
    asked: list[str] = list(map(place.format, numbers))
    values: list[Any] = []
    if any(len(term.words) > 1 for term in query.terms):
        texts = f"SELECT 1 FROM articles_entry WHERE {scope}_vector @@ to_tsquery('analyst_words', %s) LIMIT %s"
        asked.append(f"(SELECT count(*) FROM ({texts}) AS texts)")
        words = " & ".join(f"'{word}'" for term in query.wanted for word in term.words)
        values = [words, MOST_READ + 1]  # of one word, the index knows all
    (answers,) = ask(f"SELECT {', '.join(asked)}", values)
    return not values or answers[-1] <= MOST_READ, dict(zip(numbers, answers, strict=False))


def _arms_tsquery(
    query: Query,
    filters: tuple[str, ...],
    steps: list[Scope],
    base: Scope,
    is_whole: bool,
    places: dict[int, int | None],
) -> Iterator[Arm]:
    """Each is only looked for when none before it has enough."""
    gates = ""
    reaches = [
        (tier, step, f" AND place >= {place}")
        for tier, step in enumerate(steps, 1)
        for place in [places[number] for number in _REACHES[step]]
        if place is not None
    ]
    reaches += [(tier, step, "") for tier, step in enumerate(steps, 1) if is_whole or step == "title"]
    for n, (tier, step, reach) in enumerate(sorted(reaches, key=itemgetter(0))):
        conditions, values = _conditions(query, filters, step, base)
        # The sum keeps the planner from walking all places backwards and reading the words of each.
        sql = f"SELECT place, filters FROM articles_entry WHERE {conditions}{reach}{gates} ORDER BY place + 0 DESC"
        yield tier, f"{sql} LIMIT %s", [*values, MOST_FOUND + 1]
        gates += f" AND (SELECT count(*) FROM arm{n}) <= {MOST_FOUND}"


def _conditions(query: Query, filters: tuple[str, ...], scope: Scope, base: Scope) -> tuple[str, list[str | int]]:
    wanted, asked = _tsquery(query)
    texts: dict[str, str] = {scope: asked} if scope == base else {scope: wanted}
    if scope != base and query.unwanted:
        texts[base] = asked
    if filters:
        texts["filters"] = " & ".join(filters)
    return " AND ".join(f"{name}_vector @@ to_tsquery('analyst_words', %s)" for name in texts), list(texts.values())


def named(articles: "QuerySet[Article]", text: str) -> "QuerySet[Article]":
    """For the desk: whose title, summary, authors, tags or address have all these words; drafts too.

    Of all articles the MOST_NAMED newest rows; of those that are narrowed already, all. Raises TooBroad.
    """
    query = Query.of(text)
    if not query:
        return articles.none() if text.strip() else articles
    # The row is read from the place, which both indexes give without a look at the entry.
    if connection.vendor == "sqlite":
        table, place, condition, value = (
            "articles_found",
            "rowid",
            "articles_found MATCH %s",
            _fts5(query, "head", "head"),
        )
    else:
        condition, value = "head_vector @@ to_tsquery('analyst_words', %s)", _tsquery(query)[1]
        table, place = "articles_entry", "place"
    # Most are articles; said by an equation, PostgreSQL would count on few.
    others = ", ".join(str(kind) for kind in range(2**KIND_BITS) if kind != Article.KIND)
    pk = _PK.format(place=place)
    sql = f"SELECT {pk} AS pk FROM {table} WHERE {condition} AND {place} & {2**KIND_BITS - 1} NOT IN ({others})"
    if articles.query.has_filters():
        return articles.filter(pk__in=RawSQL(sql, [value]))
    newest = ask(f"{sql} ORDER BY 1 DESC LIMIT {MOST_NAMED}", [value])
    return articles.filter(pk__in=[pk for (pk,) in newest])
