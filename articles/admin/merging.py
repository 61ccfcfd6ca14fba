"""A form that was begun before somebody else saved: what both changed is brought together part by part."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms import DateField
from django.http import QueryDict
from django.utils import timezone

from articles.merge import merge
from articles.models import Article, Author, Revision, Tag
from articles.rich_text import ProseField, clean_summary

from .tags_field import names_in, written_names

BYLINE = ("author", "name", "affiliation", "bio")


class Merging:
    """What a form holds, what it began with, and what was saved since."""

    def __init__(self, article: Article, data: QueryDict) -> None:
        self.data = data
        self.newest: Revision | None = article.revisions.select_related("editor").first()
        base = _number(data.get("base"))
        begun = article.revisions.filter(number=base).first() if base else None
        is_stale = bool(self.newest and begun and self.newest.number != base)
        self.is_possible = is_stale and _asks_for_no_other_state(article, data)
        if self.newest and begun and self.is_possible:
            self.mine = posted(data, begun.snapshot)
            self.theirs = self.newest.snapshot
            self.both, self.conflicts = merge(begun.snapshot, self.mine, self.theirs)

    def merged(self) -> QueryDict:
        """The form with what the other editor changed beside it; it is up to date when nothing stands against it."""
        found = self.data.copy()
        for name, value in self.both.items():
            if value != self.mine.get(name):
                _put(found, name, value)
        if self.newest and not self.conflicts:
            found["base"] = found["merges"] = str(self.newest.number)
        return found


def _asks_for_no_other_state(article: Article, data: QueryDict) -> bool:
    """Whether the form leaves status and dates as they are now. Who changed them otherwise, nobody knows."""
    at = timezone.localtime(article.published_at) if article.published_at else None
    now = {
        "status": article.status,
        "published_at_0": f"{at:%Y-%m-%d}" if at else "",
        "published_at_1": f"{at:%H:%M:%S}" if at else "",
        "published_at_2": str(at.fold) if at else "",
        "withdrawal_notice": article.withdrawal_notice,
    }
    return all(data.get(name, value) == value for name, value in now.items())  # who may not change one does not send it


def posted(data: QueryDict, base: dict[str, Any]) -> dict[str, Any]:
    """The snapshot that a form would leave; what it does not ask for is as it was."""
    found = dict(base)
    for name in (*Article.PLAIN_FIELDS, *Article.ROW_FIELDS):
        if name in data:
            found[name] = _read(name, str(data[name]))
    if "dateline_on" in data:
        found["dateline_on"] = _day(str(data["dateline_on"]), found.get("dateline_on"))
    if "tags" in data:
        found["tags"] = sorted(Tag.objects.spelt(names_in(str(data["tags"]))))
    if "bylines-TOTAL_FORMS" in data:
        found["bylines"] = _bylines(data)
    return found


def _read(name: str, text: str) -> Any:
    field: Any = Article._meta.get_field(name)
    text = text.replace("\r\n", "\n").replace("\0", "").strip()
    if isinstance(field, ProseField):
        return field.cleaner(text)
    if name in Article.ROW_FIELDS or name == "issue_position":
        return _number(text)
    if name == "title":
        return " ".join(text.split())
    return text or (None if field.null else "")


def _day(text: str, before: str | None) -> str | None:
    """As a snapshot holds it; what is no day leaves the one there was."""
    try:
        day = DateField(required=False).clean(text)
    except ValidationError:
        return before
    return day.isoformat() if day else None


def _bylines(data: QueryDict) -> list[dict[str, Any]]:
    rows = []
    for n in range(min(_number(data.get("bylines-TOTAL_FORMS")) or 0, 200)):
        fields = ((name, data.get(f"bylines-{n}-{name}") or "") for name in (*BYLINE, "position", "DELETE"))
        row = {name: text.replace("\0", "").strip() for name, text in fields}
        if row["author"] and not row["DELETE"]:
            rows.append(row)
    last = 1 + max((_number(row["position"]) or 0 for row in rows), default=0)
    rows.sort(key=lambda row: _number(row["position"]) or last)
    names = _names([row["author"] for row in rows if not row["name"]])
    return [
        {"author": _number(row["author"]), "name": row["name"] or names.get(_number(row["author"]), ""),
         "affiliation": row["affiliation"], "bio": clean_summary(row["bio"].replace("\r\n", "\n"))}
        for row in rows
    ]  # fmt: skip


def _names(authors: list[str]) -> dict[int | None, str]:
    """What is printed of those for whom no other name is given."""
    pks = [number for text in authors if (number := _number(text))]
    return dict(Author.objects.filter(pk__in=pks).values_list("pk", "name")) if pks else {}


def _put(data: QueryDict, name: str, value: Any) -> None:
    if name == "tags":
        data["tags"] = written_names(value)
    elif name == "bylines":
        for key in [key for key in data if key.startswith("bylines-")]:
            del data[key]
        data["bylines-TOTAL_FORMS"], data["bylines-INITIAL_FORMS"] = str(len(value)), "0"
        for n, row in enumerate(value):
            data.update({f"bylines-{n}-{part}": str(row[part]) for part in BYLINE})
            data[f"bylines-{n}-position"], data[f"bylines-{n}-id"] = str(n + 1), ""
    else:
        data[name] = "" if value is None else str(value)


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else None
