"""Section headers: BACKGROUND, IMPLICATIONS, CONCLUSIONS and the author's bio, as they are really typed."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from .blocks import Block

SECTIONS = ("background", "implications", "conclusions")
BIOS = "bios"
_LABELS = {
    "background": r"BACKG?ROUND",
    "implications": r"IMPLICATIONS?",
    "conclusions": r"CONCLUSIONS?",
    # AUTHOR'S BIO, AUTHORS’ BIO, AUTHOR(S) BIO, ABOUT THE AUTHOR
    BIOS: r"AUTHOR(?:S|\(S\))?\s?[’'‘`´ʼ]?\s?S?[’'‘`´ʼ]?\s+BIO(?:S|GRAPHY|GRAPHIES)?|ABOUT\s+THE\s+AUTHORS?",
}
_ANY = "|".join(f"(?P<{part}>{label})" for part, label in _LABELS.items())
_LEAD = r"[\s\u200b\u200e\u200f\u2060\ufeff]*"
_COLON = rf"{_LEAD}[:\uff1a]"
_CLEAN = re.compile(rf"{_LEAD}(?:{_ANY}){_COLON}", re.IGNORECASE)
_WHOLE = re.compile(rf"{_LEAD}(?:{_ANY}){_LEAD}", re.IGNORECASE)
_DASHED = re.compile(rf"{_LEAD}(?:{_ANY})\s*(?:[-–—]\s|\.\s)")
# What is glued on ends with a letter or a digit: a sentence has a space, a bracket or a quotation mark there.
_GLUED = re.compile(rf"{_LEAD}(?P<junk>[^.!?\n]{{0,60}}?[^\W_])(?:{_ANY}){_COLON}")
_MISSPELT = re.compile(rf"{_LEAD}(?P<word>[A-Z]{{8,14}}){_COLON}")
_LONGEST_LABEL = 40


@dataclass(frozen=True)
class Header:
    part: str
    start: int  # where what was glued on before it ends
    end: int
    doubt: str = ""


def find(block: Block) -> Header | None:
    """The header that a block begins with, or is."""
    text = block.text
    match = _CLEAN.match(text)
    if match:
        return _header(match)
    return _without_colon(block) or _doubtful(text)


def _without_colon(block: Block) -> Header | None:
    """A heading style says that it is a header; so does bold type, if the word is in capitals or stands alone."""
    if len(block.text) <= _LONGEST_LABEL:
        match = _WHOLE.fullmatch(block.text)
        if match:
            styled = block.is_heading or _bold(block) >= len(block.text.strip())
            return _header(match, "" if styled else "It has no colon and no heading style.")
    bold = _bold(block)
    match = _WHOLE.fullmatch(block.text, 0, bold) if 0 < bold <= _LONGEST_LABEL else None
    if not match or not match[0].isupper():
        return None
    # "CONCLUSIONS drawn in Baku": what follows a header begins as a sentence does.
    goes_on = not block.text[bold:].lstrip()[:1].isupper()
    return _header(match, "It has no colon, and the sentence may go on." if goes_on else "")


def _bold(block: Block) -> int:
    """How much of the beginning is bold."""
    end = 0
    for run in block.runs:
        if "strong" not in run.marks and run.text.strip():
            break
        end += len(run.text)
    return end


def _doubtful(text: str) -> Header | None:
    match = _DASHED.match(text)
    if match:
        return _header(match, "It has no colon.")
    match = _GLUED.match(text[:160])
    if match:
        return _header(match, "Something is glued to this header.", start=match.end("junk"))
    match = _MISSPELT.match(text)
    return _misspelt(match) if match else None


def _misspelt(match: re.Match[str]) -> Header | None:
    word = match["word"].lower()
    part = max(SECTIONS, key=lambda section: SequenceMatcher(None, word, section).ratio())
    if SequenceMatcher(None, word, part).ratio() < 0.88:
        return None
    return Header(part, 0, match.end(), f"“{match['word']}” is read as {part.upper()}.")


def _header(match: re.Match[str], doubt: str = "", start: int = 0) -> Header:
    part = next(part for part in _LABELS if match[part])
    return Header(part, start, match.end(), doubt)
