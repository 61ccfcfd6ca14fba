"""Two versions of an article, part by part and word by word."""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import takewhile
from typing import Any, Literal

from .models import Article, Author, Category, Image, Issue
from .rich_text import text_of

Kind = Literal["same", "gone", "new"]
Piece = tuple[Kind, str]

# Paragraphs of a part, words of a paragraph, that are compared one by one: beyond, time would grow with their square.
_MOST = 2_000
_WORDS = re.compile(r"\S+\s*")
_RICH = ("summary", *Article.TEXTS)
_ROWS = {"category": Category, "issue": Issue, "lead_image": Image}
_LABELS = {"bylines": "Byline", "tags": "Tags", "dateline_on": "Date of the dateline", "doi": "DOI"}


@dataclass(frozen=True)
class Part:
    """One part that differs: its paragraphs, each in pieces that stayed, went or came."""

    name: str
    paragraphs: list[list[Piece]]

    @property
    def label(self) -> str:
        return _LABELS.get(self.name) or self.name.replace("_", " ").capitalize()

    @property
    def is_formatting_only(self) -> bool:
        return all(kind == "same" for paragraph in self.paragraphs for kind, _ in paragraph)


def compare(old: dict[str, Any], new: dict[str, Any], among: Collection[str] | None = None) -> list[Part]:
    """The parts of two snapshots that are not the same, in the order of an article; all, or those named."""
    names = [name for name in _order() if old.get(name) != new.get(name) and (among is None or name in among)]
    return [Part(name, list(_paragraphs(_as_text(name, old), _as_text(name, new)))) for name in names]


# What readers read of an article: whoever changes this says what kind of change it is.
READ = ("title", "bylines", "summary", *Article.TEXTS, "dateline", "lead_image_alt", "lead_image_caption")


def changed_parts(old: dict[str, Any], new: dict[str, Any]) -> list[Part]:
    """Where the words that readers read differ."""
    return [part for part in compare(old, new, READ) if not part.is_formatting_only]


def _order() -> list[str]:
    first = ["title", "bylines", *_RICH]
    others = [*Article.PLAIN_FIELDS, *Article.ROW_FIELDS, "tags"]
    return first + [name for name in others if name not in first]


def _as_text(name: str, snapshot: dict[str, Any]) -> list[str]:
    """What an editor reads there, in paragraphs."""
    value = snapshot.get(name)
    if value in (None, "", []):
        return []
    if name in _RICH:
        return text_of(value).split("\n\n")
    if name == "bylines":
        return [_byline(row) for row in value]
    if name == "tags":
        return [", ".join(value)]
    if name in _ROWS:
        row = _ROWS[name]._default_manager.filter(pk=value).first()
        return [str(row) if row else f"{name.replace('_', ' ')} {value}, which is gone"]
    return [str(value)]


def _byline(row: dict[str, Any]) -> str:
    parts = [row["name"] or str(Author.objects.filter(pk=row["author"]).first() or ""), row["affiliation"]]
    return " · ".join([*filter(None, parts), *text_of(row["bio"]).split("\n\n")]).strip(" ·")


def _paragraphs(old: Sequence[str], new: Sequence[str]) -> Iterator[list[Piece]]:
    for is_same, i, i2, j, j2 in _steps(old, new):
        if is_same:
            yield from _each("same", old[i:i2])
            continue
        pairs = min(i2 - i, j2 - j)
        yield from (_words(old[i + n], new[j + n]) for n in range(pairs))
        yield from _each("gone", old[i + pairs : i2])
        yield from _each("new", new[j + pairs : j2])


def _each(kind: Kind, paragraphs: Sequence[str]) -> Iterator[list[Piece]]:
    yield from ([(kind, text)] for text in paragraphs)


def _steps(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[bool, int, int, int, int]]:
    """Where two lists are the same and where not. What begins and ends them alike is found without comparing more."""
    start = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False)))
    longest = min(len(old), len(new)) - start
    ends = zip(reversed(old), reversed(new), strict=False)
    end = min(longest, sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], ends)))
    before, after = old[start : len(old) - end], new[start : len(new) - end]
    if start:
        yield True, 0, start, 0, start
    if len(before) + len(after) > _MOST:
        yield False, start, start + len(before), start, start + len(after)
    else:
        for tag, i, i2, j, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            yield tag == "equal", start + i, start + i2, start + j, start + j2
    if end:
        yield True, len(old) - end, len(old), len(new) - end, len(new)


def _words(old: str, new: str) -> list[Piece]:
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    pieces: list[Piece] = []
    for is_same, i, i2, j, j2 in _steps(before, after):
        if is_same:
            pieces.append(("same", "".join(after[j:j2])))
            continue
        if i2 > i:
            pieces.append(("gone", "".join(before[i:i2])))
        if j2 > j:
            pieces.append(("new", "".join(after[j:j2])))
    return pieces
