"""What stands in an edition, as a mail and as a page. What is not public does not stand in it, whoever asks."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse

from articles import prose
from articles.feeds import Figure
from articles.machines import absolute
from articles.models import Article, Issue
from articles.proofs import first_sentence
from articles.rich_text import text_of
from publications.models import Publication

from .emails import styled
from .mime import Marks
from .models import Edition, Event, Item

LARGEST = 102 * 1024  # bytes of HTML; Gmail hides what is beyond
PUBLICATIONS, EVENTS = 3, 3  # offered with an issue


@dataclass
class Contents:
    """What an edition tells of, in order, that readers may see at this moment."""

    articles: list[Article] = field(default_factory=list)
    publications: list[Publication] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    hidden: list[str] = field(default_factory=list)  # what an editor chose and readers may not see

    def __bool__(self) -> bool:
        return bool(self.articles or self.publications or self.events)


def contents_of(edition: Edition, at: datetime) -> Contents:
    """Four queries, whatever the number of items."""
    items = list(edition.items.order_by("position", "pk").values_list("article", "publication", "event"))
    keys = [{key for row in items if (key := row[n])} for n in range(3)]
    articles: Any = Article.objects.published(at).select_related("category", "lead_image").with_bylines()
    found: list[dict[int, Any]] = [
        articles.in_bulk(keys[0]) if keys[0] else {},
        Publication.objects.listed(at).for_listing().in_bulk(keys[1]) if keys[1] else {},
        Event.objects.public(at).in_bulk(keys[2]) if keys[2] else {},
    ]
    contents = Contents()
    places: list[list[Any]] = [contents.articles, contents.publications, contents.events]
    for row in items:
        n, key = next((n, key) for n, key in enumerate(row) if key)
        if key in found[n]:
            places[n].append(found[n][key])
        else:
            contents.hidden.append(_name(n, key))
    return contents


def _name(n: int, key: int) -> str:
    return str((Article, Publication, Event)[n]._default_manager.filter(pk=key).first() or "something that is gone")


@transaction.atomic
def compose_from(issue: Issue, at: datetime) -> Edition:
    """An edition of an issue by one press: its articles in order, the newest staff publications, what is upcoming."""
    edition = Edition.objects.create(
        subject=f"{settings.JOURNAL_NAME}, {issue}", issue=issue, wants_articles=True, preheader=issue.volume_and_number
    )
    articles = issue.articles.exclude(status=Article.Status.WITHDRAWN).in_issue_order()
    rows: list[dict[str, Any]] = [{"article": article} for article in articles.only("pk")]
    rows += [{"publication": row} for row in _news(Publication.objects.listed(at), edition)[:PUBLICATIONS]]
    rows += [{"event": row} for row in Event.objects.upcoming(at)[:EVENTS]]
    Item.objects.bulk_create(Item(edition=edition, position=n, **row) for n, row in enumerate(rows, 1))
    return edition


def _news(publications: Any, edition: Edition) -> Any:
    """Those that no edition has told of."""
    told = Item.objects.filter(publication__isnull=False).exclude(edition=edition)
    return publications.exclude(pk__in=told.values("publication")).order_by("-sorts_on", "-pk")


@dataclass(frozen=True)
class Teaser:
    """An article as a mail tells of it."""

    article: Article
    detail: int

    @property
    def url(self) -> str:
        return absolute(self.article.get_absolute_url())

    @property
    def names(self) -> str:
        return ", ".join(byline.name for byline in self.article.bylines.all())

    @property
    def summary(self) -> str:
        text = text_of(self.article.summary)
        words = text.split()
        return "" if self.detail < 1 else text if self.detail > 1 or len(words) < 40 else " ".join(words[:40]) + " …"

    @property
    def conclusion(self) -> str:
        return first_sentence(self.article.conclusions) if self.detail > 1 else ""


@dataclass(frozen=True)
class Letter:
    """The mail of an edition, with marks where a recipient's own links go."""

    html: str
    text: str
    is_cut: bool


def write(edition: Edition, contents: Contents, marks: Marks) -> Letter:
    """As HTML that no mailbox cuts off, and as text that has all. What is too much is told shorter, with "read on"."""
    url = absolute(edition.get_absolute_url())
    figures = {
        key: Figure(key, image.width, image.height, image.credit_line) for key, image in edition._pictures().items()
    }
    body = prose.lay_out_abroad([("text", edition.body)], figures, url)
    context: dict[str, Any] = {
        "edition": edition, "subject": edition.subject, "url": url, "contents": contents, "site": settings.SITE_URL,
        "journal": settings.JOURNAL_NAME, "publisher": settings.JOURNAL_PUBLISHER, "body": body.parts["text"],
        "notes": body.notes, "plain": text_of(edition.body), "lead": _lead(contents),
        "leave": absolute(reverse("newsletter_unsubscribe", args=[marks.leave])),
        "choose": absolute(reverse("newsletter_preferences", args=[marks.choose])),
    }  # fmt: skip

    def html(detail: int, **more: Any) -> str:
        more |= {"teasers": [Teaser(article, detail) for article in contents.articles], "is_cut": detail < 2}
        return styled(render_to_string("emails/edition.html", context | more))

    text = render_to_string("emails/edition.txt", context | {"teasers": [Teaser(a, 2) for a in contents.articles]})
    for detail in (2, 1, 0):
        if len((page := html(detail)).encode()) <= LARGEST:
            return Letter(page, _spaced(text), is_cut=detail < 2)
    return Letter(html(0, body="", notes=[]), _spaced(text), is_cut=True)


def _spaced(text: str) -> str:
    return re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", text)).strip() + "\n"


def _lead(contents: Contents) -> Figure | None:
    """The picture of the first article, when it has words for those who do not see it."""
    first = next(iter(contents.articles), None)
    image = first.lead_image if first and first.lead_image_alt else None
    return Figure(image.key, image.width, image.height, image.credit_line) if image and image.width else None
