from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Media
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.views.decorators.http import require_safe
from js_asset import Script

from articles.models import Author
from articles.models.author import sort_name_of

from .desk import DeskAdmin


class AuthorForm(forms.ModelForm[Author]):
    orcid = forms.CharField(label="ORCID iD", required=False, help_text="0000-0002-1825-0097, or its whole address.")

    class Meta:
        model = Author
        fields = "__all__"  # noqa: DJ007  (the fieldsets say which there are)


@admin.register(Author)
class AuthorAdmin(DeskAdmin[Author]):
    form = AuthorForm
    list_display = ["name", "sort_name", "affiliation"]
    search_fields = ["name", "sort_name"]
    ordering = ["sort_name", "pk"]
    autocomplete_fields = ["photo"]
    fieldsets = [
        (None, {"fields": ["name", "sort_name", "affiliation", "bio", "photo"]}),
        ("For the desk", {"fields": ["email"], "description": "Never shown to readers."}),
        ("Identifiers and address", {"fields": ["orcid", "slug"]}),
    ]

    @property
    def media(self) -> Media:
        return super().media + Media(js=[Script("articles/sort-name.js", type="module")])

    def get_queryset(self, request: HttpRequest) -> QuerySet[Author]:
        return super().get_queryset(request).defer("bio")

    def get_urls(self) -> list[URLPattern]:
        own = self.admin_site.admin_view
        return [
            path("sort-name/", own(require_safe(self.sort_name)), name="articles_author_sort_name"),
            path("<int:pk>/as-printed/", own(require_safe(self.as_printed)), name="articles_author_as_printed"),
            *super().get_urls(),
        ]

    def sort_name(self, request: HttpRequest) -> JsonResponse:
        """What a name would be sorted by."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return JsonResponse({"sort_name": sort_name_of(request.GET.get("name", "")[:200])})

    def as_printed(self, request: HttpRequest, pk: int) -> JsonResponse:
        """What a new byline of this person begins with."""
        author = get_object_or_404(Author, pk=pk)
        if not self.has_view_permission(request, author):
            raise PermissionDenied
        return JsonResponse({"name": author.name, "affiliation": author.affiliation, "bio": author.bio})
