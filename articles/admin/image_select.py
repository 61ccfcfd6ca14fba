"""Choosing an image: by its credit, with its thumbnail beside it."""

from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect
from django.forms import Media
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString
from js_asset import Script


class ImageSelect(AutocompleteSelect):
    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        return render_to_string(
            "admin/articles/image_select.html",
            {
                "select": super().render(name, value, attrs, renderer),
                "value": value or "",
                "thumbnail": reverse("admin:articles_image_thumbnail"),
            },
        )

    @property
    def media(self) -> Media:
        return super().media + Media(js=[Script("articles/thumbnails.js", type="module")])
