"""Parts of pages that are the same on thousands of them: written once for the values that they show."""

from datetime import date
from functools import lru_cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

register = template.Library()
PLAIN = (str, int, bool, date)


@register.simple_tag
def remembered(template_name: str, **values: Any) -> SafeString:
    """A template that sees these values and nothing else, so that what it once wrote for them always holds.

    They are plain ones: a row would be the same after it was changed, and a moment is another day elsewhere.
    """
    for value in values.values():
        _refuse_what_is_not_plain(value)
    # With their types: HTML that may stand as it is equals the same text that may not. A template's own words are safe.
    return _written(template_name, tuple((name, value, type(value)) for name, value in values.items()))


def _refuse_what_is_not_plain(value: Any, types: tuple[type, ...] = (SafeString, *PLAIN)) -> None:
    if isinstance(value, tuple):
        for inner in value:
            _refuse_what_is_not_plain(inner, PLAIN)
    elif value is not None and type(value) not in types:
        raise TypeError(f"A page's part is remembered by plain values, not by {type(value).__name__}.")


@lru_cache(maxsize=500)
def _written(template_name: str, values: tuple[tuple[str, Any, type], ...]) -> SafeString:
    return render_to_string(template_name, {name: value for name, value, _ in values})
