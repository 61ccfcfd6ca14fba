from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.listing import Advice

from .front import FrontPage
from .models import Page
from .search import SearchPage


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "site/home.html", {"front": FrontPage()})


@require_safe
def page_detail(request: HttpRequest, slug: str) -> HttpResponse:
    page = get_object_or_404(Page.objects.published(), slug=slug)
    return render(request, "site/page_detail.html", {"page": page, "text": page.laid_out()})


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    return render(request, "site/search.html", {"search": SearchPage.of(request.GET)})


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """The same bytes for what is hidden and for what never was; a sentence where one helps."""
    advice = str(exception) if isinstance(exception, Advice) else ""
    return render(request, "404.html", {"advice": advice}, status=404)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "400.html", status=400)
