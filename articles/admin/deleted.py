"""What was deleted in the last month, to be put back."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth import get_permission_codename
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.formats import date_format

from articles.models import CannotComeBack, Deleted

from .desk import DeskAdmin


@admin.register(Deleted)
class DeletedAdmin(DeskAdmin[Deleted]):
    list_display = ["name", "kind", "deleted_by", "deleted_at", "kept_until"]
    list_display_links = None
    list_select_related = ["content_type", "deleted_by"]
    search_fields = ["name"]
    ordering = ["-pk"]
    sortable_by = ()
    actions = ["put_back"]
    fields = ["name", "deleted_by", "deleted_at"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deleted]:
        """Of the kinds that this editor may delete."""
        return super().get_queryset(request).defer("rows").filter(content_type__in=_kinds_of(request))

    @admin.display(description="kind")
    def kind(self, deleted: Deleted) -> str:
        return deleted.content_type.name

    @admin.display(description="kept until")
    def kept_until(self, deleted: Deleted) -> str:
        return date_format(timezone.localtime(deleted.goes_on), "j F Y")

    @admin.action(description="Put selected ones back", permissions=["view"])
    def put_back(self, request: HttpRequest, queryset: QuerySet[Deleted]) -> None:
        for deleted in queryset.defer(None):
            try:
                row = deleted.put_back()
            except CannotComeBack as reason:
                messages.error(request, f"“{deleted}” is not put back. {reason}")
                continue
            self.log_addition(request, row, "Put back.")
            messages.success(request, f"“{row}” is there again.")


def _kinds_of(request: HttpRequest) -> list[ContentType]:
    kinds = ContentType.objects.filter(pk__in=Deleted.objects.order_by().values("content_type").distinct())
    return [kind for kind in kinds if (model := kind.model_class()) and _may_delete(request, model)]


def _may_delete(request: HttpRequest, model: Any) -> bool:
    return request.user.has_perm(f"{model._meta.app_label}.{get_permission_codename('delete', model._meta)}")
