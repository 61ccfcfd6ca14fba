"""Rows in an order: people on an article, on a publication."""

from collections.abc import Iterable
from typing import Any, TypeVar

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from js_asset import Media, Script

from .desk import DeskFields

Row = TypeVar("Row", bound=models.Model)


class OrderedRowForm(forms.ModelForm[Row]):
    position = forms.IntegerField(
        required=False, min_value=1, widget=forms.NumberInput(attrs={"class": "row-position", "size": 3})
    )

    def validate_unique(self) -> None:
        """All rows are replaced together, so the formset compares them, and not with the rows there were."""

    def validate_constraints(self) -> None:
        """The same."""


class OrderedFormSet(forms.BaseInlineFormSet[Row, Any, Any]):
    """Saved, these rows replace those there were: so no new order meets an old one half-way."""

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        initial = form.fields["id"].initial
        form.fields["id"] = forms.IntegerField(required=False, widget=forms.HiddenInput, initial=initial)

    def _construct_form(self, i: int, **kwargs: Any) -> Any:
        form = super()._construct_form(i, **kwargs)  # type: ignore[misc]
        # The row may have been replaced meanwhile, or be a new one that was moved to the top: it is not looked up.
        form.fields["id"].required = False
        return form

    def validate_unique(self) -> None:
        """See `clean`."""

    def clean(self) -> None:
        seen = set()
        for form in self.kept_forms():
            author = form.cleaned_data.get("author")
            if author is not None and author in seen:
                form.add_error("author", f"{author} stands twice in this list. Remove one of the two.")
            seen.add(author)

    def kept_forms(self) -> list[Any]:
        """Those that are filled in and stay, as they stand in the page."""
        return [
            form
            for form in self.forms
            if form not in self.deleted_forms and (form.has_changed() or not form.empty_permitted)
        ]

    def in_order(self) -> list[Row]:
        """The rows by the numbers that were given; those without one come last."""
        last = 1 + max((form.cleaned_data.get("position") or 0 for form in self.kept_forms()), default=0)
        by_number = sorted(self.kept_forms(), key=lambda form: form.cleaned_data.get("position") or last)
        return [form.instance for form in by_number]

    def save(self, commit: bool = True) -> list[Row]:
        if not commit:
            raise ValidationError("These rows are saved together with what they stand on.")
        self._say_what_changed()
        if not self.has_changed():
            return []
        rows = self.in_order()
        self.replace(rows)
        return rows

    def _say_what_changed(self) -> None:
        """For the history that Django keeps."""
        kept = self.kept_forms()
        self.new_objects = [form.instance for form in kept if form in self.extra_forms]
        self.changed_objects = [
            (form.instance, form.changed_data) for form in kept if form in self.initial_forms and form.has_changed()
        ]
        self.deleted_objects = [form.instance for form in self.deleted_forms if form in self.initial_forms]

    def replace(self, rows: Iterable[Row]) -> None:
        raise NotImplementedError


class OrderedInline(DeskFields[Row], admin.StackedInline[Row, Any]):
    """Rows that can be moved up and down, by button or by number."""

    form = OrderedRowForm  # type: ignore[assignment]
    autocomplete_fields = ["author"]
    classes = ["ordered-rows"]

    def get_extra(self, request: Any, obj: Any = None, **kwargs: Any) -> int:
        return 0 if obj else 1

    @property
    def media(self) -> forms.Media:
        return super().media + Media(js=[Script("articles/rows.js", type="module")])
