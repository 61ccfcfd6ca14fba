"""A bound on a page's nesting, without parsing it: a parser's work grows with the open elements at each tag."""

import re
from collections import Counter
from collections.abc import Iterator

from .manuscript import Refused

_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:-]*)")
_RAW = frozenset(["script", "style", "textarea", "title", "iframe", "noscript", "xmp", "noembed", "noframes"])
_OPTIONAL_END = frozenset(["p", "li", "td", "th", "tr", "dt", "dd", "option", "thead", "tbody", "tfoot", "colgroup"])
_VOID = frozenset((
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr",
))  # fmt: skip
_FORMATTING = frozenset((
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
))  # fmt: skip
_COST_OF_FORMATTING = 20  # a parser opens them anew in every paragraph
_MOST_WORK = 40_000_000  # some hundred times that of any written page, and less than half a second


def refuse_deep_nesting(html: str) -> None:
    work = 0
    for depth in _depths(html):
        work += depth
        if work > _MOST_WORK:
            raise Refused("This page nests its elements too deeply to be an article. Save its text in a .txt file.")


def _depths(html: str) -> Iterator[int]:
    """At each opening tag: how many elements may be open, those that set type weighing more."""
    elements = _Open()
    skip_to = 0
    for match in _TAG.finditer(html):
        name = match[2].lower()
        if match.start() < skip_to or name in _VOID:
            continue
        if match[1]:
            elements.close(name)
            continue
        elements.open(name)
        if name in _RAW:
            skip_to = _end_of(html, name, match.end())
        yield elements.weight


class _Open:
    """The elements that may be open. Misnested ones count as open for good, since a parser may keep them."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._counts: Counter[str] = Counter()
        self.weight = 0

    def open(self, name: str) -> None:
        if name in _OPTIONAL_END and self._names and self._names[-1] == name:
            return
        self._names.append(name)
        self._counts[name] += 1
        self.weight += _weight(name)

    def close(self, name: str) -> None:
        if not self._counts[name]:
            return
        misnested = self._pop()
        while misnested != name:
            self.weight += _weight(misnested) * (misnested not in _OPTIONAL_END)
            misnested = self._pop()

    def _pop(self) -> str:
        name = self._names.pop()
        self._counts[name] -= 1
        self.weight -= _weight(name)
        return name


def _weight(name: str) -> int:
    return _COST_OF_FORMATTING if name in _FORMATTING else 1


def _end_of(html: str, name: str, start: int) -> int:
    end = re.compile(rf"</{name}", re.IGNORECASE).search(html, start)
    return end.start() if end else len(html)
