"""From the ledger to the finished manuscript."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from articles import rich_text

from . import staff
from .blocks import NOTE, Block, Run, render, spaced
from .headers import BIOS, SECTIONS
from .ledger import UNPLACED
from .manuscript import Manuscript, Picture
from .reading import FURNITURE, Reading

_FEWEST_LETTERS = 3  # a shorter name proves nothing
_MOST_BIOS = 20


def assemble(reading: Reading) -> Manuscript:
    found, parts = reading.found, reading.ledger.parts()
    found.summary = _prose(parts["summary"])
    for name in (*SECTIONS, "body"):
        setattr(found, name, rich_text.clean(render(parts[name])))
    found.bios = [_prose(bio) for bio in _bios(reading, parts[BIOS])]
    found.publication_lines = list(staff.lines(parts["publication_lines"]))
    found.tags = _texts(parts["tags"])
    found.furniture = _texts(parts[FURNITURE])
    found.unplaced = _texts(parts[UNPLACED])
    found.pieces = reading.ledger.pieces()
    caption = " ".join(_texts(parts["caption"]))
    if caption:
        found.picture = replace(found.picture or Picture(), caption=caption)
    _flag_what_is_missing(reading)
    for name, called in (("summary", "the summary"), (BIOS, "a bio")):
        _flag_what_became_plain(reading, name, called, parts[name])
    return found


def _prose(blocks: Sequence[Block]) -> str:
    """Summaries and bios know only paragraphs: each line becomes one, whatever it stood in."""
    return rich_text.clean_summary(render(Block(tuple(_set_off(block.runs)), "p") for block in blocks))


def _set_off(runs: Sequence[Run]) -> Iterator[Run]:
    """A note becomes part of the sentence, so a space parts it from the word that cites it."""
    before = Run("")
    for run in runs:
        begins = NOTE in run.marks and NOTE not in before.marks
        ends = NOTE in before.marks and NOTE not in run.marks
        if before.text[-1:].strip() and (begins or (ends and run.text[:1].isalnum())):
            yield Run(" ")
        yield run
        before = run


def _read_aloud(block: Block) -> str:
    return "".join(run.text for run in _set_off(block.runs))[:200]


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


def _flag_what_is_missing(reading: Reading) -> None:
    found = reading.found
    if not found.title:
        reading.flag("title", "There is no title.", "", reading.source.title)
    if not reading.has_byline:
        reading.flag("byline", "There is no byline.", "", reading.source.author)
    if reading.unsigned and not any(person.name in bio for person in found.byline for bio in found.bios):
        reading.flag("byline", "This line is read as the byline, although it does not say “By”.", reading.unsigned)
    if not found.summary and any(getattr(found, name) for name in SECTIONS):
        reading.flag("summary", "No summary stands before the first section.")
    if len(found.bios) > max(len(found.byline), 1):
        reading.flag("bios", "There are more bios than authors.", " ".join(found.bios)[:200])


def _flag_what_became_plain(reading: Reading, part: str, called: str, blocks: Sequence[Block]) -> None:
    raised = next((block for block in blocks if block.notes or block.marked("sub") or block.marked("sup")), None)
    if raised:
        reading.flag(part, f"A note or a raised letter in {called} becomes plain text there.", _read_aloud(raised))
    formed = next((block for block in blocks if block.path or block.is_heading), None)
    if formed:
        reason = f"Of a list, a heading, a table or a figure in {called} only the text is kept, as paragraphs."
        reading.flag(part, reason, formed.text[:200])
