"""The lead picture: which one it is, and what is printed about it. The other figures stay where they stand."""

from dataclasses import replace

from . import credits
from .blocks import Placed
from .headers import SECTIONS
from .manuscript import Picture
from .reading import Reading

_ON_THE_PICTURE = ("title", "byline", "dateline", "category", "tags")


def place_lead(reading: Reading) -> None:
    placed = [picture for picture in reading.source.pictures if not reading.is_outside(picture.before)]
    lead = next((picture for picture in placed if picture.is_lead), None) or _early(reading, placed)
    if lead:
        _take_out(reading, lead)
    for other in placed:
        if other is not lead and not other.picture.name:
            reason = "A picture stands here that the file does not contain."
            reading.flag("images", reason, other.picture.address or other.picture.alt)
    picture = lead.picture if lead else Picture()
    if reading.credit:
        credit = reading.credit
        picture = replace(picture, credit=credit.text, source=credit.source, accessed_on=credit.accessed_on)
    reading.found.picture = picture if picture != Picture() else None


def _early(reading: Reading, placed: list[Placed]) -> Placed | None:
    """The first picture leads, unless it illustrates a later part of the text."""
    if not placed:
        return None
    only_one_credited = len(placed) == 1 and reading.credit is not None
    return placed[0] if only_one_credited or placed[0].before <= _last_early_block(reading) else None


def _last_early_block(reading: Reading) -> int:
    """The first paragraph under the first header, or the second of a text without headers."""
    text = [index for index in reading.free if reading.ledger.is_in(index, *SECTIONS, "body")]
    if text and reading.ledger.is_in(text[0], *SECTIONS):
        return text[0]
    return text[1] if len(text) > 1 else len(reading.source.blocks)


def _take_out(reading: Reading, lead: Placed) -> None:
    """Its figure leaves the text; the caption goes with it, but for a title that is printed on the picture."""
    if not lead.figure:
        return
    for index, block in enumerate(reading.source.blocks):
        if lead.figure in block.path and not reading.ledger.is_in(index, *_ON_THE_PICTURE):
            _place_caption(reading, index)


def _place_caption(reading: Reading, index: int) -> None:
    ledger, block = reading.ledger, reading.block(index)
    ledger.take_back(index)
    credit = credits.find(block.text)
    if block.role == "credit" and not credit:
        credit = credits.read(block.text)
    if credit and not reading.credit:
        reading.place_credit(index, credit)
    else:
        ledger.put(index, "caption")
