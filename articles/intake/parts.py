"""From the ledger to the finished manuscript."""

from collections.abc import Sequence
from dataclasses import replace

from articles import prose

from . import staff
from .blocks import Block, render, spaced
from .headers import BIOS, SECTIONS
from .ledger import UNPLACED
from .manuscript import Manuscript
from .reading import FURNITURE, Reading

_FEWEST_LETTERS = 3  # a shorter name proves nothing
_MOST_BIOS = 20


def assemble(reading: Reading) -> Manuscript:
    found, parts = reading.found, reading.ledger.parts()
    found.summary = prose.clean_summary(render(parts["summary"]))
    for name in (*SECTIONS, "body"):
        setattr(found, name, prose.clean(render(parts[name])))
    found.bios = [prose.clean_summary(render(bio)) for bio in _bios(reading, parts[BIOS])]
    found.publication_lines = list(staff.lines(parts["publication_lines"]))
    found.tags = _texts(parts["tags"])
    found.furniture = _texts(parts[FURNITURE])
    found.unplaced = _texts(parts[UNPLACED])
    found.pieces = reading.ledger.pieces()
    caption = " ".join(_texts(parts["caption"]))
    if caption and found.picture:
        found.picture = replace(found.picture, caption=caption)
    _flag_what_is_missing(reading, parts["summary"])
    return found


def _texts(blocks: Sequence[Block]) -> list[str]:
    return [spaced(block.text) for block in blocks if block.text.strip()]


def _bios(reading: Reading, blocks: Sequence[Block]) -> list[list[Block]]:
    """One for each paragraph that begins with an author's name; the others go on with the one before."""
    surnames = [person.name.split()[-1] for person in reading.found.byline if len(person.name) >= _FEWEST_LETTERS]
    bios: list[list[Block]] = []
    for block in blocks:
        beginning = spaced(block.text)[:80]
        begins = not surnames or any(surname in beginning for surname in surnames)
        if not bios or (begins and len(bios) < _MOST_BIOS):
            bios.append([block])
        else:
            bios[-1].append(block)
    return bios


def _flag_what_is_missing(reading: Reading, summary: Sequence[Block]) -> None:
    found = reading.found
    if not found.title:
        reading.flag("title", "There is no title.", "", reading.source.title)
    if not reading.has_byline:
        reading.flag("byline", "There is no byline.", "", reading.source.author)
    if reading.unsigned and not any(person.name in bio for person in found.byline for bio in found.bios):
        reading.flag("byline", "This line is read as the byline, although it does not say “By”.", reading.unsigned)
    if not found.summary and any(getattr(found, name) for name in SECTIONS):
        reading.flag("summary", "No summary stands before the first section.")
    if any(_is_raised(mark) for block in summary for run in block.runs for mark in run.marks):
        reason = "A note or a raised letter in the summary becomes plain text there."
        reading.flag("summary", reason, summary[0].text[:200])
    if len(found.bios) > max(len(found.byline), 1):
        reading.flag("bios", "There are more bios than authors.", " ".join(found.bios)[:200])


def _is_raised(mark: str) -> bool:
    return mark.startswith(("small", "sub", "sup"))
