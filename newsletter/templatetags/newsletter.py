"""What the pages of other rooms show of this one. None of it asks the database: the form is the same on every page."""

from functools import cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from newsletter.models import NAMES, WORDING

register = template.Library()


@register.simple_tag
def newsletter_signup(typed: dict[str, Any] | None = None, troubles: list[str] | None = None) -> SafeString:
    return _form(typed or {}, troubles or []) if typed or troubles else _empty_form()


def _form(typed: dict[str, Any], troubles: list[str]) -> SafeString:
    context = {"wording": WORDING, "names": NAMES, "typed": typed, "troubles": troubles}
    return render_to_string("newsletter/_signup.html", context)


@cache
def _empty_form() -> SafeString:
    return _form({}, [])
