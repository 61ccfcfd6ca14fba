"""The pages of reads: what is most read, how we count, and an author's own."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from articles.models import Category

from .models import ReportLink
from .most_read import MostRead
from .report import Report


@require_safe
def most_read(request: HttpRequest) -> HttpResponse:
    read = MostRead.asked_for(request.GET)
    context = {"read": read, "articles": read.articles(), "categories": Category.objects.all()}
    return render(request, "reads/most_read.html", context)


@require_safe
def how_we_count(request: HttpRequest) -> HttpResponse:
    return render(request, "reads/how_we_count.html")


@require_safe
def author_reads(request: HttpRequest, secret: str) -> HttpResponse:
    """For whoever has the link; no machine is to keep it or to lead to it."""
    link = get_object_or_404(ReportLink.objects.select_related("author"), secret=secret)
    context = {"author": link.author, "report": Report.of_the_year(author=link.author)}
    response = render(request, "reads/author_reads.html", context)
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response
