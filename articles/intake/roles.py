"""What a page's own markup says of its lines: K2, Joomla, WordPress, and our own articles."""

import re
from dataclasses import replace
from datetime import date

from . import bylines, credits, datelines, dates, furniture, headers, staff
from .blocks import Block, spaced
from .bylines import Byline
from .ledger import UNPLACED
from .reading import AROUND, FURNITURE, TEXTS, Reading

_LABEL = re.compile(
    r"\s*(?:Published\s+in|Posted\s+in|Category|Filed\s+under|Tagged\s+under|Tagged|Tags)\b\s*:?\s*", re.IGNORECASE
)
_NUMBER = re.compile(r"\d[\d.,'’\s\u202f]*")
# A date in any language: 14 May 2015, 14. Mai 2015, 2015/5/14
_ANY_DATE = rf"{dates.DATE}|\b\d{{1,2}}\D{{1,20}}\d{{4}}(?!\d)|\b\d{{4}}\D{{1,3}}\d{{1,2}}(?!\d)"
_DATED = re.compile(_ANY_DATE, re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+")
_MOST_WORDS = 5  # of a label: "Last updated on Thursday, 14 May 2015"


def read(reading: Reading) -> None:
    around = _Around(reading)
    for index, block in enumerate(reading.source.blocks):
        if _says_nothing(reading, index, block):
            reading.free.append(index)
        elif block.role in AROUND:
            around.place(index, block)
        elif block.role in TEXTS:
            _place_text(reading, index, block)
        elif block.role != "byline":
            _place(reading, index, block)
    if any(block.role in ("summary", "body") for block in reading.source.blocks):
        reading.first_part = "body"


def _says_nothing(reading: Reading, index: int, block: Block) -> bool:
    """A title that is too long says nothing either; a credit in a figure goes where its figure goes."""
    if block.role == "title" and not reading.has_title:
        return not reading.place_title(index)
    return not block.role or (block.role == "credit" and bool(block.path)) or not _is_what_it_says(block)


def _is_what_it_says(block: Block) -> bool:
    """Its markup only claims it: "updated" may be a date, or a paragraph on a law."""
    text = block.text
    if block.role in ("date", "modified"):
        dated = block.value or _DATED.search(text)
        return bool(furniture.find(text) or (dated and _is_a_label(_DATED.sub("", text))))
    if block.role == "reads":
        return bool(furniture.find(text) or (_NUMBER.search(block.value or text) and _is_a_label(text)))
    if block.role == "tags":
        return bool(block.is_in("li") or block.marked("tag") or block.marked("link") or _LABEL.match(text))
    if block.role == "category":
        return bool(block.marked("link") or _LABEL.match(text) or _is_a_label(text))
    return block.role != "credit" or bool(credits.find(text)) or _is_a_label(text)


def _is_a_label(text: str) -> bool:
    """A few words that are no sentence."""
    return len(_WORD.findall(text)) <= _MOST_WORDS and not text.rstrip().endswith((".", "!", "?"))


def _place_text(reading: Reading, index: int, block: Block) -> None:
    header = headers.find(block) if block.is_heading else None
    if header and header.part == block.role:  # our own pages print it; any other heading is the author's
        reading.ledger.put(index, FURNITURE)
    reading.ledger.put(index, block.role)


def _place(reading: Reading, index: int, block: Block) -> None:
    if block.role == "dateline" and reading.found.dateline is None:
        _place_dateline(reading, index, block)
    elif block.role == "credit":
        _place_credit(reading, index, block)
    elif block.role == "record":
        line = furniture.find(block.text)
        reading.place_line(index, line) if line else reading.ledger.put(index, FURNITURE)
    elif block.role in ("category", "tags"):
        _place_labelled(reading, index, block)
    elif block.role in ("date", "modified", "reads"):
        _place_told(reading, index, block)


def _place_credit(reading: Reading, index: int, block: Block) -> None:
    if reading.credit:
        reading.flag("picture", "This is a second image credit; one article has one.", block.text)
    else:
        reading.place_credit(index, credits.find(block.text) or credits.read(block.text))


def _place_dateline(reading: Reading, index: int, block: Block) -> None:
    whole = datelines.Dateline(0, len(block.text), None)
    reading.place_dateline(index, datelines.find(block.text, reading.found.published_on) or whole)
    reading.ledger.put(index, FURNITURE)


def _place_labelled(reading: Reading, index: int, block: Block) -> None:
    label = _LABEL.match(block.text)
    start = label.end() if label else 0
    if block.role == "category" and not reading.found.category and block.text[start:].strip():
        reading.place_category(index, start, len(block.text))
    elif block.role == "tags" and any(container.tag == "li" for container in block.path):
        reading.place_tag(index, start, len(block.text))
    elif block.role == "tags":
        reading.place_tags(index, start, len(block.text))
    reading.ledger.put(index, FURNITURE)


def _place_told(reading: Reading, index: int, block: Block) -> None:
    """A date or a number: what the page says for machines, else what it prints."""
    line = furniture.find(block.text)
    told = _told_day(block, printed=line is None) if block.role != "reads" else None
    if block.role == "reads" and not line:
        number = _NUMBER.search(block.value or block.text)
        reading.found.reads = furniture.number(number[0]) if number else reading.found.reads
    elif block.role == "date" and reading.found.published_on is None and told:
        reading.found.published_on = told
    elif block.role == "modified" and reading.found.modified_on is None and told:
        reading.found.modified_on = told
    elif line:
        reading.place_line(index, line)
    reading.ledger.put(index, FURNITURE)


def _told_day(block: Block, *, printed: bool) -> date | None:
    on = dates.read(block.value[:10]).on
    shown = _DATED.search(block.text) if printed and not on else None
    return dates.read(shown[0]).on if shown else on


class _Around:
    """Reads what stands outside the article; the staff's publications are the only lines that are kept."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.staff_in = ""  # the role of the place where their list has begun, and goes on

    def place(self, index: int, block: Block) -> None:
        line = furniture.find(block.text)
        if block.role == "staff" and staff.is_entry(block):
            self.reading.ledger.put(index, "publication_lines")
        elif line or block.is_heading:
            begins = line is not None and line.kind == "staff" and staff.may_begin(block) and block.role != "furniture"
            self.staff_in = block.role if begins else ""
        elif self._is_listed(block):
            self.reading.ledger.put(index, "publication_lines")
        if line and line.kind in ("reads", "modified"):
            self.reading.place_line(index, line)
        self.reading.ledger.put(index, FURNITURE)

    def _is_listed(self, block: Block) -> bool:
        if block.role == "staff":
            return furniture.is_publication(block.text)
        return block.role == self.staff_in and furniture.ends_with_a_year(block.text)


def read_what_is_missing(reading: Reading) -> None:
    """The byline of the markup is often the person who typed the text in: the text's own goes first."""
    own = False
    for index, block in enumerate(reading.source.blocks):
        if block.role != "byline":
            continue
        if not reading.has_byline and _place_byline(reading, index, block):
            own = True
        elif not (own and _place_affiliation(reading, index, block)):
            _place_another(reading, index, block)
        reading.ledger.put(index, FURNITURE)
    for name, told in (("published_on", reading.source.published), ("modified_on", reading.source.modified)):
        if told and getattr(reading.found, name) is None:
            setattr(reading.found, name, dates.read(told[:10].replace("/", "-")).on)


def _byline(block: Block) -> Byline | None:
    names = block.marked("author")
    return bylines.named(block.text, names) if names else bylines.find(block.text)


def _place_byline(reading: Reading, index: int, block: Block) -> bool:
    byline = _byline(block)
    if byline:
        reading.place_byline(index, byline)
    return byline is not None


def _place_affiliation(reading: Reading, index: int, block: Block) -> bool:
    """Our own pages print it below the names: "Name: affiliation", or alone when there is one name."""
    people, text = reading.found.byline, block.text
    for number, person in enumerate(people):
        label = f"{person.name}:"
        start = text.find(label) + len(label) if label in text else 0 if len(people) == 1 else None
        if start is not None and not person.affiliation and not block.marked("author"):
            people[number] = replace(person, affiliation=spaced(text[start:]))
            reading.ledger.put(index, "byline", start)
            return True
    return False


def _place_another(reading: Reading, index: int, block: Block) -> None:
    names = [person.name for person in reading.found.byline]
    if any(name in block.text for name in names):
        return
    if reading.has_byline and _byline(block):
        reading.flag("byline", "The page names another author than the text.", block.text, None)
    else:
        reading.flag("byline", "The page calls this the author, but it is no name.", block.text, None)
        reading.ledger.put(index, UNPLACED)
