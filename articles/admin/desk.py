"""What every page of the desk has: our editor, images with their thumbnails, and deleting that keeps promises."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar
from unicodedata import normalize

from django import forms
from django.contrib import admin
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.utils import flatten
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import BadRequest
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from js_asset import Media

from articles import moments
from articles.editor import editor_for
from articles.models import Deleted, Image
from articles.prose import lay_out
from articles.rich_text import ProseField
from articles.search import LONGEST

from .guarded import Guarded
from .image_select import ImageSelect
from .moment import MomentField, MomentWidget

Row = TypeVar("Row", bound=models.Model)


class SlugField(forms.SlugField):
    """Read in Unicode's normal form C, as addresses are: some systems paste another one."""

    def to_python(self, value: Any) -> Any:
        return normalize("NFC", super().to_python(value) or "")


@cache
def _as_read(field: ProseField) -> Callable[[models.Model], SafeString]:
    @admin.display(description=field.verbose_name)
    def text(row: models.Model) -> SafeString:
        return lay_out([(field.name, getattr(row, field.name))]).parts[field.name]

    return text


class DeskFields(admin.options.BaseModelAdmin[Row]):
    """Forms and rows of the desk."""

    formfield_overrides = {
        models.URLField: {"assume_scheme": "https"},
        models.SlugField: {"form_class": SlugField},
        models.DateTimeField: {"form_class": MomentField, "widget": MomentWidget},
    }

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        texts = self._as_read(request, obj)
        if not texts:
            return fieldsets
        return [
            (name, {**options, "fields": [texts.get(field, field) for field in flatten(options["fields"])]})
            for name, options in fieldsets
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), *self._as_read(request, obj).values()]

    def _as_read(self, request: HttpRequest, obj: Any) -> dict[Any, Callable[[models.Model], SafeString]]:
        """Who may only look sees texts as they will be read."""
        if obj is None or self.has_change_permission(request, obj):
            return {}
        return {field.name: _as_read(field) for field in self.opts.fields if isinstance(field, ProseField)}

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
    ) -> "forms.ModelChoiceField[Any] | None":
        if db_field.related_model is Image:
            kwargs["widget"] = ImageSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class DeskAdmin(DeskFields[Row], Guarded[Row]):
    """One noun of the desk."""

    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER  # a count for each choice is a scan for each choice
    list_per_page = 50

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        title = {"title": capfirst(str(self.opts.verbose_name_plural))}  # not "Select article to change"
        if len(request.GET.get("q", "")) > LONGEST:
            # It stands in every link of the list.
            params = request.GET.copy()
            params["q"] = params.get("q", "")[:LONGEST]
            request.GET = params  # type: ignore[assignment]
        return super().changelist_view(request, title | (extra_context or {}))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """The editor's import map stands in the page, and says by the nonce that it is ours."""
        name = str(self.opts.verbose_name)
        context["title"] = capfirst(name) if kwargs.get("change") else f"New {name}"
        context["media"] = Media.from_media(context["media"], nonce=request.csp_nonce)  # type: ignore[attr-defined]
        return super().render_change_form(request, context, *args, **kwargs)

    def response_action(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse | None:
        if not all(pk.isdecimal() and len(pk) < 19 for pk in request.POST.getlist(ACTION_CHECKBOX_NAME)):
            raise BadRequest("What is chosen is no row of this list.")
        return super().response_action(request, *args, **kwargs)

    def view_on_site(self, obj: Any) -> str | None:
        """Where readers find it, if they do. A form that is refused may have emptied its slug."""
        has_page = hasattr(obj, "answers") and getattr(obj, "slug", True)
        return obj.get_absolute_url() if has_page and obj.answers() else None

    # Django renders a widget for each row, an eighth of what a list takes.
    def action_checkbox(self, obj: Row) -> SafeString:
        return format_html(
            '<input type="checkbox" name="{}" value="{}" class="action-select" aria-label="{}">',
            ACTION_CHECKBOX_NAME, obj.pk, f"Select this object for an action - {obj}",
        )  # fmt: skip

    # What is deleted can be put back for a month, but where it is deleted so that it is gone.
    keeps_deleted = True

    def delete_model(self, request: HttpRequest, obj: Row) -> None:
        if self.keeps_deleted:
            Deleted.objects.take(obj, request.user, moments.now())  # type: ignore[arg-type]
        else:
            obj.delete()

    def delete_queryset(self, request: HttpRequest, queryset: models.QuerySet[Row]) -> None:
        for row in queryset:  # one by one: each takes its old addresses with it
            self.delete_model(request, row)

    def must_stay(self, row: Row) -> str:
        """Why this row cannot be deleted, '' when it can."""
        return ""

    def get_deleted_objects(
        self, objs: Any, request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        deletable, counts, permissions, protected = super().get_deleted_objects(objs, request)
        reasons = [reason for row in objs if (reason := self.must_stay(row))]
        return deletable, dict(counts), set(permissions), [*reasons, *protected]
