"""Staff publications as lines: one to a block, to an item of a list, or to an entry of our own pages."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from .blocks import Block, Container, spaced
from .furniture import ends_with_a_year

ENTRY = "publication"


def is_entry(block: Block) -> bool:
    return any(container.tag == ENTRY for container in block.path)


def may_begin(block: Block) -> bool:
    """Whether a line can head their list: a heading, or a line of its own that is no item and no link of a menu."""
    linked = sum(end - start for start, end in block.marked("link"))
    return block.is_heading or not (block.is_in("li") or linked >= len(block.text.strip()))


def lines(blocks: Iterable[Block]) -> Iterator[str]:
    for (_, item), group in groupby(enumerate(blocks), key=lambda pair: _item(*pair)):
        entry = [block for _, block in group]
        yield _as_printed(entry) if item and item.tag == ENTRY else " ".join(block.text.strip() for block in entry)


def _item(number: int, block: Block) -> tuple[int, Container | None]:
    item = next((container for container in reversed(block.path) if container.tag in ("li", "tr", ENTRY)), None)
    return (-1 if item else number), item


def _as_printed(entry: Sequence[Block]) -> str:
    """Our own pages print the title first, as a heading; a line has it after the authors."""
    at = next((number for number, block in enumerate(entry) if block.is_heading), None)
    if at is None:
        return " ".join(block.text.strip() for block in entry)
    kind, title, rest = entry[:at], entry[at], entry[at + 1 :]
    has_imprint = bool(rest) and (len(rest) > 1 or bool(rest[-1].value) or ends_with_a_year(rest[-1].text))
    authors, imprint = (rest[:-1], rest[-1:]) if has_imprint else (rest, [])
    before = " ".join(spaced(block.text) for block in (*kind, *authors))
    return ", ".join([before, f"“{spaced(title.text)}”", *(spaced(block.text) for block in imprint)])
