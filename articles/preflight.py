"""What is missing or doubtful in a text before it is published. What stops it is an error, the rest needs a reason.

Links to our own pages are looked up. Of other links is told what the worker was answered last (models/link.py).
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from django.apps import apps
from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.formats import date_format

from .links import links_in, page_elsewhere
from .models import Addressed, Article, Author, Image, Link, OldAddress
from .rich_text import image_keys, text_of

MAILED = 900  # characters of a summary: more, and a mail programme cuts it, or nobody reads it
_HEADING = re.compile(r"<(h[34])>")
_FIGURE = re.compile(r"<figure\b[^>]*>")
_PAGES = re.compile(r"/(?:[^/.]+/){1,2}")  # with a slug or a date for its last step


@dataclass(frozen=True)
class Finding:
    says: str  # after the name of the article: "has no summary"
    field: str  # of the form, where it is put right
    stops: bool = False


def findings(article: Article | None, text: dict[str, Any]) -> list[Finding]:
    """All of a snapshot of an article; what stops it stands first."""
    found = [*_missing(text), *_sections(text), *_summary(text), *_headings(text), *_images(text), *_bios(text)]
    found += [*_links(text), *_twins(article, text), *(_manuscripts(article) if article else ())]
    return sorted(dict.fromkeys(found), key=lambda finding: not finding.stops)


def _texts(text: dict[str, Any]) -> Iterator[tuple[str, str]]:
    return ((name, text.get(name) or "") for name in ("summary", *Article.TEXTS))


def _missing(text: dict[str, Any]) -> Iterator[Finding]:
    if not (text.get("title") or "").strip():
        yield Finding("has no title", "title", stops=True)
    if not text.get("category"):
        yield Finding("has no category", "category", stops=True)
    if not any(html for _, html in _texts(text)):
        yield Finding("has no text", "summary", stops=True)


def _sections(text: dict[str, Any]) -> Iterator[Finding]:
    there = [name for name in Article.SECTIONS if text.get(name)]
    for name in Article.SECTIONS if there else ():
        if name not in there:
            yield Finding(f"has no {name}", name)
    if text.get("summary") and not there and not text.get("body"):
        yield Finding("has no text but its summary", "summary")
    if there and text.get("body"):
        yield Finding("has sections and a body: readers see both, one after the other", "body")


def _summary(text: dict[str, Any]) -> Iterator[Finding]:
    length = len(text_of(text.get("summary") or ""))
    if not length and any(html for _, html in _texts(text)):
        yield Finding("has no summary, so lists and mails show its title alone", "summary")
    if length > MAILED:
        yield Finding(f"has a summary of {length:,} characters, too long for a mail ({MAILED} at most)", "summary")


def _headings(text: dict[str, Any]) -> Iterator[Finding]:
    for name, html in _texts(text):
        levels = _HEADING.findall(html)
        if levels and levels[0] == "h4":
            yield Finding(f"has a small heading in {name} before any larger one", name)


def _images(text: dict[str, Any]) -> Iterator[Finding]:
    places = {key: name for name, html in _texts(text) for key in image_keys(html)}
    for name, html in _texts(text):
        if any('data-alt="' not in figure for figure in _FIGURE.findall(html)):
            yield Finding(f"has a figure without alternative text in {name}", name)
    lead = text.get("lead_image")
    used = Image.objects.filter(key__in=places) | Image.objects.filter(pk=lead or 0)
    for image in used if places or lead else ():
        if image.pk == lead and image.width and not text.get("lead_image_alt"):
            yield Finding("has a lead image without alternative text", "lead_image_alt")
        if not image.credit_line:
            yield Finding("has an image without credit", places.get(image.key, "lead_image"))


def _bios(text: dict[str, Any]) -> Iterator[Finding]:
    """One bio may be of several: who is named in it has one."""
    rows = text.get("bylines") or []
    printed = "\n".join(text_of(row["bio"]) for row in rows)
    lacking = [(n, row) for n, row in enumerate(rows) if not row["bio"] and (row["name"] or "\0") not in printed]
    known = Author.objects.in_bulk([row["author"] for _, row in lacking if row["author"]]) if lacking else {}
    for n, row in lacking:
        author = known.get(row["author"])
        if author is None or not author.bio:
            yield Finding(f"has no bio of {row['name'] or author or 'an author'}", f"bylines-{n}-bio")


def _twins(article: Article | None, text: dict[str, Any]) -> Iterator[Finding]:
    title = text.get("title") or ""
    others = Article.objects.exclude(pk=article.pk) if article else Article.objects.all()
    if title and others.filter(title__iexact=title).exists():
        yield Finding("has the title of another article", "title")


def _manuscripts(article: Article) -> Iterator[Finding]:
    for source in article.sources.all():
        if flags := len(source.open_flags()):
            yield Finding(f"has {flags} open doubt{'s' * (flags != 1)} from {source.file_name}", "sources")
        if source.left_unplaced():
            yield Finding(f"leaves out text of {source.file_name} that found no place", "sources")


def _links(text: dict[str, Any]) -> Iterator[Finding]:
    known = Link.objects.of(text)
    for field, address in links_in(text):
        link = known.get(page_elsewhere(address))
        if not _leads_somewhere(address):
            yield Finding(f"has a dead link in {_named(field)}: {address[:80]}", field)
        elif link and link.checked_at and link.why_dead:
            on = date_format(timezone.localtime(link.checked_at), "j F Y")
            why = f"does not answer ({link.why_dead}), checked on {on}"
            yield Finding(f"has a link in {_named(field)} that {why}: {address[:80]}", field)


def unchecked(text: dict[str, Any]) -> list[Finding]:
    """Which links to other sites nobody has asked for yet: no doubt, and no reason to wait."""
    if not settings.CHECK_LINKS:
        return []
    known = Link.objects.of(text)
    pages = [(field, page) for field, address in links_in(text) if (page := page_elsewhere(address))]
    waiting = Counter(field for field, page in pages if page not in known or not known[page].checked_at)
    return [
        Finding(f"has {number} link{'s' * (number != 1)} in {_named(field)} to other sites, not checked yet", field)
        for field, number in waiting.items()
    ]


def _named(field: str) -> str:
    return "a bio" if field.startswith("bylines") else field


def _leads_somewhere(address: str) -> bool:
    """Whether a link to one of our pages has a page, and whether one to elsewhere is an address at all."""
    try:
        url = urlsplit(address)
        host = url.hostname
    except ValueError:
        return False
    if url.scheme in ("http", "https") and host != urlsplit(settings.SITE_URL).hostname:
        return bool(host and "." in host)
    if url.scheme == "mailto":
        return "@" in url.path
    return not url.path or _is_a_page(unquote(url.path))


def _is_a_page(path: str) -> bool:
    try:
        resolve(path)
    except Resolver404:
        return False
    if not _PAGES.fullmatch(path):
        return True
    step = path.rstrip("/").rpartition("/")[2]
    rows = [row for kind in apps.get_models() if issubclass(kind, Addressed) for row in _at(kind, step)]
    here = [row for row in rows if unquote(row.get_absolute_url()) == path]
    if here:
        return any(row.answers() for row in here)
    is_no_row = path.count("/") == 2 and path != "/" and resolve(path).url_name != "page_detail"
    return is_no_row or OldAddress.objects.target_of(path) is not None


def _at(kind: type[Addressed], step: str) -> list[Any]:
    field = kind._meta.get_field(kind.ADDRESS_FIELD)
    if field.get_internal_type() == "DateField" and not re.fullmatch(r"\d{4}-\d\d-\d\d", step):
        return []
    return list(kind._default_manager.filter(**{field.name: step}))
