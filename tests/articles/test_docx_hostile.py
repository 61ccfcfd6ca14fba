"""Files made to do harm: none reaches the network or another file, none holds up the reader, each is told why."""

import io
import os
import random
import socket
import stat
import threading
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from articles.intake.docx import WordReader, WordText
from articles.intake.manuscript import Refused

from .word_files import (
    NS,
    PNG,
    content_types,
    item,
    link,
    note,
    para,
    picture,
    relationships,
    run,
    table,
    word_file,
    words_of,
    zipped,
)
from .word_files import field as word_field

PLAIN = word_file(para(run("Grain and power.")))
SECRET = "FOREIGN-BYTES"


@dataclass
class Trap:
    """A place on this machine that a hostile file may call, and a file it may want to read."""

    secret: Path
    server: socket.socket
    callers: list[object] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.getsockname()[1]}/x"

    def watch(self) -> None:
        while True:
            try:
                caller, address = self.server.accept()
            except OSError:
                return
            self.callers.append(address)
            caller.close()


@pytest.fixture(scope="module")
def trap(tmp_path_factory):
    secret = tmp_path_factory.mktemp("secret") / "secret.xml"
    secret.write_text(SECRET)
    trap = Trap(secret, socket.create_server(("127.0.0.1", 0)))
    watcher = threading.Thread(target=trap.watch)
    watcher.start()
    yield trap
    trap.server.shutdown(socket.SHUT_RDWR)
    trap.server.close()
    watcher.join()


@pytest.fixture(scope="module")
def reader():
    with WordReader() as reader:
        yield reader


# Zips


def rezipped(change=lambda info: None, *, more: dict[str, bytes] | None = None) -> bytes:
    """The plain document, each of its entries changed, and more of them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as source, zipfile.ZipFile(packed, "w") as archive:
        entries = [(name, source.read(name)) for name in source.namelist()] + list((more or {}).items())
        for name, content in entries:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            change(info)
            archive.writestr(info, content)
    return packed.getvalue()


def named(name: str):
    return lambda trap: zipped({"[Content_Types].xml": content_types(), name: SECRET})


def mode(kind: int):
    def change(info: zipfile.ZipInfo) -> None:
        info.create_system, info.external_attr = 3, (kind | 0o777) << 16

    return lambda trap: rezipped(change)


def patched(old: bytes, new: bytes, data: bytes = PLAIN) -> bytes:
    assert old in data
    return data.replace(old, new)


def flagged(trap: Trap) -> bytes:
    """Every entry says it is encrypted."""
    data = bytearray(PLAIN)
    for signature, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        place = data.find(signature)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(signature, place + 4)
    return bytes(data)


def lying(trap: Trap) -> bytes:
    """Says 10 bytes in the directory, and unpacks to three million."""
    zeros = 3_000_000
    data = rezipped(more={"word/media/a.png": bytes(zeros)})
    return patched(zeros.to_bytes(4, "little"), (10).to_bytes(4, "little"), data)


def overlapping(trap: Trap) -> bytes:
    """A hundred names for the same million bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("word/document.xml", os.urandom(1_100_000))
        for number in range(100):
            twin = zipfile.ZipInfo(f"word/{number}.xml")
            first = archive.infolist()[0]
            for name in ("header_offset", "CRC", "compress_size", "file_size", "compress_type"):
                setattr(twin, name, getattr(first, name))
            archive.filelist.append(twin)
    return packed.getvalue()


def doubled(second: str):
    def make(trap: Trap) -> bytes:
        body = zipfile.ZipFile(io.BytesIO(PLAIN)).read("word/document.xml")
        place = second.ljust(len("word/document.xml"), "#")
        data = rezipped(more={place: body.replace(b"Grain", b"Lies!")})
        return data.replace(place.encode(), second.encode()) if len(second) == len(place) else zipped(
            dict.fromkeys(("word/document.xml", second), body))  # fmt: skip

    return make


def full_of(count: int, size: int = 0):
    return lambda trap: rezipped(more={f"customXml/{number}.xml": bytes(size) for number in range(count)})


def packed_by(method: int):
    def make(trap: Trap) -> bytes:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", method) as archive:
            archive.writestr("word/document.xml", "<w/>")
        return packed.getvalue()

    return make


ZIPS = {
    "a bomb of one part": (lambda trap: rezipped(more={"word/media/a.png": bytes(30_000_000)}), "unpacks to far more"),
    "a bomb of many parts": (full_of(60, 1_000_000), "unpacks to far more"),
    "a bomb in the text": (lambda trap: word_file(para(run("a" * 20_000_000))), "unpacks to far more"),
    "a bomb larger than 100 MB": (lambda trap: zipped({"a": os.urandom(1_100_000), "b": bytes(105_000_000)}), "unpacks to far more"),
    "a header that lies": (lying, "damaged"),
    "parts that overlap": (overlapping, "unpacks to far more|damaged"),
    "2,001 parts": (full_of(2_001), "more than 2,000 parts"),
    "21,000 parts": (full_of(21_000), "more than 2,000 parts"),
    "a way up": (named("../secret.xml"), "points outside"),
    "a way up from inside": (named("word/../../secret.xml"), "points outside"),
    "a way up at the end": (named("word/.."), "points outside"),
    "an absolute path": (named("/etc/passwd"), "points outside"),
    "two slashes": (named("//host/share"), "points outside"),
    "a backslash": (named("..\\secret.xml"), "points outside"),
    "a drive": (named("C:/secret.xml"), "points outside"),
    "a zero byte in a name": (lambda trap: patched(b"word/styles.xml", b"word/a\0bcde.xml"), "points outside"),
    "a symbolic link": (mode(stat.S_IFLNK), "link to another file"),
    "a pipe": (mode(stat.S_IFIFO), "link to another file"),
    "a device": (mode(stat.S_IFCHR), "link to another file"),
    "the text twice": (doubled("word/document.xml"), "two parts of the same name"),
    "the text twice, in capitals": (doubled("WORD/DOCUMENT.XML"), "two parts of the same name"),
    "the text twice, by a detour": (doubled("word/./document.xml"), "two parts of the same name"),
    "encrypted parts": (flagged, "password"),
    "packed by bzip2": (packed_by(zipfile.ZIP_BZIP2), "packed in a way"),
    "packed by lzma": (packed_by(zipfile.ZIP_LZMA), "packed in a way"),
    "cut in half": (lambda trap: PLAIN[: len(PLAIN) // 2], "incomplete"),
    "cut at the end": (lambda trap: PLAIN[:-10], "incomplete"),
    "bytes that changed": (lambda trap: PLAIN[:500] + bytes(8) + PLAIN[508:], "incomplete"),
    "a directory elsewhere": (lambda trap: PLAIN[:-6] + b"\xff\xff\xff\x7f\0\0", "incomplete"),
    "noise after the first bytes": (lambda trap: b"PK\x03\x04" + random.Random(1).randbytes(50_000), "incomplete"),
    "an empty zip": (lambda trap: zipped({}), "no Word document is in it"),
}  # fmt: skip

# XML


def doctype(part: str, declaration: str, encoding: str = "utf-8"):
    def make(trap: Trap) -> bytes:
        text = declaration.format(url=trap.url, file=trap.secret.as_uri())
        document = f'<?xml version="1.0" encoding="{encoding}"?>{text}<w:document {NS}><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>'
        return word_file("", parts={part: document.encode(encoding)})

    return make


LAUGHS = "<!DOCTYPE d [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {new} '{f'&{old};' * 10}'>" for old, new in zip("abcdefghi", "bcdefghix", strict=True)
) + "]>"  # fmt: skip
FILE = "<!DOCTYPE d [<!ENTITY x SYSTEM '{file}'>]>"
TEXT = "word/document.xml"


def body(content: str):
    return lambda trap: word_file(content)


def raw(document: bytes):
    return lambda trap: word_file("", parts={TEXT: document})


def nested(depth: int, opening: str, closing: str, content: str = run("deep")):
    return body(para(opening * depth + content + closing * depth))


def tables_in_tables(depth: int) -> str:
    return "<w:tbl><w:tr><w:tc>" * depth + para(run("deep")) + "<w:p/></w:tc></w:tr></w:tbl>" * depth


def crowd(trap: Trap) -> bytes:
    """More paragraphs than any manuscript has, and no two alike, so that they do not pack well."""
    return word_file("".join(f"<w:p><w:r><w:t>{number * 7919}</w:t></w:r></w:p>" for number in range(170_000)))


def mountain(trap: Trap) -> bytes:
    """One word of 95 million letters, stored as they are."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(TEXT, f"<w:document {NS}><w:body>{para(run('a' * 95_000_000))}</w:body></w:document>")
    return packed.getvalue()


XML = {
    "a billion laughs": (doctype(TEXT, LAUGHS), "document type"),
    "an entity that is a file": (doctype(TEXT, FILE), "document type"),
    "an entity that is an address": (doctype(TEXT, "<!DOCTYPE d [<!ENTITY x SYSTEM '{url}'>]>"), "document type"),
    "a parameter entity": (doctype(TEXT, "<!DOCTYPE d [<!ENTITY % x SYSTEM '{url}'> %x;]>"), "document type"),
    "a document type elsewhere": (doctype(TEXT, "<!DOCTYPE d SYSTEM '{url}'>"), "document type"),
    "a document type in UTF-16": (doctype(TEXT, FILE, "utf-16"), "document type"),
    "a document type in the styles": (doctype("word/styles.xml", FILE), "document type"),
    "a document type in the notes": (doctype("word/footnotes.xml", FILE), "document type"),
    "a document type in the relationships": (doctype("word/_rels/document.xml.rels", FILE), "document type"),
    "a document type in the content types": (doctype("[Content_Types].xml", FILE), "document type"),
    "a document type in the properties": (doctype("docProps/core.xml", FILE), "document type"),
    "a document type in a part nobody reads": (doctype("customXml/item1.xml", FILE), "document type"),
    "a document type in a drawing": (doctype("word/media/a.svg", FILE), "document type"),
    "an entity without a document type": (raw(b"<a>&x;</a>"), "damaged"),
    "XML that breaks off": (raw(b"<w:document"), "damaged"),
    "bytes that are no letters": (raw(b"<a>\xff\xfe\xfa</a>"), "damaged"),
    "an unheard-of encoding": (raw(b"<?xml version='1.0' encoding='klingon'?><a/>"), "damaged"),
    "a zero byte": (raw(b"<a>\0</a>"), "damaged"),
    "no XML at all": (raw(b"grain"), "damaged"),
    "an empty text": (raw(b""), "damaged"),
    "another root": (raw(b"<html/>"), "no Word text"),
    "100,000 elements in one another": (raw(b"".join(b"<a%d>" % n for n in range(100_000))
                                            + b"".join(b"</a%d>" % n for n in reversed(range(100_000)))), "levels deep"),
    "301 elements in one another": (nested(301, "<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"), "levels deep"),
    "60 tables in one another": (body(tables_in_tables(60)), "tables in one another"),
    "170,000 paragraphs": (crowd, "elements"),
    "a word of 95 million letters": (mountain, "memory"),
    "text in another file": (body('<w:altChunk r:id="x"/>'), "altChunk"),
}  # fmt: skip

MACROS = {
    "a .docm": (lambda trap: word_file("", parts={"[Content_Types].xml": content_types(
        "application/vnd.ms-word.document.macroEnabled.main+xml")}), "macros"),
    "a project of macros": (lambda trap: word_file("", parts={"word/vbaProject.bin": b"x"}), "macros"),
    "a project of macros elsewhere": (lambda trap: word_file("", parts={"a/VBAPROJECT.BIN": b"x"}), "macros"),
    "data of macros": (lambda trap: word_file("", parts={"word/vbaData.xml": b"<x/>"}), "macros"),
}  # fmt: skip

REFUSED = ZIPS | XML | MACROS


@pytest.mark.parametrize("make, reason", REFUSED.values(), ids=REFUSED)
def test_it_refuses(reader, trap, make, reason):
    data = make(trap)
    begun = time.monotonic()
    with pytest.raises(Refused, match=reason) as refusal:
        reader.read(data)
    assert time.monotonic() - begun < 20
    assert str(refusal.value).endswith(".")
    assert SECRET not in str(refusal.value)
    assert trap.callers == []


# Files that are read, and get nothing of what they want


def outside(kind: str, target, part: str = "word/_rels/document.xml.rels", content: str = para(run("text"))):
    def make(trap: Trap) -> bytes:
        address = target(trap) if callable(target) else target
        return word_file(content, parts={part: relationships([], [(kind, address, "x")])})

    return make


def inside(target, content: str = para(picture("x") + run("text"))):
    def make(trap: Trap) -> bytes:
        address = target(trap) if callable(target) else target
        return word_file(content, parts={"word/_rels/document.xml.rels": relationships([("image", address, "x")], [])})

    return make


def url(trap: Trap) -> str:
    return trap.url


def secret(trap: Trap) -> str:
    return trap.secret.as_uri()


def secret_path(trap: Trap) -> str:
    return str(trap.secret)


def secret_above(trap: Trap) -> str:
    return "../" * 12 + str(trap.secret).lstrip("/")


linked, embedded = para(picture("x", attribute="link") + run("text")), para(picture("x") + run("text"))
imagedata = para('<w:r><w:pict><v:shape><v:imagedata r:id="x" r:href="x"/></v:shape></w:pict></w:r>' + run("text"))
ole = para('<w:r><w:object><o:OLEObject Type="Link" r:id="x"/></w:object></w:r>' + run("text"))
settings_rels = "word/_rels/settings.xml.rels"
chain = "".join(f'<w:style w:type="paragraph" w:styleId="s{n}"><w:basedOn w:val="s{n + 1}"/></w:style>' for n in range(5_000))
ring = "".join(f'<w:style w:type="paragraph" w:styleId="s{n}"><w:basedOn w:val="s{(n + 1) % 5}"/></w:style>' for n in range(5))
links_ring = (f'<w:numbering {NS}><w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="L"/></w:abstractNum>'
              '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>')  # fmt: skip
list_style = '<w:style w:type="numbering" w:styleId="L"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
many_attributes = para("<w:r " + " ".join(f'a{n}="{n}"' for n in range(5_000)) + ">" + run("text") + "</w:r>")

HARMLESS = {
    "a linked picture on the web": outside("image", url, content=linked),
    "a linked picture that is a file": outside("image", secret, content=linked),
    "a linked picture that is a path": outside("image", secret_path, content=linked),
    "a linked picture on a share": outside("image", "\\\\127.0.0.1\\share\\a.png", content=linked),
    "an embedded picture on the web": outside("image", url, content=embedded),
    "an embedded picture that is a path": inside(secret_path),
    "an embedded picture by a way up": inside(secret_above),
    "an embedded picture that is a file": inside(secret),
    "an embedded picture that is the text": inside("document.xml"),
    "an old picture on the web": outside("image", url, content=imagedata),
    "an old picture that is a file": outside("image", secret, content=imagedata),
    "a template on the web": outside("attachedTemplate", url, settings_rels),
    "a template that is a file": outside("attachedTemplate", secret, settings_rels),
    "styles on the web": outside("styles", url),
    "styles that are a file": outside("styles", secret_path),
    "notes on the web": outside("footnotes", url),
    "an object on the web": outside("oleObject", url, content=ole),
    "a chapter on the web": outside("subDocument", url, content=para(run("text")) + '<w:subDoc r:id="x"/>'),
    "a frame on the web": outside("frame", url),
    "text of which the place is on the web": outside("officeDocument", url, "_rels/.rels"),
    "text of which the place is a file": outside("officeDocument", secret_path, "_rels/.rels"),
    "a field that fetches a picture": lambda trap: word_file(para(word_field(f'INCLUDEPICTURE "{trap.url}" \\d', "") + run("text"))),
    "a field that fetches text": lambda trap: word_file(para(word_field(f'INCLUDETEXT "{trap.secret}"', "") + run("text"))),
    "a field that starts a program": body(para(word_field("DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe", "") + run("text"))),
    "a stylesheet on the web": lambda trap: word_file("", parts={TEXT: f'<?xml-stylesheet href="{trap.url}"?><w:document {NS}><w:body>{para(run("text"))}</w:body></w:document>'}),
    "an XInclude": lambda trap: word_file(f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{trap.secret.as_uri()}" parse="text"/>{para(run("text"))}'),
    "a schema on the web": lambda trap: word_file(para(run("text")), parts={"customXml/item1.xml": f'<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a {trap.url}"/>'}),
    "a style map for mammoth": lambda trap: word_file(para(run("text")), parts={"mammoth/style-map": "p => script"}),
    "a link to a script": lambda trap: word_file(para(link("l", run("text"))), links={"l": "javascript:alert(1)"}),
    "styles in a ring": lambda trap: word_file(para(run("text"), "s1"), styles=ring),
    "styles in a long chain": lambda trap: word_file(para(run("text"), "s1"), styles=chain),
    "lists in a ring": lambda trap: word_file(item("text", 1), styles=list_style, parts={"word/numbering.xml": links_ring}),
    "a cell a billion columns wide": body(table([f'<w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr>{para(run("text"))}'])),
    "a list a million levels deep": body(item("text", 1, 1_000_000)),
    "250 controls in one another": nested(125, "<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>", run("text")),
    "250 versions in one another": nested(120, "<mc:AlternateContent><mc:Choice>", "</mc:Choice></mc:AlternateContent>", run("text")),
    "5,000 fields in one another": body(para("<w:r><w:fldChar w:fldCharType='begin'/></w:r>" * 5_000 + "<w:r><w:fldChar w:fldCharType='end'/></w:r>" * 5_000 + run("text"))),
    "a note cited 10,000 times": lambda trap: word_file(para(run("text ") + note("2") * 10_000), notes={"2": para(run("a" * 10_000))}),
    "a picture that stands 2,000 times": lambda trap: word_file(para(picture("p")) * 2_000 + para(run("text")), images={"p": PNG}),
    "an element with 5,000 attributes": body(many_attributes),
    "a long word": body(para(run("text " + random.Random(1).randbytes(1_000_000).hex()))),
}  # fmt: skip


@pytest.mark.parametrize("make", HARMLESS.values(), ids=HARMLESS)
def test_it_reads_only_the_text_of(reader, trap, make):
    data = make(trap)
    begun = time.monotonic()
    text = reader.read(data)
    assert time.monotonic() - begun < 20
    assert "text" in words_of(text.html)
    assert SECRET not in repr(text)
    assert "<script" not in text.html
    assert "javascript:" not in text.html
    assert trap.callers == []


def test_there_are_at_least_sixty_of_them():
    assert len(REFUSED) + len(HARMLESS) >= 60


def test_the_trap_would_notice_a_caller(tmp_path):
    trap = Trap(tmp_path, socket.create_server(("127.0.0.1", 0)))
    watcher = threading.Thread(target=trap.watch)
    watcher.start()
    socket.create_connection(trap.server.getsockname()).close()
    while not trap.callers:
        time.sleep(0.001)
    trap.server.shutdown(socket.SHUT_RDWR)
    trap.server.close()
    watcher.join()


def test_the_reader_reads_on_after_all_of_them(reader):
    assert isinstance(reader.read(PLAIN), WordText)


