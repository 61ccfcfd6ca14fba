"""One Word file, from its bytes to its text."""

from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from .markup import Unreadable
from .package import Package, open_package
from .page import html_of
from .pictures import Pictures
from .story import Sources, Story
from .styles import Numbering, Styles


@dataclass
class Answer:
    html: str
    hidden_characters: int
    title: str | None
    core_author: str | None
    alts: dict[str, str]
    left_out: list[str]
    package: Package
    pictures: dict[str, str] = field(default_factory=dict)  # name -> part

    def image(self, name: str) -> bytes:
        return self.package.content(self.pictures[name])


def read(data: bytes) -> Answer:
    package = open_package(data)
    document = package.part(package.main)
    body = None if document is None else document.find("w:body")
    if document is None or document.tag != "w:document" or body is None:
        raise Unreadable("The file holds no Word text. Open it in Word, save it again as .docx and send that.")
    sources = _sources(package)
    story = Story(sources, package.main)
    html = html_of(story.read(body), sources.links)
    pictures = sources.pictures
    names = {name: part for part, name in pictures.names.items()}
    title, author = _properties(package)
    return Answer(html, story.hidden, title, author, pictures.alts, pictures.left_out, package, names)


def _sources(package: Package) -> Sources:
    def part(kind: str) -> Element | None:
        return package.part(package.target(package.main, kind, f"word/{kind}.xml"))

    styles = Styles(part("styles"))
    return Sources(package, styles, Numbering(part("numbering"), styles), _notes(package), Pictures(package), [])


def _notes(package: Package) -> dict[tuple[str, str], tuple[str, Element]]:
    notes = {}
    for kind in ("footnote", "endnote"):
        name = package.target(package.main, f"{kind}s", f"word/{kind}s.xml")
        root = package.part(name)
        for note in [] if root is None else root.findall(f"w:{kind}"):
            if note.get("w:type", "normal") == "normal":
                notes[f"w:{kind}Reference", note.get("w:id", "")] = name, note
    return notes


def _properties(package: Package) -> tuple[str | None, str | None]:
    """The title and author that Word keeps beside the text: hints, often those of an older file."""
    root = package.part(package.target("", "core-properties", "docProps/core.xml"))
    said = [None if root is None else root.findtext(tag) for tag in ("dc:title", "dc:creator")]
    title, author = [" ".join(text.split()) or None if text else None for text in said]
    return title, author
