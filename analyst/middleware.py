"""What holds for every answer of the site."""

from collections.abc import Callable
from urllib.parse import unquote

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponsePermanentRedirect
from django.middleware.gzip import GZipMiddleware
from django.utils.cache import patch_cache_control

from articles.models import OldAddress

Handler = Callable[[HttpRequest], HttpResponse]
DESK = ("/admin/", "/accounts/")


def no_cookies(get_response: Handler) -> Handler:
    """A public page neither reads nor sets one: whatever a browser sends, everybody gets the same bytes."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(DESK):
            request.META.pop("HTTP_COOKIE", None)
        return get_response(request)

    return middleware


def no_nul(get_response: Handler) -> Handler:
    """No name or word has a NUL, and PostgreSQL takes none: the desk's lists and choices would fail on it."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path.startswith(DESK) and "\0" in unquote(request.META.get("QUERY_STRING", "")):
            raise BadRequest("The address holds a NUL.")
        return get_response(request)

    return middleware


def cache_rules(get_response: Handler) -> Handler:
    """Any cache may keep a public page, and must ask whether it still holds; nothing may keep a page of the desk."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(DESK):
            patch_cache_control(response, no_store=True, private=True)
        elif "Cache-Control" not in response:
            patch_cache_control(response, public=True, max_age=0)
        return response

    return middleware


class Compressed(GZipMiddleware):
    """Public texts travel small. The desk's do not: its pages hold secrets, whose length compression can tell."""

    max_random_bytes = 0  # they would hide the length of a secret, and make each answer another

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if request.path.startswith(DESK) or response.streaming:  # images and PDFs are small already
            return response
        return super().process_response(request, response)


def head_is_get(get_response: Handler) -> Handler:
    """A HEAD is answered with the headers of its GET, the ETag too; the server leaves the body out."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.method != "HEAD":
            return get_response(request)
        request.method = "GET"
        response = get_response(request)
        request.method = "HEAD"
        return response

    return middleware


def old_addresses(get_response: Handler) -> Handler:
    """What is not found may have moved: lead there, in one step, with sub-path and query kept."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD") or request.path.startswith(DESK):
            return response
        is_a_page = "." not in request.path.rsplit("/", 1)[-1]
        url = OldAddress.objects.target_of(request.path.rstrip("/") + "/" if is_a_page else request.path)
        if url is None:
            return response
        query = request.META.get("QUERY_STRING", "")
        return HttpResponsePermanentRedirect(f"{url}?{query}" if query else url)

    return middleware
