"""How a page shows an image or a stored text."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.safestring import SafeString

from articles import citations, moments, prose, rich_text
from articles.models import Image
from articles.paths import path_to

register = template.Library()


@register.simple_tag
def picture(image: Image, alt: str = "", *, sizes: str, eager: bool = False, view: str = "media") -> SafeString:
    return image.picture(alt, sizes=sizes, eager=eager, view=view)


@register.simple_tag
def path(view: str, *args: Any) -> str:
    """As Django's own tag `url`, which makes the address anew each time."""
    return path_to(view, *args)


@register.inclusion_tag("articles/_preload.html")
def preload(image: Image, *, sizes: str, media: str = "", view: str = "media") -> dict[str, str]:
    """For the head of a page: the same file that the picture will choose, asked for before the text is read."""
    return {"srcset": image.srcset("avif", view), "sizes": sizes, "media": media}


register.filter(citations.chicago)
register.filter(citations.apa)
register.filter("moment", moments.named)


@register.filter
def dated(moment: datetime | date | None, form: str) -> str:
    day = timezone.localtime(moment).date() if isinstance(moment, datetime) else moment
    return moments.written(day, form) if day else ""


@register.filter
def metas(pairs: Iterable[tuple[str, str]], attribute: str) -> SafeString:
    """What a page says of itself to machines, in <meta name> or <meta property>."""
    return prose.metas(pairs, attribute)


@register.filter
def linked_data(data: dict[str, Any]) -> SafeString:
    """Data of schema.org, as a script that nothing runs."""
    return prose.as_data(data)


@register.filter
def changes(pieces: Iterable[tuple[str, str]]) -> SafeString:
    """A paragraph of a comparison, what went and what came marked."""
    return prose.changed(pieces)


@register.filter
def as_it_was(pieces: Iterable[tuple[str, str]]) -> SafeString:
    """The left side of a comparison: what went is marked, what came is not there."""
    return prose.changed(piece for piece in pieces if piece[0] != "new")


@register.filter
def as_it_is(pieces: Iterable[tuple[str, str]]) -> SafeString:
    return prose.changed(piece for piece in pieces if piece[0] != "gone")


@register.filter
def prose_html(text: str) -> SafeString:
    """A stored summary or bio as HTML."""
    return prose.show(text)


@register.filter
def prose_text(html: str) -> str:
    """A stored summary or bio without its markup."""
    return rich_text.summary_text(html)
