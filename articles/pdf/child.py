"""The limited process in which a PDF is made: little memory, little time, no network, no files but fonts.

A script of its own: nothing of the site runs here, no settings, no secrets. What the pages show comes in as JSON
through one pipe, and the PDF goes out through the other.
"""

import base64
import contextlib
import ctypes
import json
import os
import re
import resource
import signal
import sys
import sysconfig
from pathlib import Path
from typing import Any

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

MAX_MEMORY = 1024 * 1024 * 1024
PR_SET_PDEATHSIG = 1
LOOKING = {"os.listdir", "os.scandir"}
IN_SCRATCH = {"os.mkdir", "os.rmdir", "os.remove", "os.chmod", "shutil.rmtree", "tempfile.mkdtemp"}
FORBIDDEN = (
    "os.", "socket.", "subprocess.", "shutil.", "tempfile.", "pathlib.", "glob.", "pty.", "mmap.", "fcntl.",
    "resource.", "signal.", "sqlite3.", "syslog.", "urllib.", "http.", "ftplib.", "smtplib.", "imaplib.", "poplib.",
    "webbrowser.", "builtins.input", "builtins.breakpoint", "sys.setprofile", "sys.settrace",
)  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_TRUNC
FONT = re.compile(r"font:([a-z0-9-]+\.woff2)")


class Forbidden(RuntimeError):
    """Laying out pages needs none of this, so whoever asks for it is not laying out pages."""


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
    limit(seconds)
    die_with(parent)
    request = json.load(sys.stdin.buffer)
    lock_down(str(fonts), scratch)
    sys.stdout.buffer.write(make(request, fonts))
    sys.stdout.buffer.flush()
    os._exit(0)  # the parent clears the scratch folder, and there is nothing else to tidy up


def limit(seconds: int) -> None:
    limits = {resource.RLIMIT_AS: MAX_MEMORY, resource.RLIMIT_CPU: seconds, resource.RLIMIT_CORE: 0}
    for kind, most in limits.items():
        # macOS knows no limit on address space; the others hold there too.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(kind, (most, most))


def die_with(parent: int) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent; its end is ours
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        sys.exit()


def lock_down(fonts: str, scratch: str) -> None:
    """Refuse, from here on, everything but reading the library and the fonts, and writing into the scratch folder."""
    paths = sysconfig.get_paths()
    library = [paths[name] for name in ("stdlib", "platstdlib", "purelib", "platlib")]
    own = (os.path.realpath(scratch) + os.sep,)
    readable = (*{os.path.realpath(folder) + os.sep for folder in (*library, fonts)}, *own)

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open":
            allowed = _below(arguments[0], own if (arguments[2] or 0) & WRITING else readable)
        elif event in LOOKING:
            allowed = _below(arguments[0], readable)
        elif event in IN_SCRATCH:
            allowed = _below(arguments[0], own)
        else:
            allowed = not event.startswith(FORBIDDEN)
        if not allowed:
            raise Forbidden(event)

    sys.addaudithook(watch)


def _below(path: object, folders: tuple[str, ...]) -> bool:
    return isinstance(path, str | os.PathLike) and (os.path.realpath(path) + os.sep).startswith(folders)


def make(request: dict[str, Any], fonts: Path) -> bytes:
    pictures = {name: base64.b64decode(data) for name, data in request["pictures"].items()}
    fetcher, letters = Fetcher(pictures, fonts), FontConfiguration()
    page = HTML(string=request["html"], base_url=request["url"], url_fetcher=fetcher)
    style = CSS(string=request["css"], url_fetcher=fetcher, font_config=letters)
    identifier = request["digest"].encode()
    return page.write_pdf(
        stylesheets=[style], font_config=letters, pdf_variant="pdf/ua-1", pdf_identifier=identifier, pdf_version="1.7"
    )


if __name__ == "__main__":
    main()
