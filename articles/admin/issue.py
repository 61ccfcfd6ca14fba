from calendar import month_name

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from articles.models import Issue

from .board_pages import BoardPages
from .desk import DeskAdmin

MONTHS = [month.lower() for month in month_name]


def _issue_like(word: str) -> Q:
    """Part of a date as 2016-03-15, a month by its name, or a volume or number."""
    found = Q(date__contains=word)
    if word.isdecimal() and len(word) < 5:
        found |= Q(volume=int(word)) | Q(number=int(word))
    months = [n for n, name in enumerate(MONTHS) if n and name.startswith(word.lower())]
    return found | Q(date__month__in=months) if months else found


@admin.register(Issue)
class IssueAdmin(BoardPages, DeskAdmin[Issue]):
    list_display = ["date", "volume", "number", "released_at", "board_link"]
    search_fields = ["date"]  # and more: see get_search_results
    ordering = ["-date"]
    fieldsets = [(None, {"fields": ["date", ("volume", "number"), "released_at", "pdf"]})]
    readonly_fields = ["released_at"]  # it is brought out and taken back on its board
    change_form_template = "admin/articles/issue/change_form.html"
    change_list_template = "admin/articles/issue/change_list.html"

    @admin.display(description="board")
    def board_link(self, issue: Issue) -> SafeString:
        return format_html('<a href="{}">Board</a>', reverse("admin:articles_issue_board", args=[issue.pk]))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Issue], search_term: str
    ) -> tuple[QuerySet[Issue], bool]:
        """By any part of the date as 2016-03-15, or by volume or number."""
        for word in search_term.split():
            queryset = queryset.filter(_issue_like(word))
        return queryset, False
