"""The one recogniser: from blocks, whatever they came from, to the parts of an article."""

from collections.abc import Sequence

from . import credits, head, headers, layout, notes, pictures, roles, tail
from .blocks import Source
from .headers import SECTIONS, Header
from .ledger import Ledger
from .manuscript import Manuscript
from .parts import assemble
from .reading import Reading


def recognise(source: Source, found: Manuscript) -> Manuscript:
    """Place every character of the source; what has no place is unplaced, what is doubtful is flagged."""
    source = layout.unfolded(source)
    reading = Reading(notes.left_out(source), found, Ledger(source.blocks))
    roles.read(reading)
    text = reading.free[head.read(reading, reading.free) :]
    _read_text(reading, text, tail.start(reading, text))
    roles.read_what_is_missing(reading)
    pictures.place_lead(reading)
    notes.place(reading)
    return assemble(reading)


def _read_text(reading: Reading, text: Sequence[int], below: int) -> None:
    part, seen = reading.first_part, list[str]()
    lines = tail.Lines(reading)
    for position, index in enumerate(text):
        header = _header(reading, index, seen)
        if header:
            part = header.part
            seen.append(part)
            reading.place_header(index, header)
            reading.ledger.put(index, part, header.end)
        elif _place_credit(reading, index, is_below=position >= below):
            continue
        elif position >= below:
            part = lines.place(index, part)
        else:
            reading.ledger.put(index, part)
    _judge(reading, text, [part for part in seen if part in SECTIONS])


def _header(reading: Reading, index: int, seen: Sequence[str]) -> Header | None:
    block = reading.block(index)
    header = None if block.is_in("table") else headers.find(block)  # a table that is left holds data
    if header and header.part in seen and header.part in SECTIONS:
        reading.flag(header.part, "This header stands twice; the second is left in the text.", block.text[: header.end])
        return None
    return header


def _place_credit(reading: Reading, index: int, is_below: bool) -> bool:
    block = reading.block(index)
    if block.path:  # the caption of a figure in the text stays with it
        return False
    credit = credits.find(block.text)
    if not credit or not (credit.is_sure or is_below):
        return False
    if reading.credit:
        reading.flag("picture", "This is a second image credit; one article has one.", block.text)
        return False
    if not credit.is_sure:
        label = block.text[: credit.start].strip()
        reason = f"“{label}” may begin a sentence as well; this line is read as the image credit."
        reading.flag("picture", reason, block.text, "the last line of the text")
    reading.place_credit(index, credit)
    return True


def _judge(reading: Reading, text: Sequence[int], sections: list[str]) -> None:
    if not sections and reading.first_part == "summary":
        _without_headers(reading, [index for index in text if reading.ledger.is_in(index, "summary")])
    elif sections != [part for part in SECTIONS if part in sections]:
        reading.flag("background", "The sections stand in another order than they will be shown in.")


def _without_headers(reading: Reading, text: Sequence[int]) -> None:
    """The first of several paragraphs is the summary, the rest the body; one alone is the body."""
    for number, index in enumerate(text):
        if number or len(text) == 1 or not reading.block(index).is_plain:
            reading.ledger.rename("summary", "body", at=index)
        else:
            reason = "There is no section header: the first paragraph is read as the summary."
            reading.flag("summary", reason, reading.block(index).text[:200])
