"""A manuscript, a saved page or a text becomes plain data: the parts of an article, every character accounted for."""

import re
from dataclasses import replace
from pathlib import Path, PurePath
from typing import Self

from .blocks import Source, spaced
from .docx import WordReader, WordText
from .embedded import Files, files_beside, no_files
from .manuscript import Flag, Format, Manuscript, Refused
from .page import read_html, read_page
from .recognise import recognise
from .text import decode, read_text

__all__ = ["Manuscript", "Reader", "Refused", "read"]

MOST_BYTES = 20 * 1024 * 1024  # of a text or a page
_PAGES = {".html", ".htm", ".xhtml", ".xht"}
_REFUSED = {
    b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "This is an old Word file (.doc). Open it in Word and save it as .docx.",
    b"%PDF": "This is a PDF, which does not say where its paragraphs end. Import the Word file or the text instead.",
    b"{\\rtf": "This is a rich text file (.rtf). Open it in Word and save it as .docx.",
    b"From: <Saved by": "This is a web archive (.mhtml). Save the page again as “Web page, complete”.",
    b"MIME-Version:": "This is a web archive (.mhtml). Save the page again as “Web page, complete”.",
}
_HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_CHARSET = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})", re.I)


def read(file_name: str, data: bytes) -> Manuscript:
    """Read a file, by what it contains rather than by what it is called. Raises Refused."""
    with Reader() as reader:
        return reader.read(file_name, data)


class Reader:
    """Reads many files, one after the other."""

    def __init__(self) -> None:
        self._word = WordReader()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._word.close()

    def read(self, file_name: str, data: bytes, *, beside: Path | None = None) -> Manuscript:
        """Read a file; `beside` is where the pictures of a saved page may lie. Raises Refused."""
        _refuse_what_is_no_text(data)
        if data.startswith(b"PK\x03\x04"):
            return _read_word(file_name, self._word.read(data))
        if len(data) > MOST_BYTES:
            raise Refused("This file is larger than 20 MB. Save the article alone, without its pictures.")
        return _read_characters(file_name, data, files_beside(beside) if beside else no_files)


def _refuse_what_is_no_text(data: bytes) -> None:
    if not data.strip():
        raise Refused("This file is empty. Choose the file that holds the manuscript.")
    for beginning, reason in _REFUSED.items():
        if data.startswith(beginning):
            raise Refused(reason)


def _read_word(file_name: str, word: WordText) -> Manuscript:
    source = replace(read_html(word.html, word.alts), title=word.title, author=word.core_author)
    source.images.update(word.images)
    found = _begin(file_name, "docx", source)
    _flag_hidden(found, "", word.hidden_characters)
    found.flags += [Flag("file", sentence, "") for sentence in word.left_out]
    return recognise(source, found)


def _read_characters(file_name: str, data: bytes, files: Files) -> Manuscript:
    charset = _CHARSET.search(data[:4096])
    text, flags = decode(data, charset[1].decode("ascii") if charset else None)
    is_page = PurePath(file_name.lower()).suffix in _PAGES or bool(_HTML.match(text[:2000]))
    source = read_page(text, files) if is_page else read_text(text)
    found = _begin(file_name, "page" if is_page else "text", source)
    found.flags += flags
    _flag_hidden(found, source.hidden, len("".join(source.hidden.split())))
    return recognise(source, found)


def _begin(file_name: str, kind: Format, source: Source) -> Manuscript:
    return Manuscript(PurePath(file_name).name or file_name, kind, source.address, images=source.images)


def _flag_hidden(found: Manuscript, hidden: str, characters: int) -> None:
    if characters:
        found.flags.append(Flag("file", f"{characters} hidden characters were left out.", spaced(hidden)[:200]))
