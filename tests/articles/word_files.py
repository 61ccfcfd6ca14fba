"""Makes invented Word files: a body in raw XML, and the parts it needs around it."""

import io
import socket
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from html import unescape
from pathlib import Path
from re import sub
from xml.sax.saxutils import escape, quoteattr

NS = " ".join(f'xmlns:{prefix}="{uri}"' for prefix, uri in {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "v": "urn:schemas-microsoft-com:vml",
    "o": "urn:schemas-microsoft-com:office:office",
    "c": "http://schemas.openxmlformats.org/drawingml/2006/chart",
}.items())  # fmt: skip
RELS = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml"

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010804000000b51c0c02"
    "0000000b4944415478da6364f80f00010501012718e3660000000049454e44ae426082"
)

STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>
<w:style w:type="paragraph" w:styleId="Unter"><w:name w:val="House"/><w:basedOn w:val="berschrift2"/></w:style>
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="Zitat"><w:name w:val="Quote"/></w:style>
<w:style w:type="paragraph" w:styleId="Loud"><w:name w:val="Loud"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Unseen"><w:name w:val="Unseen"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Bulleted"><w:name w:val="List Bullet"/>
  <w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="character" w:styleId="Fett"><w:name w:val="Strong"/><w:rPr><w:b/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Leise"><w:name w:val="Quiet"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Leiser"><w:name w:val="Quieter"/><w:basedOn w:val="Leise"/></w:style>
<w:style w:type="table" w:styleId="Geheim"><w:name w:val="Secret Table"/><w:rPr><w:vanish/></w:rPr></w:style>
"""


def _levels(form: str) -> str:
    return "".join(f'<w:lvl w:ilvl="{n}"><w:numFmt w:val="{form}"/></w:lvl>' for n in range(9))


NUMBERING = (
    f'<w:abstractNum w:abstractNumId="0">{_levels("bullet")}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="1">{_levels("decimal")}</w:abstractNum>'
    f'<w:abstractNum w:abstractNumId="2">{_levels("lowerRoman")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="2"/></w:num><w:num w:numId="4"><w:abstractNumId w:val="1"/>'
    '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
)


def word_file(
    body: str,
    *,
    styles: str = STYLES,
    notes: dict[str, str] | None = None,
    endnotes: dict[str, str] | None = None,
    links: dict[str, str] | None = None,
    images: dict[str, bytes] | None = None,
    outside: dict[str, str] | None = None,
    core: str = "",
    parts: dict[str, str | bytes] | None = None,
) -> bytes:
    """A document with this body; links, images and outside images go by their relationship id."""
    media = {key: f"media/{key}" for key in images or {}}
    related = [("styles", "styles.xml", "st"), ("numbering", "numbering.xml", "nu"),
               ("footnotes", "footnotes.xml", "fn"), ("endnotes", "endnotes.xml", "en")]  # fmt: skip
    related += [("image", target, key) for key, target in media.items()]
    away = [("hyperlink", target, key) for key, target in (links or {}).items()]
    away += [("image", target, key) for key, target in (outside or {}).items()]
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": content_types(),
        "_rels/.rels": relationships([("officeDocument", "word/document.xml", "d")], []),
        "word/document.xml": f"<w:document {NS}><w:body>{body}<w:sectPr/></w:body></w:document>",
        "word/_rels/document.xml.rels": relationships(related, away),
        "word/_rels/footnotes.xml.rels": relationships([], away),
        "word/styles.xml": f"<w:styles {NS}>{styles}</w:styles>",
        "word/numbering.xml": f"<w:numbering {NS}>{NUMBERING}</w:numbering>",
        "word/footnotes.xml": notes_part("footnote", notes or {}),
        "word/endnotes.xml": notes_part("endnote", endnotes or {}),
        "docProps/core.xml": f'<cp xmlns:dc="http://purl.org/dc/elements/1.1/">{core}</cp>',
    }
    files |= {f"word/{target}": (images or {})[key] for key, target in media.items()}
    return zipped(files | (parts or {}))


def zipped(files: dict[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


def content_types(main: str = f"{WORD}.document.main+xml") -> str:
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/></Types>'
    )


def relationships(inside: list[tuple[str, str, str]], outside: list[tuple[str, str, str]]) -> str:
    entries = [f'<Relationship Id="{key}" Type="{TYPE}{kind}" Target={quoteattr(target)}{mode}/>'
               for found, mode in ((inside, ""), (outside, ' TargetMode="External"'))
               for kind, target, key in found]  # fmt: skip
    return f"<Relationships {RELS}>{''.join(entries)}</Relationships>"


def notes_part(kind: str, notes: dict[str, str]) -> str:
    entries = f'<w:{kind} w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:{kind}>'
    entries += "".join(f'<w:{kind} w:id="{key}">{body}</w:{kind}>' for key, body in notes.items())
    return f"<w:{kind}s {NS}>{entries}</w:{kind}s>"


# Words, runs and paragraphs


def t(text: str, tag: str = "w:t") -> str:
    return f'<{tag} xml:space="preserve">{escape(text)}</{tag}>'


def run(text: str, marks: str = "") -> str:
    return f"<w:r><w:rPr>{marks}</w:rPr>{t(text)}</w:r>"


def para(content: str, style: str = "", more: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{more}</w:pPr>{content}</w:p>"


def item(text: str, numbering: int, level: int = 0) -> str:
    return para(run(text), more=f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{numbering}"/></w:numPr>')


def table(*rows: list[str], head: int = 0) -> str:
    written = ""
    for number, cells in enumerate(rows):
        properties = "<w:trPr><w:tblHeader/></w:trPr>" if number < head else ""
        written += f"<w:tr>{properties}{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr>"
    return f"<w:tbl>{written}</w:tbl>"


def inserted(content: str) -> str:
    return f'<w:ins w:id="1" w:author="Editor">{content}</w:ins>'


def deleted(text: str) -> str:
    return f'<w:del w:id="2" w:author="Editor"><w:r>{t(text, "w:delText")}</w:r></w:del>'


def hidden(text: str) -> str:
    return run(text, "<w:vanish/>")


def note(key: str, kind: str = "footnote") -> str:
    return f'<w:r><w:{kind}Reference w:id="{key}"/></w:r>'


def link(key: str, content: str) -> str:
    return f'<w:hyperlink r:id="{key}">{content}</w:hyperlink>'


def field(instruction: str, result: str) -> str:
    return (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        f"<w:r>{t(instruction, 'w:instrText')}</w:r>"
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def picture(key: str, alt: str = "", attribute: str = "embed") -> str:
    return (
        f"<w:r><w:drawing><wp:inline><wp:docPr id='1' name='p' descr={quoteattr(alt)}/><a:graphic><a:graphicData>"
        f'<pic:pic><pic:blipFill><a:blip r:{attribute}="{key}"/></pic:blipFill></pic:pic>'
        "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r>"
    )


def text_box(content: str) -> str:
    """Written twice, as Word does: for itself, and for an older one."""
    box = f"<w:txbxContent>{content}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wp:anchor><a:graphic><a:graphicData>'
        f"<wps:wsp><wps:txbx>{box}</wps:txbx></wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict></mc:Fallback>"
        "</mc:AlternateContent></w:r>"
    )


BLOCKS = r"</?(?:p|h[1-4]|li|ul|ol|td|th|tr|table|thead|tbody|blockquote|br|figure|small)\b[^>]*>"


def words_of(html: str) -> str:
    """The text of the page, its blanks made one, a blank between blocks."""
    return " ".join(unescape(sub(r"<[^>]*>", "", sub(BLOCKS, " ", html))).split())


# A trap for files made to do harm

SECRET = "FOREIGN-BYTES"


@dataclass
class Trap:
    """A place on this machine that a hostile file may call, and a file it may want to read."""

    secret: Path
    server: socket.socket
    callers: list[object] = dataclass_field(default_factory=list)

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


@contextmanager
def set_trap(folder: Path) -> Iterator[Trap]:
    secret = folder / "secret.xml"
    secret.write_text(SECRET)
    trap = Trap(secret, socket.create_server(("127.0.0.1", 0)))
    watcher = threading.Thread(target=trap.watch)
    watcher.start()
    yield trap
    trap.server.shutdown(socket.SHUT_RDWR)
    trap.server.close()
    watcher.join()
