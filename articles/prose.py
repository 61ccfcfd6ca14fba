"""Rich text as it is read: laid out on a page. The only file that marks HTML safe."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from itertools import count
from typing import Any, Protocol
from urllib.parse import urljoin

from django.utils.safestring import SafeString, mark_safe

from .rich_text import clean_summary


class Picture(Protocol):
    """What a figure needs of an image."""

    def picture(self, alt: str, *, view: str = "media") -> SafeString: ...

    @property
    def credit_line(self) -> str: ...


@dataclass(frozen=True)
class LaidOut:
    """A text ready for the page: its parts by name, and the notes that they cite, numbered through."""

    parts: dict[str, SafeString]
    notes: list[SafeString]


_HOLDERS = {"blockquote", "li", "td", "th", "caption", "figure"}  # what stands in them is no paragraph of the text


class _Page(HTMLParser):
    """Writes stored rich text as page HTML: notes numbered, figures filled, tables that can scroll."""

    def __init__(
        self,
        notes: list[str],
        pictures: Mapping[str, Picture],
        view: str,
        raise_headings: bool,
        numbers: Iterator[int] | None = None,
    ) -> None:
        super().__init__(convert_charrefs=False)
        self.numbers = numbers  # of the paragraphs, where they have some
        self.held = 0  # how deep in holders
        self.pin = ""
        self.notes, self.pictures, self.view, self.raise_headings = notes, pictures, view, raise_headings
        self.out: list[str] = []
        self.note: list[str] = []
        self.note_depth = 0
        self.credit: str = ""

    def _write(self, html: str) -> None:
        (self.note if self.note_depth else self.out).append(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.held += tag in _HOLDERS
        values = dict(attrs)
        if tag == "small":
            self.note_depth += 1
        elif tag == "figure":
            self._figure(values)
        elif tag == "table":
            self._write('<section class="table-scroll" tabindex="0" aria-label="Table"><table>')
        elif tag == "p" and self.numbers and not (self.held or self.note_depth):
            self._number(next(self.numbers))
        else:
            attributes = "".join(f' {name}="{escape(value or "")}"' for name, value in attrs)
            self._write(f"<{self._level(tag)}{attributes}>")

    def _number(self, n: int) -> None:
        """Give a paragraph its address, and the mouse a link to it: others are told by the cite box how to write it."""
        self._write(f'<p id="p{n}">')
        self.pin = f'<a class="pin" href="#p{n}" tabindex="-1" aria-hidden="true"></a>'

    def _figure(self, values: dict[str, str | None]) -> None:
        picture = self.pictures.get(values.get("data-image") or "")
        self._write("<figure>")
        if picture:
            self._write(picture.picture(values.get("data-alt") or "", view=self.view))
            self.credit = picture.credit_line

    def _level(self, tag: str) -> str:
        return {"h3": "h2", "h4": "h3"}.get(tag, tag) if self.raise_headings else tag

    def handle_endtag(self, tag: str) -> None:
        self.held -= tag in _HOLDERS
        if tag == "p" and not self.note_depth:
            self._write(self.pin)
            self.pin = ""
        if tag == "small":
            self._end_note()
        elif tag == "figcaption":
            self._write(f"{self._credit()}</figcaption>")
        elif tag == "figure":
            credit = self._credit()
            self._write(f"<figcaption>{credit}</figcaption></figure>" if credit else "</figure>")
        elif tag == "table":
            self._write("</table></section>")
        else:
            self._write(f"</{self._level(tag)}>")

    def _credit(self) -> str:
        credit, self.credit = self.credit, ""
        return f' <span class="credit">{escape(credit)}</span>' if credit else ""

    def _end_note(self) -> None:
        self.note_depth -= 1
        if self.note_depth:  # a note in a note is part of it
            return
        self.notes.append("".join(self.note).strip())
        self.note = []
        self._write(self._reference(len(self.notes)))

    def _reference(self, n: int) -> str:
        return f'<sup class="note-ref"><a id="note-ref-{n}" href="#note-{n}" role="doc-noteref">{n}</a></sup>'

    def handle_data(self, data: str) -> None:
        self._write(data)

    def handle_entityref(self, name: str) -> None:
        self._write(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self._write(f"&#{name};")


def _laid_out(parts: Iterable[tuple[str, str]], page_for: Callable[[list[str], bool], _Page]) -> LaidOut:
    notes: list[str] = []
    laid_out: dict[str, SafeString] = {}
    for name, html in parts:
        page = page_for(notes, name == "body")
        page.feed(html)
        page.close()
        laid_out[name] = mark_safe("".join(page.out))  # noqa: S308
    return LaidOut(laid_out, [mark_safe(note) for note in notes])  # noqa: S308


def lay_out(
    parts: Iterable[tuple[str, str]],
    pictures: Mapping[str, Picture] | None = None,
    view: str = "media",
    number_paragraphs: bool = False,
) -> LaidOut:
    """Lay out stored texts for one page; `view` names what serves the images."""
    numbers = count(1) if number_paragraphs else None
    return _laid_out(parts, lambda notes, raised: _Page(notes, pictures or {}, view, raised, numbers))


class _Abroad(_Page):
    """The same for a reader elsewhere: every address is whole, and nothing needs our styles."""

    def __init__(self, base: str, notes: list[str], pictures: Mapping[str, Picture], raise_headings: bool) -> None:
        super().__init__(notes, pictures, "media", raise_headings)
        self.base = base

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._write("<table>")
        else:
            whole = [(name, _whole(self.base, value or "") if name == "href" else value) for name, value in attrs]
            super().handle_starttag(tag, whole)

    def handle_endtag(self, tag: str) -> None:
        if tag == "table":
            self._write("</table>")
        else:
            super().handle_endtag(tag)

    def _reference(self, n: int) -> str:
        return f'<sup><a href="{escape(self.base)}#note-{n}">{n}</a></sup>'


def _whole(base: str, href: str) -> str:
    try:
        return urljoin(base, href)
    except ValueError:  # "http://[", which no browser follows either
        return base


class _OnPaper(_Abroad):
    """And for print, where a note stands at the foot of the page that cites it, or in the text if it is very long."""

    def _reference(self, n: int) -> str:
        return f"<small>{note}</small>" if len(note := self.notes[n - 1]) < 2_000 else f"<span data-note>{note}</span>"


def lay_out_abroad(
    parts: Iterable[tuple[str, str]], pictures: Mapping[str, Picture], base: str, on_paper: bool = False
) -> LaidOut:
    """Lay out stored texts for feed readers or print; `base` is the address of the page that they stand on."""
    kind = _OnPaper if on_paper else _Abroad
    return _laid_out(parts, lambda notes, raised: kind(base, notes, pictures, raised))


def metas(pairs: Iterable[tuple[str, str]], attribute: str) -> SafeString:
    """Data of the page's head, under names of ours. A template takes ten times as long for the sixty of an article."""
    lines = (f'<meta {attribute}="{name}" content="{escape(content)}">' for name, content in pairs)
    return mark_safe("\n        ".join(lines))  # noqa: S308


_VOID = {"br", "img", "source", "wbr", "hr"}


class _Blocks(HTMLParser):
    """Cuts page HTML where a paragraph, a list, a table or a figure ends, and changes nothing in it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=False)
        self.depth = 0
        self.block: list[str] = []
        self.blocks: list[str] = []

    def _write(self, html: str) -> None:
        self.block.append(html)
        if self.depth == 0:
            self.end()

    def end(self) -> None:
        if html := "".join(self.block).strip():
            self.blocks.append(html)
        self.block = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.depth += tag not in _VOID
        self._write(self.get_starttag_text() or "")

    def handle_endtag(self, tag: str) -> None:
        self.depth -= 1
        self._write(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.block.append(data)

    def handle_entityref(self, name: str) -> None:
        self.block.append(f"&{name};")

    def handle_charref(self, name: str) -> None:
        self.block.append(f"&#{name};")


def in_blocks(html: SafeString) -> list[SafeString]:
    """What was laid out for a page, block by block, so that something can stand between them."""
    parser = _Blocks()
    parser.feed(html)
    parser.close()
    parser.end()
    return [mark_safe(block) for block in parser.blocks]  # noqa: S308


def as_data(data: Any) -> SafeString:
    """Data in a script that nothing runs, as JSON-LD: what could end the script, or begin a comment, is escaped."""
    text = json.dumps(data, ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308


@lru_cache(maxsize=500)
def show(html: str) -> SafeString:
    """A stored summary or bio, for the page. Cleaned again: what a template shows never rests on trust."""
    return mark_safe(clean_summary(html))  # noqa: S308


def marked(parts: Iterable[tuple[str, bool]]) -> SafeString:
    """Plain text in pieces, those that are a hit marked."""
    texts = ((escape(text), is_hit) for text, is_hit in parts)
    return mark_safe("".join(f"<mark>{text}</mark>" if is_hit else text for text, is_hit in texts))  # noqa: S308


_CHANGED = {"same": "{}", "gone": "<del>{}</del>", "new": "<ins>{}</ins>"}


def changed(pieces: Iterable[tuple[str, str]]) -> SafeString:
    """Plain text in pieces that stayed, went or came."""
    return mark_safe("".join(_CHANGED[kind].format(escape(text)) for kind, text in pieces))  # noqa: S308
