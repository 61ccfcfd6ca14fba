"""A read is written down: when a page's script says so, and when a PDF is served."""

import logging
import re
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.db import Error
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from articles.models import Article

from .counting import hour_of
from .models import Read, agent_of
from .readers import is_a_reader, reader_of, user_agent_of

log = logging.getLogger(__name__)
SERVED = (200, 304)


def record(
    request: HttpRequest,
    article: int,
    format: int = Read.Format.HTML,
    nonce: UUID | None = None,
    source: Any = "",
    at: datetime | None = None,
) -> None:
    """Store that somebody reads an article, for good when this returns; not if it is no reader of ours."""
    if not is_a_reader(request):
        return
    at = at or timezone.now()
    reader = reader_of(request, at)
    agent, is_robot = agent_of(user_agent_of(request), hour_of(at))
    read = Read(
        nonce=nonce or uuid4(),
        article_id=article,
        format=format,
        at=at,
        reader=reader.number,
        reader_before=reader.before,
        agent_id=agent,
        is_robot=is_robot,
        source=_host(source),
    )
    Read.objects.record(read)


def _host(source: Any) -> str:
    """A name of a host, and nothing that was not asked for."""
    text = source.lower() if isinstance(source, str) else ""
    return text if re.fullmatch(r"[a-z0-9.-]{1,100}", text) else ""


def record_download(request: HttpRequest, slug: str, response: HttpResponseBase) -> None:
    """A PDF that is served is read: once, not for each part of it, and not for a look at its headers.

    It is served all the same when it cannot be stored that it was.
    """
    begins = request.headers.get("Range", "bytes=0-").startswith("bytes=0-")
    # A HEAD reaches the views as a GET.
    if request.META["REQUEST_METHOD"] == "GET" and begins and response.status_code in (*SERVED, 206):
        try:
            record(request, Article.objects.published().values_list("pk", flat=True).get(slug=slug), Read.Format.PDF)
        except Error:
            log.exception("A download was not stored.")
