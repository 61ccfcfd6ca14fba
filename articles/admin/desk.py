"""What every page of the desk has: our editor, images with their thumbnails, and deleting that keeps promises."""

from typing import Any, TypeVar

from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.db import models
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.utils.text import capfirst

from articles.editor import editor_for
from articles.models import Image
from articles.prose import ProseField

from .image_select import ImageSelect

Row = TypeVar("Row", bound=models.Model)


class DeskFields(admin.options.BaseModelAdmin[Row]):
    """Forms and rows of the desk."""

    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def formfield_for_dbfield(self, db_field: models.Field[Any, Any], request: HttpRequest, **kwargs: Any) -> Any:
        if isinstance(db_field, ProseField):
            return db_field.formfield(**{"widget": editor_for(db_field)} | kwargs)
        formfield = super().formfield_for_dbfield(db_field, request, **kwargs)
        if formfield and isinstance(formfield.widget, RelatedFieldWidgetWrapper):
            # Beside a choice stand "change" and "add"; deleting is done where the thing itself is.
            formfield.widget.can_delete_related = formfield.widget.can_view_related = False
        return formfield

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey[Any, Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField[Any] | None:
        if db_field.related_model is Image:
            kwargs["widget"] = ImageSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class DeskAdmin(DeskFields[Row], admin.ModelAdmin[Row]):
    """One noun of the desk."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # a count for each choice is a scan for each choice
    list_per_page = 50

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = {"title": capfirst(str(self.opts.verbose_name_plural))}  # not "Select article to change"
        return super().changelist_view(request, title | (extra_context or {}))

    def view_on_site(self, obj: Any) -> str | None:
        """Where readers find it, if they do."""
        return obj.get_absolute_url() if hasattr(obj, "answers") and obj.answers() else None

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Row]) -> None:
        for row in queryset:  # one by one: each takes its old addresses with it
            row.delete()

    def must_stay(self, row: Row) -> str:
        """Why this row cannot be deleted, '' when it can."""
        return ""

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        deletable, counts, permissions, protected = super().get_deleted_objects(objs, request)
        reasons = [reason for row in objs if (reason := self.must_stay(row))]
        return deletable, dict(counts), set(permissions), [*reasons, *protected]
