"""What browsers report of our pages: that something broke the content security policy. One line in the log each."""

import json
import logging
import time
from collections import deque
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

LONGEST = 8 * 1024  # bytes of a report
MOST, MINUTE = 20, 60  # lines in so many seconds: anybody may report anything, and a log must not fill a disk
written: deque[float] = deque(maxlen=MOST)  # moments of the newest lines of this process
logger = logging.getLogger(__name__)


@csrf_exempt  # a browser sends it by itself, without cookie or token
@require_POST
def csp_reports(request: HttpRequest) -> HttpResponse:
    """The answer is always the same, so that there is nothing to learn or to log from rubbish."""
    for violation in _violations(_body(request)):
        if not _may_write():
            break
        logger.warning("A page broke the content security policy: %s", _line(violation))
    return HttpResponse(status=204)


def _body(request: HttpRequest) -> bytes:
    """Nothing where it is too long: the rest of it is never read."""
    body = request.read(LONGEST + 1)
    return body if len(body) <= LONGEST else b""


def _violations(body: bytes) -> list[dict[str, Any]]:
    """Both forms: a single one by `report-uri`, a list of them by `report-to`."""
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return []
    reports = [report.get("body") for report in data if isinstance(report, dict)] if isinstance(data, list) else []
    found = reports or ([data.get("csp-report")] if isinstance(data, dict) else [])
    return [violation for violation in found if isinstance(violation, dict)]


def _may_write() -> bool:
    now = time.monotonic()
    if len(written) == MOST and now - written[0] < MINUTE:
        return False
    written.append(now)
    return True


def _line(violation: dict[str, Any]) -> str:
    """Which rule, what it kept out, and on which kind of page: an address can hold what nobody should read in a log."""

    def told(*names: str) -> str:
        return next((value for name in names if isinstance(value := violation.get(name), str)), "")

    rule = told("effectiveDirective", "effective-directive", "violated-directive")
    blocked = _origin(told("blockedURL", "blocked-uri"))
    page = _kind_of_page(told("documentURL", "document-uri"))
    return ascii({"rule": rule[:50], "blocked": blocked[:100], "page": page[:100]})


def _origin(address: str) -> str:
    """'https://evil.example' of an address; a word like 'inline' as it is."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return "?"
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}" if parts.netloc else parts.scheme or parts.path


def _kind_of_page(address: str) -> str:
    try:
        return resolve(urlsplit(address).path).route or "/"
    except (Resolver404, ValueError):
        return "?"
