"""What the pages of other rooms show of this one. None of it asks the database: the form is the same on every page."""

from functools import cache
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from newsletter.models import NAMES, WORDING

register = template.Library()
ASKED = {"wording": WORDING, "names": NAMES}


@register.simple_tag
def newsletter_signup() -> SafeString:
    return _signup()


@cache
def _signup() -> SafeString:
    return render_to_string("newsletter/_signup.html", ASKED)


@register.inclusion_tag("newsletter/_signup.html")
def newsletter_signup_again(typed: dict[str, Any], troubles: list[str]) -> dict[str, Any]:
    """With what was typed, and why it was not taken."""
    return ASKED | {"typed": typed, "troubles": troubles}
