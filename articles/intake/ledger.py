"""Which part each stretch of the source went to. Every part is read off this ledger, so that no character can be lost,
doubled or invented on the way."""

from collections import defaultdict
from collections.abc import Container

from .blocks import Block
from .manuscript import Piece

UNPLACED = "unplaced"
Span = tuple[int, int]


class Ledger:
    def __init__(self, blocks: list[Block]) -> None:
        self.blocks = blocks
        self._spans: list[list[tuple[int, int, str]]] = [[] for _ in blocks]

    def put(self, index: int, part: str, start: int = 0, end: int | None = None) -> None:
        """Say where a stretch of a block, counted without its notes, belongs. What was said of it before stands."""
        block = self.blocks[index]
        start, end = block.whole(start), len(block.text) if end is None else block.whole(end)
        free, at = [], start
        for taken_from, taken_to, _ in sorted(self._spans[index]):
            if at < min(taken_from, end):
                free.append((at, min(taken_from, end), part))
            at = max(at, taken_to)
        if at < end or (start == end == 0 and not self._spans[index]):
            free.append((at, end, part))
        self._spans[index] += free

    def is_in(self, index: int, *parts: str) -> bool:
        return any(part in parts for _, _, part in self._spans[index])

    def take_back(self, index: int) -> None:
        self._spans[index] = []

    def take_out(self, index: int, stretches: list[Span], stay_in: Container[str], part: str) -> list[tuple[Span, str]]:
        """Move stretches, counted in all of a block, out of the parts where they cannot stay; tells from which."""
        taken: list[tuple[Span, str]] = []
        spans: list[tuple[int, int, str]] = []
        for start, end, old in self.spans(index):
            inside = [] if old in stay_in else [span for span in stretches if start <= span[0] < end]
            for span in inside:
                spans += [(start, span[0], old), (*span, part)]
                start = span[1]
            spans.append((start, end, old))
            taken += [(span, old) for span in inside]
        self._spans[index] = [(start, end, old) for start, end, old in spans if start < end]
        return taken

    def rename(self, old: str, new: str, at: int | None = None) -> None:
        """Move what went to one part to another, everywhere or in one block."""
        for spans in self._spans if at is None else [self._spans[at]]:
            spans[:] = [(start, end, new if part == old else part) for start, end, part in spans]

    def pieces(self) -> list[Piece]:
        cuts = ((part, self.blocks[n].text[a:b]) for n in range(len(self.blocks)) for a, b, part in self.spans(n))
        return [(part, text) for part, text in cuts if text.strip()]

    def spans(self, index: int) -> list[tuple[int, int, str]]:
        """All of a block, in order; what nobody claimed is unplaced."""
        whole: list[tuple[int, int, str]] = []
        at = 0
        for start, end, part in sorted(self._spans[index]):
            if start > at:
                whole.append((at, start, UNPLACED))
            whole.append((start, end, part))
            at = end
        length = len(self.blocks[index].text)
        if at < length or not whole:
            whole.append((at, length, UNPLACED))
        return whole

    def parts(self) -> dict[str, list[Block]]:
        """The blocks of each part, in source order."""
        found: dict[str, list[Block]] = defaultdict(list)
        for index, block in enumerate(self.blocks):
            for start, end, part in self.spans(index):
                cut = block.cut(start, end)
                if cut.text.strip() or (start == end == 0 and cut.path):
                    found[part].append(cut)
        return found
