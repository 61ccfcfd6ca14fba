"""People who may be one person, by what their names look like."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import combinations, islice

from articles.words import words_of

MOST = 200  # pairs shown at once
_ALIKE = 0.86  # of the letters, between two whole names
_FEWEST_LETTERS = 7  # shorter names are alike by chance

Name = tuple[str, ...]  # folded words, the family name last


def likely(people: Iterable[tuple[int, str]]) -> list[tuple[int, int, str]]:
    """Pairs of keys, each with the reason; the surest first. `people` are keys and names."""
    names = {pk: tuple(words_of(name)) for pk, name in people}
    found: dict[tuple[int, int], str] = {}
    for key, reason in _same_words(names):
        found.setdefault(key, reason)
    for key, reason in _same_family(names):
        found.setdefault(key, reason)
    return [(one, other, reason) for (one, other), reason in islice(found.items(), MOST)]


def _same_words(names: dict[int, Name]) -> Iterator[tuple[tuple[int, int], str]]:
    """ "Kim Chi" and "Chi Kim", "Jose Perez" and "José Pérez"."""
    groups: dict[Name, list[int]] = defaultdict(list)
    for pk, name in names.items():
        groups[tuple(sorted(name))].append(pk)
    for pks in groups.values():
        for one, other in combinations(pks, 2):
            is_same = names[one] == names[other]
            yield (one, other), "The same name." if is_same else "The same names in another order."


def _same_family(names: dict[int, Name]) -> Iterator[tuple[tuple[int, int], str]]:
    groups: dict[str, list[int]] = defaultdict(list)
    for pk, name in names.items():
        if len(name) > 1:
            groups[name[-1]].append(pk)
            groups[name[0]].append(pk)
    for pks in groups.values():
        for one, other in combinations(pks, 2):
            if reason := _why(names[one], names[other]):
                yield (min(one, other), max(one, other)), reason


def _why(one: Name, other: Name) -> str:
    if one[-1] == other[-1] and _initials_fit(one[:-1], other[:-1]):
        return "One has an initial, or a middle name, where the other has the name."
    if min(len("".join(one)), len("".join(other))) >= _FEWEST_LETTERS:
        alike = SequenceMatcher(None, " ".join(one), " ".join(other), autojunk=False)
        if alike.real_quick_ratio() >= _ALIKE and alike.quick_ratio() >= _ALIKE and alike.ratio() >= _ALIKE:
            return "Spelt almost alike."
    return ""


def _initials_fit(one: Name, other: Name) -> bool:
    """ "S." and "Stephen", "Stephen J." and "Stephen"."""
    if not one or not other:
        return False
    pairs = list(zip(one, other, strict=False))
    fits = all(a == b or a == b[0] or b == a[0] for a, b in pairs)
    return fits and one != other
