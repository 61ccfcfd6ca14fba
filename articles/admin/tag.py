from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe
from taggit import admin as tags_of_taggit

from articles.models import Tag

from .merges import MergePages

COMPLETIONS = 8

admin.site.unregister(tags_of_taggit.Tag)  # its table is empty: ours are the tags


@admin.register(Tag)
class TagAdmin(MergePages[Tag]):
    list_display = ["name", "slug"]
    search_fields = ["name", "slug"]
    ordering = ["name"]
    fields = ["name", "slug"]

    def must_stay(self, row: Tag) -> str:
        if not row.answers():
            return ""
        return f"“{row}” stands on public articles, and its address is known. Rename it, or take it off them first."

    def get_form(self, request: HttpRequest, obj: Tag | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if "slug" in form.base_fields:
            form.base_fields["slug"].required = False
        return form

    def get_urls(self) -> list[URLPattern]:
        complete = self.admin_site.admin_view(require_safe(self.complete))
        return [path("complete/", complete, name="articles_tag_complete"), *super().get_urls()]

    def complete(self, request: HttpRequest) -> JsonResponse:
        """The names that begin like this, then those that hold it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        typed = request.GET.get("q", "").strip()[:100]
        if not typed:
            return JsonResponse({"names": []})
        begin = list(Tag.objects.filter(name__istartswith=typed).values_list("name", flat=True)[:COMPLETIONS])
        hold = Tag.objects.filter(name__icontains=typed).exclude(name__in=begin).values_list("name", flat=True)
        return JsonResponse({"names": [*begin, *hold[: COMPLETIONS - len(begin)]]})
