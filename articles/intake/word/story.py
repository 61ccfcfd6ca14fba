"""A document's text as Word shows it with all changes accepted: what is struck out or hidden is counted, not kept."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby
from typing import NamedTuple
from xml.etree.ElementTree import Element

from mammoth.docx.dingbats import dingbats

from .blocks import Block, Cell, Flow, Look, Note, Paragraph, Picture, Piece, Row, Run, Table, pieces_in
from .fields import Field, address_in, branch, is_gone, web_address, whole_fields
from .markup import Unreadable, inside, switch, value
from .package import Package
from .pictures import Pictures
from .styles import PLAIN, Marks, Numbering, Style, Styles, marks_of

WRAPPERS = {"w:sdt", "w:sdtContent", "w:customXml", "w:ins", "w:moveTo", "w:smartTag",
            "mc:AlternateContent", "mc:Choice", "mc:Fallback"}  # fmt: skip
SIGNS = {"w:noBreakHyphen": "\u2011", "w:softHyphen": "\u00ad", "w:tab": "\t", "w:ptab": "\t", "w:br": "\n",
         "w:cr": "\n"}  # fmt: skip
NOTES = {"w:footnoteReference", "w:endnoteReference"}
LONG_INSTRUCTION = 4_000
TEXT = {"w:t", "w:delText", "m:t", "a:t"}
SCRIPTS = {"superscript", "subscript"}
EMPTY = {"w:pPr", "w:rPr", "w:sectPr", "w:tblPr", "w:tblGrid", "w:tblPrEx", "w:trPr", "w:tcPr", "w:sdtPr", "w:sdtEndPr",
         "w:rubyPr", "w:delInstrText", "w:fldData"}  # fmt: skip
HEX = re.compile("[0-9A-Fa-f]{1,4}")
MAX_TABLES = 20  # one inside another


class Sources(NamedTuple):
    """What the parts of one document share."""

    package: Package
    styles: Styles
    numbering: Numbering
    notes: dict[tuple[str, str], tuple[str, Element]]  # the part that holds it, and the note
    pictures: Pictures
    links: list[str]


class Frame(NamedTuple):
    """What holds for the text being read; a run changes it and gives it back."""

    marks: Marks = PLAIN.marks
    paragraph: Style = PLAIN
    table: Style = PLAIN
    link: int = 0
    alt: str = ""


class Story:
    def __init__(self, sources: Sources, part: str) -> None:
        self.sources = sources
        self.hidden = 0
        self._relationships = sources.package.relationships(part)
        self._frame = Frame()
        self._flow = Flow()
        self._pieces: list[Piece] = []
        self._fields: list[Field] = []
        self._whole: dict[Element, Element] = {}
        self._counted: set[tuple[str, str]] = set()  # notes
        self._tables = 0
        self._handlers = self._all_handlers()

    def read(self, body: Element) -> list[Block]:
        self._whole = whole_fields(body)
        return self._blocks(body)

    # Blocks

    def _blocks(self, parent: Element) -> list[Block]:
        outer, self._flow = self._flow, Flow()
        self._fill(parent)
        blocks, self._flow = self._flow.close(), outer
        return blocks

    def _fill(self, parent: Element) -> None:
        for child in branch(parent) if parent.tag == "mc:AlternateContent" else parent:
            if child.tag == "w:p":
                self._paragraph(child)
            elif child.tag == "w:tbl":
                self._table(child)
            elif is_gone(child):
                self._leave_out(child)
            elif child.tag in WRAPPERS or child.find("w:p") is not None:
                self._fill(child)
            elif child.tag not in EMPTY:
                self._loose(child)

    def _paragraph(self, element: Element) -> None:
        properties = element.find("w:pPr")
        style = self.sources.styles.style("paragraph", value(properties, "w:pStyle"))
        with self._within(paragraph=style):
            pieces = self._read_pieces(element)
            goes_on = self._goes_on(properties)
        paragraph = Paragraph(style.kind, pieces=pieces)
        item = self.sources.numbering.item(properties, style)
        if item and style.kind in ("p", "quote"):
            paragraph = Paragraph("ol" if item.ordered else "ul", item.level, item.series, pieces)
        self._flow.add(paragraph, goes_on)

    def _goes_on(self, properties: Element | None) -> bool:
        """Whether the end of the paragraph is struck out, hidden, or only there for a drop cap."""
        mark = inside(properties, "w:rPr")
        gone = mark is not None and any(mark.find(tag) is not None for tag in ("w:del", "w:moveFrom"))
        frame = inside(properties, "w:framePr")
        capital = frame is not None and frame.get("w:dropCap") in ("drop", "margin")
        return gone or capital or bool(self._marks(mark).hidden)

    def _loose(self, element: Element) -> None:
        """Text outside any paragraph: no writer should, but it is text."""
        holder = Element("w:p")
        holder.append(element)
        pieces = self._read_pieces(holder)
        if pieces:
            self._flow.add(Paragraph(pieces=pieces))

    def _read_pieces(self, element: Element) -> list[Piece]:
        outer, self._pieces = self._pieces, []
        self._walk(element)
        pieces, self._pieces = self._pieces, outer
        return _merged(pieces)

    # Tables

    def _table(self, element: Element) -> None:
        self._tables += 1
        if self._tables > MAX_TABLES:
            raise Unreadable(f"The file nests more than {MAX_TABLES} tables in one another. Take them apart in Word.")
        style = self.sources.styles.style("table", value(element.find("w:tblPr"), "w:tblStyle"))
        with self._within(table=style):
            rows = [self._row(row) for row in self._those(element, "w:tr")]
        self._tables -= 1
        rows = [row for row in rows if row.cells]
        if rows:
            self._flow.close().append(Table(rows))

    def _row(self, element: Element) -> Row:
        if is_gone(element):
            self._leave_out(element)
            return Row([])
        cells = [self._cell(cell) for cell in self._those(element, "w:tc")]
        return Row([cell for cell in cells if cell], bool(switch(element.find("w:trPr"), "w:tblHeader")))

    def _cell(self, element: Element) -> Cell | None:
        if is_gone(element):
            self._leave_out(element)
            return None
        properties = element.find("w:tcPr")
        merge = inside(properties, "w:vMerge")
        span = value(properties, "w:gridSpan") or "1"
        blocks = self._blocks(element)
        # A cell that goes on with the one above shows nothing of its own; where it does hold text, keep it.
        continues = merge is not None and merge.get("w:val") != "restart" and not any(pieces_in(blocks))
        return Cell(blocks, min(int(span), 100) if span.isdecimal() and span != "0" else 1, continues)

    def _those(self, parent: Element, tag: str) -> Iterator[Element]:
        """Rows of a table, cells of a row: directly or in a wrapper."""
        for child in branch(parent) if parent.tag == "mc:AlternateContent" else parent:
            if child.tag == tag:
                yield child
            elif child.tag in WRAPPERS:
                yield from self._those(child, tag)

    # Text

    def _walk(self, element: Element) -> None:
        for child in element:
            handler = self._handlers.get(child.tag)
            if handler:
                handler(child)
            elif child.tag not in EMPTY:
                self._walk(child)  # a wrapper nobody told us about: what is inside is the author's

    def _all_handlers(self) -> dict[str, Callable[[Element], None]]:
        def say(text: str) -> Callable[[Element], None]:
            return lambda element: self._say(text)

        return {tag: say(sign) for tag, sign in SIGNS.items()} | {
            "w:t": self._text, "m:t": self._text, "a:t": self._text, "w:sym": self._symbol,
            "w:delText": self._leave_out, "w:del": self._leave_out, "w:moveFrom": self._leave_out,
            "w:r": self._run, "m:r": self._run, "w:ruby": self._ruby, "w:p": self._line, "a:p": self._line,
            "w:hyperlink": self._hyperlink, "w:fldSimple": self._simple_field,
            "w:fldChar": self._field_mark, "w:instrText": self._instruction,
            "w:footnoteReference": self._note, "w:endnoteReference": self._note,
            "mc:AlternateContent": self._alternate, "w:txbxContent": self._box,
            "wp:inline": self._drawing, "wp:anchor": self._drawing, "v:shape": self._shape,
            "a:blip": self._picture, "v:imagedata": self._picture,
            "c:chart": self._chart, "dgm:relIds": self._chart, "w:altChunk": self._elsewhere,
        }  # fmt: skip

    def _text(self, element: Element) -> None:
        self._say((element.text or "").replace("\n", " ").replace("\r", " "))

    def _say(self, text: str) -> None:
        if not text or not self._said():
            return
        marks = self._frame.marks
        if marks.hidden:
            self.hidden += len(text)
            return
        link = self._frame.link or next((field.link for field in self._fields if field.link), 0)
        script = marks.script if marks.script in SCRIPTS else ""
        look = Look(bool(marks.bold), bool(marks.italic), script or "", link)
        self._pieces.append(Run(text, look))

    def _said(self) -> bool:
        """Whether this is text, and not the instruction of a field."""
        return all(field.shows for field in self._fields)

    def _run(self, element: Element) -> None:
        with self._within(marks=self._marks(element.find("w:rPr"))):
            self._walk(element)

    def _marks(self, properties: Element | None) -> Marks:
        direct, character = marks_of(properties), value(properties, "w:rStyle")
        return self.sources.styles.marks(direct, self._frame.paragraph, character, self._frame.table)

    @contextmanager
    def _within(self, **changes: Marks | Style | int | str) -> Iterator[None]:
        outer, self._frame = self._frame, self._frame._replace(**changes)  # type: ignore[arg-type]
        yield
        self._frame = outer

    def _symbol(self, element: Element) -> None:
        font, written = element.get("w:font"), element.get("w:char", "")
        code = int(written, 16) if HEX.fullmatch(written) else 0
        known = [dingbats.get((font, number)) for number in (code, code - 0xF000)]
        sign = next((number for number in known if number), code)
        if sign >= 0x20 and not 0xD800 <= sign < 0xE000 and sign not in (0xFFFE, 0xFFFF):
            self._say(chr(sign))

    def _ruby(self, element: Element) -> None:
        for tag in ("w:rubyBase", "w:rt"):
            for part in element.findall(tag):
                self._walk(part)

    def _line(self, element: Element) -> None:
        """A paragraph where none should be, or one of a drawing."""
        self._pieces.append(Run("\n", Look()))
        self._walk(element)
        self._pieces.append(Run("\n", Look()))

    def _alternate(self, element: Element) -> None:
        for version in branch(element):
            self._walk(version)

    def _leave_out(self, element: Element) -> None:
        """Count what is in there, and in the notes that are cited there."""
        waiting = [element]
        while waiting:
            element = waiting.pop()
            if element.tag in TEXT:
                self.hidden += len(element.text or "")
            elif element.tag in SIGNS or element.tag == "w:sym":
                self.hidden += 1
            elif element.tag in NOTES:
                waiting += self._uncounted(element)
            waiting.extend(branch(element) if element.tag == "mc:AlternateContent" else element)

    def _uncounted(self, reference: Element) -> list[Element]:
        key = reference.tag, reference.get("w:id", "")
        if key in self._counted or key not in self.sources.notes:
            return []
        self._counted.add(key)
        return [self.sources.notes[key][1]]

    def _elsewhere(self, element: Element) -> None:
        raise Unreadable(
            "Part of the text is another file inside this one (an altChunk), which only Word can unfold. "
            "Open it in Word, save it again as .docx and send that."
        )

    # Fields and links

    def _hyperlink(self, element: Element) -> None:
        found = self._relationships.get(element.get("r:id", ""))
        target = found.target if found and found.external else ""
        self._linked(element, web_address(target, element.get("w:anchor", "")))

    def _simple_field(self, element: Element) -> None:
        self._linked(element, address_in(element.get("w:instr", "")))

    def _linked(self, element: Element, address: str | None) -> None:
        with self._within(link=self._frame.link or self._link(address)):
            self._walk(element)

    def _link(self, address: str | None) -> int:
        if not address:
            return 0
        self.sources.links.append(address)
        return len(self.sources.links)

    def _instruction(self, element: Element) -> None:
        if self._fields and not self._fields[-1].shows and len(self._fields[-1].instruction) < LONG_INSTRUCTION:
            self._fields[-1].instruction += element.text or ""

    def _field_mark(self, element: Element) -> None:
        begin = self._whole.get(element)
        if begin is element:
            self._fields.append(Field(begin))
        while self._fields and self._fields[-1].begin is not begin and begin in self._begun():
            self._fields.pop()  # its end stands in what is left out
        if not self._fields or self._fields[-1].begin is not begin:
            return
        field = self._fields[-1]
        if element.get("w:fldCharType") == "separate":
            field.shows = True
            field.link = self._link(address_in(field.instruction))
        elif element.get("w:fldCharType") == "end":
            self._fields.pop()

    def _begun(self) -> list[Element]:
        return [field.begin for field in self._fields]

    # What stands beside the text

    def _box(self, element: Element) -> None:
        if self._frame.marks.hidden:
            self._leave_out(element)
            return
        with self._within(paragraph=PLAIN, link=0):
            self._flow.after += self._blocks(element)

    def _note(self, element: Element) -> None:
        if self._frame.marks.hidden:
            self._leave_out(element)
        elif self._said():
            self._say_note(element.tag, element.get("w:id", ""))

    def _say_note(self, kind: str, key: str) -> None:
        # Said once: a note that cites itself would never end.
        part, note = self.sources.notes.pop((kind, key), ("", Element("none")))
        if not part:
            return
        story = Story(self.sources, part)
        blocks = story.read(note)
        self.hidden += story.hidden
        pieces = list(pieces_in(blocks))
        self._pieces.append(Note(_joined(pieces)))
        pictures = [piece for each in pieces for piece in each if isinstance(piece, Picture)]
        self._flow.after += [Paragraph(pieces=[picture]) for picture in pictures]

    def _drawing(self, element: Element) -> None:
        properties = element.find("wp:docPr")
        alt = "" if properties is None else properties.get("descr") or properties.get("title") or ""
        with self._within(alt=alt.strip()):
            self._walk(element)

    def _shape(self, element: Element) -> None:
        with self._within(alt=(element.get("alt") or "").strip()):
            self._walk(element)

    def _picture(self, element: Element) -> None:
        address = element.get("r:embed") or element.get("r:id") or element.get("r:link")
        if address and self._said() and not self._frame.marks.hidden:
            name = self.sources.pictures.take(self._relationships.get(address), self._frame.alt)
            self._pieces += [Picture(name)] if name else []

    def _chart(self, element: Element) -> None:
        kind = "chart" if element.tag == "c:chart" else "diagram (SmartArt)"
        self.sources.pictures.left_out.append(f"A {kind} was left out: put it in as a picture.")


def _merged(pieces: list[Piece]) -> list[Piece]:
    """Word breaks a sentence into runs wherever somebody paused; those of one look are one."""
    merged: list[Piece] = []
    for look, group in groupby(pieces, lambda piece: piece.look if isinstance(piece, Run) else None):
        if look is None:
            merged += group
        else:
            merged.append(Run("".join(piece.text for piece in group if isinstance(piece, Run)), look))
    return merged


def _joined(paragraphs: list[list[Piece]]) -> list[Run]:
    """A note is one line: its paragraphs follow one another after a space, and so does a note that it cites."""
    runs = [[run for piece in pieces for run in _runs(piece)] for pieces in paragraphs]
    return [run for each in runs if each for run in (*each, Run(" ", Look()))]


def _runs(piece: Piece) -> list[Run]:
    if isinstance(piece, Note):
        return [Run(" ", Look()), *piece.runs]
    return [Run(piece.text.replace("\n", " "), piece.look)] if isinstance(piece, Run) else []
