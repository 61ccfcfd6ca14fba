"""What a manuscript or a saved page says, as plain data: nothing here knows of the database."""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any, Literal, Self

Format = Literal["text", "page", "docx"]
Piece = tuple[str, str]  # the part it went to, and the text

DATES = ("dateline_on", "published_on", "modified_on")


class Refused(Exception):
    """A file that cannot be read; the message tells its owner what to do."""


@dataclass(frozen=True)
class Flag:
    """A doubt for the editor: about which part, why, on what text, and what could be meant."""

    field: str
    reason: str
    text: str
    proposal: str | None = None


@dataclass(frozen=True)
class Person:
    """One entry of the byline, as printed."""

    name: str
    affiliation: str | None = None


@dataclass(frozen=True)
class Picture:
    address: str | None = None
    name: str | None = None  # a key of Manuscript.images
    alt: str = ""
    caption: str = ""
    credit: str = ""
    source: str = ""
    accessed_on: date | None = None


@dataclass
class Manuscript:
    file_name: str
    format: Format
    address: str | None = None  # canonical URL, or the id in the system it was saved from
    title: str = ""
    category: str = ""
    byline: list[Person] = field(default_factory=list)
    dateline: str | None = None
    dateline_on: date | None = None
    published_on: date | None = None
    modified_on: date | None = None
    summary: str = ""
    background: str = ""
    implications: str = ""
    conclusions: str = ""
    body: str = ""
    bios: list[str] = field(default_factory=list)
    picture: Picture | None = None
    images: dict[str, bytes] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    reads: int | None = None
    publication_lines: list[str] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    furniture: list[str] = field(default_factory=list)
    unplaced: list[str] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)  # every run of source text, in source order

    @property
    def day(self) -> date | None:
        """The day of publication, as far as it is printed."""
        return self.published_on or self.dateline_on

    def to_json(self) -> dict[str, Any]:
        """Everything but the images, in types JSON has."""
        values = asdict(self)
        del values["images"]
        values |= {name: _written(values[name]) for name in DATES}
        values["pieces"] = [list(piece) for piece in self.pieces]
        if self.picture:
            values["picture"]["accessed_on"] = _written(self.picture.accessed_on)
        return values

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        picture = values["picture"]
        read: dict[str, Any] = {name: _date(values[name]) for name in DATES}
        read["byline"] = [Person(**person) for person in values["byline"]]
        read["flags"] = [Flag(**flag) for flag in values["flags"]]
        read["pieces"] = [(part, text) for part, text in values["pieces"]]
        read["picture"] = picture and Picture(**picture | {"accessed_on": _date(picture["accessed_on"])})
        return cls(**values | read)


def _written(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _date(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
