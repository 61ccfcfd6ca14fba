"""Files made to do harm: none reaches the network or another file, none holds up the reader, each is told why."""

import io
import os
import random
import stat
import time
import zipfile
from collections.abc import Callable

import pytest

from articles.intake.docx import WordReader, WordText
from articles.intake.manuscript import Refused

from .word_files import NS, SECRET, Trap, content_types, para, relationships, run, set_trap, word_file, zipped

Maker = Callable[[Trap], bytes]
PLAIN = word_file(para(run("Grain and power.")))


@pytest.fixture(scope="module")
def trap(tmp_path_factory):
    with set_trap(tmp_path_factory.mktemp("secret")) as trap:
        yield trap


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


def bulky(trap: Trap) -> bytes:
    part = random.Random(1).randbytes(20_000) * 50
    return zipped({f"customXml/{number}.bin": part for number in range(105)})


def doubled(second: str) -> Maker:
    def make(trap: Trap) -> bytes:
        place = "word/twin".ljust(len(second), "#")
        return patched(place.encode(), second.encode(), rezipped(more={place: b"<lies/>"}))

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
    "a bomb beside honest bytes": (
        lambda trap: zipped({"a": os.urandom(1_100_000), "b": bytes(30_000_000)}),
        "unpacks to far more",
    ),
    "105 MB that pack no better than honest bytes": (bulky, "unpacks to far more"),
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
}

# XML


def doctype(part: str, declaration: str, encoding: str = "utf-8"):
    def make(trap: Trap) -> bytes:
        text = declaration.format(url=trap.url, file=trap.secret.as_uri())
        document = f"{text}<w:document {NS}><w:body><w:p><w:r><w:t>&x;</w:t></w:r></w:p></w:body></w:document>"
        return word_file("", parts={part: f'<?xml version="1.0" encoding="{encoding}"?>{document}'.encode(encoding)})

    return make


LAUGHS = "<!DOCTYPE d [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {new} '{f'&{old};' * 10}'>" for old, new in zip("abcdefghi", "bcdefghix", strict=True)
) + "]>"  # fmt: skip
FILE = "<!DOCTYPE d [<!ENTITY x SYSTEM '{file}'>]>"
TEXT = "word/document.xml"


def body(content: str):
    return lambda trap: word_file(content)


def elsewhere(part: str, declaration: str) -> Maker:
    """The text in a part that is not called XML."""

    def make(trap: Trap) -> bytes:
        text = zipfile.ZipFile(io.BytesIO(doctype("x", declaration)(trap))).read("x")
        return word_file("", parts={part: text, "_rels/.rels": relationships([("officeDocument", part, "d")], [])})

    return make


def raw(document: bytes):
    return lambda trap: word_file("", parts={TEXT: document})


def nested(depth: int, opening: str, closing: str, content: str = run("deep")):
    return body(para(opening * depth + content + closing * depth))


def tables_in_tables(depth: int) -> str:
    return "<w:tbl><w:tr><w:tc>" * depth + para(run("deep")) + "<w:p/></w:tc></w:tr></w:tbl>" * depth


def tower(height: int) -> bytes:
    return "".join([*(f"<a{n}>" for n in range(height)), *(f"</a{n}>" for n in reversed(range(height)))]).encode()


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
    "a document type in text with another ending": (elsewhere("word/text.bin", FILE), "document type"),
    "an entity without a document type": (raw(b"<a>&x;</a>"), "damaged"),
    "XML that breaks off": (raw(b"<w:document"), "damaged"),
    "bytes that are no letters": (raw(b"<a>\xff\xfe\xfa</a>"), "damaged"),
    "an unheard-of encoding": (raw(b"<?xml version='1.0' encoding='klingon'?><a/>"), "damaged"),
    "a zero byte": (raw(b"<a>\0</a>"), "damaged"),
    "no XML at all": (raw(b"grain"), "damaged"),
    "an empty text": (raw(b""), "damaged"),
    "another root": (raw(b"<html/>"), "no Word text"),
    "100,000 elements in one another": (raw(tower(100_000)), "levels deep"),
    "301 elements in one another": (nested(301, "<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"), "levels deep"),
    "60 tables in one another": (body(tables_in_tables(60)), "tables in one another"),
    "170,000 paragraphs": (crowd, "elements"),
    "a word of 25 million letters": (mountain, "memory"),
    "text in another file": (body('<w:altChunk r:id="x"/>'), "altChunk"),
}

MACROS = {
    "a .docm": (
        lambda trap: word_file(
            "", parts={"[Content_Types].xml": content_types("application/vnd.ms-word.document.macroEnabled.main+xml")}
        ),
        "macros",
    ),
    "a project of macros": (lambda trap: word_file("", parts={"word/vbaProject.bin": b"x"}), "macros"),
    "a project of macros elsewhere": (lambda trap: word_file("", parts={"a/VBAPROJECT.BIN": b"x"}), "macros"),
    "data of macros": (lambda trap: word_file("", parts={"word/vbaData.xml": b"<x/>"}), "macros"),
}

REFUSED = ZIPS | XML | MACROS


@pytest.mark.parametrize(("make", "reason"), REFUSED.values(), ids=REFUSED)
def test_it_refuses(reader, trap, make, reason):
    data = make(trap)
    begun = time.monotonic()
    with pytest.raises(Refused, match=reason) as refusal:
        reader.read(data)
    assert time.monotonic() - begun < 20
    assert str(refusal.value).endswith(".")
    assert SECRET not in str(refusal.value)
    assert trap.callers == []


def test_the_reader_reads_on_after_all_of_them(reader):
    assert isinstance(reader.read(PLAIN), WordText)
