"""Bytes to text, and text to blocks. No character is lost on the way; what cannot be kept is counted."""

import codecs
import re
from collections.abc import Iterator, Sequence

from . import credits, furniture, headers
from .blocks import Source, text_block
from .manuscript import Flag, Refused

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Browsers read what names itself so as the Windows set that contains it (WHATWG Encoding), and so do its authors.
_READ_AS = {"ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874"}
# HTML cannot carry these, and a database may refuse them. They are no characters of a text.
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufeff\ufffe\uffff\ud800-\udfff]")
MOST_BLOCKS = 20_000
LONGEST_PARAGRAPH = 50_000
_SHORTEST_WRAPPED, _LONGEST_WRAPPED = 40, 120
_SENTENCE_ENDS = (".", "!", "?", ".”", '."', ":")


def decode(data: bytes, declared: str | None = None) -> tuple[str, list[Flag]]:
    """Decode by byte order mark, as UTF-8, as the file itself says, or as Windows text, which is flagged."""
    text, flags = _decoded(data, declared)
    if "\0" in text:
        raise Refused("This file is not text. Save it as a Word document (.docx), as a web page, or as text in UTF-8.")
    text = text.replace("\ufeff", "")  # a mark of order, wherever it stands
    kept = UNSTORABLE.sub("", text)
    if len(kept) < len(text):
        reason = f"{len(text) - len(kept)} control characters, which no page can show, were left out."
        flags.append(Flag("file", reason, ""))
    return kept, flags


def _decoded(data: bytes, declared: str | None) -> tuple[str, list[Flag]]:
    marked = next((encoding for bom, encoding in _BOMS if data.startswith(bom)), None)
    for encoding in (marked, "utf-8", declared):
        try:
            if encoding:
                return data.decode(_READ_AS.get(codecs.lookup(encoding).name, encoding)), []
        except (UnicodeDecodeError, LookupError):
            continue
    text = data.decode("cp1252", errors="replace")
    odd = next((character for character in text if character > "\x7f"), "")
    return text, [Flag("file", "The file is not UTF-8; it was read as Windows text (cp1252).", odd)]


def read_text(text: str) -> Source:
    lines = text.splitlines(keepends=True)
    refuse_too_many(sum(not line.isspace() for line in lines))
    blocks = [text_block(paragraph) for paragraph in _paragraphs(lines)]
    if not blocks:
        raise Refused("This file is empty. Choose the file that holds the manuscript.")
    refuse_too_long(max(len(block.text) for block in blocks))
    return Source(blocks)


def _paragraphs(lines: Sequence[str]) -> Iterator[str]:
    """Blank lines part paragraphs; so does every line, unless the lines were broken at a margin."""
    chunk: list[str] = []
    in_a_list = False
    for line in [*lines, ""]:
        if line.strip():
            chunk.append(line)
            continue
        yield from chunk if in_a_list or not _is_wrapped(chunk) else _joined(chunk)
        in_a_list = in_a_list or any(_begins_a_list(line) for line in chunk)
        chunk = []


def _is_wrapped(lines: Sequence[str]) -> bool:
    *broken, last = [line.strip() for line in lines] or [""]
    if not broken or max(map(len, [*broken, last])) > _LONGEST_WRAPPED:
        return False
    long = sum(len(line) >= _SHORTEST_WRAPPED for line in broken)
    return long * 2 > len(broken) and not all(line.endswith(_SENTENCE_ENDS) for line in broken)


def _joined(lines: Sequence[str]) -> Iterator[str]:
    """Lines broken at a margin become one paragraph again; a line that is furniture or begins a part stays apart."""
    paragraph: list[str] = []
    for line in lines:
        if paragraph and (_stands_apart(line) or _is_alone(paragraph[-1])):
            yield "".join(paragraph)
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield "".join(paragraph)


def _stands_apart(line: str) -> bool:
    return bool(furniture.find(line) or headers.find(text_block(line)) or credits.find(line))


def _is_alone(line: str) -> bool:
    return len(line.strip()) < _SHORTEST_WRAPPED or bool(furniture.find(line) or credits.find(line))


def _begins_a_list(line: str) -> bool:
    line_found = furniture.find(line) if len(line) < 40 else None
    return line_found is not None and line_found.kind == "staff"


def refuse_too_long(characters: int) -> None:
    if characters > LONGEST_PARAGRAPH:
        raise Refused(f"A paragraph of this file has more than {LONGEST_PARAGRAPH:,} characters. Divide it.")


def refuse_too_many(paragraphs: int) -> None:
    if paragraphs > MOST_BLOCKS:
        raise Refused(f"This file has more than {MOST_BLOCKS:,} paragraphs. Import one article at a time.")
