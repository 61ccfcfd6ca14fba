"""The sample journal goes into an empty database, in the order in which things refer to each other."""

import re
import tomllib
from datetime import UTC, datetime, time
from io import BytesIO
from pathlib import Path
from typing import Any

from django.db import transaction

from analyst.models import Page
from articles.models import Article, Author, Byline, Category, Image, Issue
from publications.models import Partner, Publication

from .drawings import draw
from .letters import add_newsletter

HERE = Path(__file__).parent
_IMAGE = re.compile(r'data-image="([^"]+)"')


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((HERE / name).read_text(encoding="utf-8"))


def _each(folder: str) -> dict[str, dict[str, Any]]:
    return {path.stem: _read(f"{folder}/{path.name}") for path in sorted((HERE / folder).glob("*.toml"))}


class SampleJournal:
    """An invented journal that shows every feature."""

    def __init__(self) -> None:
        self.images: dict[str, Image] = {}
        self.people: dict[str, Author] = {}
        self.articles: dict[str, Article] = {}
        self.issue_of: dict[str, tuple[Issue, int]] = {}

    @transaction.atomic
    def load(self) -> str:
        self._draw_images()
        self._describe_categories()
        self._add_people()
        self._add_issues()
        for key, data in _each("articles").items():
            self.articles[key] = self._add_article(key, data)
        self._add_publications()
        self._add_partners()
        self._add_pages()
        add_newsletter(_read("newsletter.toml"))
        return f"The sample journal is here: {len(self.articles)} articles, {len(self.people)} authors."

    def _draw_images(self) -> None:
        for key, about in _read("images.toml").items():
            data = draw(about["drawing"], about["seed"], tuple(about["size"]), about.get("text", ""))
            credit = {name: about[name] for name in ("credit", "source", "accessed_on", "rights") if name in about}
            self.images[key] = Image.objects.add(BytesIO(data), **credit)

    def _describe_categories(self) -> None:
        for slug, about in _read("categories.toml").items():
            Category.objects.filter(slug=slug).update(description=about["description"])

    def _add_people(self) -> None:
        for slug, about in _read("people.toml").items():
            fields = {name: about.get(name, "") for name in ("name", "sort_name", "affiliation", "bio")}
            photo = self.images.get(about.get("portrait", ""))
            self.people[slug] = Author.objects.create(slug=slug, photo=photo, orcid=about.get("orcid"), **fields)

    def _add_issues(self) -> None:
        for about in _read("issues.toml")["issue"]:
            released_at = datetime.combine(about["date"], time(6), UTC) if about["released"] else None
            issue = Issue.objects.create(
                date=about["date"], volume=about["volume"], number=about["number"], released_at=released_at
            )
            for position, key in enumerate(about.get("articles", ()), 1):
                self.issue_of[key] = issue, position

    def _add_article(self, key: str, data: dict[str, Any]) -> Article:
        issue, position = self.issue_of.get(key, (None, None))
        plain = {
            name: data[name]
            for name in (
                "title", "slug", "dateline", "published_at", "modified_at", "lead_image_alt", "lead_image_caption",
                "imported_reads", "imported_reads_on", "status", "withdrawal_notice", "doi", "language", "licence",
            )
            if name in data
        }  # fmt: skip
        texts = {name: self._with_images(data.get(name, "")) for name in ("summary", *Article.TEXTS)}
        article = Article.objects.create(
            **plain,
            **texts,
            category=Category.objects.get(slug=data["category"]),
            issue=issue,
            issue_position=position,
            lead_image=self.images.get(data.get("lead_image", "")),
            was_public=data["status"] == Article.Status.WITHDRAWN,
        )
        article.set_bylines(self._bylines(data))
        article.tags.set(data.get("tags", []))
        article.revise(note="The sample journal")
        if "correction" in data:
            self._correct(article, **data["correction"])
        return article

    def _correct(self, article: Article, kind: str, text: str, part: str, **words: str) -> None:
        """As if it had been published with other words."""
        right = getattr(article, part)
        setattr(article, part, right.replace(words["is"], words["was"]))
        old = article.revise(note="As it was published")
        setattr(article, part, right)
        new = article.revise(note="Put right")
        article.correct(kind, text, old=old, new=new, at=article.modified_at)

    def _with_images(self, html: str) -> str:
        return _IMAGE.sub(lambda match: f'data-image="{self.images[match[1]].key}"', html)

    def _bylines(self, data: dict[str, Any]) -> list[Byline]:
        authors = [self.people[slug] for slug in data["authors"]]
        affiliations = data.get("byline_affiliations") or [author.affiliation for author in authors]
        bios = data.get("bios") or [author.bio for author in authors]
        return [
            Byline(author=author, name=author.name, affiliation=affiliation, bio=bio)
            for author, affiliation, bio in zip(authors, affiliations, bios, strict=True)
        ]

    def _add_publications(self) -> None:
        for about in _read("publications.toml")["publication"]:
            names = ("kind", "title", "outlet", "date_text", "year", "month", "day", "precision", "link", "printed")
            fields = {name: about[name] for name in names if name in about}
            writers = [self.people.get(writer, writer) for writer in about["authors"]]
            publication = Publication.objects.create(
                authors_line=" & ".join(str(writer) for writer in writers),
                cover=self.images.get(about.get("cover", "")),
                **fields,
            )
            publication.set_authors(str(writer) for writer in writers)

    def _add_partners(self) -> None:
        for about in _read("partners.toml")["partner"]:
            logo = self.images.get(about.get("logo", ""))
            Partner.objects.create(name=about["name"], link=about["link"], logo=logo, position=about["order"])

    def _add_pages(self) -> None:
        for about in _each("pages").values():
            place = Page.Place.MENU if about["in_menu"] else Page.Place.FOOTER if about["in_footer"] else "nowhere"
            Page.objects.create(
                title=about["title"], slug=about["slug"], body=about["body"], place=place, position=about["order"]
            )
