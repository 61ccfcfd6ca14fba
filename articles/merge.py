"""Two editors' changes to one text, brought together part by part."""

from typing import Any


def merge(base: dict[str, Any], mine: dict[str, Any], theirs: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The snapshot with both changes, and the parts that both changed, where it holds mine.

    A part that only one of them touched is as that one left it.
    """
    merged, conflicts = dict(theirs), []
    for name, value in mine.items():
        if value in (base.get(name), theirs.get(name)):
            continue
        merged[name] = value
        if theirs.get(name) != base.get(name):
            conflicts.append(name)
    return merged, conflicts
