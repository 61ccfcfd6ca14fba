"""Slugs in any script, and the URL converter that reads them back."""

import re
from unicodedata import normalize

from django.utils.text import slugify

MAX_LENGTH = 200


class UnicodeSlugConverter:
    """Letters, digits, hyphens and underscores of any script; read in Unicode's normal form C, however they came."""

    regex = r"[^/.\s]+"

    def to_python(self, value: str) -> str:
        slug = normalize("NFC", value)
        if not re.fullmatch(r"[-\w]+", slug):
            raise ValueError("This is no slug.")
        return slug

    def to_url(self, value: str) -> str:
        return value


def slug_of(text: str) -> str:
    """The slug of a title or name, cut at a word; empty when the text has no letter or digit."""
    slug = normalize("NFC", slugify(text, allow_unicode=True))
    if len(slug) > MAX_LENGTH - 20:  # room for "-2"
        cut = slug[: MAX_LENGTH - 20]
        slug = cut.rsplit("-", 1)[0] if "-" in cut else cut
    return slug.strip("-_")
