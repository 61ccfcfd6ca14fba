"""One XML part of a Word file, as a tree with short names: `w:p`, `r:id`, `m:t`."""

from xml.etree.ElementTree import Element, ParseError, fromstring
from xml.parsers import expat

NO_MEMORY = expat.errors.codes[expat.errors.XML_ERROR_NO_MEMORY]
MAX_DEPTH = 300
MAX_ELEMENTS = 500_000
ANEW = "Copy the text into a new Word document and send that."
SPLIT = "Split it and send it again."

# Word writes the first, "Strict Open XML" the second.
OFFICE = ("http://schemas.openxmlformats.org/", "http://purl.oclc.org/ooxml/")
PREFIXES = {
    "wordprocessingml/2006/main": "w", "wordprocessingml/main": "w",
    "officeDocument/2006/relationships": "r", "officeDocument/relationships": "r",
    "officeDocument/2006/math": "m", "officeDocument/math": "m",
    "drawingml/2006/main": "a", "drawingml/main": "a",
    "drawingml/2006/wordprocessingDrawing": "wp", "drawingml/wordprocessingDrawing": "wp",
    "drawingml/2006/picture": "pic", "drawingml/picture": "pic",
    "drawingml/2006/chart": "c", "drawingml/chart": "c",
    "drawingml/2006/diagram": "dgm", "drawingml/diagram": "dgm",
    "markup-compatibility/2006": "mc",
    "package/2006/relationships": "rel",
    "package/2006/content-types": "ct",
}  # fmt: skip
OTHER_PREFIXES = {
    "urn:schemas-microsoft-com:vml": "v",
    "urn:schemas-microsoft-com:office:office": "o",
    "http://purl.org/dc/elements/1.1/": "dc",
}


class Unreadable(Exception):
    """The file cannot be read; the message tells an editor what is wrong and what to do."""


class _NoDoctype:
    """Refuses a document type declaration, the door to entities, before any of it is used."""

    def __init__(self, where: str) -> None:
        self.where = where
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.broken = False

    def refuse(self, *declaration: object) -> None:
        raise Unreadable(
            f"The file declares a document type in {self.where}, which Word never does and which can be used "
            "to attack a reader. Open it in Word, save it again as .docx and send that."
        )

    def feed(self, chunk: bytes, last: bool = False) -> None:
        # A part that is not well-formed is no XML; whoever needs it says so in `parse`.
        if not self.broken:
            try:
                self.parser.Parse(chunk, last)
            except (expat.ExpatError, LookupError, ValueError):
                self.broken = True


def doctype_guard(where: str) -> _NoDoctype:
    return _NoDoctype(where)


def parse(data: bytes, where: str) -> Element:
    _NoDoctype(where).feed(data, last=True)
    try:
        root = fromstring(data)
    except (ParseError, LookupError, ValueError) as error:
        if getattr(error, "code", None) == NO_MEMORY:
            raise MemoryError from error
        raise Unreadable(
            f"The file is damaged: its part {where} cannot be read. Open it in Word, save it again and send that."
        ) from error
    _shorten(root, where)
    return root


def _shorten(root: Element, where: str) -> None:
    """Give every element and attribute its short name; refuse a tree no writer could have made."""
    names: dict[str, str] = {}
    level, depth, count = [root], 1, 1
    while level:
        if depth > MAX_DEPTH:
            raise Unreadable(f"The file nests its contents more than {MAX_DEPTH} levels deep in {where}. {ANEW}")
        if count > MAX_ELEMENTS:
            raise Unreadable(f"The file is too large: {where} has more than {MAX_ELEMENTS:,} elements. {SPLIT}")
        for element in level:
            _rename(element, names)
        level = [child for element in level for child in element]
        depth, count = depth + 1, count + len(level)


def _rename(element: Element, names: dict[str, str]) -> None:
    element.tag = names.get(element.tag) or names.setdefault(element.tag, _short(element.tag))
    if element.attrib:
        element.attrib = {
            names.get(key) or names.setdefault(key, _short(key)): said for key, said in element.attrib.items()
        }


def _short(name: str) -> str:
    uri, closed, local = name.rpartition("}")
    if not closed:
        return name
    uri = uri[1:]
    prefix = OTHER_PREFIXES.get(uri)
    for base in OFFICE:
        if uri.startswith(base):
            prefix = PREFIXES.get(uri.removeprefix(base))
    return f"{prefix}:{local}" if prefix else name


def inside(element: Element | None, *tags: str) -> Element | None:
    """Walk down by name: `inside(style, "w:pPr", "w:numPr")`."""
    for tag in tags:
        element = None if element is None else element.find(tag)
    return element


def value(parent: Element | None, tag: str) -> str | None:
    """The w:val of a child: `<w:pStyle w:val="Quote"/>`."""
    child = None if parent is None else parent.find(tag)
    return None if child is None else child.get("w:val")


def switch(parent: Element | None, tag: str) -> bool | None:
    """On, off, or not said: `<w:b/>`, `<w:b w:val="0"/>`, nothing."""
    child = None if parent is None else parent.find(tag)
    return None if child is None else child.get("w:val") not in ("0", "false", "off")
