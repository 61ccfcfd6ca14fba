"""A saved page, or any HTML, as blocks in reading order: what is hidden is counted, what is not text is left out."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode

from . import markup
from .blocks import NOTE, Block, Container, Placed, Run, Source, trimmed
from .embedded import Files, embedded, no_files
from .manuscript import Picture, Refused
from .metadata import address_of, article_of, meta
from .nesting import refuse_deep_nesting
from .reading import AROUND, TEXTS
from .text import UNSTORABLE, refuse_too_long, refuse_too_many

_DEEPEST_PATH = 16  # lists in lists in tables: deeper ones are read as if they were one
_INHERITED_FOR_GOOD = ("furniture", "staff", "visit", "newsletter")
_MOST_IMAGES = 60
_LONGEST_FORM = 600  # some systems wrap the whole page in a form
_IMAGE_KEY = re.compile(r'data-image="([^"]+)"')
_WORD = re.compile(r"[^\W_]+")
_LABELS = frozenset((
    "and", "at", "author", "by", "categories", "category", "created", "date", "filed", "hits", "in", "last", "modified",
    "on", "posted", "published", "tagged", "tags", "under", "updated", "views", "with", "written",
))  # fmt: skip
_EMPTY = "This page has no text. Save it again in the browser as “Web page, complete”."


def read_page(html: str, files: Files = no_files) -> Source:
    """Read a page. What stands outside its article is furniture, and so is what the page says is none of its text."""
    tree = _tree(html)
    source = _read(tree, article_of(tree), files=files)
    return replace(
        source,
        address=address_of(tree, html),
        title=meta(tree, "og:title", "citation_title", "title"),
        author=meta(tree, "citation_author", "author"),
        published=meta(tree, "article:published_time", "citation_publication_date", "citation_online_date"),
        modified=meta(tree, "article:modified_time"),
    )


def read_html(html: str, alts: Mapping[str, str]) -> Source:
    """Read a text that is HTML and no page, such as a Word file's."""
    return _read(_tree(html), None, alts)


def _tree(html: str) -> LexborHTMLParser:
    refuse_deep_nesting(html)
    return LexborHTMLParser(html)


def _read(
    tree: LexborHTMLParser,
    article: LexborNode | None,
    alts: Mapping[str, str] | None = None,
    *,
    files: Files = no_files,
) -> Source:
    reader = _Reader(article, alts or {}, files=files, notes=_notes(tree))
    if tree.body is not None:
        reader.read(tree.body)
    if not any(block.text.strip() for block in reader.blocks):
        raise Refused(_EMPTY)
    hidden = "".join(reader.hidden)
    return Source(reader.blocks, reader.pictures, reader.images, hidden=hidden)


class _Place(NamedTuple):
    """Where the reader is: what holds for text that stands here."""

    number: int = 0
    line: int = 0  # the number of the block around it: an element within a line has another number, and the same line
    kind: str = ""
    path: tuple[Container, ...] = ()
    marks: tuple[str, ...] = ()
    role: str = ""
    is_lead: bool = False
    is_seen: bool = False  # it is hidden from listeners, and not from readers


@dataclass
class _Reader:
    """Walks the tree without recursion: a page may be deeper than Python's stack."""

    article: LexborNode | None
    alts: Mapping[str, str]
    blocks: list[Block] = field(default_factory=list)
    pictures: list[Placed] = field(default_factory=list)
    images: dict[str, bytes] = field(default_factory=dict)
    hidden: list[str] = field(default_factory=list)

    files: Files = no_files
    notes: Mapping[str, tuple[Run, ...]] = field(default_factory=dict)  # by the address that cites them

    def __post_init__(self) -> None:
        self._article = self.article.mem_id if self.article is not None else None
        self._runs: list[Run] = []
        self._line: list[tuple[_Place, Block]] = []  # its pieces, each in an element that says something, or in none
        self._place = _Place()  # of the runs
        self._told = ("", "")  # a role and a value, from an element within the line
        self._count = 0

    def read(self, body: LexborNode) -> None:
        start = _Place(role="chrome") if self._article not in (None, body.mem_id) else _Place()
        todo: list[tuple[LexborNode | None, _Place, int]] = [(body.first_child, start, 0)]
        while todo:
            node, place, blocks = todo.pop()
            if node is None:
                self._leave(place, blocks)
                continue
            if node.next is not None:
                todo.append((node.next, place, 0))
            if node.is_text_node:
                self._text(node.text_content or "", place)
            elif node.is_element_node:
                self._element(node, place, todo)
        self._flush()

    def _element(self, node: LexborNode, place: _Place, todo: list[tuple[LexborNode | None, _Place, int]]) -> None:
        tag, attributes = node.tag or "", node.attributes
        if tag in markup.INVISIBLE:
            return
        is_unspoken = not place.is_seen and markup.is_unspoken(attributes)
        if is_unspoken and markup.is_written(tag, node.text()):
            place, is_unspoken = place._replace(is_seen=True), False
        if is_unspoken or markup.is_hidden(attributes):
            self.hidden.append(node.text())
        elif tag == "br" and place.kind in markup.HEADINGS:
            self._text(" ", place)
        elif tag in ("br", "hr"):
            self._flush()
        elif tag == "img":
            self._image(attributes, place)
        elif attributes.get("role") in ("doc-noteref", "doc-backlink", "doc-endnotes") and self.notes:
            self._note(attributes, place)
        else:
            inner = self._inner(node, tag, attributes, place)
            if inner.line != place.line:
                self._flush()
                todo.append((None, inner, len(self.blocks)))
            self._tell(tag, attributes, inner)
            if tag == "figure":
                self._begin_figure(node, attributes, inner)
            if NOTE in inner.marks and NOTE not in place.marks and self._runs and NOTE in self._runs[-1].marks:
                self._text(" ", place)  # two notes in one place are not one note
            if node.first_child is not None:
                todo.append((node.first_child, inner, 0))

    def _inner(self, node: LexborNode, tag: str, attributes: markup.Attributes, place: _Place) -> _Place:
        """The place inside an element: a new line for a block, a new piece of it for what says what it holds."""
        if not attributes and tag in markup.MARKS:  # most elements of a text
            mark = markup.MARKS[tag]
            return place if mark in place.marks else place._replace(marks=(*place.marks, mark))
        role = "" if node.mem_id == self._article else _role(node, tag, attributes, place)
        opening = self._opening(node, tag, attributes, place)
        marks = place.marks + tuple(mark for mark in markup.marks(tag, attributes) if mark not in place.marks)
        is_block = bool(opening) or tag in markup.BLOCKS
        if not is_block and role == place.role:
            return place._replace(marks=marks) if marks != place.marks else place
        self._count += 1
        path = (*place.path, Container(self._count, opening)) if opening else place.path
        is_lead = place.is_lead or markup.is_lead(attributes)
        line = self._count if is_block else place.line
        kind = _kind(tag, role, place.kind)
        return _Place(self._count, line, kind, path, marks, role, is_lead, place.is_seen)

    def _opening(self, node: LexborNode, tag: str, attributes: markup.Attributes, place: _Place) -> str | None:
        if len(place.path) >= _DEEPEST_PATH:
            return None
        opening = markup.container(tag, attributes)
        if opening != "figure" or any(container.tag == "figure" for container in place.path):
            return opening
        key = attributes.get("data-image") or ""
        image = node.css_first("img") if not key else None
        key = key or (self._embedded(image.attributes.get("src") or "") if image is not None else "")
        return _figure(key, self.alts.get(key, "")) if key else opening

    def _embedded(self, address: str) -> str:
        """The key of a picture that came with the page: in it, or beside it."""
        if len(self.images) >= _MOST_IMAGES:
            return ""
        image = embedded(address) if address.startswith("data:") else self.files(address)
        if not image:
            return ""
        key = f"image-{len(self.images) + 1}"
        self.images[key] = image
        return key

    def _tell(self, tag: str, attributes: markup.Attributes, place: _Place) -> None:
        told = markup.told(tag, attributes)
        if told:
            self._settle(place)
            role = "reads" if "data-read-count" in attributes else self._told[0]
            self._told = (role, self._told[1] or told)

    def _begin_figure(self, node: LexborNode, attributes: markup.Attributes, place: _Place) -> None:
        """A picture that the figure only names, or the lead picture of our own pages while it is still awaited."""
        figure = place.path[-1] if place.path else None
        key = attributes.get("data-image")
        has_lead = any(placed.is_lead for placed in self.pictures)
        if key:
            self._place_picture(Picture(name=key, alt=self.alts.get(key, "")), figure, place)
        elif place.role not in AROUND and markup.is_lead(attributes) and not has_lead and not node.css_first("img"):
            self._place_picture(Picture(), figure, place)

    def _image(self, attributes: markup.Attributes, place: _Place) -> None:
        address, alt = attributes.get("src") or "", " ".join((attributes.get("alt") or "").split())
        if "emoji" in markup.classes(attributes):
            self._text(alt, place)
            return
        if place.role in AROUND or "1" in (attributes.get("width"), attributes.get("height")):
            return
        figure = next((container for container in reversed(place.path) if container.tag == "figure"), None)
        key = _key_of(figure) if figure else self._embedded(address)
        if key and not figure:
            figure = Container(-len(self.images), _figure(key, alt))
        shown = None if key or address.startswith("data:") else address[:2000]
        self._place_picture(Picture(shown or None, key or None, alt), figure, place)

    def _place_picture(self, picture: Picture, figure: Container | None, place: _Place) -> None:
        if picture.name and figure:
            self._flush()
            path = place.path if figure in place.path else (*place.path, figure)
            self.blocks.append(Block((), "", path, place.role))
            before = len(self.blocks) - 1
        else:
            before = len(self.blocks)
        self.pictures.append(Placed(picture, before, figure, place.is_lead))

    def _note(self, attributes: markup.Attributes, place: _Place) -> None:
        """A note is read where it is cited; its number and the way back are the page's, not the author's."""
        for run in self.notes.get(attributes.get("href") or "", ()):
            marks = tuple(mark for mark in place.marks if mark != "sup") + (NOTE,)
            self._text(run.text, place._replace(marks=marks + run.marks))

    def _text(self, text: str, place: _Place) -> None:
        self._settle(place)
        self._runs.append(Run(UNSTORABLE.sub("", text), place.marks))

    def _settle(self, place: _Place) -> None:
        if place.line != self._place.line:
            self._flush()
        elif place.number != self._place.number:
            self._end_piece()
        self._place = place if place.number != self._place.number else self._place

    def _leave(self, place: _Place, blocks: int) -> None:
        self._flush()
        if len(self.blocks) == blocks and place.path and place.path[-1].tag in markup.CELLS:
            self.blocks.append(Block((), "", place.path, place.role))  # an empty cell still takes its place

    def _flush(self) -> None:
        """End a line."""
        self._end_piece()
        line, self._line = self._line, []
        for block in _blocks(line):
            self.blocks.append(block)
            refuse_too_many(len(self.blocks))
            refuse_too_long(len(block.text))

    def _end_piece(self) -> None:
        place, (role, value) = self._place, self._told
        if any(run.text for run in self._runs):
            block = Block(tuple(self._runs), place.kind, place.path, role or place.role, value)
            self._line.append((place, block))
        self._runs, self._told = [], ("", "")


def _blocks(line: Sequence[tuple[_Place, Block]]) -> Iterator[Block]:
    """A line of running text is one block, in which no element speaks; else each piece says what it is."""
    own = [block for place, block in line if place.number == place.line and _WORD.search(block.text)]
    is_text = bool(own) and own[0].role in ("", *TEXTS) and not own[0].is_in("figcaption")
    if not is_text or len(line) == 1:
        yield from (block for _, block in line if block.text.strip())
    elif all(word.lower() in _LABELS for block in own for word in _said(block)):
        yield from _labelled(line, own[0])
    else:
        yield replace(own[0], runs=tuple(run for _, block in line for run in block.runs))


def _said(block: Block) -> list[str]:
    """Its words, but for the names that a link marks as an author's or a tag's."""
    unmarked = (run.text for run in block.runs if not {"author", "tag"}.intersection(run.marks))
    return [word for text in unmarked for word in _WORD.findall(text)]


def _labelled(line: Sequence[tuple[_Place, Block]], own: Block) -> list[Block]:
    """ "Posted on", "by": what is no more than a label goes with the piece that follows it."""
    label: tuple[Run, ...] = ()
    pieces: list[Block] = []
    for place, block in line:
        if place.number == place.line:
            label += block.runs
        else:
            pieces.append(replace(block, runs=label + block.runs))
            label = ()
    rest = replace(own, runs=label)
    if pieces and not _WORD.search(rest.text):
        pieces[-1] = replace(pieces[-1], runs=pieces[-1].runs + label)
    else:
        pieces.append(rest)
    return pieces


def _role(node: LexborNode, tag: str, attributes: markup.Attributes, place: _Place) -> str:
    """What an element holds: what it says, as far as what it stands in lets it speak."""
    said, around = markup.role(tag, attributes), place.role
    if tag == "form" and said is None and len(node.text()) <= _LONGEST_FORM:
        said = "furniture"
    if said is None or around in _INHERITED_FOR_GOOD:
        return around
    if around == "chrome":
        return said if said in _INHERITED_FOR_GOOD else around
    is_of_a_figure = said == "credit" and any(container.tag == "figure" for container in place.path)
    speaks = around in ("", "record") or said == "furniture" or (around, said) == ("date", "modified")
    return said if speaks or is_of_a_figure else around


def _kind(tag: str, role: str, around: str) -> str:
    if tag == "p" or tag in markup.HEADINGS:
        # Our own pages show the headings of a body one level higher than they are stored.
        return "h4" if (role, tag) == ("body", "h3") else tag
    return around if around in markup.HEADINGS and tag not in markup.CONTAINERS else ""


def _figure(key: str, alt: str) -> str:
    return f'figure data-image="{escape(key)}"' + (f' data-alt="{escape(alt)}"' if alt else "")


def _key_of(figure: Container) -> str:
    found = _IMAGE_KEY.search(figure.opening)
    return found[1] if found else ""


def _notes(tree: LexborHTMLParser) -> dict[str, tuple[Run, ...]]:
    """The notes of a page by the address that cites them; none unless every one is cited."""
    notes = {f"#{node.id}": node for node in tree.css('[role="doc-endnotes"] li[id]')}
    cited = {node.attributes.get("href") for node in tree.css('a[role="doc-noteref"]')}
    return {address: _runs(node) for address, node in notes.items()} if notes and cited >= set(notes) else {}


def _runs(note: LexborNode) -> tuple[Run, ...]:
    reader = _Reader(None, {}, notes={"": ()})
    reader.read(note)
    return tuple(run for block in reader.blocks for run in (*trimmed(block.runs), Run(" ")))[:-1]
