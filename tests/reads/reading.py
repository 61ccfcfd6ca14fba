"""How a reader's browser tells of a read, for tests."""

import json
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse
from django.test import Client

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def read(
    slug: str = "grain", *, nonce: UUID | None = None, agent: str = FIREFOX, address: str = "192.0.2.1",
    format: str = "html", client: Client | None = None, headers: dict[str, str] | None = None, **more: Any,
) -> HttpResponse:  # fmt: skip
    """POST as the script does; by default from one address and browser, with a nonce of its own."""
    body = json.dumps({"nonce": (nonce or uuid4()).hex, "format": format} | more)
    return (client or Client()).post(
        f"/articles/{slug}/read", body, "text/plain;charset=UTF-8",
        headers={"User-Agent": agent} | (headers or {}), REMOTE_ADDR=address,
    )  # fmt: skip
