"""What is wrong, or doubtful, with an edition before it goes out."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.urls import Resolver404, resolve

from articles.models import Article, Author, Issue
from publications.models import Publication

from .composing import Contents, Letter, contents_of, write
from .mime import new_marks
from .models import Edition, Event

_LINK = re.compile(r'<a [^>]*?href="([^"]+)"')
_FIGURE = re.compile(r'<figure [^>]*?data-image="[^"]+"[^>]*>')
_PAGES: dict[str, Any] = {
    "article_detail": Article, "publication_detail": Publication, "event_detail": Event, "edition_detail": Edition,
    "author_detail": Author,
}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    sentence: str
    stops: bool = False


def problems_of(edition: Edition, at: datetime) -> list[Problem]:
    """Those that stop it first."""
    contents = contents_of(edition, at)
    letter = write(edition, contents, new_marks())
    found = [*_missing(edition, contents), *_too_much(letter), *_links(edition), *_pictures(edition, contents)]
    return sorted(found, key=lambda problem: not problem.stops)


def _missing(edition: Edition, contents: Contents) -> Iterator[Problem]:
    if not contents and not edition.body:
        yield Problem("There is nothing in it yet: add a text, articles or events.", stops=True)
    for name in contents.hidden:
        yield Problem(f"Readers may not see “{name}” yet. It must be public when the edition goes out.")
    for article in contents.articles:
        if not article.summary:
            yield Problem(f"“{article}” has no summary, so the mail shows its title alone.")
    if not edition.preheader:
        yield Problem("There is no preheader: mailboxes will show the first words of the mail instead.")
    if not edition.audience().exists():
        yield Problem("Nobody is subscribed to what it is about, so it would reach nobody.")


def _too_much(letter: Letter) -> Iterator[Problem]:
    if letter.is_cut:
        yield Problem("It is longer than the 102 KB that mailboxes show; the mail tells it shorter, with “Read on”.")


def _links(edition: Edition) -> Iterator[Problem]:
    for link in dict.fromkeys(_LINK.findall(edition.body)):
        if not _leads_somewhere(link):
            yield Problem(f"The link to {link} leads nowhere.", stops=True)


def _leads_somewhere(link: str) -> bool:
    """Of our own pages. Others are not asked: what a desk fetches at a stranger's wish can be turned against it."""
    url = urlsplit(link)
    if url.scheme == "mailto":
        return "@" in url.path
    if url.netloc and url.netloc != urlsplit(settings.SITE_URL).netloc:
        return "." in url.netloc
    try:
        match = resolve(unquote(url.path) or "/")
    except Resolver404:
        return False
    if match.url_name == "issue_detail":
        return bool(Issue.objects.released().filter(date=match.kwargs["day"]).exists())
    model = _PAGES.get(match.url_name or "")
    return model is None or model.objects.public().filter(slug=match.kwargs["slug"]).exists()


def _pictures(edition: Edition, contents: Contents) -> Iterator[Problem]:
    if any('data-alt="' not in figure or 'data-alt=""' in figure for figure in _FIGURE.findall(edition.body)):
        yield Problem("A picture in the text has no words for those who do not see it.")
    first = next(iter(contents.articles), None)
    if first and first.lead_image_id and not first.lead_image_alt:
        yield Problem(f"The picture of “{first}” has no words for those who do not see it, so the mail leaves it out.")
