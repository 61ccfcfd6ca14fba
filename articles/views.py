"""The public pages of what we write: find, act, show."""

import json
from collections.abc import Iterable
from datetime import date
from io import BytesIO

from django.core.cache import cache
from django.db.models.functions import ExtractYear
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from . import images, pdf
from .citations import FORMATS, Work
from .compare import changed_parts
from .documents import private_storage, send_pdf
from .listing import Filters, Listing, page_number
from .metadata import Metadata, person
from .models import Article, Author, Byline, Category, Correction, Image, Issue, TaggedArticle
from .models.placed import met_at
from .people import People
from .reading import article_at, public_image
from .related import Related
from .sharing import Share


def show_article(request: HttpRequest, article: Article, view: str = "media") -> HttpResponse:
    """The article's page; the desk's preview shows the same."""
    context = {
        "article": article,
        "text": article.laid_out(view, number_paragraphs=True),
        "bios": article.bios(),
        "related": Related(article),
        "image_view": view,
        "metadata": Metadata(article),
        "work": article.work(),
        "share": article.share(),
    }
    return render(request, "articles/article_detail.html", context)


def _article(slug: str) -> Article:
    article = article_at(slug, timezone.now())
    if article is None:
        raise Http404
    return article


def _withdrawn(request: HttpRequest, article: Article) -> HttpResponse:
    return render(request, "articles/article_withdrawn.html", {"article": article}, status=410)


@require_safe
def article_detail(request: HttpRequest, slug: str) -> HttpResponse:
    article = _article(slug)
    if article.status == Article.Status.WITHDRAWN:
        return _withdrawn(request, article)
    return show_article(request, article)


@require_safe
def article_changes(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """What a correction changed, for readers."""
    article = _article(slug)
    if article.status == Article.Status.WITHDRAWN:
        return _withdrawn(request, article)
    corrections = Correction.objects.compared().filter(article=article)
    correction = get_object_or_404(corrections, number=min(number, 32767))
    parts = changed_parts(correction.old.snapshot, correction.new.snapshot)  # type: ignore[union-attr]
    context = {"article": article, "correction": correction, "parts": parts}
    return render(request, "articles/article_changes.html", context)


@require_safe
def article_pdf(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    if name != slug or not pdf.is_available():
        raise Http404
    article = _article(slug)
    if article.status == Article.Status.WITHDRAWN:
        return _withdrawn(request, article)
    return _send_printed(request, article, slug)


def _send_printed(request: HttpRequest, printed: Article | Issue, name: str) -> HttpResponseBase:
    """Its PDF: kept, or made while the reader waits. When that cannot be, the worker is told, and the reader when."""
    try:
        return send_pdf(private_storage(), printed.made_pdf(), name)
    except pdf.NotReady as problem:
        if not isinstance(problem, pdf.TooMuch) and cache.add(f"pdf-ordered-{name}", True, 60):
            printed.order_pdf()
        context = {"page": printed.get_absolute_url(), "reason": str(problem)}
        response = render(request, "articles/pdf_not_ready.html", context, status=503)
        response["Retry-After"] = str(problem.seconds)
        return response


def send_citations(works: Iterable[Work], name: str, extension: str) -> HttpResponse:
    """A file for reference managers, named after its page."""
    if extension not in FORMATS:
        raise Http404
    content_type, write = FORMATS[extension]
    written = write(list(works))
    text = written if isinstance(written, str) else json.dumps(written, ensure_ascii=False, indent=1)
    response = HttpResponse(text, content_type=f"{content_type}; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{name}.{extension}")
    return response


@require_safe
def article_citation(request: HttpRequest, slug: str, extension: str) -> HttpResponse:
    article = get_object_or_404(Article.objects.published().for_citing(), slug=slug)
    return send_citations([article.work()], slug, extension)


@require_safe
def article_list(request: HttpRequest) -> HttpResponse:
    filters = Filters.of(request.GET)
    listing = Listing.of(request, filters.rows(), filters.until)
    context = {"listing": listing, "filters": filters}
    return render(request, "articles/article_list.html", context)


@require_safe
def category_detail(request: HttpRequest, slug: str) -> HttpResponse:
    category = get_object_or_404(Category, slug=slug)
    listing = Listing.of(request, category.articles.all())
    return render(request, "articles/category_detail.html", {"category": category, "listing": listing})


@require_safe
def tag_detail(request: HttpRequest, slug: str) -> HttpResponse:
    tag = met_at(TaggedArticle, slug)
    if tag is None:
        raise Http404
    listing = Listing.of(request, tag.tagged_articles.all())
    return render(request, "articles/tag_detail.html", {"tag": tag, "listing": listing})


@require_safe
def author_list(request: HttpRequest) -> HttpResponse:
    people = People.of(Author.objects.public(), page_number(request.GET))
    return render(request, "articles/author_list.html", {"people": people})


@require_safe
def author_detail(request: HttpRequest, slug: str) -> HttpResponse:
    author = met_at(Byline, slug, "photo")
    if author is None:
        raise Http404
    listing = Listing.of(request, author.bylines.all())
    context = {"author": author, "listing": listing, "linked_data": person(author), "share": author.share()}
    return render(request, "articles/author_detail.html", context)


@require_safe
def issue_list(request: HttpRequest) -> HttpResponse:
    issues = Issue.objects.released().annotate(year=ExtractYear("date"))
    return render(request, "articles/issue_list.html", {"issues": issues})


def _issue(day: date) -> Issue:
    """The one public door to a number: released ones only."""
    return get_object_or_404(Issue.objects.released(), date=day)


@require_safe
def issue_detail(request: HttpRequest, day: date) -> HttpResponse:
    issue = _issue(day)
    articles = issue.articles.published().in_issue_order().for_listing()
    return render(request, "articles/issue_detail.html", {"issue": issue, "articles": articles, "share": issue.share()})


@require_safe
def issue_pdf(request: HttpRequest, day: date, name: date) -> HttpResponseBase:
    issue = _issue(day)
    if name != day or not issue.pdf_url:
        raise Http404
    if issue.pdf:
        return send_pdf(issue.pdf.storage, issue.pdf.name, str(day))
    return _send_printed(request, issue, str(day))


def send_rendition(image: Image, width: int, extension: str) -> FileResponse:
    """A rendition; while its file is missing a sheet of its size, which nobody keeps, so that no page has a hole."""
    if extension not in images.TYPES or width not in images.widths_for(image.width):
        raise Http404
    file = image.open(width, extension)
    if file is not None:
        etag = {"ETag": f'"{image.sha256[:16]}-{width}-{extension}"'}
        return FileResponse(file, content_type=images.TYPES[extension], headers=etag)
    sheet = images.stand_in(width, max(1, round(image.height * width / image.width)))
    return FileResponse(BytesIO(sheet), content_type="image/png", headers={"Cache-Control": "no-store"})


@require_safe
def media(request: HttpRequest, key: str, width: int, extension: str) -> FileResponse:
    if extension not in images.TYPES or width > max(images.WIDTHS):
        raise Http404  # before the database is asked
    image = public_image(key, timezone.now())
    if image is None:
        raise Http404
    response = send_rendition(image, width, extension)
    response.headers.setdefault("Cache-Control", "public, max-age=300")
    return response


def send_share(share: Share) -> HttpResponse:
    return HttpResponse(share.jpeg(), content_type="image/jpeg")


@require_safe
@cache_control(public=True, max_age=300)
def journal_share(request: HttpRequest) -> HttpResponse:
    return send_share(Share("journal"))


@require_safe
@cache_control(public=True, max_age=300)
def article_share(request: HttpRequest, slug: str) -> HttpResponse:
    return send_share(get_object_or_404(Article.objects.published().for_listing(), slug=slug).share())


@require_safe
@cache_control(public=True, max_age=300)
def author_share(request: HttpRequest, slug: str) -> HttpResponse:
    return send_share(get_object_or_404(Author.objects.public(), slug=slug).share())


@require_safe
@cache_control(public=True, max_age=300)
def issue_share(request: HttpRequest, day: date) -> HttpResponse:
    return send_share(_issue(day).share())
