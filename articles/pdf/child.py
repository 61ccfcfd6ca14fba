"""The limited process in which a PDF is made: little memory, little time, no network, no files but fonts.

Nothing of the site runs here, no settings, no secrets. What the pages show comes in as JSON
through one pipe, and the PDF goes out through the other.
"""

import base64
import json
import os
import re
import resource
import sys
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from articles.confined import FORBIDDEN, LOOKING, WRITING, Forbidden, below, die_with, folders, library, limit

MAX_MEMORY = 1024 * 1024 * 1024
IN_SCRATCH = {"os.mkdir", "os.rmdir", "os.remove", "os.chmod", "shutil.rmtree", "tempfile.mkdtemp"}
FONT = re.compile(r"font:([a-z0-9-]+\.woff2)")


class Fetcher(URLFetcher):
    """Has the pictures that came with the text, by name, and our own fonts. There is nothing else in the world."""

    def __init__(self, pictures: dict[str, bytes], fonts: Path) -> None:
        super().__init__(allowed_protocols=(), allow_redirects=False)
        self.pictures, self.fonts = pictures, fonts

    def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
        if url in self.pictures:
            return URLFetcherResponse(url, self.pictures[url], {"Content-Type": "image/jpeg"})
        if font := FONT.fullmatch(url):
            return URLFetcherResponse(url, (self.fonts / font[1]).read_bytes(), {"Content-Type": "font/woff2"})
        raise Forbidden(url)


def main() -> None:
    parent, seconds, fonts, scratch = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]), sys.argv[4]
    hold_back(seconds)
    die_with(parent)
    request = json.load(sys.stdin.buffer)
    lock_down(str(fonts), scratch)
    sys.stdout.buffer.write(make(request, fonts))
    sys.stdout.buffer.flush()
    os._exit(0)  # the parent clears the scratch folder, and there is nothing else to tidy up


def hold_back(seconds: int) -> None:
    limit({resource.RLIMIT_AS: MAX_MEMORY, resource.RLIMIT_CPU: seconds})


def lock_down(fonts: str, scratch: str) -> None:
    """Refuse, from here on, everything but reading the library and the fonts, and writing into the scratch folder."""
    own = folders([scratch])
    readable = (*library(), *folders([fonts]), *own)

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            allowed = below(arguments[0], own if (arguments[2] or 0) & WRITING else readable)
        elif event in LOOKING:
            allowed = below(arguments[0], readable)
        elif event in IN_SCRATCH:
            allowed = below(arguments[0], own)
        else:
            allowed = not event.startswith(FORBIDDEN)
        if not allowed:
            raise Forbidden(event)

    sys.addaudithook(watch)


def make(request: dict[str, Any], fonts: Path) -> bytes:
    pictures = {name: base64.b64decode(data) for name, data in request["pictures"].items()}
    fetcher, letters = Fetcher(pictures, fonts), FontConfiguration()
    page = HTML(string=request["html"], base_url=request["url"], url_fetcher=fetcher)
    style = CSS(string=request["css"], url_fetcher=fetcher, font_config=letters)
    identifier = request["digest"].encode()
    return page.write_pdf(
        stylesheets=[style], font_config=letters, pdf_variant="pdf/ua-1", pdf_identifier=identifier, pdf_version="1.7"
    )
