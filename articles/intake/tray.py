"""Text that found no place is put into one by the editor."""

from typing import Any

from django.utils.html import escape

from articles.models import Article
from articles.rich_text import clean, clean_summary

LINES = {"title": 300, "dateline": 200, "lead_image_caption": 500}  # and how many characters each holds
_TEXTS = ("summary", *Article.TEXTS)


class DoesNotFit(Exception):
    """The message tells the editor why."""


def places(text: dict[str, Any]) -> dict[str, str]:
    """Where a piece can go in this article, with what the desk calls it."""
    bios = {f"bio-{n}": f"Bio of {row['name']}" for n, row in enumerate(text["bylines"])}
    named = {name: name.replace("_", " ").capitalize() for name in (*_TEXTS, *LINES)}
    return named | bios | {"bylines": "Byline, as a new author", "tags": "Tags"}


def moved(piece: str, to: str, text: dict[str, Any], *, to_the_front: bool = False) -> dict[str, Any]:
    """The article's text with the piece in that place. Raises DoesNotFit."""
    if to not in places(text):
        raise DoesNotFit("Choose where this text belongs.")
    if to in _TEXTS:
        cleaned = (clean_summary if to == "summary" else clean)(f"<p>{escape(piece)}</p>")
        return text | {to: cleaned + text[to] if to_the_front else text[to] + cleaned}
    if to in LINES:
        return text | {to: _joined(piece, to, text[to], to_the_front)}
    if to == "tags":
        return text | {"tags": sorted({*text["tags"], piece[:100]})}
    if to == "bylines":
        return text | {"bylines": [*text["bylines"], {"author": None, "name": piece, "affiliation": "", "bio": ""}]}
    return text | {"bylines": _with_bio(piece, int(to.removeprefix("bio-")), text["bylines"], to_the_front)}


def _joined(piece: str, to: str, before: str, to_the_front: bool) -> str:
    line = " ".join(filter(None, [piece, before] if to_the_front else [before, piece]))
    if len(line) > LINES[to]:
        raise DoesNotFit(f"This is too long for that line, which holds {LINES[to]} characters.")
    return line


def _with_bio(piece: str, at: int, rows: list[dict[str, Any]], to_the_front: bool) -> list[dict[str, Any]]:
    bio, more = rows[at]["bio"], clean_summary(f"<p>{escape(piece)}</p>")
    return [*rows[:at], rows[at] | {"bio": more + bio if to_the_front else bio + more}, *rows[at + 1 :]]
