"""How a work is cited: BibTeX, RIS, CSL-JSON, and ready-made lines in the manner of Chicago and APA."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal, NamedTuple
from unicodedata import normalize

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Kind = Literal["article", "news", "book", "report"]
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


class Name(NamedTuple):
    """Who wrote it, in the two parts that bibliographies sort and abbreviate by; a single name has no given part."""

    family: str
    given: str = ""

    @classmethod
    def of(cls, sort_name: str) -> "Name":
        """'Blank, Stephen' is family and given name."""
        family, _, given = sort_name.partition(",")
        return cls(family.strip(), given.strip())

    @property
    def inverted(self) -> str:
        return f"{self.family}, {self.given}" if self.given else self.family

    @property
    def straight(self) -> str:
        return f"{self.given} {self.family}".strip()

    @property
    def abbreviated(self) -> str:
        """'Blank, S. J.', as APA wants it; a hyphen stays: 'J.-P.'."""
        initials = " ".join("-".join(f"{part[0]}." for part in word.split("-") if part) for word in self.given.split())
        return f"{self.family}, {initials}" if initials else self.family


@dataclass(frozen=True)
class Work:
    """What the formats need to know of an article or a staff publication."""

    key: str  # unique within one file
    kind: Kind
    title: str
    url: str
    authors: tuple[Name, ...] = ()
    date: tuple[int, ...] = ()  # year, month, day: as precise as is known
    container: str = ""  # the journal or newspaper it stands in
    volume: str = ""
    number: str = ""
    publisher: str = ""
    issn: str = ""
    doi: str = ""
    language: str = ""
    abstract: str = ""  # plain text
    keywords: tuple[str, ...] = field(default=())

    @property
    def year_month_day(self) -> tuple[int, int, int]:
        """0 for what is not known."""
        year, month, day = (*self.date, 0, 0, 0)[:3]
        return year, month, day

    @property
    def link(self) -> str:
        return f"https://doi.org/{self.doi}" if self.doi else self.url


def on_one_line(text: str) -> str:
    return " ".join(text.split())


# BibTeX

_BIBTEX_KIND = {"article": "article", "news": "article", "book": "book", "report": "techreport"}
# BibTeX counts braces and knows no escape: one too many, and it loses every entry after it.
_BIBTEX_SPECIAL = {
    "\\": r"\textbackslash{}", "{": r"\textbraceleft{}", "}": r"\textbraceright{}", "$": r"\$", "&": r"\&", "#": r"\#",
    "%": r"\%", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip


def bibtex(works: Iterable[Work]) -> str:
    return "\n".join(_bibtex_entry(work) for work in works)


def _bibtex_entry(work: Work) -> str:
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _bibtex_fields(work) if value)
    _, number, _ = work.year_month_day
    month = f"  month = {MONTHS[number - 1][:3].lower()},\n" if number else ""  # a word that BibTeX knows
    return f"@{_BIBTEX_KIND[work.kind]}{{{work.key},\n{fields}{month}}}\n"


def _bibtex_fields(work: Work) -> Iterator[tuple[str, str]]:
    year, _, day = work.year_month_day
    yield "author", " and ".join(_bibtex_name(name) for name in work.authors)
    yield "title", f"{{{_bibtex(work.title)}}}"  # the second braces keep its capitals
    yield "journal" if work.kind in ("article", "news") else "series", _bibtex(work.container)
    yield "year", str(year or "")
    yield "day", str(day or "")
    yield "volume", _bibtex(work.volume)
    yield "number", _bibtex(work.number)
    yield "institution" if work.kind == "report" else "publisher", _bibtex(work.publisher)
    yield "issn", work.issn
    yield "doi", work.doi
    yield "url", work.url
    yield "language", work.language
    yield "keywords", _bibtex(", ".join(work.keywords))
    yield "abstract", _bibtex(work.abstract)


def _bibtex_name(name: Name) -> str:
    """A single name is kept whole by braces, and so is one that holds the word 'and'."""
    whole = _bibtex(name.inverted)
    return f"{{{whole}}}" if not name.given or " and " in whole.lower() else whole


def _bibtex(text: str) -> str:
    return "".join(_BIBTEX_SPECIAL.get(character, character) for character in on_one_line(text))


def key_of(authors: Iterable[Name], year: int | None, title: str, number: int) -> str:
    """'blank2016russias'; the number of the row makes it unique, and stands alone where no Latin letter is found."""
    family = next((name.family for name in authors), "")
    words = re.findall(r"[a-z0-9]+", _latin(title))
    first = next((word for word in words if word not in ("a", "an", "the")), "")
    return f"{''.join(re.findall('[a-z0-9]', _latin(family)))}{year or ''}{first}-{number}"


def _latin(text: str) -> str:
    return normalize("NFKD", text).casefold()


# RIS

_RIS_KIND = {"article": "JOUR", "news": "NEWS", "book": "BOOK", "report": "RPRT"}


def ris(works: Iterable[Work]) -> str:
    return "".join(f"{tag}  - {value}\r\n" for work in works for tag, value in _ris_lines(work))


def _ris_lines(work: Work) -> Iterator[tuple[str, str]]:
    yield "TY", _RIS_KIND[work.kind]
    yield from (("AU", on_one_line(name.inverted)) for name in work.authors)
    year, month, day = work.year_month_day
    plain = (
        ("TI", work.title), ("T2", work.container), ("VL", work.volume), ("IS", work.number),
        ("PY", f"{year:04}" if year else ""),
        ("DA", f"{year:04}/{month:02}/{day:02}" if day else f"{year:04}/{month:02}" if month else ""),
        ("PB", work.publisher), ("SN", work.issn), ("DO", work.doi), ("UR", work.url), ("LA", work.language),
        *(("KW", keyword) for keyword in work.keywords), ("AB", work.abstract),
    )  # fmt: skip
    yield from ((tag, on_one_line(value)) for tag, value in plain if value)
    yield "ER", ""


# CSL-JSON

_CSL_KIND = {"article": "article-journal", "news": "article-newspaper", "book": "book", "report": "report"}


def csl(works: Iterable[Work]) -> list[dict[str, Any]]:
    """https://docs.citationstyles.org/en/stable/specification.html, appendix IV."""
    return [{name: value for name, value in _csl_item(work) if value} for work in works]


def _csl_item(work: Work) -> Iterator[tuple[str, Any]]:
    yield "id", work.key
    yield "type", _CSL_KIND[work.kind]
    yield "title", work.title
    yield "author", [_csl_name(name) for name in work.authors]
    yield "issued", {"date-parts": [list(work.date)]} if work.date else None
    yield "container-title", work.container
    yield "volume", work.volume
    yield "issue", work.number
    yield "publisher", work.publisher
    yield "ISSN", work.issn
    yield "DOI", work.doi
    yield "URL", work.url
    yield "language", work.language
    yield "keyword", ", ".join(work.keywords)
    yield "abstract", work.abstract


def _csl_name(name: Name) -> dict[str, str]:
    return {"family": name.family, "given": name.given} if name.given else {"literal": name.family}


# Lines to copy

_ENDS = ("?", "!", ".", "…")


@lru_cache(maxsize=500)
def chicago(work: Work) -> SafeString:
    """An entry of a bibliography (Chicago, 18th edition): up to six authors, of more the first three."""
    who = _ended(_chicago_authors(work.authors)) if work.authors else ""
    if work.kind in ("book", "report"):
        imprint = ", ".join(filter(None, [work.publisher or work.container, str(work.date[0]) if work.date else ""]))
        return _joined(who, format_html("<em>{}</em>", _ended(work.title)), _ended(imprint), _ended(work.link))
    title = _ended(re.sub("[“”]", lambda quote: "‘" if quote[0] == "“" else "’", work.title))
    where = format_html("<em>{}</em>{}", work.container, f"{_chicago_number(work)}.")
    return _joined(who, f"“{title}”", where if work.container else _ended(_day(work)), _ended(work.link))


def _chicago_authors(names: tuple[Name, ...]) -> str:
    first, *others = names if len(names) <= 6 else names[:3]
    listed = [first.inverted, *(name.straight for name in others)]
    if len(names) > 6:
        return f"{', '.join(listed)}, et al."
    return _listed(listed, "and")


def _chicago_number(work: Work) -> str:
    """' 18, no. 5 (March 15, 2016)', or ', March 15, 2016' where there is no volume."""
    day = _day(work)
    if not work.volume:
        return f", {day}" if day else ""
    number = f", no. {work.number}" if work.number else ""
    return f" {work.volume}{number}" + (f" ({day})" if day else "")


def _day(work: Work) -> str:
    """'March 15, 2016', as precise as it is known."""
    year, month, day = work.year_month_day
    if day:
        return f"{MONTHS[month - 1]} {day}, {year}"
    return f"{MONTHS[month - 1]} {year}" if month else str(year or "")


@lru_cache(maxsize=500)
def apa(work: Work) -> SafeString:
    """A reference in the manner of APA, 7th edition: up to twenty authors, of more the first nineteen and the last."""
    who, when = _apa_authors(work.authors), f"({_apa_day(work)})."
    if work.kind in ("book", "report"):
        title: str = format_html("<em>{}</em>", _ended(work.title))
        rest: tuple[str, ...] = (_ended(work.publisher or work.container), work.link)
    else:
        title = _ended(work.title)
        number = f"({work.number})" if work.number else ""
        volume = format_html(", <em>{}</em>{}", work.volume, number) if work.volume else ""
        where = format_html("<em>{}</em>{}.", work.container, volume) if work.container else ""
        rest = (where, work.link)
    return _joined(who, when, title, *rest) if who else _joined(title, when, *rest)


def _apa_authors(names: tuple[Name, ...]) -> str:
    short = [name.abbreviated for name in names]
    if len(short) > 20:
        return f"{', '.join(short[:19])}, … {short[-1]}"
    return f"{', '.join(short[:-1])}, & {short[-1]}" if len(short) > 1 else "".join(short)


def _apa_day(work: Work) -> str:
    """'2016, March 15', or 'n.d.' where no date is known."""
    year, month, day = work.year_month_day
    if not month:
        return str(year or "n.d.")
    return f"{year}, {MONTHS[month - 1]} {day}" if day else f"{year}, {MONTHS[month - 1]}"


def _listed(words: list[str], conjunction: str) -> str:
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])}, {conjunction} {words[-1]}"


def _ended(text: str) -> str:
    return f"{text}." if text and not text.endswith(_ENDS) else text


def _joined(*parts: str) -> SafeString:
    return format_html_join(" ", "{}", ((part,) for part in parts if part))


# Files

Writer = Callable[[list[Work]], str | list[dict[str, Any]]]
FORMATS: dict[str, tuple[str, Writer]] = {
    "bib": ("application/x-bibtex", bibtex),
    "ris": ("application/x-research-info-systems", ris),
    "json": ("application/vnd.citationstyles.csl+json", csl),
}
