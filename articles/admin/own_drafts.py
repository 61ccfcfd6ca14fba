"""Who may write, but not everything: contributors have their own drafts."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from articles.models import Article


class OwnDrafts(admin.ModelAdmin[Article]):
    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        found = super().get_queryset(request)
        return found if super().has_view_permission(request) else found.filter(created_by=request.user.pk)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or self._is_own(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_draft = obj is None or obj.status == Article.Status.DRAFT
        return super().has_change_permission(request, obj) or (is_draft and self._is_own(request, obj))

    def _is_own(self, request: HttpRequest, obj: Article | None) -> bool:
        """Asked of no article, whether there may be some."""
        is_own = obj is None or obj.created_by_id == request.user.pk
        return is_own and request.user.has_perm("articles.write_own_article")
