"""Whose bio is whose: by the name that a bio begins with, then by a name that stands in it, at last by its place."""

import re
from collections.abc import Callable, Sequence

from articles.models.author import without_honorific
from articles.rich_text import text_of

_BEGINNING = 80  # characters
Rule = Callable[[str, str], bool]


def _says(words: str, text: str) -> bool:
    """Whether the words stand in the text as words: Li is not in Library."""
    return bool(re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text))


def _full(name: str) -> str:
    return without_honorific(name)


def _family(name: str) -> str:
    return _full(name).split()[-1]


# The surest first.
_RULES: tuple[Rule, ...] = (
    lambda name, bio: bio.startswith((_full(name), name)),
    lambda name, bio: _says(_full(name), bio[:_BEGINNING]),
    lambda name, bio: _says(_family(name), bio[:_BEGINNING]),
    lambda name, bio: _says(_full(name), bio),
    lambda name, bio: _says(_family(name), bio),
)


def by_person(names: Sequence[str], bios: Sequence[str]) -> tuple[list[str], list[str]]:
    """The bio of each person, '' for none; and those that name nobody and went by their place. None is left over."""
    left, mine = list(bios), [""] * len(names)
    for rule in _RULES:
        for i, name in enumerate(names):
            bio = None if mine[i] else next((bio for bio in left if rule(name, text_of(bio))), None)
            if bio is not None:
                mine[i] = bio
                left.remove(bio)
    placed = left[: mine.count("")]
    for i in range(len(mine)):
        if left and not mine[i]:
            mine[i] = left.pop(0)
    if mine:
        mine[0] += "".join(left)
    return mine, placed
