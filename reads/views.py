"""One small address below each article: the page's script tells a read, and asks how many there are."""

import json
import re
from typing import Any
from urllib.parse import unquote
from uuid import UUID

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import RequestDataTooBig
from django.db import Error
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles.models import Article, OldAddress
from articles.prepared import Prepared, moment, text
from articles.visitors import is_from_elsewhere

from .models import Read, Total
from .recording import record

LONGEST = 1000  # bytes of a message
FORMATS = {name.lower(): value for value, name in Read.Format.choices}


@csrf_exempt
@require_http_methods(["GET", "POST"])
def article_read(request: HttpRequest, slug: str) -> HttpResponse:
    return _store(request, slug) if request.method == "POST" else _number(request, slug)


def _store(request: HttpRequest, slug: str) -> HttpResponse:
    """Answered 204 when the read is in the database, and not before."""
    if is_from_elsewhere(request):
        return _refused("A read is told by the article's own page.", 403)
    try:
        message = _message(request)
        nonce, format = UUID(message["nonce"]), FORMATS[message["format"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _refused('Send {"nonce": "<32 hex digits>", "format": "html"}.', 400)
    try:
        record(request, _article(slug).pk, format, nonce, message.get("from"))
    except Error:
        return _refused("The read could not be stored. Send it again with the same nonce.", 503, {"Retry-After": "5"})
    return HttpResponse(status=204, headers={"Cache-Control": "no-store"})


def _message(request: HttpRequest) -> Any:
    try:
        body = request.body
    except RequestDataTooBig as problem:
        raise ValueError from problem
    message: Any = json.loads(body) if len(body) <= LONGEST else None
    if not re.fullmatch("[0-9a-fA-F]{32}", message["nonce"]):
        raise ValueError
    return message


PUBLIC = Prepared(
    lambda: Article.objects.published(moment("at")).filter(slug=text("slug")).only("imported_reads").order_by()
)


def _article(slug: str) -> Article:
    """The one public door; what is read at a former address counts for its article."""
    article = next(iter(PUBLIC.all(slug=slug, at=timezone.now())), None) or _moved(slug)
    if article is None:
        raise Http404
    return article


def _moved(slug: str) -> Article | None:
    path = unquote(reverse("article_detail", args=[slug]))
    signs = OldAddress.objects.filter(path=path, content_type=ContentType.objects.get_for_model(Article))
    published = Article.objects.published().only("imported_reads")
    found = published.in_bulk(signs.order_by("-pk").values_list("object_id", flat=True))
    return next(iter(found.values()), None)


def _refused(sentence: str, status: int, headers: dict[str, str] | None = None) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", "text/plain; charset=utf-8", status, headers=headers)


@cache_control(public=True, max_age=45)  # with the ten seconds of the tally, no number is older than a minute
def _number(request: HttpRequest, slug: str) -> HttpResponse:
    number = Total.objects.number(_article(slug))
    as_of = number.as_of.strftime("%Y-%m-%dT%H:%M:%SZ")
    return JsonResponse(
        {"total": number.total, "measured": number.measured, "imported": number.imported, "as_of": as_of}
    )
