"""What stands around an article on a page, line by line: read for what it tells, never left in the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from . import dates

LONGEST = 160
_I = re.IGNORECASE
_TIME = r"(?:,?\s+(?:at\s+)?\d{1,2}:\d{2}(?::\d{2})?(?:\s*[ap]m)?)?"
_ANY_DAY = rf"\d{{1,3}}\s+[a-z]+\s+\d{{4}}|[a-z]+\s+\d{{1,3}},?\s+\d{{4}}|{dates.DATE}"
_DATE_HEADER = re.compile(rf"\s*{dates.WEEKDAY},?\s+(?P<date>{_ANY_DAY}){_TIME}\s*", _I)
_PUBLISHED_IN = re.compile(r"\s*(?:Published|Posted)\s+in:?\s+(?P<rest>(?-i:[A-Z])[^.!?]{0,79}?)\s*", _I)
_MODIFIED = rf"Last\s+(?:modified|updated)(?:\s+on)?:?\s+(?P<modified>(?:{dates.WEEKDAY},?\s+)?(?:{_ANY_DAY})){_TIME}"
_NUMBER = r"\d{1,3}(?:[.,'’\s\u202f]\d{3})+|\d+"
_READS = re.compile(
    rf"\s*(?:Read:?\s+(?P<reads>{_NUMBER})\s+times?(?:\s*\([^()]{{0,80}}\))?|Hits:\s*(?P<hits>{_NUMBER}))[\s.|·,;-]*"
    rf"(?:{_MODIFIED}[\s.]*)?",
    _I,
)
_ONLY_MODIFIED = re.compile(rf"\s*{_MODIFIED}[\s.]*", _I)
_TAGGED = re.compile(r"\s*(?:Tagged\s+(?:under|with|as)|Tags)\s*(?::\s*|\s+|$)(?P<rest>[^.!?]{0,200}?)\s*", _I)
_VISIT = re.compile(r"\s*Visit\s+also\s*:?\s*", _I)
_STAFF = re.compile(r"\s*Staff\s+publications\s*:?\s*", _I)
_PERIODICAL = r"(?:[\w-]+\s+){0,3}?(?:publication|journal|magazine|newsletter|bulletin)"
_IMPRINT = re.compile(rf"\s*The\s+[^.!?]{{2,100}}?\s+is\s+an?\s+{_PERIODICAL}\s+of\b", _I)
_NEWSLETTER = re.compile(
    r"\s*(?:Sign\s+up\s+(?:for|to)|Subscribe\s+to)\b[^.!?]{0,120}"
    r"\b(?:newsletter|news|articles|updates|events)\b[^.!?]{0,60}[.!]?\s*",
    _I,
)
_COPYRIGHT = re.compile(r"\s*(?:©|\(c\)\s|Copyright\b|All\s+rights\s+reserved)[^\n]{0,200}", _I)
_TOOLBAR = re.compile(
    r"\s*(?:Print|E-?mail|Share|Tweet|PDF|font\s+size.*|Rate\s+this\s+item|\(\d+\s+votes?\)|back\s+to\s+top|Twitter"
    r"|Facebook|Be\s+the\s+first\s+to\s+comment!?|Leave\s+a\s+(?:comment|reply)|Login\s+to\s+post\s+comments"
    r"|Written\s+by\s+Super\s+User|\d{1,3}[-\s]min(?:ute)?s?\s+read)\s*",
    _I,
)
_LINES = {
    "date": _DATE_HEADER,
    "category": _PUBLISHED_IN,
    "reads": _READS,
    "modified": _ONLY_MODIFIED,
    "tags": _TAGGED,
    "visit": _VISIT,
    "staff": _STAFF,
    "newsletter": _NEWSLETTER,
    "copyright": _COPYRIGHT,
    "toolbar": _TOOLBAR,
}
_TAG = re.compile(r"[^\s,;|·•][^,;|·•\n]*")
_PUBLICATION = re.compile(r"(?:19|20)\d\d[\s.)]*$")


@dataclass(frozen=True)
class Line:
    """A line of furniture, and where what it tells stands in it."""

    kind: str
    start: int = 0
    end: int = 0
    modified: tuple[int, int] | None = None
    number: int | None = None


def find(text: str) -> Line | None:
    if len(text) > LONGEST:
        # Only the imprint is a paragraph.
        return Line("imprint") if _IMPRINT.match(text[:LONGEST]) else None
    for kind, shape in _LINES.items():
        match = shape.fullmatch(text)
        if match:
            return _line(kind, match)
    return Line("imprint") if _IMPRINT.match(text) else None


def _line(kind: str, match: re.Match[str]) -> Line:
    groups = match.groupdict()
    told = next((name for name in ("date", "rest", "reads", "hits") if groups.get(name)), None)
    start, end = match.span(told) if told else (0, 0)
    modified = match.span("modified") if groups.get("modified") else None
    return Line(kind, start, end, modified, number(groups.get("reads") or groups.get("hits") or ""))


def number(printed: str) -> int | None:
    """A count, whatever separates its thousands."""
    digits = re.sub(r"[^0-9]", "", printed)
    return int(digits) if digits and len(digits) < 10 else None


def ends_with_a_year(text: str) -> bool:
    return bool(_PUBLICATION.search(text[-12:]))


def is_publication(text: str) -> bool:
    """A line of the staff block ends with a year, or lists with commas."""
    return ends_with_a_year(text) or "," in text


def tag_spans(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Where each tag of a list stands, commas and bars left out."""
    for tag in _TAG.finditer(text, start, end):
        if tag[0].strip():
            yield tag.start(), tag.start() + len(tag[0].rstrip())
