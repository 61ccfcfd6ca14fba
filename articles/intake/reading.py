"""A manuscript while it is being read: what is known so far, and where each line of it went."""

from dataclasses import dataclass, field
from datetime import date

from . import dates, furniture
from .blocks import Block, Source, spaced
from .bylines import Byline
from .credits import Credit
from .datelines import Dateline
from .furniture import Line
from .headers import BIOS, SECTIONS, Header
from .ledger import UNPLACED, Ledger
from .manuscript import Flag, Manuscript, Person

FURNITURE = "furniture"
TEXTS = ("summary", *SECTIONS, "body", BIOS)
LONGEST_TITLE = 300
AROUND = ("chrome", "furniture", "staff", "visit", "newsletter")  # roles of what is no part of the article


@dataclass
class Reading:
    source: Source
    found: Manuscript
    ledger: Ledger
    credit: Credit | None = None
    unsigned: str = ""  # a byline without "By", until something confirms it
    has_byline: bool = False
    free: list[int] = field(default_factory=list)  # the blocks of which the page's markup says nothing

    headers: dict[int, str] = field(default_factory=dict)  # the blocks that begin with a header, and of which part

    first_part: str = "summary"  # what text without a header is

    @property
    def has_title(self) -> bool:
        return bool(self.found.title)

    def is_outside(self, index: int) -> bool:
        """Whether a block does not belong to the article."""
        return index < len(self.source.blocks) and self.block(index).role in AROUND

    def block(self, index: int) -> Block:
        return self.source.blocks[index]

    def flag(self, part: str, reason: str, text: str = "", proposal: str | None = None) -> None:
        self.found.flags.append(Flag(part, reason, spaced(text), proposal))

    def place_title(self, index: int) -> bool:
        """Place it, unless it is too long to be one."""
        title = spaced(self.block(index).text)
        if len(title) > LONGEST_TITLE:
            return False
        self.found.title = title
        self.ledger.put(index, "title")
        return True

    def place_byline(self, index: int, byline: Byline) -> None:
        text = self.block(index).text
        for entry in byline.entries:
            affiliation = spaced(text[slice(*entry.affiliation)]) if entry.affiliation else None
            self.found.byline.append(Person(spaced(text[slice(*entry.name)]), affiliation))
            self.ledger.put(index, "byline", *entry.name)
            if entry.affiliation:
                self.ledger.put(index, "byline", *entry.affiliation)
        self.ledger.put(index, FURNITURE)
        self.found.flags += byline.flags
        self.has_byline = True

    def place_dateline(self, index: int, dateline: Dateline) -> None:
        self.found.dateline = spaced(self.block(index).text[dateline.start : dateline.end])
        self.found.dateline_on = dateline.on
        self.found.flags += dateline.flags
        self.ledger.put(index, "dateline", dateline.start, dateline.end)

    def place_credit(self, index: int, credit: Credit) -> None:
        self.credit = credit
        self.found.flags += credit.flags
        self.ledger.put(index, FURNITURE, 0, credit.start)
        self.ledger.put(index, "credit", credit.start)

    def place_header(self, index: int, header: Header) -> None:
        text = self.block(index).text
        self.headers[index] = header.part
        self.ledger.put(index, UNPLACED, 0, header.start)
        self.ledger.put(index, FURNITURE, header.start, header.end)
        if header.doubt:
            self.flag(header.part, header.doubt, text[: header.end], text[header.start : header.end].strip())

    def place_line(self, index: int, line: Line) -> None:
        """Take from a line of furniture what it tells."""
        if line.kind == "date":
            self.found.published_on = self._day(index, "published_on", line.start, line.end)
        elif line.kind == "category" and not self.found.category:
            self.place_category(index, line.start, line.end)
        elif line.kind == "reads" and self.found.reads is None:
            self._place_reads(index, line)
        elif line.kind == "tags":
            self.place_tags(index, line.start, line.end)
        if line.modified and self.found.modified_on is None:
            self.found.modified_on = self._day(index, "modified_on", *line.modified)
        self.ledger.put(index, FURNITURE)

    def place_category(self, index: int, start: int, end: int) -> None:
        self.found.category = spaced(self.block(index).text[start:end])
        self.ledger.put(index, "category", start, end)

    def place_tags(self, index: int, start: int, end: int) -> None:
        marked = self.block(index).marked("tag")  # rel="tag"
        for span in marked or furniture.tag_spans(self.block(index).text, start, end):
            self.place_tag(index, *span)
        self.ledger.put(index, FURNITURE)

    def place_tag(self, index: int, start: int, end: int) -> None:
        self.ledger.put(index, "tags", start, end)

    def _place_reads(self, index: int, line: Line) -> None:
        self.found.reads = line.number
        if line.number is None:
            self.flag("reads", "This number is too large to be a count of reads.", self.block(index).text)

    def _day(self, index: int, part: str, start: int, end: int) -> date | None:
        """A date of the page. One that does not exist stays in sight, as unplaced text."""
        text = self.block(index).text[start:end]
        reading = dates.read(text)
        if reading.on is None:
            self.flag(part, reading.reason, text, reading.proposal)
            self.ledger.put(index, UNPLACED, start, end)
            return None
        right = dates.wrong_weekday(self.block(index).text[:end], reading.on)
        if right:
            self.flag(part, f"The date is a {right}.", self.block(index).text, None)
        return reading.on
