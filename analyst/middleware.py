"""What holds for every answer of the site."""

import re
from collections.abc import Callable
from urllib.parse import unquote
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, parse_cookie
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control

from articles.models import OldAddress

Handler = Callable[[HttpRequest], HttpResponse]
ZONE = "zone"  # in the session, where no page has to ask for it
DESK = ("/admin/", "/accounts/")


def safe_headers(get_response: Handler) -> Handler:
    """Django's middleware sets most of these, but not on what is refused or led on before it."""
    headers = {
        "Cross-Origin-Opener-Policy": settings.SECURE_CROSS_ORIGIN_OPENER_POLICY,
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "Reporting-Endpoints": f'csp="{reverse("csp_reports")}"',
        "X-Content-Type-Options": "nosniff",
    }

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        return response

    return middleware


def desk_policy(get_response: Handler) -> Handler:
    """Pages of the desk may do a little more than those for readers; see DESK_POLICY."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.path.startswith(DESK):
            own = getattr(response, "_csp_replace", {})  # of one page, which knows best what it holds
            response._csp_replace = settings.DESK_POLICY | own  # type: ignore[attr-defined]
        return response

    return middleware


def no_cookies(get_response: Handler) -> Handler:
    """A public page neither reads nor sets one: whatever a browser sends, everybody gets the same bytes."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not request.path.startswith(DESK):
            cookies = parse_cookie(request.META.pop("HTTP_COOKIE", ""))
            # All that is kept of them: what an editor does is no read. No header can set this.
            request.META["from_desk"] = settings.SESSION_COOKIE_NAME in cookies
        return get_response(request)

    return middleware


def editors_zone(get_response: Handler) -> Handler:
    """The desk tells time in the zone that its editor chose."""

    def middleware(request: HttpRequest) -> HttpResponse:
        zone = request.session.get(ZONE) if request.path.startswith(DESK) else ""
        with timezone.override(ZoneInfo(zone) if zone else None):
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


# HTML has no way to say these (https://html.spec.whatwg.org/#preprocessing-the-input-stream); a title can hold them.
_BYTES = bytes([*range(0x09), 0x0B, *range(0x0E, 0x20), 0x7F])
_SEQUENCES = re.compile(rb"\xc2[\x80-\x9f]|\xef\xb7[\x90-\xaf]|\xef\xbf[\xbe\xbf]")
_LATER_CONTROLS = re.compile(rb"\xc2[\x80-\x9f]")


def _sayable(html: bytes) -> bytes:
    """Every page passes here, and hardly one holds any: one expression for all takes fifteen times as long."""
    html = html.translate(None, _BYTES)
    return _SEQUENCES.sub(b"", html) if b"\xef" in html or _LATER_CONTROLS.search(html) else html


def sayable_html(get_response: Handler) -> Handler:
    """A page is valid whatever was pasted into the row that it shows."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response.content = _sayable(response.content)
        return response

    return middleware


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
