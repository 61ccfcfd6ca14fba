"""What the pages of other rooms show of this one. None of it asks the database: the form is the same on every page."""

from typing import Any

from django import template

from newsletter.models import NAMES, WORDING

register = template.Library()


@register.inclusion_tag("newsletter/_signup.html")
def newsletter_signup(typed: dict[str, Any] | None = None, troubles: list[str] | None = None) -> dict[str, Any]:
    return {"wording": WORDING, "names": NAMES, "typed": typed or {}, "troubles": troubles or []}
