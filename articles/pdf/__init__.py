"""A text becomes a PDF, in a process of its own that can do nothing else. Made once for each content, and kept.

Needs the extra `pdf` (WeasyPrint) and what that needs of the system (Pango). Without them there are no PDFs.
"""

import base64
import fcntl
import hashlib
import json
import logging
import os
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from ctypes.util import find_library
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.cache import cache as memory
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

from articles import confined
from articles.documents import private_storage

SECONDS = 30  # by the clock, for one PDF
WORK = 25  # seconds of processor time; what needs more is too much at any hour
AGAIN = 60 * 60  # seconds until what could not be made is tried once more
STYLES = Path(__file__).with_name("pdf.css")

logger = logging.getLogger(__name__)


class NotReady(Exception):
    """There is no PDF yet: why, and after how many seconds to ask again."""

    seconds = 10

    def __str__(self) -> str:
        return "This PDF is still to be made. Load this page again in a few seconds."


class TooMuch(NotReady):
    seconds = AGAIN

    def __str__(self) -> str:
        return "This text is too long to be laid out as a PDF. You can print its page instead."


@cache
def is_available() -> bool:
    """Whether PDFs can be made here. WeasyPrint is not imported for that: 45 MB, in every process of the site."""
    libraries = ("pango-1.0", "pangoft2-1.0", "harfbuzz-subset")
    return find_spec("weasyprint") is not None and all(map(find_library, libraries))


@dataclass(frozen=True)
class Paper:
    """All that a PDF shows. The same paper gives the same bytes."""

    html: str
    url: str  # of the page that it is of
    pictures: Mapping[str, str] = field(default_factory=dict)  # as the HTML names them; their files in the storage

    @cached_property
    def digest(self) -> str:
        text = "\0".join([self.html, self.url, *self.pictures, *self.pictures.values(), _press()])
        return hashlib.sha256(text.encode()).hexdigest()[:32]


def _fonts() -> Path:
    return Path(str(finders.find("fonts")))


@cache
def _press() -> str:
    """What else decides how a PDF looks: the program, our styles, our letters."""
    files = [Path(__file__).with_name("child.py"), STYLES, *sorted(_fonts().glob("*.woff2"))]
    return version("weasyprint") + hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest()


def made(paper: Paper, folder: str, *, patient: bool = False) -> str:
    """Where the PDF of this paper is kept, once it is made; what the folder held before goes.

    One is made at a time on one machine. A patient caller waits for that; the others are told NotReady.
    """
    storage, name = private_storage(), f"{folder}/{paper.digest}.pdf"
    if storage.exists(name):
        return name
    if memory.get(f"no-pdf-{paper.digest}"):
        raise TooMuch
    with _turn(patient):
        if not storage.exists(name):  # nobody made it meanwhile
            _keep(name, _render(paper))
    return name


@contextmanager
def _turn(patient: bool) -> Iterator[None]:
    """Nobody can forget to give the lock back: it ends with the process at the latest."""
    with (settings.VAR / "pdf.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | (0 if patient else fcntl.LOCK_NB))
        except BlockingIOError as problem:
            raise NotReady from problem
        yield


def _render(paper: Paper) -> bytes:
    try:
        return render(paper)
    except subprocess.TimeoutExpired as problem:  # the machine has too much else to do
        logger.warning("No PDF of %s within %s seconds.", paper.url, SECONDS)
        raise NotReady from problem
    except subprocess.CalledProcessError as problem:
        logger.warning("No PDF of %s: %s", paper.url, problem.stderr.decode(errors="replace")[-300:] or problem)
        memory.set(f"no-pdf-{paper.digest}", True, AGAIN)
        raise TooMuch from problem


def render(paper: Paper) -> bytes:
    """The PDF, from a child that lives for this one only."""
    request = {
        "html": paper.html, "url": paper.url, "digest": paper.digest, "css": STYLES.read_text(encoding="utf-8"),
        "pictures": {name: base64.b64encode(data).decode() for name, data in _pictures(paper)},
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as scratch:
        environment = {"TMPDIR": scratch, "SOURCE_DATE_EPOCH": "0"}  # fonts carry the moment they were cut down
        arguments = [str(os.getpid()), str(WORK), str(_fonts()), scratch]
        done = subprocess.run(
            [*confined.command("pdf"), *arguments], input=json.dumps(request).encode(),
            capture_output=True, check=True, timeout=SECONDS, cwd=scratch, env=environment,
        )  # fmt: skip
    return done.stdout


def _pictures(paper: Paper) -> Iterator[tuple[str, bytes]]:
    """Those that are there; a lost file costs the PDF only the picture."""
    for name, path in paper.pictures.items():
        if default_storage.exists(path):
            with default_storage.open(path) as file:
                yield name, file.read()


def _keep(name: str, data: bytes) -> None:
    """Under its name all at once, so that nobody opens half of it; then without those of former contents."""
    storage, (folder, _, file) = private_storage(), name.rpartition("/")
    if isinstance(storage, FileSystemStorage):
        part = storage.save(f"{name}.part", ContentFile(data))
        os.replace(storage.path(part), storage.path(name))
    else:  # a store of objects shows whole files only
        storage.save(name, ContentFile(data))
    for former in storage.listdir(folder)[1]:
        if former != file:
            storage.delete(f"{folder}/{former}")
