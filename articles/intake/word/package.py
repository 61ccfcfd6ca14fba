"""The zip around a Word file: what may be in it, and its parts by name."""

import stat
import struct
import zlib
from collections.abc import Iterator
from io import BytesIO
from posixpath import join, normpath, split
from typing import NamedTuple
from xml.etree.ElementTree import Element
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from .markup import Unreadable, doctype_guard, parse

MAX_BYTES = 100 * 1024 * 1024
MAX_RATIO = 100
MAX_ENTRIES = 2_000
SMALL_ENTRY = 1024 * 1024  # a blank page packs better than 100 to 1; below this nobody minds
CHUNK = 64 * 1024

AGAIN = "Open it in Word, save it again as .docx and send that."
ATTACK = "A file made by Word is never like this; ask the author for a new copy."
BEGINNINGS = [
    (b"{\\rtf", "This is a rich text file (.rtf), not a Word document."),
    (b"%PDF", "This is a PDF, not a Word document."),
    (b"<", "This is a web page or XML file, not a Word document (.docx)."),
]  # fmt: skip
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
KINDS = [
    ("macroenabled", "The file carries macros (.docm). Save it in Word as a document without macros (.docx)."),
    ("spreadsheetml", "This is an Excel workbook. Send the text as a Word document (.docx)."),
    ("presentationml", "This is a PowerPoint presentation. Send the text as a Word document (.docx)."),
]  # fmt: skip
DAMAGE = (BadZipFile, NotImplementedError, EOFError, OSError, ValueError, struct.error, zlib.error, IndexError)


class Relationship(NamedTuple):
    kind: str  # the last word of its type: "image", "hyperlink", "styles"
    target: str
    external: bool


class Package:
    def __init__(self, archive: ZipFile, sizes: dict[str, int]) -> None:
        self.archive = archive
        self.sizes = sizes
        self.names = {name.casefold(): name for name in sizes}
        self._related: dict[str, dict[str, Relationship]] = {}
        self.main = self._main()

    def holds(self, name: str) -> bool:
        return name.casefold() in self.names

    def size(self, name: str) -> int:
        return self.sizes[self.names[name.casefold()]]

    def content(self, name: str) -> bytes:
        return self.archive.read(self.names[name.casefold()])

    def beginning(self, name: str) -> bytes:
        with self.archive.open(self.names[name.casefold()]) as stream:
            return stream.read(32)

    def part(self, name: str | None) -> Element | None:
        return parse(self.content(name), name) if name and self.holds(name) else None

    def relationships(self, name: str) -> dict[str, Relationship]:
        """What a part points at; an address outside the file is kept as it is written, and never opened."""
        if name not in self._related:
            folder, base = split(name)
            root = self.part(join(folder, "_rels", base + ".rels"))
            self._related[name] = {} if root is None else dict(_related(root, folder))
        return self._related[name]

    def target(self, name: str, kind: str, otherwise: str) -> str:
        inside = [found.target for found in self.relationships(name).values()
                  if found.kind == kind and not found.external and self.holds(found.target)]  # fmt: skip
        return inside[0] if inside else otherwise

    def content_type(self, name: str) -> str:
        root = self.part("[Content_Types].xml")
        entries = [] if root is None else list(root)
        named = {entry.get("PartName", "").lstrip("/").casefold(): entry.get("ContentType", "") for entry in entries}
        by_ending = {entry.get("Extension", "").casefold(): entry.get("ContentType", "") for entry in entries}
        ending = name.rpartition(".")[2].casefold()
        return named.get(name.casefold()) or by_ending.get(ending, "")

    def _main(self) -> str:
        name = self.target("", "officeDocument", "word/document.xml")
        kind = self.content_type(name).casefold() if self.holds("[Content_Types].xml") else ""
        for word, sentence in KINDS:
            if word in kind:
                raise Unreadable(sentence)
        if not self.holds(name):
            raise Unreadable(_what_else(set(self.names)))
        return name


def _related(root: Element, folder: str) -> Iterator[tuple[str, Relationship]]:
    for found in root.iter("rel:Relationship"):
        target = found.get("Target", "")
        external = found.get("TargetMode", "").casefold() == "external"
        if not external:
            target = normpath(join("/", folder, target)).lstrip("/")
        kind = found.get("Type", "").rpartition("/")[2]
        yield found.get("Id", ""), Relationship(kind, target, external)


def open_package(data: bytes) -> Package:
    _refuse_other_files(data)
    try:
        archive = ZipFile(BytesIO(data))
        _check_entries(archive.infolist())
        sizes = _measure(archive, len(data))
        return Package(archive, sizes)
    except DAMAGE as error:
        raise Unreadable(f"The file is damaged or incomplete. {AGAIN}") from error


def _refuse_other_files(data: bytes) -> None:
    start = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start:
        raise Unreadable("The file is empty. Send it again.")
    if data.startswith(OLE):
        raise Unreadable(_which_ole(data))
    for beginning, sentence in BEGINNINGS:
        if start.startswith(beginning):
            raise Unreadable(f"{sentence} {AGAIN}")
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise Unreadable(f"This is not a Word document (.docx). {AGAIN}")
    if len(data) > MAX_BYTES:
        raise Unreadable("The file is larger than 100 MB. Take out or shrink its pictures and send it again.")
    # Counted before the directory is read, since a directory of millions would fill the memory.
    if data.count(b"PK\x01\x02") > 10 * MAX_ENTRIES:
        raise Unreadable(f"The file holds more than {MAX_ENTRIES:,} parts. {ATTACK}")


def _which_ole(data: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "The file is protected by a password. Take the password off in Word and send it again."
    return f"This is a file of an old Word (.doc), not a .docx. {AGAIN}"


def _what_else(names: set[str]) -> str:
    if "mimetype" in names:
        return f"This is an OpenDocument (.odt) or e-book file, not a Word document. {AGAIN}"
    if any(name.endswith(".iwa") or name == "index.zip" for name in names):
        return "This is a file of Apple Pages. Export it from Pages as Word (.docx) and send that."
    return f"This is a zip of something else: no Word document is in it. {AGAIN}"


def _check_entries(entries: list[ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise Unreadable(f"The file holds more than {MAX_ENTRIES:,} parts. {ATTACK}")
    if len({normpath(entry.filename).casefold() for entry in entries}) < len(entries):
        raise Unreadable(f"The file holds two parts of the same name. {ATTACK}")
    for entry in entries:
        _check_name(entry.orig_filename)
        _check_entry(entry)


def _check_name(name: str) -> None:
    steps = name.split("/")
    if ".." in steps or not steps[0] or any(sign in name for sign in ("\\", ":", "\0")):
        raise Unreadable(f"The file holds a part that points outside it ({name[:60]!r}). {ATTACK}")
    if steps[-1].casefold() in ("vbaproject.bin", "vbadata.xml"):
        raise Unreadable("The file carries macros. Save it in Word as a document without macros (.docx).")


def _check_entry(entry: ZipInfo) -> None:
    mode = entry.external_attr >> 16
    if entry.flag_bits & 0x1:
        raise Unreadable("The file is protected by a password. Take the password off and send it again.")
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise Unreadable(f"The file holds a link to another file. {ATTACK}")
    if entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise Unreadable(f"The file is packed in a way that Word does not use. {AGAIN}")


def _measure(archive: ZipFile, packed: int) -> dict[str, int]:
    """Unpack every part once, counting what really comes out; headers lie."""
    sizes: dict[str, int] = {}
    left = min(MAX_BYTES, packed * MAX_RATIO)
    for entry in archive.infolist():
        if not entry.is_dir():
            sizes[entry.filename] = _unpack(archive, entry, left)
            left -= sizes[entry.filename]
    return sizes


def _unpack(archive: ZipFile, entry: ZipInfo, left: int) -> int:
    most = min(left, max(SMALL_ENTRY, entry.compress_size * MAX_RATIO))
    size = 0
    guard = doctype_guard(entry.filename)
    guard.broken = not entry.filename.casefold().endswith((".xml", ".rels", ".vml", ".svg", ".xhtml", ".html"))
    with archive.open(entry) as stream:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            if size > most:
                raise Unreadable(f"The file unpacks to far more than it should ({entry.filename[:60]}). {ATTACK}")
            guard.feed(chunk)
    return size
