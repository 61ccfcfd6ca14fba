"""Notes: they take no part in recognising the line that cites them, and stay with it where it may have notes."""

from dataclasses import replace

from .blocks import Source
from .headers import BIOS
from .ledger import UNPLACED
from .reading import AROUND, FURNITURE, TEXTS, Reading

_WITH_NOTES = (*TEXTS, UNPLACED)
_AUTHORS = "A note on the byline is read as the author’s bio."
_HOMELESS = "A note stands here, where none can be kept; it is left as unplaced text."


def left_out(source: Source) -> Source:
    """The source as it is recognised: lines without the notes that they cite."""
    return replace(source, blocks=[block.without_notes for block in source.blocks])


def place(reading: Reading) -> None:
    """Take the notes out of what cannot have any, such as a title, and tell the editor."""
    for index, block in enumerate(reading.ledger.blocks):
        if block.notes and block.role not in AROUND:
            _take_out(reading, index)


def _take_out(reading: Reading, index: int) -> None:
    block, is_byline = reading.ledger.blocks[index], reading.ledger.is_in(index, "byline")
    taken = reading.ledger.take_out(index, block.notes, _WITH_NOTES, BIOS if is_byline else UNPLACED)
    for (start, end), part in taken:
        name = "byline" if is_byline else _name(reading, index, part)
        reading.flag(name, _AUTHORS if is_byline else _HOMELESS, block.text[start:end], "a note in the text")


def _name(reading: Reading, index: int, part: str) -> str:
    """What the editor knows the line by: a header by its section."""
    section = reading.headers.get(index) or reading.block(index).role or "file"
    return section if part == FURNITURE else part
