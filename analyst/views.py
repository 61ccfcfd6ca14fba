from datetime import UTC, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles import views as articles
from articles.listing import Advice
from articles.machines import absolute
from articles.metadata import periodical
from articles.templatetags.machines import rfc3339
from reads.recording import record_download

from .front import FrontPage
from .middleware import DESK
from .models import Page
from .search import SearchPage


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    context = {"front": FrontPage(), "linked_data": {"@context": "https://schema.org", **periodical()}}
    return render(request, "site/home.html", context)


@require_safe
def page_detail(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_object_or_404(Page.objects.published(), slug=slug)
    return render(request, "site/page_detail.html", {"page": page, "text": page.laid_out()})


@require_safe
def robots_txt(request: HttpRequest) -> HttpResponse:
    """Everything may be read but the desk."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in DESK), "", f"Sitemap: {absolute(reverse('sitemap'))}"]
    return _plain(lines)


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Whom to tell of a weakness (RFC 9116)."""
    lines = [
        f"Contact: {settings.SECURITY_CONTACT}",
        f"Expires: {rfc3339(_eleven_months_on(timezone.now()))}",
        f"Preferred-Languages: {settings.LANGUAGE_CODE}",
        f"Canonical: {absolute(reverse('security_txt'))}",
    ]
    return _plain(lines)


def _eleven_months_on(at: datetime) -> datetime:
    """The first of the month, so that the text changes once a month; always more than ten months and under a year."""
    at = at.astimezone(UTC)
    years, month = divmod(at.month - 1 + 11, 12)
    return datetime(at.year + years, month + 1, 1, tzinfo=UTC)


def _plain(lines: list[str]) -> HttpResponse:
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    found = SearchPage.of(request.GET)
    response = render(request, "site/search.html", {"search": found})
    if found.is_too_broad:
        response["Cache-Control"] = "no-store"  # a moment later there may be an answer
    return response


@require_safe
def article_pdf(request: HttpRequest, slug: str, name: str) -> HttpResponseBase:
    """The article's PDF. That it is served is a read, which `articles` knows nothing of."""
    response = articles.article_pdf(request, slug, name)
    record_download(request, slug, response)
    return response


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same bytes for what is hidden and for what never was; a sentence where one helps."""
    advice = str(exception) if isinstance(exception, Advice) else ""
    return render(request, "404.html", {"advice": advice}, status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)
