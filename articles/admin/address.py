from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from articles.models import OldAddress

from .desk import DeskAdmin


@admin.register(OldAddress)
class OldAddressAdmin(DeskAdmin[OldAddress]):
    """A list to look something up in; the addresses themselves are kept by the pages that moved."""

    list_display = ["path", "leads_to", "created_at"]
    search_fields = ["path"]
    ordering = ["-pk"]
    fields = ["path", "leads_to", "created_at"]
    readonly_fields = ["path", "leads_to", "created_at"]
    list_display_links = None

    def get_queryset(self, request: HttpRequest) -> "QuerySet[OldAddress]":
        return super().get_queryset(request).prefetch_related("target")

    @admin.display(description="leads to")
    def leads_to(self, old: OldAddress) -> str:
        return old.target.get_absolute_url() if old.target else "nothing any more"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: OldAddress | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: OldAddress | None = None) -> bool:
        return False
