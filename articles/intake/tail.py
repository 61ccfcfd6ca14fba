"""Where the text ends, and what is printed below it."""

from collections.abc import Sequence

from . import credits, furniture, headers, staff
from .blocks import Block
from .furniture import Line
from .headers import BIOS
from .ledger import UNPLACED
from .reading import FURNITURE, Reading

_LONGEST_STRAY = 100
_STANDING_ALONE = ("copyright", "toolbar", "date")  # too small to say that the article is over
_SENTENCE_ENDS = tuple('.!?”"’)…')


def start(reading: Reading, free: Sequence[int]) -> int:
    """The position of the first line below the text: from there on no author's sentence follows."""
    first, only_known = len(free), True
    for position in reversed(range(len(free))):
        block = reading.block(free[position])
        line = furniture.find(block.text)
        if line and (only_known or line.kind not in _STANDING_ALONE):
            first = position
        elif not line and _is_known(block):
            first = position if only_known and credits.find(block.text) else first
        elif not line:
            only_known = False
            if not _is_stray(block):
                break
    return first


def _is_known(block: Block) -> bool:
    header = headers.find(block)
    return bool(credits.find(block.text) or (header and header.part == BIOS)) or furniture.ends_with_a_year(block.text)


def _is_stray(block: Block) -> bool:
    """A short line that is no sentence and no header."""
    text = block.text.strip()
    return len(text) <= _LONGEST_STRAY and not text.endswith(_SENTENCE_ENDS) and not headers.find(block)


class Lines:
    """Reads the lines below the text one after another; a heading says what the next lines are."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.under = ""

    def place(self, index: int, part: str) -> str:
        """Place one line; returns the part that the next one may continue."""
        block = self.reading.block(index)
        line = furniture.find(block.text)
        if line and not self._is_listed(line, block):
            self.reading.place_line(index, line)
            self.under = line.kind if line.kind != "staff" or staff.may_begin(block) else ""
            return FURNITURE
        if part == BIOS:
            self.reading.ledger.put(index, BIOS)
            return BIOS
        self._place_listed(index, block.text)
        return part

    def _is_listed(self, line: Line, block: Block) -> bool:
        return self.under == "staff" and line.kind in ("copyright", "toolbar") and furniture.is_publication(block.text)

    def _place_listed(self, index: int, text: str) -> None:
        if self.under == "staff" and furniture.is_publication(text):
            self.reading.ledger.put(index, "publication_lines")
        elif self.under == "visit":
            self.reading.ledger.put(index, FURNITURE)
        elif self.under == "tags" and len(text) <= _LONGEST_STRAY:
            self.reading.place_tags(index, 0, len(text))
        else:
            self.reading.ledger.put(index, UNPLACED)
