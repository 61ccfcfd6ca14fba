from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from articles.admin.desk import DeskAdmin
from articles.admin.ordered import OrderedFormSet, OrderedInline

from .models import Authorship, Partner, Publication


class AuthorshipFormSet(OrderedFormSet[Authorship]):
    instance: Publication

    def replace(self, rows: Iterable[Authorship]) -> None:
        self.instance.authorships.all().delete()
        for position, authorship in enumerate(rows, 1):
            authorship.pk, authorship.publication, authorship.position = None, self.instance, position
            authorship.save(force_insert=True)
        self.instance.index()


class AuthorshipInline(OrderedInline[Authorship]):
    model = Authorship
    formset = AuthorshipFormSet
    fields = [("position", "author", "name")]
    verbose_name = "author"


@admin.register(Publication)
class PublicationAdmin(DeskAdmin[Publication]):
    list_display = ["title", "kind", "authors_line", "outlet", "date_text", "is_listed", "has_doubts"]
    list_filter = ["is_listed", "kind"]
    search_fields = ["title", "authors_line", "outlet"]
    ordering = ["-sorts_on", "-pk"]
    sortable_by = ["title", "kind"]
    autocomplete_fields = ["cover"]
    inlines = [AuthorshipInline]
    readonly_fields = ["doubts", "printed"]
    fieldsets = [
        (None, {"fields": ["kind", "title", "authors_line", "outlet"]}),
        (
            "Date",
            {
                "fields": ["date_text", ("year", "month", "day"), "precision"],
                "description": "The date as printed stays as it was printed; the numbers are for sorting and citing.",
            },
        ),
        ("Where to read it", {"fields": ["link", "pdf", "cover"]}),
        ("On the site", {"fields": ["is_listed", "slug"]}),
        ("Where it came from", {"fields": ["printed", "doubts"]}),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Publication]:
        return super().get_queryset(request).select_related("cover")

    @admin.display(description="doubts", boolean=False)
    def has_doubts(self, publication: Publication) -> str:
        return str(len(publication.flags)) if publication.flags else ""

    @admin.display(description="what was doubtful")
    def doubts(self, publication: Publication) -> SafeString | str:
        if not publication.flags:
            return "Nothing."
        told = format_html_join("", "<li>{}</li>", map(_told, publication.flags))
        return format_html('<ul class="flags">{}</ul>', told)


def _told(flag: Any) -> tuple[str]:
    """A flag in words, whatever the import wrote it as."""
    if not isinstance(flag, dict):
        return (str(flag),)
    words = [str(flag[name]) for name in ("reason", "text", "proposal") if flag.get(name)]
    return (" · ".join(words),)


@admin.register(Partner)
class PartnerAdmin(DeskAdmin[Partner]):
    list_display = ["name", "link", "position"]
    search_fields = ["name"]
    autocomplete_fields = ["logo"]
    fields = ["name", "link", "logo", "position"]
