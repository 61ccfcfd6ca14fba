from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import IO, Any, Self
from uuid import uuid4

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from PIL.Image import Image as Pixels

from articles import images
from articles.documents import private_storage
from articles.jobs import task
from articles.paths import path_to

from .address import used_by_something_public

TRIED_EVERY = timedelta(minutes=5)  # however often a missing file is asked for
IN_TEXT = "(min-width: 46rem) 41.5rem, 92vw"  # how wide a figure in a text is shown


def new_key() -> str:
    """A name that nobody can guess."""
    return uuid4().hex


class ImageQuerySet(models.QuerySet["Image"]):
    def lacking(self) -> Self:
        """Images a file of which was asked for and was not there, or is damaged."""
        return self.filter(missing_at__isnull=False)

    def public(self, at: datetime | None = None) -> Self:
        """Images of something that readers may see."""
        return self.filter(used_by_something_public(self.model, at))

    def add(self, upload: IO[bytes], **fields: Any) -> "Image":
        """Store an image for good. Raises ValidationError for what is not one."""
        image = self.model(**fields)
        image.take(images.read_master(upload))
        return image


class Image(models.Model):
    """A picture with its credit. Without a file it is only the credit of one that is still awaited."""

    key = models.CharField(max_length=32, unique=True, default=new_key, editable=False)
    file = models.FileField(storage=private_storage, upload_to="images/", blank=True, editable=False)
    width = models.PositiveIntegerField(default=0, editable=False)
    height = models.PositiveIntegerField(default=0, editable=False)
    size = models.PositiveIntegerField("size in bytes", default=0, editable=False)
    sha256 = models.CharField(max_length=64, blank=True, db_index=True, editable=False)
    widths = models.JSONField(default=list, editable=False)  # made so far in every format
    missing_at = models.DateTimeField(null=True, editable=False)  # when a file of it was last not to be had
    credit = models.CharField(max_length=300, blank=True, help_text="As printed under the image.")
    source = models.CharField(max_length=300, blank=True, help_text="Where it is from: a site, an agency, a person.")
    accessed_on = models.DateField("date accessed", null=True, blank=True)
    rights = models.CharField(max_length=300, blank=True, help_text="The licence, or who gave permission.")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ImageQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.credit or self.source or self.file.name or f"Image {self.pk}"

    @property
    def credit_line(self) -> str:
        return self.credit or self.source

    def take(self, master: images.Master) -> None:
        """Make these pixels the image; the first rendition at once, the others by the worker.

        The key stays, since texts name the image by it; its renditions are named by its bytes.
        """
        self.width, self.height, self.size = master.width, master.height, len(master.data)
        self.sha256, self.widths, self.missing_at = master.sha256, [], None
        self.file.save(f"{self.key}.{master.extension}", ContentFile(master.data), save=False)
        self._make([images.first_width(self.width)], ["jpg"])
        self.save()
        make_renditions.enqueue(self.pk)

    take.alters_data = True  # type: ignore[attr-defined]

    def make_renditions(self) -> None:
        """Make what is missing, in every width and format. May die at any line and be run again."""
        if not self.file:
            return
        widths = images.widths_for(self.width)
        rows = Image.objects.filter(pk=self.pk, sha256=self.sha256)  # not if it was given other pixels meanwhile
        try:
            self._make(widths, list(images.TYPES))
        except images.DAMAGE:
            rows.update(missing_at=timezone.now())  # the desk shows it; whoever asks for it has it tried again
        else:
            rows.update(widths=widths, missing_at=None)

    make_renditions.alters_data = True  # type: ignore[attr-defined]

    def _make(self, widths: list[int], extensions: list[str]) -> None:
        wanted = [width for width in widths if not self._all_there(width, extensions)]
        with self.file.open() as master:
            for width, extension, data in images.renditions(master, wanted, extensions):
                name = self.rendition_name(width, extension)
                if not _is_there(name):
                    default_storage.delete(name)  # what was cut off when the disk was full
                    default_storage.save(name, ContentFile(data))

    def _all_there(self, width: int, extensions: Iterable[str]) -> bool:
        return all(_is_there(self.rendition_name(width, extension)) for extension in extensions)

    def open(self, width: int, extension: str) -> IO[bytes] | None:
        """One rendition; None while its file is missing, which is then made anew."""
        name = self.rendition_name(width, extension)
        try:
            if _is_there(name):
                return default_storage.open(name)
        except OSError:
            pass
        self._miss()
        return None

    def middle(self, size: tuple[int, int]) -> Pixels | None:
        """As much of it as fills this size; None if it is too small for that, or while its file is missing."""
        if not self.fills(size):
            return None
        try:
            with self.file.open() as master:
                return images.middle(master, size)
        except images.DAMAGE:
            self._miss()
            return None

    def fills(self, size: tuple[int, int]) -> bool:
        """Whether it has pixels enough to look sharp in this size, or nearly."""
        return min(self.width / size[0], self.height / size[1]) >= 2 / 3

    def _miss(self) -> None:
        """Have what is missing made anew; once in a while, however many ask."""
        now = timezone.now()
        due = Q(missing_at=None) | Q(missing_at__lt=now - TRIED_EVERY)
        if Image.objects.filter(due, pk=self.pk).update(missing_at=now):
            make_renditions.enqueue(self.pk)

    def rendition_name(self, width: int, extension: str) -> str:
        return f"renditions/{self.key}/{self.sha256[:12]}-{width}.{extension}"

    @property
    def shared_width(self) -> int:
        """The width that a link to a page is shown with elsewhere: large, if it is there already."""
        large = [width for width in self.widths if width <= 1200]
        return max(large, default=images.first_width(self.width))

    def url(self, width: int | None = None, extension: str = "jpg", view: str = "media") -> str:
        """The address of one rendition; of the first, by default."""
        return path_to(view, self.key, width or images.first_width(self.width), extension)

    def srcset(self, extension: str, view: str = "media") -> str:
        return ", ".join(f"{self.url(width, extension, view)} {width}w" for width in self.widths)

    def picture(self, alt: str, *, sizes: str = IN_TEXT, eager: bool = False, view: str = "media") -> SafeString:
        """The image as HTML, with every format and width that is ready."""
        return _picture(self.key, self.width, self.height, tuple(self.widths), alt, sizes, eager, view)

    def _picture(self, alt: str, sizes: str, eager: bool, view: str) -> SafeString:
        sources = [(images.TYPES[ext], self.srcset(ext, view)) for ext in ("avif", "webp")] if self.widths else []
        return render_to_string(
            "articles/_picture.html",
            {
                "image": self,
                "alt": alt,
                "sizes": sizes,
                "eager": eager,
                "sources": sources,
                "src": self.url(view=view),
                "srcset": self.srcset("jpg", view),
            },
        )


def _is_there(name: str) -> bool:
    return default_storage.exists(name) and default_storage.size(name) > 0


@lru_cache(maxsize=500)
def _picture(
    key: str, width: int, height: int, widths: tuple[int, ...], alt: str, sizes: str, eager: bool, view: str
) -> SafeString:
    """Remembered by all that it is written from, so never stale. A page has a dozen, as dear as all its queries."""
    return Image(key=key, width=width, height=height, widths=list(widths))._picture(alt, sizes, eager, view)


@task()
def make_renditions(pk: int) -> None:
    for image in Image.objects.filter(pk=pk):  # none, when it was deleted meanwhile
        image.make_renditions()
