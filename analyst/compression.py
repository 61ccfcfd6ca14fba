"""Texts travel small. Pages of the desk do not: they hold secrets, whose length would tell of them."""

import gzip
from collections.abc import Callable, Iterator

import brotli
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers

from .middleware import DESK, Handler

SMALLEST = 500  # bytes: below, the headers would cost more
TEXTS = ("text/", "application/xml", "application/json", "application/atom+", "application/rss+", "application/feed+",
         "application/x-", "application/vnd.citationstyles")  # fmt: skip
WAYS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda content: bytes(brotli.compress(content, mode=brotli.MODE_TEXT, quality=5)),
    "gzip": lambda content: gzip.compress(content, 6, mtime=0),  # the same bytes each time
}


def compressed(get_response: Handler) -> Handler:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not request.path.startswith(DESK) and not response.streaming:
            _compress(response, request.headers.get("Accept-Encoding", ""))
        return response

    return middleware


def _compress(response: HttpResponse, accept: str) -> None:
    if response.status_code == 304:
        patch_vary_headers(response, ["Accept-Encoding"])
    if not response.get("Content-Type", "").startswith(TEXTS) or response.has_header("Content-Encoding"):
        return
    patch_vary_headers(response, ["Accept-Encoding"])
    accepted = set(_accepted(accept))
    way = next((way for way in WAYS if way in accepted), "")
    if way and len(response.content) >= SMALLEST:
        response.content = WAYS[way](response.content)
        response.headers["Content-Encoding"] = way
        response.headers["Content-Length"] = str(len(response.content))
        if response.has_header("ETag") and not response["ETag"].startswith("W/"):
            response.headers["ETag"] = f"W/{response['ETag']}"  # other bytes, the same text


def _accepted(header: str) -> Iterator[str]:
    for part in header.lower().split(","):
        name, _, weight = part.partition(";")
        if weight.replace(" ", "").rstrip("0") not in ("q=", "q=0."):
            yield name.strip()
