"""Tags as an editor types them: separated by commas, so that a tag may have two words."""

import csv
from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse_lazy
from js_asset import Media, Script

from articles.models import Tag

LONGEST = 5000  # characters of all the tags of an article


def names_in(text: str) -> list[str]:
    """'Caspian, "oil, gas"' are two tags. Each once, case aside."""
    rows = csv.reader(text.splitlines(), skipinitialspace=True)
    names = (" ".join(name.split()) for row in rows for name in row)
    return list({name.casefold(): name for name in names if name}.values())


def written_names(names: Iterable[str]) -> str:
    """Names as names_in() reads them back."""
    return ", ".join(_written(name) for name in sorted(names))


def _written(name: str) -> str:
    return '"{}"'.format(name.replace('"', '""')) if {",", '"'} & {*name} else name


class TagsInput(forms.TextInput):
    def __init__(self) -> None:
        super().__init__({"class": "vTextField tags-input", "autocomplete": "off"})

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        complete = {"data-complete": reverse_lazy("admin:articles_tag_complete")}
        return super().get_context(name, value, (attrs or {}) | complete)

    def format_value(self, value: str | Iterable[Tag] | None) -> str:
        if value is None or isinstance(value, str):
            return value or ""
        return written_names(tag.name for tag in value)

    @property
    def media(self) -> forms.Media:
        return Media(js=[Script("articles/tags.js", type="module")])


class TagsField(forms.CharField):
    widget = TagsInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST, **kwargs)

    def clean(self, value: Any) -> Any:
        names = Tag.objects.spelt(names_in(super().clean(value)))
        limit = Tag._meta.get_field("name").max_length or 100
        for name in names:
            if len(name) > limit:
                raise ValidationError(f"“{name[:40]}…” is longer than {limit} characters. Commas separate tags.")
        return names

    def has_changed(self, initial: Any, data: Any) -> bool:
        if len(data or "") > LONGEST:
            return True
        return {tag.name.casefold() for tag in initial or ()} != {name.casefold() for name in names_in(data or "")}
