"""The page of search: what was found of what readers may see, and what it can be narrowed by."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import CharField, QuerySet, Value
from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString

from articles.excerpts import Excerpts
from articles.listing import Advice, page_number, year_of
from articles.models import Article, Author, Category, OldAddress, Tag
from articles.search import LONGEST, Found, Hit, Query, TooBroad, find
from publications.models import Publication

PER_PAGE = 10
MOST_CHOICES = 12  # of authors, of tags
KINDS = {"articles": (Article.KIND, "Articles"), "publications": (Publication.KIND, "Staff publications")}
GIVEN_UP = Found([], False)
NAMED: dict[str, tuple[Any, str]] = {
    "category": (Category, "There is no such category."),
    "author": (Author, "There is nobody of that name here."),
    "tag": (Tag, "There is no such tag."),
}


class Choice(NamedTuple):
    value: str
    label: str  # with the number of hits that have it
    is_chosen: bool


class Result(NamedTuple):
    """A hit as the page shows it."""

    row: Article | Publication
    is_article: bool
    title: SafeString
    excerpt: SafeString


class Chosen(NamedTuple):
    """What the search is narrowed by: its place in the address, its name for the reader, its word in the index."""

    parameter: str
    label: str
    filter: str
    value: str


@dataclass(frozen=True)
class SearchPage:
    params: QueryDict
    chosen: list[Chosen] = field(default_factory=list)

    @classmethod
    def of(cls, params: QueryDict) -> "SearchPage":
        """Raises Advice for a page, a year or a name that there is not."""
        search = cls(params, [*_named(params), *_year(params), *_kind(params)])
        _ = search.results  # now, since a template swallows what is raised in it
        return search

    @cached_property
    def typed(self) -> str:
        """As it goes back into the form: a browser takes no control characters."""
        return "".join(letter for letter in self.params.get("q", "")[:LONGEST] if letter.isprintable())

    @cached_property
    def query(self) -> Query:
        return Query.of(self.params.get("q", ""))

    @property
    def only_conclusions(self) -> bool:
        return self.params.get("in") == "conclusions"

    @property
    def by_date(self) -> bool:
        return self.params.get("sort") == "date"

    # What is found

    @cached_property
    def _found(self) -> Found:
        filters = tuple(chosen.filter for chosen in self.chosen)
        readable = Article.objects.published(), Publication.objects.listed()
        try:
            return find(
                self.query, filters, only_conclusions=self.only_conclusions, by_date=self.by_date, among=readable
            )
        except TooBroad:
            return GIVEN_UP

    @property
    def is_too_broad(self) -> bool:
        """Whether the database was given up on: then nothing is known of what there is."""
        return self._found is GIVEN_UP

    @property
    def count(self) -> int:
        return len(self._found.hits)

    @property
    def has_more(self) -> bool:
        """Whether only the nearest were counted."""
        return self._found.is_cut

    @property
    def is_of_the_newest(self) -> bool:
        """Whether older texts were not read."""
        return self._found.is_of_the_newest

    @cached_property
    def number(self) -> int:
        return page_number(self.params)

    @cached_property
    def results(self) -> list[Result]:
        start = (self.number - 1) * PER_PAGE
        hits = self._found.hits[start : start + PER_PAGE]
        if not hits and self.number > 1 and not self.is_too_broad:
            raise Advice("This search has fewer pages.")
        rows = {Article.KIND: _articles(hits), Publication.KIND: _publications(hits)}
        # A row that goes between two questions is not there any more.
        return [self._result(rows[hit.kind][hit.pk]) for hit in hits if hit.pk in rows[hit.kind]]

    @cached_property
    def _excerpts(self) -> Excerpts:
        return Excerpts(self.query)

    def _result(self, row: Article | Publication) -> Result:
        texts = _texts(row, self.only_conclusions) if isinstance(row, Article) else iter(())
        title = row.headline if isinstance(row, Article) else row.title
        return Result(row, isinstance(row, Article), self._excerpts.title(title), self._excerpts.first(texts))

    # What it can be narrowed by

    @cached_property
    def _tallies(self) -> dict[str, Counter[str]]:
        """How many of the hits have each filter: {"author": {"7": 3}}."""
        tallies: dict[str, Counter[str]] = {name: Counter() for name in (*NAMED, "year", "kind")}
        for word, number in Counter(" ".join(hit.filters for hit in self._found.hits).split()).items():
            name = word.rstrip("0123456789")
            tallies[name][word.removeprefix(name)] = number
        return tallies

    @cached_property
    def choices(self) -> dict[str, list[Choice]]:
        """By parameter, the most frequent first; what is chosen stands there though nothing found has it."""
        found: dict[str, list[tuple[int, str, str]]] = {name: [] for name in NAMED}
        for kind, pk, label, slug in self._names():
            found[kind].append((-self._tallies[kind][str(pk)], label, slug))
        choices = {name: [(slug, label, -tally) for tally, label, slug in sorted(rows)] for name, rows in found.items()}
        choices["year"] = [(year, year, tally) for year, tally in sorted(self._tallies["year"].items(), reverse=True)]
        kinds = self._tallies["kind"]
        choices["kind"] = [(name, label, kinds[str(kind)]) for name, (kind, label) in KINDS.items() if kinds[str(kind)]]
        return {name: self._with_chosen(name, rows) for name, rows in choices.items()}

    def _with_chosen(self, name: str, rows: list[tuple[str, str, int]]) -> list[Choice]:
        chosen = next((chosen for chosen in self.chosen if chosen.parameter == name), None)
        if chosen and chosen.label not in (label for _, label, _ in rows):
            rows = [(chosen.value, chosen.label, 0), *rows]
        more = "+" if self.has_more else ""
        return [
            Choice(value, f"{label} ({tally}{more})", chosen is not None and chosen.label == label)
            for value, label, tally in rows
        ]

    def _names(self) -> list[tuple[str, int, str, str]]:
        """The names of the categories, authors and tags that most hits have, in one query."""
        parts = [
            _rows(name, model.objects.filter(pk__in=[pk for pk, _ in self._tallies[name].most_common(MOST_CHOICES)]))
            for name, (model, _) in NAMED.items()
        ]
        return list(parts[0].union(*parts[1:], all=True)) if self.count else []

    # Where it leads on

    @property
    def previous_url(self) -> str:
        return self._link(page=str(self.number - 1) if self.number > 2 else "") if self.number > 1 else ""

    @property
    def next_url(self) -> str:
        return self._link(page=str(self.number + 1)) if self.number * PER_PAGE < self.count else ""

    def offers(self) -> Iterator[tuple[str, str]]:
        """What an empty result may be helped by: words for a link, and where it leads."""
        for chosen in self.chosen:
            yield f"Search without “{chosen.label}”", self._link(**{chosen.parameter: "", "page": ""})
        if self.only_conclusions:
            yield "Search the whole texts", self._link(**{"in": "", "page": ""})
        if any(len(term.words) > 1 for term in self.query.wanted):
            words = " ".join(word for term in self.query.wanted for word in term.words)
            yield "Search for the words wherever they stand", self._link(q=words, page="")
        if self.query.unwanted:
            yield "Leave nothing out", self._link(q=" ".join(map(str, self.query.wanted)), page="")
        if len(self.query.wanted) > 1:
            for term in self.query.wanted[:5]:
                yield f"Search for {term} alone", self._link(q=str(term), page="")

    def _link(self, **changed: str) -> str:
        """This search with some of its parameters changed; an empty one goes."""
        kept = {name: value for name, value in self.params.items() if name in _PARAMETERS} | {"q": self.typed} | changed
        query = urlencode([(name, value) for name, value in kept.items() if value])
        return f"{reverse('search')}?{query}"

    @property
    def removals(self) -> list[tuple[str, str]]:
        """What is set in the form, which may be folded: words for it, and the search without it."""
        set_so = {chosen.parameter: chosen.label for chosen in self.chosen}
        set_so |= {"in": "Only in Conclusions"} if self.only_conclusions else {}
        set_so |= {"sort": "Sorted by date"} if self.by_date else {}
        return [(label, self._link(**{name: "", "page": ""})) for name, label in set_so.items()]


_PARAMETERS = ("q", *NAMED, "year", "in", "sort", "kind", "page")


def _rows(kind: str, rows: "QuerySet[Any]") -> "QuerySet[Any, tuple[str, int, str, str]]":
    return rows.order_by().values_list(Value(kind, output_field=CharField()), "pk", "name", "slug")


def _named(params: QueryDict) -> list[Chosen]:
    """The category, the author and the tag that are asked for, in one query."""
    asked = {name: params.get(name, "").replace("\0", "\ufffd") for name in NAMED if params.get(name)}
    if not asked:
        return []
    first, *others = (_rows(name, NAMED[name][0].objects.public().filter(slug=slug)) for name, slug in asked.items())
    found = {kind: (label, pk) for kind, pk, label, _ in first.union(*others, all=True)}
    return [_chosen(name, slug, found.get(name)) for name, slug in asked.items()]


def _chosen(name: str, slug: str, found: tuple[str, int] | None) -> Chosen:
    if found is None:
        model, sentence = NAMED[name]
        row = OldAddress.objects.led_from(model, slug)
        if row is None:
            raise Advice(sentence)
        found = str(row), row.pk
    label, pk = found
    return Chosen(name, label, f"{name}{pk}", slug)


def _year(params: QueryDict) -> list[Chosen]:
    year = year_of(params.get("year", "")) if params.get("year") else 0
    return [Chosen("year", str(year), f"year{year}", str(year))] if year else []


def _kind(params: QueryDict) -> list[Chosen]:
    kind = params.get("kind", "")
    if kind and kind not in KINDS:
        raise Advice("Search for articles or for publications.")
    return [Chosen("kind", KINDS[kind][1], f"kind{KINDS[kind][0]}", kind)] if kind else []


def _articles(hits: list[Hit]) -> dict[int, Article | Publication]:
    pks = [hit.pk for hit in hits if hit.kind == Article.KIND]
    rows = (
        Article.objects.published().filter(pk__in=pks).select_related("category").prefetch_related("bylines")
        if pks
        else ()
    )
    return {article.pk: article for article in rows}


def _publications(hits: list[Hit]) -> dict[int, Article | Publication]:
    pks = [hit.pk for hit in hits if hit.kind == Publication.KIND]
    return {row.pk: row for row in Publication.objects.listed().filter(pk__in=pks)} if pks else {}


def _texts(article: Article, only_conclusions: bool) -> Iterator[str]:
    names = ("conclusions",) if only_conclusions else ("summary", *Article.TEXTS)
    return filter(None, (getattr(article, name) for name in names))
