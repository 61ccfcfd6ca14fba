"""Addresses on this site, made once: a page names some forty, and each takes Django as long as a small template."""

from datetime import date
from functools import lru_cache

from django.urls import reverse


@lru_cache(maxsize=20_000)
def path_to(view: str, *args: str | int | date) -> str:
    return reverse(view, args=args)
