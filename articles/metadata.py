"""What a page says of itself to machines: Highwire and Dublin Core names, Open Graph properties, schema.org data.

Google Scholar reads the `citation_` names (https://scholar.google.com/intl/en/scholar/inclusion.html); Zotero reads
them too, and the Dublin Core ones beside them.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.utils.text import Truncator

from .citations import Name
from .machines import absolute
from .models import Article, Author, Byline, Correction, Image
from .moments import in_the_journal
from .rich_text import summary_text, text_of

Pairs = Iterator[tuple[str, str]]
Data = dict[str, Any]


@dataclass(frozen=True)
class Metadata:
    """An article's. Whatever is not known is not said."""

    article: Article

    @cached_property
    def url(self) -> str:
        return absolute(self.article.get_absolute_url())

    @cached_property
    def pdf_url(self) -> str:
        """In the same folder as the page, as Google Scholar wants it."""
        return absolute(self.article.pdf_url) if self.article.pdf_url else ""

    @cached_property
    def abstract(self) -> str:
        return summary_text(self.article.summary).replace("\n\n", " ")

    @cached_property
    def short(self) -> str:
        return Truncator(self.abstract).words(32)

    @cached_property
    def bylines(self) -> list[Byline]:
        return list(self.article.bylines.all())

    @cached_property
    def tags(self) -> list[str]:
        return [tag.name for tag in self.article.tags.all()]

    @cached_property
    def published(self) -> datetime | None:
        """In the journal's own zone, whose day is the day of publication."""
        return in_the_journal(self.article.published_at) if self.article.published_at else None

    @cached_property
    def modified(self) -> datetime | None:
        """When the text changed after it was published; a change before it is no news to a machine."""
        modified, published = self.article.modified_at, self.article.published_at
        return in_the_journal(modified) if modified and published and modified > published else self.published

    def names(self) -> Pairs:
        """<meta name="…" content="…">"""
        return ((name, content) for name, content in self._names() if content)

    def _names(self) -> Pairs:
        yield "description", self.short
        yield from self._highwire()
        yield from self._dublin_core()

    def _highwire(self) -> Pairs:
        article, issue = self.article, self.article.released_issue
        yield "citation_title", article.headline
        for byline in self.bylines:  # what is said of an author follows the author's name
            yield "citation_author", _undivided(byline.cited_name)
            yield "citation_author_institution", byline.affiliation
            yield "citation_author_orcid", f"https://orcid.org/{byline.author.orcid}" if byline.author.orcid else ""
        yield "citation_publication_date", self.published.strftime("%Y/%m/%d") if self.published else ""
        yield "citation_journal_title", settings.JOURNAL_NAME
        yield "citation_issn", settings.JOURNAL_ISSN
        yield "citation_volume", str(issue.volume or "") if issue else ""
        yield "citation_issue", str(issue.number or "") if issue else ""
        yield "citation_publisher", settings.JOURNAL_PUBLISHER
        yield "citation_doi", article.doi or ""
        yield "citation_language", article.language
        yield "citation_abstract", self.abstract
        yield from (("citation_keywords", tag) for tag in self.tags)
        yield "citation_fulltext_html_url", self.url
        yield "citation_pdf_url", self.pdf_url

    def _dublin_core(self) -> Pairs:
        yield "DC.title", self.article.headline
        yield from (("DC.creator", byline.cited_name.inverted) for byline in self.bylines)
        yield "DC.date", self.published.strftime("%Y-%m-%d") if self.published else ""
        yield "DC.publisher", settings.JOURNAL_PUBLISHER
        yield "DC.identifier", f"https://doi.org/{self.article.doi}" if self.article.doi else self.url
        yield "DC.language", self.article.language
        yield "DC.rights", self.article.licence or settings.JOURNAL_LICENCE
        yield "DC.type", "Text"

    def properties(self) -> Pairs:
        """<meta property="…" content="…">: https://ogp.me"""
        return ((name, content) for name, content in self._properties() if content)

    def _properties(self) -> Pairs:
        yield "og:type", "article"
        yield "og:site_name", settings.JOURNAL_NAME
        yield "og:title", self.article.headline
        yield "og:description", self.short
        yield "og:url", self.url
        yield "article:published_time", self.published.isoformat() if self.published else ""
        yield "article:modified_time", self.modified.isoformat() if self.modified else ""
        yield from (("article:author", absolute(byline.author.get_absolute_url())) for byline in self.bylines)
        yield "article:section", self.article.category.name if self.article.category else ""
        yield from (("article:tag", tag) for tag in self.tags)

    def linked_data(self) -> Data:
        """https://schema.org/ScholarlyArticle, or NewsArticle where the category says so."""
        article = self.article
        is_news = article.category is not None and article.category.is_news
        return _known(
            {
                "@context": "https://schema.org",
                "@type": "NewsArticle" if is_news else "ScholarlyArticle",
                "@id": self.url,
                "url": self.url,
                "mainEntityOfPage": self.url,
                "headline": article.headline,
                "abstract": self.abstract,
                "author": [_byline_data(byline) for byline in self.bylines],
                "datePublished": self.published.isoformat() if self.published else None,
                "dateModified": self.modified.isoformat() if self.modified else None,
                "correction": [self._correction(note) for note in article.notes],
                "publisher": publisher(),
                "isPartOf": self._container(),
                "hasPart": self._sections(),
                "image": self._image_data(),
                "encoding": self._pdf_data(),
                "articleSection": article.category.name if article.category else None,
                "keywords": self.tags,
                "inLanguage": article.language,
                "license": _licence(article.licence or settings.JOURNAL_LICENCE),
                "sameAs": f"https://doi.org/{article.doi}" if article.doi else None,
                "isAccessibleForFree": True,
            }
        )

    def _correction(self, note: Correction) -> Data:
        """https://schema.org/CorrectionComment"""
        return {
            "@type": "CorrectionComment",
            "name": note.get_kind_display(),
            "text": note.text,
            "datePublished": in_the_journal(note.at).isoformat(),
            "url": f"{self.url}#correction-{note.number}",
        }

    def _container(self) -> Data:
        """The number, in its volume, in the journal; or the journal alone."""
        issue = self.article.released_issue
        if not issue:
            return periodical()
        volume = {"@type": "PublicationVolume", "volumeNumber": str(issue.volume), "isPartOf": periodical()}
        return _known(
            {
                "@type": "PublicationIssue",
                "url": absolute(issue.get_absolute_url()),
                "issueNumber": str(issue.number) if issue.number else None,
                "datePublished": issue.date.isoformat(),
                "isPartOf": volume if issue.volume else periodical(),
            }
        )

    def _sections(self) -> list[Data]:
        names = [name for name, _ in self.article.texts() if name in Article.SECTIONS]
        return [{"@type": "WebPageElement", "name": name.capitalize(), "url": f"{self.url}#{name}"} for name in names]

    def _pdf_data(self) -> Data | None:
        pdf = {"@type": "MediaObject", "encodingFormat": "application/pdf", "contentUrl": self.pdf_url}
        return pdf if self.pdf_url else None

    def _image_data(self) -> Data | None:
        image = self.article.lead_image
        if not image or not _has_file(image):
            return None
        width = image.shared_width
        return _known(
            {
                "@type": "ImageObject",
                "url": absolute(image.url(width)),
                "width": width,
                "height": round(image.height * width / image.width),
                "caption": self.article.lead_image_caption,
                "creditText": image.credit_line,
                "license": _licence(image.rights),
            }
        )


def _undivided(name: Name) -> str:
    """Zotero takes "García Márquez, María José" for two people, unless the family's name has no space to break at."""
    is_divided = " " in name.family and " " in name.given
    return Name(name.family.replace(" ", "\N{NO-BREAK SPACE}"), name.given).inverted if is_divided else name.inverted


def _has_file(image: Image | None) -> bool:
    return image is not None and image.width > 0


def _known(data: Data) -> Data:
    return {name: value for name, value in data.items() if value not in (None, "", [])}


def _licence(licence: str) -> str | Data | None:
    """A licence is an address, or a work that has a name."""
    if not licence or licence.startswith("https://"):
        return licence or None
    return {"@type": "CreativeWork", "name": licence}


def _byline_data(byline: Byline) -> Data:
    affiliation = {"@type": "Organization", "name": byline.affiliation} if byline.affiliation else None
    return _known({**_person(byline.author), "name": byline.name, "affiliation": affiliation})


def _person(author: Author) -> Data:
    return {
        "@type": "Person",
        "name": author.name,
        "url": absolute(author.get_absolute_url()),
        "sameAs": f"https://orcid.org/{author.orcid}" if author.orcid else None,
    }


def person(author: Author) -> Data:
    """https://schema.org/Person, for a page of its own."""
    affiliation = {"@type": "Organization", "name": author.affiliation} if author.affiliation else None
    photo = author.photo if _has_file(author.photo) else None
    about = {
        "affiliation": affiliation,
        "description": text_of(author.bio),
        "image": absolute(photo.url()) if photo else None,
    }
    return _known({"@context": "https://schema.org", **_person(author), **about})


def publisher() -> Data:
    return {"@type": "Organization", "name": settings.JOURNAL_PUBLISHER, "url": absolute("/")}


def periodical() -> Data:
    """https://schema.org/Periodical: the journal."""
    return _known(
        {
            "@type": "Periodical",
            "name": settings.JOURNAL_NAME,
            "url": absolute("/"),
            "issn": settings.JOURNAL_ISSN,
            "publisher": publisher(),
        }
    )
