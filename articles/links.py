"""The links of a text: where each stands, and whether it leads to another site."""

import re
from collections.abc import Iterator
from html import unescape
from typing import Any
from urllib.parse import urldefrag, urlsplit

from django.conf import settings

_LINK = re.compile(r'<a href="([^"]*)"')


def links_in(text: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Of a snapshot: the field of the form, and the address; each once a field."""
    bios = ((f"bylines-{n}-bio", row["bio"]) for n, row in enumerate(text.get("bylines") or []))
    for field, html in (*text.items(), *bios):
        if isinstance(html, str):
            yield from ((field, unescape(address)) for address in dict.fromkeys(_LINK.findall(html)))


def page_elsewhere(address: str) -> str:
    """The page of another site that it leads to, if it does."""
    try:
        url = urlsplit(address)
        is_ours = url.hostname == urlsplit(settings.SITE_URL).hostname
    except ValueError:
        return ""
    is_one = url.scheme in ("http", "https") and url.hostname and "." in url.hostname and not is_ours
    return urldefrag(address).url if is_one else ""
