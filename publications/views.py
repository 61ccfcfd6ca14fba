from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from articles.documents import send_pdf
from articles.listing import Advice, find, page_number, year_of
from articles.models import Article, Author
from articles.views import send_citations, send_share

from .models import Publication, PublicationQuerySet

PER_PAGE = 20


@dataclass(frozen=True)
class Listing:
    """One page of the staff publications, narrowed by kind, author or year."""

    params: QueryDict

    @classmethod
    def of(cls, params: QueryDict) -> "Listing":
        """Raises Advice for a page that there is not."""
        listing = cls(params)
        _ = listing.page  # now, since a template swallows what is raised in it
        return listing

    @cached_property
    def author(self) -> Author | None:
        slug = self.params.get("author", "")
        return find(Author, slug, "There is nobody of that name here.") if slug else None

    @cached_property
    def kind(self) -> str:
        return self.params.get("kind", "").replace("\0", "")

    @cached_property
    def year(self) -> int | None:
        return year_of(self.params.get("year", "")) if self.params.get("year") else None

    @cached_property
    def number(self) -> int:
        return page_number(self.params)

    def _publications(self) -> PublicationQuerySet:
        found = Publication.objects.listed().for_listing()
        if self.author:
            found = found.filter(authors=self.author)
        if self.kind:
            found = found.filter(kind__iexact=self.kind)
        return found.filter(year=self.year) if self.year else found

    @cached_property
    def _rows(self) -> list[Publication]:
        start = (self.number - 1) * PER_PAGE
        rows = list(self._publications()[start : start + PER_PAGE + 1])
        if not rows and self.number > 1:
            raise Advice("This list has fewer pages.")
        return rows

    @property
    def page(self) -> list[Publication]:
        return self._rows[:PER_PAGE]

    @property
    def newer_url(self) -> str:
        return self._link(self.number - 1) if self.number > 1 else ""

    @property
    def older_url(self) -> str:
        return self._link(self.number + 1) if len(self._rows) > PER_PAGE else ""

    def _link(self, number: int) -> str:
        kept = {name: value for name, value in self.params.items() if name != "page"}
        return "?" + urlencode(kept | {"page": number})


@require_safe
def publication_list(request: HttpRequest) -> HttpResponse:
    context = {
        "listing": Listing.of(request.GET),
        "kinds": Publication.objects.listed().kinds(),
        "years": Publication.objects.listed().years(),
    }
    return render(request, "publications/publication_list.html", context)


def _listed(slug: str) -> Publication:
    return get_object_or_404(Publication.objects.listed().for_listing().for_citing(), slug=slug)


@require_safe
def publication_detail(request: HttpRequest, slug: str) -> HttpResponse:
    publication = _listed(slug)
    context = {"publication": publication, "work": publication.work(), "share": publication.share()}
    return render(request, "publications/publication_detail.html", context)


@require_safe
@cache_control(public=True, max_age=300)
def publication_share(request: HttpRequest, slug: str) -> HttpResponse:
    return send_share(_listed(slug).share())


@require_safe
def publication_citation(request: HttpRequest, slug: str, extension: str) -> HttpResponse:
    return send_citations([_listed(slug).work()], slug, extension)


@require_safe
def author_citations(request: HttpRequest, slug: str, extension: str) -> HttpResponse:
    """All that a person has published, here and elsewhere."""
    author = get_object_or_404(Author.objects.public(), slug=slug)
    articles = Article.objects.published().written_by(author).newest_first().for_citing()
    publications = Publication.objects.listed().filter(authors=author).for_citing()
    return send_citations([row.work() for row in (*articles, *publications)], slug, extension)


@require_safe
def publication_pdf(request: HttpRequest, slug: str, name: str) -> FileResponse:
    publication = _listed(slug)
    if not publication.pdf or name != slug:
        raise Http404
    return send_pdf(publication.pdf.storage, publication.pdf.name, slug)
