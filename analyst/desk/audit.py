"""The audit log in the desk: read, filtered, taken away as a sheet. Nobody changes it, and nobody deletes from it."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from analyst.signing_in.refusals import NOBODY
from articles.admin.desk import DeskAdmin
from articles.audit import Act, note
from articles.sheets import send_sheet


class ActFilter(admin.SimpleListFilter):
    title, parameter_name = "what was done", "act"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[Any, str]]:
        return [(act.value, act.label) for act in Act]

    def queryset(self, request: HttpRequest, queryset: QuerySet[LogEntry]) -> QuerySet[LogEntry]:
        value = self.value() or ""
        return queryset.filter(action_flag=int(value)) if value.isdecimal() and len(value) < 4 else queryset


@admin.register(LogEntry)
class AuditAdmin(DeskAdmin[LogEntry]):
    list_display = ["when", "who", "act", "kind", "what", "said"]
    list_display_links = None
    list_filter = [ActFilter, ("user", admin.RelatedOnlyFieldListFilter)]
    list_select_related = ["user", "content_type"]
    search_fields = ["object_repr", "change_message", "user__username"]
    search_help_text = "Name of a person or a thing, or a word of what is said."
    date_hierarchy = "action_time"
    ordering = ["-action_time", "-pk"]
    sortable_by = ()
    change_list_template = "admin/audit_log.html"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="when")
    def when(self, entry: LogEntry) -> str:
        return f"{timezone.localtime(entry.action_time):%Y-%m-%d %H:%M:%S}"

    @admin.display(description="who")
    def who(self, entry: LogEntry) -> str:
        return entry.user.get_username()

    @admin.display(description="did what")
    def act(self, entry: LogEntry) -> str:
        return Act(entry.action_flag).label if entry.action_flag in Act.values else str(entry.action_flag)

    @admin.display(description="to")
    def kind(self, entry: LogEntry) -> str:
        return entry.content_type.name if entry.content_type else ""

    @admin.display(description="which")
    def what(self, entry: LogEntry) -> SafeString | str:
        try:
            is_there = entry.action_flag != Act.DELETED and entry.object_repr != NOBODY
            address = entry.get_admin_url() if is_there else None
        except NoReverseMatch:
            address = None
        return format_html('<a href="{}">{}</a>', address, entry.object_repr) if address else entry.object_repr

    @admin.display(description="in words")
    def said(self, entry: LogEntry) -> str:
        return str(entry.get_change_message())

    # The sheet

    def get_urls(self) -> list[URLPattern]:
        sheet = self.admin_site.admin_view(require_safe(self.sheet))
        return [path("audit-log.csv", sheet, name="admin_logentry_sheet"), *super().get_urls()]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        sheet = f"{reverse('admin:admin_logentry_sheet')}?{request.GET.urlencode()}"
        own = {"title": "Audit log", "sheet": sheet}
        return super().changelist_view(request, own | (extra_context or {}))

    def sheet(self, request: HttpRequest) -> HttpResponse:
        """What the list shows, all of it."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        found = self.get_changelist_instance(request).get_queryset(request)
        head = ["When", "Who", "Did what", "To", "Which", "In words"]
        rows = [
            [self.when(one), self.who(one), self.act(one), self.kind(one), one.object_repr, self.said(one)]
            for one in found.select_related("user", "content_type").iterator(chunk_size=1000)
        ]
        note(Act.EXPORTED, request.user, f"The audit log, {len(rows)} lines.")  # type: ignore[arg-type]
        return send_sheet(f"audit-log-{timezone.now():%Y-%m-%d}", [head, *rows])
