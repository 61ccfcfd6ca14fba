"""Bylines: who signed, as printed. A comma is an affiliation as often as a co-author: what is doubtful is flagged."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .manuscript import Flag
from .places import PLACES

LONGEST = 250
Span = tuple[int, int]
_BY = re.compile(r"\s*(?:written\s+)?by\b\s*:?\s*", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*,\s*(?:(?:and|&)\s+)?|\s+and\s+|\s*&\s*|\s*;\s*", re.IGNORECASE)
_EMPTY = re.compile(r"\s*(?:empty|none|n/a|super user|administrator|admin|-+)?\s*", re.IGNORECASE)
_PARTICLES = frozenset((
    "kyzy", "kizi", "qizi", "uulu", "ugli", "ogli", "oglu", "oglou", "zade", "van", "von", "der", "den", "de", "del",
    "della", "di", "da", "dos", "du", "la", "le", "el", "al", "bin", "bint", "ibn", "ben", "ter", "ten", "zu", "af",
    "av", "y", "e",
))  # fmt: skip
# a name may begin with these
_LEADING = frozenset((
    "van", "von", "de", "den", "der", "al", "el", "le", "la", "di", "da", "du", "dos",
))  # fmt: skip
_SUFFIX = re.compile(r"(?:Jr|Sr|II|III|IV|Ph\.?\s?D|M\.?D|M\.?A|M\.?P|Esq)\.?")
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[.’'ʼ`-])*")
_NOT_NAMES = frozenset((
    "the", "a", "an", "of", "in", "on", "for", "to", "with", "from", "at", "is", "are", "was", "were", "and", "or",
    "not", "new",
))  # fmt: skip
_INSTITUTION = re.compile(
    r"\b(?:universit|institut|academ|college|school|facult|depart|cent(?:er|re)\b|foundation|council|ministr|embassy|"
    r"agency|bank\b|bureau|office|associat|society|programm?e?\b|committee|commission|parliament|journal|news\b|radio|"
    r"press\b|studies|research|student|fellow|lecturer|professor|director|editor|analyst|expert|consultant|scholar|"
    r"candidate|researcher|journalist|correspondent|columnist|ambassador|member|head\b|chair|deputy|minister|colonel|"
    r"senior|visiting|independent|freelance|group\b|project|forum|network|house\b|think|policy|security|affairs|"
    r"development|relations|service|organi[sz]ation|nato\b|osce\b|usa?\b|u\.s|uk\b)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Entry:
    name: Span
    affiliation: Span | None = None


@dataclass
class Byline:
    entries: list[Entry] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    is_signed: bool = False  # it says "By"


@dataclass
class _Item:
    start: int
    end: int
    text: str
    after: str  # what stands before it: nothing, "," or "and"


def find(text: str) -> Byline | None:
    """Read a line that may be a byline. Without "By" it must be names and nothing else."""
    if len(text) > LONGEST:
        return None
    by = _BY.match(text)
    start = by.end() if by else 0
    if _EMPTY.fullmatch(text, start):
        return _nobody(text) if text.strip() else None
    items = list(_items(text, start))
    if not items or _is_a_sentence(items):
        return None
    if is_name(items[0].text, fewest=1 if by else 2):
        return _read(items, is_signed=by is not None)
    return _whole(items) if by else None


def named(text: str, names: list[Span]) -> Byline:
    """Read a byline in which the page itself marks the names."""
    byline = Byline(is_signed=True)
    for (start, end), (following, _) in zip(names, [*names[1:], (len(text), 0)], strict=True):
        rest = _trimmed(text, end, following)
        byline.entries.append(Entry((start, end), rest))
    return byline


def _trimmed(text: str, start: int, end: int) -> Span | None:
    """What stands between two names, without the comma before it and the "and" after it."""
    inner = re.sub(r"(?:\s*[,;]?\s*(?:\band\b|&)|[\s,;])*\s*$", "", text[start:end], flags=re.IGNORECASE)
    opening = len(inner) - len(inner.lstrip(" ,;\n\t\xa0"))
    return (start + opening, start + len(inner)) if len(inner) > opening else None


def _nobody(text: str) -> Byline:
    return Byline([], [Flag("byline", "The byline names nobody.", text.strip(), None)], is_signed=True)


def _whole(items: list[_Item]) -> Byline | None:
    """A line that says "By" and is no list of names: kept whole, for the editor to see."""
    start, end = items[0].start, items[-1].end
    if end - start > 100 or len(items) > 4:
        return None
    text = " … ".join(item.text for item in items)
    reason = "This is read as one author; it does not look like a name."
    return Byline([Entry((start, end))], [Flag("byline", reason, text, None)], is_signed=True)


def _items(text: str, start: int) -> Iterator[_Item]:
    at, after = start, ""
    for separator in [*_SEPARATOR.finditer(text, start), None]:
        end = separator.start() if separator else len(text)
        item = text[at:end].strip()
        if item:
            begin = text.index(item, at)
            item = item[:-1] if separator is None and _ends_with_a_stop(item) else item
            yield _Item(begin, begin + len(item), item, after)
        if separator:
            at, after = separator.end(), "," if separator[0].strip() == "," else "and"


def _ends_with_a_stop(item: str) -> bool:
    """ "By Ann Bell." does; "By Ann B." and "Carl Dunn Jr." do not."""
    word = item.split()[-1]
    return len(word) > 3 and word[-1] == "." and "." not in word[:-1] and not _SUFFIX.fullmatch(word)


def _is_a_sentence(items: list[_Item]) -> bool:
    """ "By May, the army had withdrawn": more small words than names and affiliations have."""
    words = [word for item in items for word in item.text.split()]
    return items[-1].text[-1:] in "!?:" or sum(word[0].islower() for word in words) > max(5, len(words) // 2)


def is_name(text: str, fewest: int = 2) -> bool:
    """Two to six capitalised words, particles between them."""
    words = text.split()
    if not fewest <= len(words) <= 6 or len(text) > 80:
        return False
    return words[0].lower() not in _PARTICLES - _LEADING and all(_is_name_word(word) for word in words)


def _is_name_word(word: str) -> bool:
    if word.lower() in _PARTICLES or _SUFFIX.fullmatch(word):
        return True
    capital = word[0].isupper() or word[:3].lower() in ("al-", "el-", "d’a", "d'a")
    return capital and bool(_WORD.fullmatch(word)) and word.lower() not in _NOT_NAMES


def _is_affiliation(text: str) -> bool:
    lowered = text.lower().strip(".")
    small = text[:1].islower() and text.split()[0].lower() not in _LEADING
    return lowered in PLACES or bool(_INSTITUTION.search(text)) or small or any(map(str.isdigit, text))


def _read(items: list[_Item], is_signed: bool) -> Byline:
    people: list[list[_Item]] = []  # a name, and what follows it
    for item in items:
        if not people or _is_co_author(item, people[-1]):
            people.append([item])
        elif _SUFFIX.fullmatch(item.text) and len(people[-1]) == 1 and item.after == ",":
            people[-1][0] = _joined(people[-1][0], item)
        else:
            people[-1].append(item)
    return Byline([_entry(person) for person in people], list(_doubts(people)), is_signed)


def _joined(name: _Item, suffix: _Item) -> _Item:
    return _Item(name.start, suffix.end, f"{name.text}, {suffix.text}", name.after)


def _is_co_author(item: _Item, person: list[_Item]) -> bool:
    """ "A and B" is two people; "Institute for Peace and Security" is one institute."""
    if item.after == "and" and len(person) == 1:
        return is_name(item.text, fewest=1)
    return is_name(item.text) and not _is_affiliation(item.text) and (item.after == "and" or len(person) == 1)


def _entry(person: list[_Item]) -> Entry:
    name, *rest = person
    return Entry((name.start, name.end), (rest[0].start, rest[-1].end) if rest else None)


def _doubts(people: list[list[_Item]]) -> Iterator[Flag]:
    is_a_list = len(people) > 2 and people[-1][0].after == "and" and all(len(person) == 1 for person in people[:-1])
    for number, (name, *rest) in enumerate(people):
        whole = ", ".join(item.text for item in rest)
        if rest and number and number == len(people) - 1 and all(len(person) == 1 for person in people[:-1]):
            reason = f"“{whole}” is read as the affiliation of the last author alone."
            yield Flag("byline", reason, whole, f"the affiliation of all {len(people)} authors")
        elif rest and not any(_is_affiliation(item.text) for item in rest):
            yield Flag("byline", f"“{whole}” is read as an affiliation.", whole, f"a co-author, “{whole}”")
        if name.after == "," and not is_a_list:
            proposal = f"an affiliation of {people[number - 1][0].text}"
            yield Flag("byline", f"“{name.text}” is read as a co-author.", name.text, proposal)
        if name.after == "and" and (_is_affiliation(name.text) or not is_name(name.text)):
            yield Flag("byline", f"“{name.text}” is read as a co-author.", name.text, "part of the name before it")
