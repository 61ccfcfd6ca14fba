from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.forms import Media
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.views.decorators.http import require_http_methods, require_safe
from js_asset import Script

from articles.duplicates import likely
from articles.models import Author
from articles.models.author import sort_name_of

from .merges import MergePages


class AuthorForm(forms.ModelForm[Author]):
    orcid = forms.CharField(label="ORCID iD", required=False, help_text="0000-0002-1825-0097, or its whole address.")

    class Meta:
        model = Author
        fields = "__all__"  # noqa: DJ007  (the fieldsets say which there are)


@admin.register(Author)
class AuthorAdmin(MergePages[Author]):
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
        both = require_http_methods(["GET", "HEAD", "POST"])
        return [
            path("duplicates/", own(both(self.duplicates)), name="articles_author_duplicates"),
            path("sort-name/", own(require_safe(self.sort_name)), name="articles_author_sort_name"),
            path("<int:pk>/as-printed/", own(require_safe(self.as_printed)), name="articles_author_as_printed"),
            *super().get_urls(),
        ]

    # One person, known under two names

    def duplicates(self, request: HttpRequest) -> HttpResponse:
        """Pairs that may be one person; what an editor has said to be two is not asked again."""
        if not self.may_merge(request):
            raise PermissionDenied
        if request.method == "POST":
            return self._tell_apart(request)
        people = Author.objects.only("name", "affiliation", "slug").in_bulk()
        apart = {
            frozenset(pair) for pair in Author.distinct_from.through.objects.values_list("from_author", "to_author")
        }
        pairs = [
            (people[one], people[other], reason)
            for one, other, reason in likely((pk, author.name) for pk, author in people.items())
            if frozenset((one, other)) not in apart
        ]
        return self.merge_page(request, "duplicates.html", title="Are these one person?", pairs=pairs)

    def _tell_apart(self, request: HttpRequest) -> HttpResponse:
        pks = [pk for pk in request.POST.getlist("pk") if pk.isdecimal() and len(pk) < 19]
        pair = list(Author.objects.filter(pk__in=pks))
        if len(pair) == 2:
            pair[0].distinct_from.add(pair[1])
            self.log_change(request, pair[0], f"Is not “{pair[1]}”.")
            messages.success(request, f"“{pair[0]}” and “{pair[1]}” are two people; you are not asked again.")
        else:
            messages.error(request, "One of the two is gone. Look at the list again.")
        return HttpResponseRedirect(self.address("duplicates"))

    # What other pages ask

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
