"""Datelines: "March 15th, 2016, The CACI Analyst", "(12/3/2003 issue of the CACI Analyst)" and their kin."""

import re
from dataclasses import dataclass
from datetime import date

from . import dates
from .manuscript import Flag

LONGEST = 160
_JOURNAL = r"(?:the\s+)?[^\W\d_][\w.&’'-]*(?:\s+(?:[A-Z][\w.&’'-]*|&|and|of|for|the|in|on))*"
_FLAGS = re.IGNORECASE
_ISSUE = re.compile(
    rf"(?:the\s+)?(?P<date>{dates.DATE}|\d[\d/.]*)\s+issue\b(?:\s+of\s+(?:the\s+)?[^().!?]{{1,80}})?", _FLAGS
)
_VOLUME = re.compile(r"vol(?:ume|\.)?\s*\d+\s*,?\s*(?:no\.?|nr\.?|number|issue)\s*\d+[^()]{0,80}", _FLAGS)
# The comma before the journal may be missing, if a year stands before it and a name after it.
_COMMA = r"(?:\s*,\s*|(?<=\d{4})\s+(?=[Tt]he\s+[A-Z]|[A-Z]))"
_DAY = re.compile(rf"(?P<date>(?i:{dates.DATE}))(?:{_COMMA}(?P<journal>{_JOURNAL}))?[.,]?")
_SHAPED = re.compile(r"[A-Za-z]+\.?\s+\d{1,3}(?:st|nd|rd|th)?\s*,\s+\d{4}\s*,?\s+[Tt]he\s+(?:[A-Z][\w-]*\s*)+")
_AT_THE_END = re.compile(r"\([^()]{1,120}\)\s*$")


@dataclass(frozen=True)
class Dateline:
    start: int
    end: int
    on: date | None
    flags: tuple[Flag, ...] = ()


def find(text: str, header: date | None = None) -> Dateline | None:
    """The dateline that a whole line is."""
    stripped = text.strip()
    if not stripped or len(stripped) > LONGEST:
        return None
    start = text.index(stripped)
    return _dated(stripped, start, header)


def at_the_end(text: str, header: date | None = None) -> Dateline | None:
    """The dateline in brackets that follows a byline."""
    if len(text) > 2 * LONGEST:
        return None
    brackets = _AT_THE_END.search(text)
    if not brackets or not _shape(brackets[0].strip()):
        return None
    return _dated(brackets[0].strip(), brackets.start(), header)


def _dated(printed: str, start: int, header: date | None) -> Dateline | None:
    shape = _shape(printed)
    if not shape:
        return None
    end = start + len(printed)
    day = shape.groupdict().get("date")
    if day is None and shape.re is _VOLUME:
        return Dateline(start, end, None)
    reading = dates.read(day or printed, header)
    flags = (Flag("dateline", reading.reason, printed, reading.proposal),) if reading.reason else ()
    return Dateline(start, end, reading.on, flags)


def _shape(printed: str) -> re.Match[str] | None:
    inner = printed[1:-1].strip() if printed.startswith("(") and printed.endswith(")") else printed
    shapes = (shape.fullmatch(inner) for shape in (_ISSUE, _VOLUME, _DAY, _SHAPED))
    return next((match for match in shapes if match), None)
