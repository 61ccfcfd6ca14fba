from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from django.db import models

from articles import prose, rich_text
from articles.prepared import Prepared, text

from .image import Image


@lru_cache(maxsize=100)
def _pictures(number: int) -> Prepared[Image]:
    keys = [text(f"key{n}") for n in range(number)]
    return Prepared(lambda: Image.objects.filter(key__in=keys, width__gt=0).order_by())


@lru_cache(maxsize=64)
def _laid_out(
    texts: tuple[tuple[str, str], ...],
    figures: tuple[tuple[str, int, int, tuple[int, ...], str], ...],
    view: str,
    number_paragraphs: bool,
) -> prose.LaidOut:
    """Remembered by all that it is made of, so never stale."""
    pictures = {
        key: Image(key=key, width=width, height=height, widths=list(widths), credit=credit)
        for key, width, height, widths, credit in figures
    }
    return prose.lay_out(texts, pictures, view, number_paragraphs)


class Illustrated(models.Model):
    """Texts with figures: the row keeps the images that stand in them, so that they are public with it and stay."""

    TEXTS: tuple[str, ...] = ()

    figures = models.ManyToManyField(Image, blank=True, editable=False, related_name="%(class)ss_showing")

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        super().save(*args, update_fields=update_fields, **kwargs)
        if update_fields is None or set(update_fields) & set(self.TEXTS):
            self._keep_figures()

    save.alters_data = True  # type: ignore[attr-defined]

    def texts(self) -> list[tuple[str, str]]:
        """The names and HTML of the parts that it has, in order."""
        return [(name, html) for name in self.TEXTS if (html := getattr(self, name))]

    def laid_out(self, view: str = "media", number_paragraphs: bool = False) -> prose.LaidOut:
        """The texts as page HTML: notes numbered through, figures filled."""
        figures = (
            (key, row.width, row.height, tuple(row.widths), row.credit_line) for key, row in self._pictures().items()
        )
        return _laid_out(tuple(self.texts()), tuple(figures), view, number_paragraphs)

    def _image_keys(self) -> list[str]:
        return [key for _, html in self.texts() for key in rich_text.image_keys(html)]

    def _pictures(self) -> dict[str, Image]:
        keys = {f"key{n}": key for n, key in enumerate(dict.fromkeys(self._image_keys()))}
        return {image.key: image for image in _pictures(len(keys)).all(**keys)} if keys else {}

    def _keep_figures(self) -> None:
        keys = self._image_keys()
        if keys or self.figures.exists():
            self.figures.set(Image.objects.filter(key__in=keys))
