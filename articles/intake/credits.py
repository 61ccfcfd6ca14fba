"""Image credits: "Image Attribution: example.org, accessed on March 9, 2016"."""

import re
from dataclasses import dataclass
from datetime import date

from . import dates
from .blocks import spaced
from .manuscript import Flag

LONGEST = 400
_FEW_WORDS, _MOST_WORDS = 3, 8
_PICTURE = r"(?:image|photo|picture|photograph)"
_SURE = rf"{_PICTURE}s?\s+(?:attributions?|sources?|credits?|courtesy|by)"
_LABEL = re.compile(rf"\s*(?:(?P<sure>{_SURE})|{_PICTURE}|credits?|source)\s*:\s*", re.IGNORECASE)
_ACCESSED = re.compile(
    r"[\s,;(]+(?:last\s+)?(?:accessed|retrieved)(?:\s+on)?:?\s+(?P<date>[^()]+?)\)?\.?\s*\Z", re.IGNORECASE
)


@dataclass(frozen=True)
class Credit:
    start: int  # where the label ends
    text: str
    source: str
    accessed_on: date | None
    flags: tuple[Flag, ...]
    is_sure: bool  # "Credit:" alone may begin an author's sentence


def find(text: str) -> Credit | None:
    label = _LABEL.match(text) if len(text) <= LONGEST else None
    if not label or label.end() == len(text):
        return None
    credit = read(text[label.end() :], label.end(), bool(label["sure"]))
    is_one = credit.is_sure or credit.accessed_on or not _is_a_sentence(credit.text)
    return credit if is_one else None


def _is_a_sentence(printed: str) -> bool:
    """A credit is a name or a host: it begins with a capital, unless it is very short, and is no long sentence."""
    words, has_a_stop = printed.split(), printed.endswith(".")
    if printed[:1].islower() and "." not in words[0][:-1]:
        return has_a_stop or len(words) > _FEW_WORDS
    return has_a_stop and len(words) > _MOST_WORDS


def read(printed: str, start: int = 0, is_sure: bool = True) -> Credit:
    printed = spaced(printed)
    accessed = _ACCESSED.search(printed)
    if not accessed:
        return Credit(start, printed, printed.rstrip("."), None, (), is_sure)
    reading = dates.read(accessed["date"])
    flags = (Flag("picture", reading.reason, printed, reading.proposal),) if reading.reason else ()
    return Credit(start, printed, printed[: accessed.start()], reading.on, flags, is_sure)
