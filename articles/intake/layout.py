"""Tables that only lay out a page: their text is read as if they were not there."""

from dataclasses import replace

from . import headers
from .blocks import Block, Container, Source


def unfolded(source: Source) -> Source:
    """Without the tables that hold a section header, or one cell and nothing else."""
    folded = [block for block in source.blocks if _tables(block)]
    if not folded:
        return source
    with_headers = [block for block in folded if headers.find(block.without_notes)]
    layout = {table for block in with_headers for table in _tables(block)} | _of_one_cell(folded)
    return replace(source, blocks=[_without(block, layout) for block in source.blocks])


def _tables(block: Block) -> list[Container]:
    return [container for container in block.path if container.tag == "table"]


def _of_one_cell(folded: list[Block]) -> set[Container]:
    cells: dict[Container, set[Container]] = {}
    for block in folded:
        for number, container in enumerate(block.path):
            if container.tag == "table":
                cells.setdefault(container, set()).update(_cell(block.path[number:]))
    return {table for table, of_table in cells.items() if len(of_table) <= 1}


def _cell(path: tuple[Container, ...]) -> list[Container]:
    return [container for container in path if container.tag in ("td", "th", "caption")][:1]


def _without(block: Block, layout: set[Container]) -> Block:
    """A layout table goes with its rows and cells; a real table inside it stays."""
    inner = max((n for n, container in enumerate(block.path) if container in layout), default=None)
    if inner is None:
        return block
    own = next((n for n in range(inner + 1, len(block.path)) if block.path[n].tag in ("td", "th", "caption")), inner)
    return replace(block, path=block.path[own + 1 :])
