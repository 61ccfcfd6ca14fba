"""What a doubt of the intake proposes, done to the text: an editor accepts it with a press."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from articles.models import Category
from articles.models.source import Flagged
from articles.rich_text import text_of

Snapshot = dict[str, Any]

_DAYS = re.compile(r"(\d{4}-\d{2}-\d{2}) \(month first\) or (\d{4}-\d{2}-\d{2}) \(day first\)")
_FIRST_PARAGRAPH = re.compile(r"\s*<p>(.*?)</p>", re.DOTALL)
_LONGEST_TITLE = 300
_MOST_CATEGORIES = 12


def readings(flag: Flagged, text: Snapshot) -> dict[str, Snapshot]:
    """The other readings of a doubtful place by what they say, each with the text as it would be.

    None where the proposal is a hint for the editor alone, or where the text has changed so that it fits no more.
    """
    makers = _MAKERS.get(flag.field, ())
    if flag.settled:
        return {}
    return {said: text | changed for make in makers for said, changed in make(flag, text) if changed}


Maker = Callable[[Flagged, Snapshot], Iterator[tuple[str, Snapshot]]]


def _either_day(flag: Flagged, text: Snapshot) -> Iterator[tuple[str, Snapshot]]:
    days = _DAYS.fullmatch(flag.proposal or "")
    for day in days.groups() if days else ():
        yield day, {"dateline_on": day} if text.get("dateline_on") != day else {}


def _any_category(flag: Flagged, text: Snapshot) -> Iterator[tuple[str, Snapshot]]:
    """Few manuscripts say it; there are few to choose from."""
    for category in Category.objects.all()[:_MOST_CATEGORIES] if text["category"] is None else ():
        yield category.name, {"category": category.pk}


def _title_of_the_file(flag: Flagged, text: Snapshot) -> Iterator[tuple[str, Snapshot]]:
    """Of the file's properties, where the text has none."""
    if not flag.text and flag.proposal:
        yield f"the title “{flag.proposal}”", {"title": flag.proposal[:_LONGEST_TITLE]}


def _subtitle(flag: Flagged, text: Snapshot) -> Iterator[tuple[str, Snapshot]]:
    first = _FIRST_PARAGRAPH.match(text["summary"])
    title = f"{text['title'].rstrip(':')}: {flag.text}"
    if flag.proposal == "a subtitle" and first and text_of(first[1]) == flag.text and len(title) <= _LONGEST_TITLE:
        yield "a subtitle, after the title", {"title": title, "summary": text["summary"][first.end() :].lstrip()}


def _author_of_the_file(flag: Flagged, text: Snapshot) -> Iterator[tuple[str, Snapshot]]:
    if not flag.text and flag.proposal and not text["bylines"]:
        yield f"the author “{flag.proposal}”", {"bylines": [_row(flag.proposal)]}


def _affiliation_of_all(flag: Flagged, text: Snapshot) -> Iterator[tuple[str, Snapshot]]:
    if (flag.proposal or "").startswith("the affiliation of all"):
        rows = [row | {"affiliation": row["affiliation"] or flag.text} for row in text["bylines"]]
        yield flag.proposal or "", {"bylines": rows} if rows != text["bylines"] else {}


def _co_author(flag: Flagged, text: Snapshot) -> Iterator[tuple[str, Snapshot]]:
    at = next((n for n, row in enumerate(text["bylines"]) if row["affiliation"] == flag.text), None)
    if (flag.proposal or "").startswith("a co-author") and at is not None:
        before, row, after = text["bylines"][:at], text["bylines"][at], text["bylines"][at + 1 :]
        yield flag.proposal or "", {"bylines": [*before, row | {"affiliation": ""}, _row(flag.text), *after]}


def _belongs_to_the_one_before(flag: Flagged, text: Snapshot) -> Iterator[tuple[str, Snapshot]]:
    """A name that is none: an affiliation of the author before, or the end of that author's name."""
    rows = text["bylines"]
    at = next((n for n, row in enumerate(rows) if row["name"] == flag.text), 0)
    if not at:
        return
    before, proposal = rows[at - 1], flag.proposal or ""
    if proposal.startswith("an affiliation of"):
        joined = {"affiliation": ", ".join(filter(None, [before["affiliation"], flag.text]))[:300]}
    elif proposal == "part of the name before it":
        joined = {"name": f"{before['name']} and {flag.text}"[:200]}
    else:
        return
    yield proposal, {"bylines": [*rows[: at - 1], before | joined, *rows[at + 1 :]]}


def _row(name: str) -> dict[str, Any]:
    return {"author": None, "name": name[:200], "affiliation": "", "bio": ""}


_MAKERS: dict[str, tuple[Maker, ...]] = {
    "category": (_any_category,),
    "dateline": (_either_day,),
    "title": (_title_of_the_file,),
    "summary": (_subtitle,),
    "byline": (_author_of_the_file, _affiliation_of_all, _co_author, _belongs_to_the_one_before),
}
