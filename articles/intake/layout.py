"""Tables that only lay out a page: their text is read as if they were not there."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from . import headers
from .blocks import Block, Container, Source
from .reading import TEXTS

_FEWEST_OF_A_PAGE = 4  # title, byline, summary and a section: no cell of data holds as much


@dataclass
class _Table:
    """What tells layout from data: how each row begins, how many lines a cell holds, where section headers stand."""

    begins: dict[Container, bool] = field(default_factory=dict)  # each row: whether with a header
    cells: dict[Container | None, set[Container]] = field(default_factory=lambda: defaultdict(set))
    lines: Counter[Container] = field(default_factory=Counter)  # by cell
    headed: set[Container] = field(default_factory=set)

    def add(self, inner: tuple[Container, ...], is_header: bool) -> None:
        row = next((container for container in inner if container.tag == "tr"), None)
        cell = next((container for container in inner if container.tag in ("td", "th", "caption")), None)
        if row:
            self.begins.setdefault(row, is_header)
        if cell:
            self.cells[row].add(cell)
            self.lines[cell] += 1
            self.headed |= {cell} if is_header else set()

    @property
    def is_layout(self) -> bool:
        if not self.headed:
            return len(self.lines) <= 1
        has_one_column = all(len(cells) == 1 for cells in self.cells.values())
        holds_a_page = any(self.lines[cell] >= _FEWEST_OF_A_PAGE for cell in self.headed)
        return has_one_column or holds_a_page or all(self.begins.values())


def unfolded(source: Source) -> Source:
    """Without the tables that lay out the page: one cell; or headers in one column, at every row, in a cell of text."""
    tables: dict[Container, _Table] = defaultdict(_Table)
    for block in source.blocks:
        if block.role in TEXTS or not block.is_in("table"):  # our own pages have tables of data alone
            continue
        is_header = headers.find(block.without_notes) is not None
        for table, inner in _tables(block):
            tables[table].add(inner, is_header=is_header)
    layout = {container for container, table in tables.items() if table.is_layout}
    return replace(source, blocks=[_without(block, layout) for block in source.blocks]) if layout else source


def _tables(block: Block) -> Iterator[tuple[Container, tuple[Container, ...]]]:
    """Each table that a block stands in, and the way from there to the block."""
    for number, container in enumerate(block.path):
        if container.tag == "table":
            yield container, block.path[number + 1 :]


def _without(block: Block, layout: set[Container]) -> Block:
    """A layout table goes with its rows and cells; a real table inside it stays."""
    inner = max((n for n, container in enumerate(block.path) if container in layout), default=None)
    if inner is None:
        return block
    own = next((n for n in range(inner + 1, len(block.path)) if block.path[n].tag in ("td", "th", "caption")), inner)
    return replace(block, path=block.path[own + 1 :])
