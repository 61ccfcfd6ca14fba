"""What stands before the text: date, title, category, byline, dateline, in whatever order they come."""

from collections.abc import Sequence

from . import bylines, credits, datelines, furniture, headers
from .blocks import Block, spaced
from .bylines import Byline
from .reading import LONGEST_TITLE, Reading

_FURNITURE = ("date", "category", "reads", "modified", "toolbar", "newsletter", "copyright")
_LONGEST_PREAMBLE = 200
_PREAMBLE = 60  # no more than this many lines stand before a heading that is the title
_SHORTEST_TEXT = 5  # words; fewer are no paragraph, even when they are all there is
_MOST_SUBTITLES = 2


def read(reading: Reading, free: Sequence[int]) -> int:
    """Place what stands before the text, and return how many blocks that was."""
    title, before = _title(reading, free), list[str]()
    end = _read(reading, free, title, before)
    if before:
        reading.flag("title", "This stands before the title.", " · ".join(before)[:200])
    return end


def _read(reading: Reading, free: Sequence[int], title: int | None, before: list[str]) -> int:
    for position, index in enumerate(free):
        if index == title and reading.place_title(index):
            _flag_doubtful_title(reading, index)
            continue
        following = free[position + 1 : position + 1 + _MOST_SUBTITLES]
        if reading.block(index).is_in_figure or _place_subtitle(reading, index, following):
            continue
        if not (_place(reading, index) or (reading.has_title and _place_names(reading, free[position:]))):
            if title is None or index >= title:
                return position
            before.append(reading.block(index).text)
    return len(free)


def _title(reading: Reading, free: Sequence[int]) -> int | None:
    if reading.has_title:
        return None
    blocks = [(index, reading.block(index)) for index in free[:_PREAMBLE]]
    heading = next((n for n, (_, block) in enumerate(blocks) if block.kind == "h1" and not headers.find(block)), None)
    if heading is not None and not any(_is_text(block) for _, block in blocks[:heading]):
        return blocks[heading][0]
    texts = [(index, block) for index, block in blocks if not _is_no_title(block)]
    return texts[0][0] if texts and _may_be_a_title(texts[0][1], is_all=len(texts) == 1) else None


def _is_text(block: Block) -> bool:
    text = block.text.strip()
    return len(text) > _LONGEST_PREAMBLE or (len(text) > _LONGEST_PREAMBLE // 3 and text.endswith((".", "!", "?")))


def _is_no_title(block: Block) -> bool:
    """A line that is something else, so that the title may still follow."""
    line = furniture.find(block.text)
    credit = credits.find(block.text)
    byline = _byline(block)
    return bool(
        not block.text.strip()
        or block.is_in_figure
        or (line and line.kind in _FURNITURE)
        or (credit and credit.is_sure)
        or datelines.find(block.text)
        or (byline and byline.is_signed and byline.entries)
    )


def _may_be_a_title(block: Block, is_all: bool) -> bool:
    text = spaced(block.text)
    if headers.find(block) or len(text) > LONGEST_TITLE or (block.path and not block.is_heading):
        return False
    if is_all and not block.is_heading:
        return len(text.split()) < _SHORTEST_TEXT and not _ends_as_a_sentence(text)
    return block.is_heading or not (_ends_as_a_sentence(text) and len(text) > LONGEST_TITLE // 2)


def _ends_as_a_sentence(text: str) -> bool:
    """Many a title is a question, so a question mark says nothing."""
    return text.rstrip("”\"’')").endswith((".", "!", "…"))


def _flag_doubtful_title(reading: Reading, index: int) -> None:
    title = reading.found.title
    if _ends_as_a_sentence(title) and not reading.block(index).is_heading:
        reading.flag("title", "The title ends as a sentence does.", title, "the first line of the summary")


def _place_subtitle(reading: Reading, index: int, following: Sequence[int]) -> bool:
    """A short line between the title and a signed byline is the author's text: it begins the summary."""
    block, lines = reading.block(index), [reading.block(other) for other in following]
    signed = next((n for n, line in enumerate(lines) if _is_signed(line)), None)
    if not reading.has_title or reading.has_byline or signed is None or not _is_a_short_line(block):
        return False
    if not all(_is_a_short_line(line) or _is_no_title(line) for line in lines[:signed]):
        return False
    reading.ledger.put(index, "summary")
    reading.flag("summary", "This stands between the title and the byline.", block.text, "a subtitle")
    return True


def _is_signed(block: Block) -> bool:
    """By a name: "By 2010 the valley was empty" is none."""
    byline = _byline(block)
    names = [block.text[slice(*entry.name)] for entry in byline.entries] if byline and byline.is_signed else []
    return bool(names) and all(bylines.is_name(name, fewest=1) for name in names)


def _is_a_short_line(block: Block) -> bool:
    is_something_else = block.path or headers.find(block) or _is_no_title(block)
    return not is_something_else and len(block.text.strip()) <= _LONGEST_PREAMBLE


def _place(reading: Reading, index: int) -> bool:
    """Place a line that says what it is."""
    block = reading.block(index)
    if not block.text.strip() or block.path or headers.find(block):
        return False
    line = furniture.find(block.text)
    if line and line.kind in _FURNITURE and not (line.kind == "date" and reading.found.published_on):
        reading.place_line(index, line)
        return True
    credit = credits.find(block.text)
    if credit and credit.is_sure and not reading.credit:
        reading.place_credit(index, credit)
        return True
    return _place_dateline(reading, index) or _place_signed(reading, index)


def _place_dateline(reading: Reading, index: int) -> bool:
    if reading.found.dateline is not None:
        return False
    dateline = datelines.find(reading.block(index).text, reading.found.published_on)
    if dateline:
        reading.place_dateline(index, dateline)
        reading.ledger.put(index, "furniture")
    return dateline is not None


def _place_signed(reading: Reading, index: int) -> bool:
    byline = None if reading.has_byline else _byline(reading.block(index))
    if not byline or not byline.is_signed:
        return False
    _place_byline(reading, index, byline)
    return True


def _place_names(reading: Reading, rest: Sequence[int]) -> bool:
    """Names alone, after the title, are a byline; the editor is told, unless something else says so too."""
    block = reading.block(rest[0])
    byline = None if reading.has_byline or not block.is_plain else _byline(block)
    if not byline:
        return False
    _place_byline(reading, rest[0], byline)
    follower = reading.block(rest[1]).text if len(rest) > 1 else ""
    if reading.found.dateline is None and not datelines.find(follower):
        reading.unsigned = spaced(block.text)
    return True


def _byline(block: Block) -> Byline | None:
    dateline = datelines.at_the_end(block.text)
    return bylines.find(block.text[: dateline.start] if dateline else block.text)


def _place_byline(reading: Reading, index: int, byline: Byline) -> None:
    dateline = datelines.at_the_end(reading.block(index).text, reading.found.published_on)
    if dateline and reading.found.dateline is None:
        reading.place_dateline(index, dateline)
    reading.place_byline(index, byline)
