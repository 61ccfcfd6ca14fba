"""Files that ask for more than to be read: they are read, and get nothing of it."""

import random
import socket
import time
from collections.abc import Callable

import pytest

from articles.intake.docx import WordReader

from .word_files import (
    NS,
    PNG,
    SECRET,
    Trap,
    field,
    item,
    link,
    note,
    para,
    picture,
    relationships,
    run,
    set_trap,
    table,
    word_file,
    words_of,
)

TEXT = para(run("text"))
Maker = Callable[[Trap], bytes]


@pytest.fixture(scope="module")
def trap(tmp_path_factory):
    with set_trap(tmp_path_factory.mktemp("secret")) as trap:
        yield trap


@pytest.fixture(scope="module")
def reader():
    with WordReader() as reader:
        yield reader


def body(content: str) -> Maker:
    return lambda trap: word_file(content)


def nested(depth: int, opening: str, closing: str) -> Maker:
    return body(para(opening * depth + run("text") + closing * depth))


def outside(kind: str, target, part: str = "word/_rels/document.xml.rels", content: str = TEXT):
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
chain = "".join(
    f'<w:style w:type="paragraph" w:styleId="s{n}"><w:basedOn w:val="s{n + 1}"/></w:style>' for n in range(5_000)
)
ring = "".join(
    f'<w:style w:type="paragraph" w:styleId="s{n}"><w:basedOn w:val="s{(n + 1) % 5}"/></w:style>' for n in range(5)
)
links_ring = (f'<w:numbering {NS}><w:abstractNum w:abstractNumId="0"><w:numStyleLink w:val="L"/></w:abstractNum>'
              '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>')  # fmt: skip
list_style = (
    '<w:style w:type="numbering" w:styleId="L"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
)
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
    "a chapter on the web": outside("subDocument", url, content=TEXT + '<w:subDoc r:id="x"/>'),
    "a frame on the web": outside("frame", url),
    "text of which the place is on the web": outside("officeDocument", url, "_rels/.rels"),
    "text of which the place is a file": outside("officeDocument", secret_path, "_rels/.rels"),
    "text of which the place is said to be outside": outside("officeDocument", "word/styles.xml", "_rels/.rels"),
    "a field that fetches a picture": lambda trap: word_file(
        para(field(f'INCLUDEPICTURE "{trap.url}" \\d', "") + run("text"))
    ),
    "a field that fetches text": lambda trap: word_file(para(field(f'INCLUDETEXT "{trap.secret}"', "") + run("text"))),
    "a field that starts a program": body(
        para(field("DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe", "") + run("text"))
    ),
    "a stylesheet on the web": lambda trap: word_file(
        "",
        parts={
            "word/document.xml": f'<?xml-stylesheet href="{trap.url}"?><w:document {NS}><w:body>{TEXT}</w:body></w:document>'
        },
    ),
    "an XInclude": lambda trap: word_file(
        f'<x:include xmlns:x="http://www.w3.org/2001/XInclude" href="{trap.secret.as_uri()}" parse="text"/>{TEXT}'
    ),
    "a schema on the web": lambda trap: word_file(
        TEXT,
        parts={
            "customXml/item1.xml": f'<a xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a {trap.url}"/>'
        },
    ),
    "a style map for mammoth": lambda trap: word_file(
        para(run("text", "<w:b/>")), parts={"mammoth/style-map": "b => script"}
    ),
    "a link to a script": lambda trap: word_file(para(link("l", run("text"))), links={"l": "javascript:alert(1)"}),
    "styles in a ring": lambda trap: word_file(para(run("text"), "s1"), styles=ring),
    "styles in a long chain": lambda trap: word_file(para(run("text"), "s1"), styles=chain),
    "lists in a ring": lambda trap: word_file(
        item("text", 1), styles=list_style, parts={"word/numbering.xml": links_ring}
    ),
    "a cell a billion columns wide": body(table([f'<w:tcPr><w:gridSpan w:val="1000000000"/></w:tcPr>{TEXT}'])),
    "a list a million levels deep": body(item("text", 1, 1_000_000)),
    "250 controls in one another": nested(125, "<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"),
    "250 versions in one another": nested(
        120, "<mc:AlternateContent><mc:Choice>", "</mc:Choice></mc:AlternateContent>"
    ),
    "5,000 fields in one another": body(
        para(
            "<w:r><w:fldChar w:fldCharType='begin'/></w:r>" * 5_000
            + "<w:r><w:fldChar w:fldCharType='end'/></w:r>" * 5_000
            + run("text")
        )
    ),
    "a note cited 10,000 times": lambda trap: word_file(
        para(run("text ") + note("2") * 10_000), notes={"2": para(run("a" * 10_000))}
    ),
    "a picture that stands 2,000 times": lambda trap: word_file(para(picture("p")) * 2_000 + TEXT, images={"p": PNG}),
    "an element with 5,000 attributes": body(many_attributes),
    "a long word": body(para(run("text " + random.Random(1).randbytes(1_000_000).hex()))),
}


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


def test_the_trap_would_notice_a_caller(tmp_path):
    with set_trap(tmp_path) as trap:
        socket.create_connection(trap.server.getsockname()).close()
        while not trap.callers:
            time.sleep(0.001)
