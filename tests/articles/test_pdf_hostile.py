"""What a hostile text asks the maker of PDFs to fetch, and what it is given: nothing."""

import base64
import io
import subprocess
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from articles import pdf
from articles.confined import ROOMS, command
from articles.models import Article
from tests.factories import make_article, make_image, picture_bytes

pytestmark = [pytest.mark.django_db, pytest.mark.pdf]

# {0} is the listener, whose /redirect/ leads to the address at which clouds keep their secrets.
VECTORS = {
    "img": '<img src="{0}/img">',
    "img of a file": '<img src="file:///etc/passwd">',
    "img that is led on": '<img src="{0}/redirect/img">',
    "img of the cloud": '<img src="http://169.254.169.254/latest/meta-data/">',
    "img without a scheme": '<img src="//{1}/schemeless">',
    "img below a path of ours": '<img src="picture:../../../etc/passwd"><img src="font:../../../../etc/passwd">',
    "data of an SVG with an image": '<img src="data:image/svg+xml;base64,{2}">',
    "srcset": '<picture><source srcset="{0}/srcset"><img srcset="{0}/srcset 2x"></picture>',
    "link": '<link rel="stylesheet" href="{0}/link.css">',
    "link to a file": '<link rel="stylesheet" href="file:///etc/passwd">',
    "link rel=attachment": '<link rel="attachment" href="{0}/attachment">',
    "link rel=attachment of a file": '<link rel="attachment" href="file:///etc/passwd">',
    "a rel=attachment": '<a rel="attachment" href="file:///etc/passwd">a</a><a rel="attachment" href="{0}/a">b</a>',
    "@import": '<style>@import url("{0}/import.css");</style>',
    "@import of a file": '<style>@import "file:///etc/passwd";</style>',
    "@font-face": '<style>@font-face {{ font-family: X; src: url("{0}/font.woff2"); }} p {{ font-family: X }}</style>',
    "@font-face of a local name": '<style>@font-face {{ font-family: Y; src: local("DejaVu Sans"), url("{0}/y"); }}</style>',
    "iframe": '<iframe src="{0}/iframe"></iframe><iframe srcdoc="&lt;img src={0}/srcdoc&gt;"></iframe>',
    "object": '<object data="{0}/object" type="image/svg+xml"></object><object data="file:///etc/passwd"></object>',
    "embed": '<embed src="{0}/embed" type="image/png"><embed src="file:///etc/passwd">',
    "SVG image": '<svg width="9" height="9"><image href="{0}/svg-image" width="9" height="9"/></svg>',
    "SVG image of a file": '<svg width="9" height="9"><image xlink:href="file:///etc/passwd" width="9" height="9"/></svg>',
    "SVG use": '<svg width="9" height="9"><use href="{0}/use.svg#a"/><use href="file:///etc/passwd#a"/></svg>',
    "SVG style": '<svg width="9" height="9"><style>@import url("{0}/svg.css");</style><rect width="9" height="9"/></svg>',
    "CSS url": '<p style="background: url({0}/background); list-style-image: url({0}/list)">x</p>',
    "CSS content": '<style>p::before {{ content: url("{0}/content") url("file:///etc/passwd") }}</style>',
    "CSS cursor of a page": '<style>@page {{ background: url("{0}/page"); @top-left {{ content: url("{0}/margin") }} }}</style>',
    "base": '<base href="{0}/base/"><img src="relative"><link rel="stylesheet" href="relative.css">',
    "base of files": '<base href="file:///etc/"><img src="passwd"><link rel="attachment" href="passwd">',
}  # fmt: skip
SECRET = Path("/etc/passwd").read_bytes().splitlines()[0]


class Listener(BaseHTTPRequestHandler):
    heard: list[str] = []

    def do_GET(self) -> None:
        self.heard.append(self.path)
        self.send_response(302 if "redirect" in self.path else 404)
        self.send_header("Location", "http://169.254.169.254/latest/meta-data/")
        self.end_headers()

    def log_message(self, *args: Any) -> None:
        pass


@pytest.fixture
def listener() -> Iterator[str]:
    Listener.heard.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Listener)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def vector(name: str, host: str) -> str:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg"><image href="http://{host}/inner" width="9" height="9"/></svg>'
    return VECTORS[name].format(f"http://{host}", host, base64.b64encode(svg.encode()).decode())


def everything_in(data: bytes) -> bytes:
    """The file and all of its streams, unpacked."""
    reader = PdfReader(io.BytesIO(data))
    numbers = range(1, int(reader.trailer["/Size"]))
    found = [reader.get_object(number) for number in numbers]
    streams = [one.get_data() for one in found if one is not None and hasattr(one, "get_data")]
    return b"\n".join([data, *streams, *(repr(one).encode() for one in found)])


def on_paper(*bodies: str) -> pdf.Paper:
    return pdf.Paper(
        f"<html><title>t</title><body>{''.join(bodies)}<p>The end.</p></body></html>", "https://x.example/a/"
    )


@pytest.mark.parametrize("bases", [False, True], ids=["all of them", "those that move what is relative"])
def test_a_text_that_came_past_the_cleaner_reaches_nothing(listener: str, bases: bool):
    data = pdf.render(on_paper(*(vector(name, listener) for name in VECTORS if name.startswith("base") == bases)))
    assert Listener.heard == []
    assert SECRET not in everything_in(data)
    reader = PdfReader(io.BytesIO(data))
    assert "The end." in reader.pages[-1].extract_text()
    assert not reader.attachments
    assert not any(list(page.images) for page in reader.pages)


def test_an_article_made_of_them_is_printed_without_them(listener: str):
    body = "".join(f"<p>{vector(name, listener)}</p>" for name in VECTORS)
    image = make_image(1000, 600)
    pk = make_article(title="Hostile", body=f"{body}<p>The end.</p>", lead_image=image).pk
    data = pdf.render(Article.objects.for_page().get(pk=pk).paper())
    assert Listener.heard == []
    assert SECRET not in everything_in(data)
    reader = PdfReader(io.BytesIO(data))
    assert "The end." in "".join(page.extract_text() for page in reader.pages)
    assert len({image.name for page in reader.pages for image in page.images}) == 1, "its own picture is there"


def test_a_picture_is_one_that_came_with_the_text():
    paper = on_paper('<img src="picture:mine"><img src="picture:another"><img src="picture:mine/../another">')
    pdf.default_storage.save("mine.jpg", io.BytesIO(picture_bytes()))  # type: ignore[arg-type]
    pdf.default_storage.save("another", io.BytesIO(picture_bytes(colour="red")))  # type: ignore[arg-type]
    data = pdf.render(pdf.Paper(paper.html, paper.url, {"picture:mine": "mine.jpg", "picture:lost": "lost.jpg"}))
    assert len(PdfReader(io.BytesIO(data)).pages[0].images) == 1


ATTEMPTS = {
    "a socket": "import socket; socket.create_connection(('127.0.0.1', 9))",
    "a foreign file": "open('/etc/passwd')",
    "a file of its own that leads away": "os.symlink('/etc/passwd', scratch + '/x')",
    "writing beside the fonts": "open(fonts + '/x', 'w')",
    "a program": "os.system('true')",
    "another process": "import subprocess; subprocess.run(['true'])",
    "the folder": "os.listdir('/etc')",
    "more memory": "resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
}


def test_should_the_library_be_turned_against_us_its_process_can_do_nothing(tmp_path: Path):
    """All in one process, since loading the library takes most of a second."""
    script = f"""{ROOMS}
import os, resource
from articles.pdf import child
fonts, scratch = sys.argv[1:]
child.lock_down(fonts, scratch)
for name, attempt in {ATTEMPTS!r}.items():
    try:
        exec(attempt)
    except child.Forbidden:
        print(name)
open(scratch + "/mine", "w").close()
"""
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    arguments = [str(pdf._fonts()), str(scratch)]
    done = subprocess.run([*command("pdf", script), *arguments], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == list(ATTEMPTS)
    assert (scratch / "mine").exists()


def test_a_text_that_takes_too_long_costs_no_more_than_its_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "WORK", 2)
    began = time.monotonic()
    rows = "<tr><td>a</td><td>b</td><td>c</td></tr>" * 20_000
    with pytest.raises(pdf.TooMuch):
        pdf.made(on_paper(f"<table>{rows}</table>"), "pdf/article/1")
    assert time.monotonic() - began < pdf.SECONDS


def test_a_machine_that_has_too_much_to_do_is_asked_again_soon(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pdf, "SECONDS", 0.1)
    with pytest.raises(pdf.NotReady) as refusal:
        pdf.made(on_paper(), "pdf/article/1")
    assert refusal.value.seconds == 10


def test_it_has_one_gigabyte_and_no_more():
    script = (
        f"{ROOMS}\nfrom articles.pdf import child\nchild.hold_back(20)\n"
        "try:\n    bytes(1024**3)\nexcept MemoryError:\n    print('refused', child.MAX_MEMORY)"
    )
    done = subprocess.run(command("pdf", script), capture_output=True, text=True, check=True)
    assert done.stdout == f"refused {1024**3}\n"
