"""Answers for machines: whatever stands in the database, they parse, and every address in them is whole."""

import json
import re
from typing import Any

from django.conf import settings
from django.http import HttpResponse

# All that XML 1.0 has no way to say, not even by its number.
_UNSAYABLE = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def sayable(text: str) -> str:
    """The text without characters that no XML can carry, and that readers of JSON trip over."""
    return _UNSAYABLE.sub("", text)


def absolute(path: str) -> str:
    """The whole address of a page of ours: by the setting, whatever host was asked."""
    return settings.SITE_URL + path


def xml(document: str, content_type: str = "application/xml") -> HttpResponse:
    return HttpResponse(sayable(document), content_type=f"{content_type}; charset=utf-8")


def as_json(data: dict[str, Any], content_type: str = "application/json") -> HttpResponse:
    text = json.dumps(_sayable_in(data), ensure_ascii=False, indent=1)
    return HttpResponse(text, content_type=f"{content_type}; charset=utf-8")


def _sayable_in(value: Any) -> Any:
    if isinstance(value, str):
        return sayable(value)
    if isinstance(value, dict):
        return {key: _sayable_in(inner) for key, inner in value.items()}
    return [_sayable_in(inner) for inner in value] if isinstance(value, list | tuple) else value
