"""A source as blocks of text, whatever it came from: where characters stand and how they are set."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from html import escape
from itertools import accumulate
from typing import NamedTuple

from .manuscript import Picture

# Marks that the stored text knows; others ("link", "author") only help to read the source.
WRITTEN_MARKS = ("em", "strong", "sub", "sup", "a ", "small ")
NOTE = "small data-note"


_SPACES = re.compile(r"[ \t\n\r\f\v]+")  # not the non-breaking ones


class Run(NamedTuple):
    text: str
    marks: tuple[str, ...] = ()  # "strong", 'a href="…"': opening tags without their brackets


class Container(NamedTuple):
    """A list, a cell, a quotation … that holds blocks. The number tells two neighbours apart."""

    number: int
    opening: str

    @property
    def tag(self) -> str:
        return self.opening.partition(" ")[0]


@dataclass(frozen=True)
class Block:
    runs: tuple[Run, ...]
    kind: str = ""  # "p", "h1" … "h6"; empty: text that stands in its container without an element of its own
    path: tuple[Container, ...] = ()
    role: str = ""  # what the page's own markup says it is
    value: str = ""  # what the page says for machines: datetime="…"

    @cached_property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)

    @property
    def is_heading(self) -> bool:
        return self.kind[:1] == "h"

    @property
    def is_plain(self) -> bool:
        """A paragraph, not an item, a cell, a heading or a figure."""
        return not self.path and not self.is_heading

    @property
    def is_in_figure(self) -> bool:
        return self.is_in("figure")

    def is_in(self, tag: str) -> bool:
        return any(container.tag == tag for container in self.path)

    @cached_property
    def notes(self) -> list[tuple[int, int]]:
        """Where notes stand in the text that cites them; a block that is nothing but a note is a text itself."""
        stretches = self.marked(NOTE)
        cited = any(run.text.strip() and NOTE not in run.marks for run in self.runs)
        return stretches if cited else []

    @cached_property
    def without_notes(self) -> "Block":
        if not self.notes:
            return self
        return replace(self, runs=tuple(run for run in self.runs if NOTE not in run.marks))

    def whole(self, position: int) -> int:
        """Where a position of the text without its notes stands in all of it: a note belongs to what it follows."""
        for start, end in self.notes if position > 0 else []:
            position += end - start if start <= position else 0
        return position

    def cut(self, start: int, end: int) -> "Block":
        if start <= 0 and end >= len(self.text):
            return self
        return replace(self, runs=tuple(self._cut(start, end)))

    def _cut(self, start: int, end: int) -> Iterator[Run]:
        for number in range(max(bisect_right(self._starts, start) - 1, 0), len(self.runs)):
            run, at = self.runs[number], self._starts[number]
            if at >= end:
                break
            text = run.text[max(start - at, 0) : end - at]
            if text:
                yield Run(text, run.marks)

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(run.text) for run in self.runs), initial=0))

    def marked(self, mark: str) -> list[tuple[int, int]]:
        """The stretches of text that carry a mark, neighbours joined."""
        stretches: list[tuple[int, int]] = []
        at = 0
        for run in self.runs:
            if mark in run.marks:
                joined = stretches.pop()[0] if stretches and stretches[-1][1] == at else at
                stretches.append((joined, at + len(run.text)))
            at += len(run.text)
        return stretches


@dataclass(frozen=True)
class Placed:
    """A picture where it stands."""

    picture: Picture
    before: int  # the number of the block that follows it, or that it stands in
    figure: Container | None = None
    is_lead: bool = False  # the page says so


@dataclass(frozen=True)
class Source:
    """All of a file that can be seen, and what its head says."""

    blocks: list[Block]
    pictures: list[Placed] = field(default_factory=list)
    images: dict[str, bytes] = field(default_factory=dict)
    address: str | None = None
    title: str | None = None  # of the file, not of the text: a hint, as is the author
    author: str | None = None
    published: str | None = None
    modified: str | None = None
    hidden: str = ""  # text that the page does not show


def text_block(text: str) -> Block:
    return Block((Run(text),), "p")


def spaced(text: str) -> str:
    """On one line, as it would be read aloud."""
    return " ".join(text.split())


def render(blocks: Iterable[Block]) -> str:
    """The blocks as HTML of the stored subset."""
    out: list[str] = []
    path: tuple[Container, ...] = ()
    before = Block(())
    for block in blocks:
        shared = _shared(path, block.path)
        out += [f"</{container.tag}>" for container in reversed(path[shared:])]
        out += [f"<{container.opening}>" for container in block.path[shared:]]
        if path == block.path and not before.kind and not block.kind and path:
            out.append("<br>")  # two lines of one item
        out.append(_leaf(block))
        path, before = block.path, block
    out += [f"</{container.tag}>" for container in reversed(path)]
    return "".join(out)


def _shared(path: tuple[Container, ...], other: tuple[Container, ...]) -> int:
    length = min(len(path), len(other))
    return next((n for n in range(length) if path[n] != other[n]), length)


def _leaf(block: Block) -> str:
    inner = inline(block)
    if not inner or (not block.kind and block.path and block.path[-1].tag != "blockquote"):
        return inner
    tag = ("h3" if block.kind < "h4" else "h4") if block.is_heading else "p"
    return f"<{tag}>{inner}</{tag}>"


def inline(block: Block) -> str:
    out: list[str] = []
    marks: list[str] = []
    for run in trimmed(block.runs):
        wanted = [mark for mark in run.marks if mark.startswith(WRITTEN_MARKS)]
        shared = next((n for n, pair in enumerate(zip(marks, wanted, strict=False)) if pair[0] != pair[1]), None)
        shared = min(len(marks), len(wanted)) if shared is None else shared
        out += [f"</{mark.partition(' ')[0]}>" for mark in reversed(marks[shared:])]
        out += [f"<{mark}>" for mark in wanted[shared:]]
        out.append(escape(_SPACES.sub(" ", run.text), quote=False))
        marks = wanted
    out += [f"</{mark.partition(' ')[0]}>" for mark in reversed(marks)]
    return "".join(out)


def trimmed(runs: tuple[Run, ...]) -> list[Run]:
    """Without the white space at both ends, non-breaking spaces too."""
    kept = [run for run in runs if run.text]
    while kept and not kept[0].text.strip():
        kept.pop(0)
    while kept and not kept[-1].text.strip():
        kept.pop()
    if kept:
        kept[0] = kept[0]._replace(text=kept[0].text.lstrip())
        kept[-1] = kept[-1]._replace(text=kept[-1].text.rstrip())
    return kept
