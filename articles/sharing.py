"""The image that stands for a page where a link to it is shown: its picture, else a card with its words.

It is made when it is first asked for and kept under a name that says what is on it; what stood for the page before is
deleted. Its address ends in a word that changes with it, since those who show links keep images by their address.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Protocol

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL.Image import Image as Pixels

from . import images
from .cards import SIZE, Card
from .machines import absolute
from .paths import path_to


class Picture(Protocol):
    sha256: str

    def fills(self, size: tuple[int, int]) -> bool: ...
    def middle(self, size: tuple[int, int]) -> Pixels | None: ...


@dataclass(frozen=True)
class Share:
    folder: str  # where it is kept
    view: str = "journal_share"  # which sends it; of a page, with what the page is found by
    key: str | None = None
    card: Card = field(default_factory=Card)
    picture: Picture | None = None
    picture_alt: str = ""

    width, height = SIZE

    @property
    def _picture(self) -> Picture | None:
        """Unless it would be blurred."""
        return self.picture if self.picture and self.picture.fills(SIZE) else None

    @property
    def url(self) -> str:
        digest = self._picture.sha256 if self._picture else self.card.digest
        path = path_to(self.view, self.key) if self.key else path_to(self.view)
        return absolute(f"{path}?v={digest[:8]}")

    @property
    def alt(self) -> str:
        return (self._picture and self.picture_alt) or self.card.alt

    def jpeg(self) -> bytes:
        """Whatever happens to the file of the picture. Noise, which compresses worst, has 630 kB."""
        picture = self._picture
        found = picture and self._kept(picture.sha256[:16], lambda: picture.middle(SIZE))
        return found or self._kept(self.card.digest, self.card.draw)

    def _kept(self, digest: str, make: Callable[[], Pixels | None]) -> bytes:
        name = f"shared/{self.folder}/{digest}.jpg"
        with suppress(OSError), default_storage.open(name) as file:
            if kept := file.read():
                return kept
        made = make()
        jpeg = images.as_jpeg(made) if made else b""
        if jpeg:
            self._keep(name, jpeg)
        return jpeg

    def _keep(self, name: str, jpeg: bytes) -> None:
        folder = name.rpartition("/")[0]
        with suppress(OSError):  # of what is not kept, another is made
            with suppress(FileNotFoundError):
                for old in default_storage.listdir(folder)[1]:
                    default_storage.delete(f"{folder}/{old}")
            default_storage.save(name, ContentFile(jpeg))
