"""The blocks as HTML. Mammoth writes it, from a document of our own making that holds nothing but plain blocks."""

from collections.abc import Iterator
from html import escape
from io import BytesIO
from itertools import groupby
from xml.etree.ElementTree import Element, ParseError, fromstring
from xml.parsers.expat import ExpatError
from zipfile import ZipFile

from mammoth import convert_to_html

from .blocks import Block, Cell, Note, Paragraph, Picture, Piece, Row, Run, Table

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
LIST_LEVELS = range(1, 10)
APART = '<w:p><w:pPr><w:pStyle w:val="apart"/></w:pPr></w:p>'  # between two lists that stand together
PIECE = 8_000
BLANKS = " \t\n"
VOID = {"br"}
KEPT = {"p", "h1", "h2", "h3", "h4", "em", "strong", "ul", "ol", "li", "blockquote", "table", "thead", "tbody", "tr",
        "th", "td", "sub", "sup", "br"}  # fmt: skip


def _style_map() -> str:
    lines = [f"p.h{number} => h{number}:fresh" for number in (1, 2, 3, 4)]
    lines += ["p.p => p:fresh", "p.quote => blockquote > p:fresh", "p.picture => div:fresh", "p.apart => hr:fresh"]
    for level in LIST_LEVELS:
        outside = "ul|ol > li > " * (level - 1)
        lines += [f"p.{kind}{level} => {outside}{kind} > li:fresh" for kind in ("ul", "ol")]
    return "\n".join(lines)


STYLE_MAP = _style_map()


def html_of(blocks: list[Block], links: list[str]) -> str:
    try:
        page = fromstring(f"<div>{_converted(''.join(_blocks(blocks)))}</div>")
    except (ParseError, ExpatError) as error:
        raise MemoryError from error  # what we and mammoth wrote is well-formed: only want of memory stops its reader
    return "".join(_finished(page, links))


def _converted(body: str) -> str:
    written = convert_to_html(
        _document(body), style_map=STYLE_MAP, include_default_style_map=False, include_embedded_style_map=False,
        external_file_access=False,
    )  # fmt: skip
    return str(written.value)


def _document(body: str) -> BytesIO:
    packed = BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')
    return packed


# Blocks to a plain Word document


def _blocks(blocks: list[Block]) -> Iterator[str]:
    before: Block | None = None
    for block in blocks:
        if isinstance(block, Table):
            yield f"<w:tbl>{''.join(_row(row) for row in block.rows)}</w:tbl>"
        else:
            yield from _paragraphs(block, before)
        before = block


def _paragraphs(block: Paragraph, before: Block | None) -> Iterator[str]:
    if block.kind in ("ul", "ol"):
        if _begins_anew(block, before):
            yield APART
        yield _paragraph(f"{block.kind}{min(block.level, 9)}", block.pieces)
    elif block.kind in ("p", "quote"):
        for pictures, pieces in groupby(block.pieces, lambda piece: isinstance(piece, Picture)):
            yield _paragraph("picture" if pictures else block.kind, list(pieces))
    else:  # a heading stays whole
        yield _paragraph(block.kind, [piece for piece in block.pieces if not isinstance(piece, Picture)])
        yield _paragraph("picture", [piece for piece in block.pieces if isinstance(piece, Picture)])


def _begins_anew(block: Paragraph, before: Block | None) -> bool:
    if not isinstance(before, Paragraph) or block.level > 1:
        return False
    return before.kind in ("ul", "ol") and block.kind == "ol" and before.series != block.series


def _row(row: Row) -> str:
    heads = "<w:trPr><w:tblHeader/></w:trPr>" if row.heads else ""
    return f"<w:tr>{heads}{''.join(_cell(cell) for cell in row.cells)}</w:tr>"


def _cell(cell: Cell) -> str:
    merge = '<w:vMerge w:val="continue"/>' if cell.continues else '<w:vMerge w:val="restart"/>'
    properties = f'<w:tcPr><w:gridSpan w:val="{cell.width}"/>{merge}</w:tcPr>'
    return f"<w:tc>{properties}{''.join(_blocks(cell.blocks))}</w:tc>"


def _paragraph(kind: str, pieces: list[Piece]) -> str:
    content = "".join(_piece(number, piece) for number, piece in enumerate(_trimmed(pieces)))
    return f'<w:p><w:pPr><w:pStyle w:val="{kind}"/></w:pPr>{content}</w:p>' if content else ""


def _trimmed(pieces: list[Piece]) -> list[Piece]:
    """Without the blanks at either end, which HTML would not show."""
    first, last = _first_text(pieces), len(pieces) - _first_text(pieces[::-1])
    kept = pieces[first:last]
    if kept and isinstance(start := kept[0], Run):
        kept[0] = Run(start.text.lstrip(BLANKS), start.look)
    if kept and isinstance(end := kept[-1], Run):
        kept[-1] = Run(end.text.rstrip(BLANKS), end.look)
    return kept


def _first_text(pieces: list[Piece]) -> int:
    texts = (number for number, piece in enumerate(pieces) if not isinstance(piece, Run) or piece.text.strip(BLANKS))
    return next(texts, len(pieces))


def _piece(number: int, piece: Piece) -> str:
    if isinstance(piece, Picture):
        return f'<w:bookmarkStart w:name="{piece.name}"/>'
    if isinstance(piece, Note):
        runs = "".join(_piece(0, run) for run in _trimmed(list(piece.runs)))
        return f'<w:hyperlink w:anchor="note-{number}">{runs}</w:hyperlink>'  # numbered, or neighbours would merge
    return _run(piece)


def _run(run: Run) -> str:
    look = run.look
    marks = "<w:b/>" * look.bold + "<w:i/>" * look.italic
    marks += f'<w:vertAlign w:val="{look.script}"/>' if look.script else ""
    text = "<w:br/>".join(_line(line) for line in run.text.split("\n"))
    written = f"<w:r><w:rPr>{marks}</w:rPr>{text}</w:r>"
    return f'<w:hyperlink w:anchor="link-{look.link}">{written}</w:hyperlink>' if look.link else written


def _line(text: str) -> str:
    """In pieces, since the XML reader that mammoth uses copies the whole of a long text again for each of its parts."""
    return "".join(f"<w:t>{escape(text[start : start + PIECE])}</w:t>" for start in range(0, len(text), PIECE))


# Mammoth's HTML to ours


def _finished(parent: Element, links: list[str]) -> Iterator[str]:
    yield escape(parent.text or "", quote=False)
    for element in parent:
        opening, closing = _anchor(element, links) if element.tag == "a" else _tags(element)
        yield opening
        yield from _finished(element, links)
        yield closing + escape(element.tail or "", quote=False)


def _tags(element: Element) -> tuple[str, str]:
    tag = element.tag
    if tag not in KEPT:
        return "", ""
    if tag in VOID:
        return f"<{tag}>", ""
    if tag == "table" and element.find("tr") is not None:
        return "<table><tbody>", "</tbody></table>"
    spans = "".join(f' {name}="{element.get(name)}"' for name in ("colspan", "rowspan") if element.get(name))
    return f"<{tag}{spans}>", f"</{tag}>"


def _anchor(element: Element, links: list[str]) -> tuple[str, str]:
    """Links, notes and pictures all went through mammoth as anchors, each with a name of its own."""
    picture = element.get("id")
    if picture:
        return f'<figure data-image="{picture}">', "</figure>"
    kind, _, number = element.get("href", "#-0")[1:].partition("-")
    if kind == "note":
        return "<small data-note>", "</small>"
    return f'<a href="{escape(links[int(number) - 1])}">', "</a>"
