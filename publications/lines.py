"""A printed line of "Staff Publications" becomes fields. The line itself is kept; what is doubtful is flagged."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, NamedTuple
from unicodedata import normalize

from articles.intake.blocks import spaced
from articles.intake.bylines import is_name
from articles.intake.dates import MONTHS

Precision = Literal["day", "month", "season", "year", "none"]
_KINDS = {
    kind.casefold(): kind
    for kind in (
        "Silk Road Paper", "Silk Road Monograph", "Analysis", "Book Chapter", "Book Review", "Book", "Article",
        "Monograph", "Special Report", "Report", "Policy Brief", "Policy Paper", "Working Paper", "White Paper",
        "Strategic Paper", "Occasional Paper", "Issue Brief", "Commentary", "Interview", "Review", "Essay", "Testimony",
        "Podcast", "Chapter", "Study", "Paper", "Brief",
    )
} | dict.fromkeys(("oped", "op-ed", "op ed"), "Op-ed")  # fmt: skip
_KIND = "|".join(
    sorted({spelt for kind in [*_KINDS.values(), "Oped", "OpEd", "Op-Ed", "Op Ed"] for spelt in (kind, kind.upper())},
           key=len, reverse=True)
)  # fmt: skip
_AT_THE_START = re.compile(rf"(?P<kind>{_KIND})(?=[\s:,]|[A-Z][a-z.])[\s:,]*")
# What is glued on is a file name: it has no space after it, or ends as the names of images do.
_GLUED = re.compile(rf"(?P<leftover>[^,\"“]{{0,90}}?(?:[^\s,\"“]|\.\w{{3,4}}\s))(?P<kind>{_KIND})\s+(?=[\w\"“])")
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_SEASON = "spring|summer|fall|autumn|winter"
_YEAR = r"(?P<year>(?:1[89]|20)\d\d)"
_MARK = r"[,()\[\]\"”]"  # what parts a date from the words before it
_PARTED = rf"(?:(?<={_MARK})|(?<={_MARK}\s)|\A)"
# In "The Fall of Theresa May, 2023" the comma parts the title from its year, not the month.
_WITH_ITS_YEAR = rf"(?:{_PARTED}|(?!(?:{_MONTH}|{_SEASON})\b\.?,))"
_DATE = re.compile(
    rf"\b(?:{_WITH_ITS_YEAR}(?P<season>{_SEASON}),?\s+{_YEAR.replace('year', 'season_year')}"
    rf"|{_WITH_ITS_YEAR}(?P<month>{_MONTH})\b\.?"
    rf"(?:\s+(?P<day>\d{{1,3}})(?:st|nd|rd|th)?|\s*[-–/]\s*(?:{_MONTH})\b\.?)?,?\s+{_YEAR}"
    rf"|(?P<day_first>\d{{1,3}})(?:st|nd|rd|th)?\s+(?P<its_month>{_MONTH})\b\.?,?\s+{_YEAR.replace('year', 'its_year')}"
    rf"|(?<=[,(\s]){_YEAR.replace('year', 'only_year')})\)?[\s.]*\Z",
    re.IGNORECASE,
)
_MONTH_AT_ITS_END = re.compile(rf"\b(?:{_MONTH}|{_SEASON})\b\.?,\s\Z", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*,\s*(?:and\s+|&\s*)?|\s+and\s+|\s*&\s*")
_QUOTED = re.compile(r"(?:\"(?P<straight>.+)\"|“(?P<curly>.+)”|‘(?P<single>.+)’)(?=\s*[,.]|\s*\Z|(?<=[,.?!][\"”’])\s)")
_QUOTES = {'"': '"', "“": "”", "‘": "’"}
_CAPITALISED = r"[A-Z][\w’'-]+"
_LIKELY_NAME = re.compile(
    rf"(?:Dr\.?\s+)?{_CAPITALISED}(?:\s+[A-Z]\.)*\s+{_CAPITALISED}|(?:[A-Z]\.\s*)+(?:{_CAPITALISED}\s+)?{_CAPITALISED}"
)
_WORD = re.compile(r"[^\s,&]+")
_LONGEST_NAME = 5  # words


class Flag(NamedTuple):
    field: str
    reason: str
    text: str
    proposal: str | None = None


@dataclass
class PrintedLine:
    """What a line says; `printed` is the line as it stands."""

    printed: str
    kind: str = ""
    authors: list[str] = field(default_factory=list)
    authors_line: str = ""  # as printed
    title: str = ""
    outlet: str | None = None
    year: int | None = None
    month: int | None = None
    day: int | None = None
    precision: Precision = "none"
    date_text: str = ""
    leftover: str = ""
    flags: list[Flag] = field(default_factory=list)

    def identity(self) -> str:
        return identity_of(self.title, self.year)

    def fitting(self, name: str, text: str, most: int) -> str:
        """The text as far as its field can hold it; what is cut off is told, and stands in the printed line."""
        if len(text) > most:
            reason = f"Only the first {most} characters are kept here; this is cut off."
            self.flags.append(Flag(name, reason, text[most:]))
        return text[:most]


def identity_of(title: str, year: int | None) -> str:
    """The same entry has the same title, case and punctuation aside, and the same year."""
    letters = re.sub(r"[\W_]+", " ", normalize("NFKC", title).casefold()).strip()
    return f"{letters} {year or ''}".strip()[:400]


def parse_all(lines: Iterable[str], known_names: Iterable[str] = ()) -> list[PrintedLine]:
    """Read lines together: a name that one of them sets off by a comma is known in all."""
    lines = list(lines)
    known = _Known([*known_names, *(name for line in lines for name in _first_names(line))])
    known.forget_longer()
    return [_parse(line, known) for line in lines]


def parse(line: str, known_names: Collection[str] = ()) -> PrintedLine:
    """Read one printed line; `known_names` tell authors from a title that no comma parts from them."""
    return _parse(line, _Known(known_names))


def _parse(line: str, known: "_Known") -> PrintedLine:
    read = PrintedLine(printed=line)
    rest = _take_date(read, _take_kind(read, spaced(line)))
    _take_title(read, _take_authors(read, rest, known))
    if not read.title:
        _take_all_for_the_title(read, rest)
    _doubt_brackets(read)
    return read


def _first_names(line: str) -> Iterator[str]:
    """The names before the first comma, if more than a date follows it."""
    unread = PrintedLine(line)
    first, comma, _ = _take_date(unread, _take_kind(unread, spaced(line))).partition(",")
    names = re.split(r"\s+and\s+|\s*&\s*", first.strip())
    if comma and all(_is_person(name) for name in names):
        yield from names


def _is_person(text: str) -> bool:
    return is_name(text) and len(text.split()) <= _LONGEST_NAME


def _take_kind(read: PrintedLine, text: str) -> str:
    match = _AT_THE_START.match(text) or _GLUED.match(text)
    if not match:
        read.flags.append(Flag("kind", "No kind is printed.", text[:80]))
        return text
    read.leftover = (match.groupdict().get("leftover") or "").strip()
    read.kind = _KINDS[match["kind"].casefold()]
    return text[match.end() :]


def _take_date(read: PrintedLine, text: str) -> str:
    match = _DATE.search(text)
    if not match:
        read.flags.append(Flag("date", "No date is printed.", text[-80:]))
        return text.rstrip(" .,")
    read.date_text = match[0].strip(" .()")
    year, month, day = _numbers(match)
    read.year, read.month, read.precision = year, month, "month" if month else "season" if match["season"] else "year"
    if day and month and _exists(year, month, day):
        read.day, read.precision = day, "day"
    elif day:
        reason = "There is no such day. The text is kept as printed; the month is taken."
        read.flags.append(Flag("date", reason, read.date_text))
    if match["only_year"]:
        _doubt_year(read, text[: match.start()])
    return text[: match.start()].rstrip(" ,(")


def _doubt_year(read: PrintedLine, before: str) -> None:
    """A year alone may end a title, as in "Title of 2020", and a month before it may begin the date."""
    month = _MONTH_AT_ITS_END.search(before)
    if not re.match(_MARK, before.rstrip()[-1:]):
        reason = "Nothing parts this year from the words before it; it is read as the date."
        read.flags.append(Flag("date", reason, read.date_text, "no date, and the year at the end of the words before"))
    elif month:
        reason = "The year alone is read as the date, the word before it as part of the title."
        date_text = before[month.start() :] + read.date_text
        read.flags.append(Flag("date", reason, date_text, f"the date “{date_text}”"))


def _numbers(match: re.Match[str]) -> tuple[int, int | None, int | None]:
    year = next(match[name] for name in ("year", "its_year", "season_year", "only_year") if match[name])
    month = MONTHS.get((match["month"] or match["its_month"] or "").lower())
    day = match["day"] or match["day_first"]
    return int(year), month, int(day) if day else None


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


class _Known:
    """Names, found by their first word."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: dict[str, set[str]] = defaultdict(set)
        for name in filter(None, map(spaced, names)):
            self._names[name.split()[0]].add(name)

    def __contains__(self, name: str) -> bool:
        return bool(name) and name in self._names.get(name.split()[0], ())

    def forget_longer(self) -> None:
        """A name that goes on after another one has swallowed the beginning of a title."""
        for names in self._names.values():
            names -= {name for name in names if any(beginning in names for beginning in _beginnings(name))}

    def at(self, text: str, start: int) -> str:
        """The longest name that stands here."""
        word = _WORD.match(text, start)
        names = self._names.get(word[0], ()) if word else ()
        return max((name for name in names if _stands(name, text, start)), key=len, default="")


def _beginnings(name: str) -> Iterator[str]:
    """The name without its last two words, three words …"""
    words = name.split()[:20]
    return (" ".join(words[:length]) for length in range(2, len(words) - 1))


def _extra_words(name: str, text: str) -> int:
    return len(text[len(name) :].split()) if text.startswith(f"{name} ") else 0


def _stands(name: str, text: str, start: int) -> bool:
    end = start + len(name)
    return text.startswith(name, start) and not text[end : end + 1].isalnum()


class _Part(NamedTuple):
    """A stretch between separators, and the separator after it."""

    text: str
    end: int
    after: str


def _take_authors(read: PrintedLine, text: str, known: _Known) -> str:
    """Take the authors off the beginning; what is left begins with the title."""
    at, before = 0, ""
    while True:
        name = known.at(text, at)
        parts = _parts(text, at)
        if _extra_words(name, parts[0].text) == 1 and _is_person(parts[0].text):
            name = ""  # Maria Silva is known, and this is Maria Silva Santos
        may_be_one = not read.authors or _joins(before) or _goes_on(parts, known)
        if not name and not (may_be_one and _is_person(parts[0].text)):
            break
        part = _named(text, at, name) if name else parts[0]
        read.authors.append(part.text)
        at, before = part.end, part.after
        if not part.after or text[at : at + 1] in ("", *_QUOTES):
            break
    read.authors_line = text[:at].rstrip(" ,")
    _doubt_authors(read, text, at, known)
    return text[at:]


def _named(text: str, at: int, name: str) -> _Part:
    separator = _SEPARATOR.match(text, at + len(name))
    if separator:
        return _Part(name, separator.end(), separator[0])
    return _Part(name, at + len(name) + 1, "")  # no comma: the title follows


def _parts(text: str, at: int) -> list[_Part]:
    """The next few stretches between separators."""
    parts: list[_Part] = []
    while at < len(text) and len(parts) < 12:
        separator = _SEPARATOR.search(text, at)
        if not separator:
            parts.append(_Part(text[at:].strip(), len(text), ""))
            break
        parts.append(_Part(text[at : separator.start()].strip(), separator.end(), separator[0]))
        at = separator.end()
    return parts or [_Part("", at, "")]


def _joins(separator: str) -> bool:
    return separator.strip(" ,") in ("and", "&")


def _goes_on(parts: Sequence[_Part], known: _Known) -> bool:
    """After a comma, names that nobody knows are authors only in a list that ends with "and" or "&"."""
    for number, part in enumerate(parts):
        if not _is_person(part.text) and part.text not in known:
            return False
        if _joins(part.after):
            following = parts[number + 1] if number + 1 < len(parts) else None
            return following is not None and following.after.startswith(",") and _is_person(following.text)
    return False


def _doubt_authors(read: PrintedLine, text: str, at: int, known: _Known) -> None:
    if not read.authors:
        likely = _LIKELY_NAME.match(text)
        reason = "The authors cannot be told from the title."
        read.flags.append(Flag("authors", reason, text, likely[0] if likely else None))
        return
    parts = _parts(text, at)
    if len(parts) > 2 and parts[0].after.startswith(",") and _is_person(parts[0].text) and not _is_quoted(text[at:]):
        reason = "This is read as the beginning of the title."
        read.flags.append(Flag("authors", reason, parts[0].text, f"an author, “{parts[0].text}”"))
    long = [name for name in read.authors if name not in known and len(name.split()) > 3 and "." not in name]
    for name in long:
        read.flags.append(Flag("authors", "This is long for a name; the title may begin in it.", name))


def _is_quoted(text: str) -> bool:
    return text[:1] in _QUOTES


def _take_title(read: PrintedLine, text: str) -> None:
    quoted = _QUOTED.match(text)
    if quoted:
        read.title = next(title for title in quoted.groups() if title).rstrip(" ,")
        read.outlet = text[quoted.end() :].strip(" ,.") or None
    else:
        text = text.strip(" ,")
        read.title, read.outlet = _split_at_quote(read, text) or _split_outlet(read, text)


def _take_all_for_the_title(read: PrintedLine, text: str) -> None:
    """An entry has a title, so authors that leave none go back into it; of nothing at all the line is the title."""
    read.authors, read.authors_line, read.outlet = [], "", None
    read.flags = [flag for flag in read.flags if flag.field in ("kind", "date")]
    read.title = text.strip(" ,")
    likely = _LIKELY_NAME.match(read.title)
    reason = "The title cannot be told from the authors; all of it stands as the title."
    if not read.title:
        read.title, reason = spaced(read.printed), "There is no title; the whole line stands for it."
    read.flags.append(Flag("title", reason, read.title, likely[0] if likely else None))


def _split_at_quote(read: PrintedLine, text: str) -> tuple[str, str] | None:
    """A quoted title and its outlet, without a comma between them; but a title may begin with a quoted word."""
    closing = _QUOTES.get(text[:1])
    if closing is None:
        return None
    quoted, _, outlet = text.partition(f"{closing} ")
    if not quoted[1:].strip() or not outlet[:1].isalnum() or outlet[:1].islower() or "," in outlet:
        return None
    reason = "No comma parts this from the quoted title."
    read.flags.append(Flag("outlet", reason, outlet, f"the title “{text}”, no outlet"))
    return quoted[1:].rstrip(" ,"), outlet.rstrip(" .")


def _split_outlet(read: PrintedLine, text: str) -> tuple[str, str | None]:
    """The outlet is the last of several parts."""
    title, comma, outlet = text.rpartition(",")
    outlet = outlet.strip()
    if not comma or not outlet or outlet.lower().startswith(("and ", "& ", "or ")):
        return text, None
    if re.search(r"\s(?:and|or)\s", outlet) and outlet[:1].islower():
        return text, None
    if "," not in title and re.search(r"\s(?:and|&)\s", outlet):
        read.flags.append(Flag("outlet", "This may be the end of the title.", outlet, f"the title “{text}”, no outlet"))
    return title.rstrip(), outlet


def _doubt_brackets(read: PrintedLine) -> None:
    if read.title.count(")") != read.title.count("("):
        proposal = read.title.replace(")", "").replace("(", "").strip()
        read.flags.append(Flag("title", "A bracket has no partner.", read.title, proposal))
