from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unicodedata import bidirectional

from django.apps import apps
from django.conf import settings
from django.db import models
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles import pdf
from articles.jobs import task
from articles.machines import absolute
from articles.prose import LaidOut

from .image import Image

if TYPE_CHECKING:
    from .article import Article


@dataclass(frozen=True)
class Plate:
    """An image on paper."""

    image: Image

    @property
    def src(self) -> str:
        return f"picture:{self.path}"

    @property
    def path(self) -> str:
        return self.image.rendition_name(self.image.shared_width, "jpg")

    @property
    def credit_line(self) -> str:
        return self.image.credit_line

    def picture(self, alt: str, *, view: str = "media") -> SafeString:
        return format_html('<img src="{}" alt="{}">', self.src, alt)


@dataclass(frozen=True)
class Sheet:
    """An article on paper."""

    article: "Article"
    text: LaidOut
    lead: Plate | None
    figures: dict[str, Plate]

    def lead_picture(self) -> str:
        return self.lead.picture(self.article.lead_image_alt) if self.lead else ""

    @property
    def direction(self) -> str:
        """By the first letter that has one, as a browser does it for dir="auto"."""
        letters = map(bidirectional, self.article.title)
        return "rtl" if next((kind for kind in letters if kind in ("L", "R", "AL")), "L") != "L" else "ltr"

    @property
    def plates(self) -> list[Plate]:
        return [*([self.lead] if self.lead else []), *self.figures.values()]


class Printed(models.Model):
    """A page of which there is a PDF, where PDFs can be made."""

    class Meta:
        abstract = True

    def paper(self) -> pdf.Paper:
        """What its PDF shows."""
        raise NotImplementedError

    def on_paper(self, template: str, sheets: list[Sheet], **context: object) -> pdf.Paper:
        url = absolute(self.get_absolute_url())  # type: ignore[attr-defined]
        journal = {
            "name": settings.JOURNAL_NAME, "publisher": settings.JOURNAL_PUBLISHER, "issn": settings.JOURNAL_ISSN,
            "licence": settings.JOURNAL_LICENCE, "url": settings.SITE_URL,
        }  # fmt: skip
        html = render_to_string(template, {"url": url, "journal": journal, "sheets": sheets, **context})
        return pdf.Paper(html, url, {plate.src: plate.path for sheet in sheets for plate in sheet.plates})

    def made_pdf(self, *, patient: bool = False) -> str:
        """Where its PDF is kept; made now unless it is there. Raises pdf.NotReady when that cannot be."""
        return pdf.made(self.paper(), f"pdf/{self._meta.model_name}/{self.pk}", patient=patient)

    def order_pdf(self) -> None:
        """Have the worker make it."""
        make_pdf.enqueue(self._meta.label, self.pk)


@task(priority=-10)  # the sizes of an image are awaited more
def make_pdf(model: str, pk: int) -> None:
    rows = apps.get_model(model)._default_manager.public()
    for row in rows.filter(pk=pk):  # none, when it was withdrawn meanwhile
        with suppress(pdf.NotReady):  # why not is in the log
            row.made_pdf(patient=True)
