"""What a document consists of once it is read: paragraphs and tables of plain pieces."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class Look(NamedTuple):
    bold: bool = False
    italic: bool = False
    script: str = ""  # superscript, subscript
    link: int = 0  # which of the document's links, from 1


class Run(NamedTuple):
    text: str  # "\n" is a line break
    look: Look


class Note(NamedTuple):
    runs: list[Run]


class Picture(NamedTuple):
    name: str


Piece = Run | Note | Picture


@dataclass
class Paragraph:
    kind: str = "p"  # p, h1 … h4, quote, ul, ol
    level: int = 0  # of a list, from 1
    series: str = ""  # items of another series begin a list of their own
    pieces: list[Piece] = field(default_factory=list)


@dataclass
class Cell:
    blocks: list["Block"]
    width: int = 1
    continues: bool = False  # is part of the cell above


@dataclass
class Row:
    cells: list[Cell]
    heads: bool = False


@dataclass
class Table:
    rows: list[Row]


Block = Paragraph | Table


@dataclass
class Flow:
    """Blocks under way: of the body, a cell, a text box or a note."""

    blocks: list[Block] = field(default_factory=list)
    carried: list[Piece] = field(default_factory=list)  # from a paragraph whose end is gone: joins the next one
    carried_as: Paragraph = field(default_factory=Paragraph)
    after: list[Block] = field(default_factory=list)  # text boxes: they follow the paragraph they hang on

    def add(self, paragraph: Paragraph, goes_on: bool = False) -> None:
        if goes_on:
            self.carried += paragraph.pieces
            self.carried_as = paragraph
            return
        paragraph.pieces = self.carried + paragraph.pieces
        self.carried = []
        self.blocks += [paragraph, *self.after]
        self.after = []

    def close(self) -> list[Block]:
        """Nothing follows that could take what was carried: it stands by itself."""
        if self.carried or self.after:
            last = self.carried_as
            self.add(Paragraph(last.kind, last.level, last.series))
        return self.blocks


def pieces_in(blocks: list[Block]) -> Iterator[list[Piece]]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield block.pieces
        else:
            for row in block.rows:
                for cell in row.cells:
                    yield from pieces_in(cell.blocks)
