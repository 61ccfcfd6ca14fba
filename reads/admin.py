"""Reads in the desk: a report instead of a list, its sheets, and the private links of authors."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import BadRequest, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from articles.admin.desk import DeskAdmin
from articles.audit import Act, note
from articles.sheets import send_sheet

from .items import ItemReport
from .models import COUNTS, ReportLink, Restatement, Tallier, Total
from .report import Report
from .report_form import ItemReportForm, ReportForm
from .robots import lists_are_old, reviewed_on
from .tallying import is_behind

HEAD = ("Reads", "of them PDF", "Unique", "Robots")


class ReadOnly(DeskAdmin[Any]):
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Total)
class ReadsAdmin(ReadOnly):
    def get_urls(self) -> list[URLPattern]:
        own = self.admin_site.admin_view
        return [
            path("", own(require_safe(self.report)), name="reads_total_changelist"),
            path("items.<slug:extension>", own(require_safe(self.items)), name="reads_items"),
            path("<slug:table>.csv", own(require_safe(self.sheet)), name="reads_sheet"),
        ]

    def report(self, request: HttpRequest) -> HttpResponse:
        form = ReportForm(request.GET)
        report = self._asked(request, form)
        context = self.admin_site.each_context(request) | {
            "title": "Reads", "opts": self.opts, "form": form, "report": report, "items": ItemReportForm(),
            "old_lists": reviewed_on() if lists_are_old(timezone.now().date()) else None, "is_behind": is_behind(),
            "counted_at": Tallier.last_run(), "restatement": Restatement.objects.first(),
        }  # fmt: skip
        return TemplateResponse(request, "admin/reads/report.html", context)

    def _asked(self, request: HttpRequest, form: ReportForm | ItemReportForm) -> Any:
        """What the form asks for, nothing when it cannot be told."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        return form.report() if form.is_valid() else None

    def _sent(self, request: HttpRequest, form: ReportForm | ItemReportForm) -> Any:
        report = self._asked(request, form)
        if report is None:
            raise BadRequest(" ".join(str(sentence) for sentences in form.errors.values() for sentence in sentences))
        return report

    def sheet(self, request: HttpRequest, table: str) -> HttpResponse:
        if table not in TABLES:
            raise Http404
        report = self._sent(request, ReportForm(request.GET))
        note(Act.EXPORTED, request.user, f"Reads: {table}, {report.span.first} to {report.span.last}.")  # type: ignore[arg-type]
        return send_sheet(f"reads-{table}-{report.span.first}-{report.span.last}", TABLES[table](report))

    def items(self, request: HttpRequest, extension: str) -> HttpResponse:
        """Every article and month, in the manner of COUNTER."""
        if extension not in ("csv", "json"):
            raise Http404
        report: ItemReport = self._sent(request, ItemReportForm(request.GET))
        note(Act.EXPORTED, request.user, f"Item report, {report.span.first} to {report.span.last}.")  # type: ignore[arg-type]
        if extension == "json":
            return JsonResponse(report.as_json(), json_dumps_params={"indent": 1, "ensure_ascii": False})
        return send_sheet(f"items-{report.span.first}-{report.span.last}", report.rows())


def _over_time(report: Report) -> list[list[object]]:
    lines = [[line.name, *(getattr(line, name) for name in COUNTS)] for line in report.lines]
    return [[f"{report.step.label} (UTC)", *HEAD], *lines]


def _ranking(report: Report) -> list[list[object]]:
    lines = [[line.name, *(getattr(line, name) for name in COUNTS), line.before] for line in report.ranked()]
    return [[report.by.capitalize(), *HEAD, f"Reads from {report.before}"], *lines]


def _sources(report: Report) -> list[list[object]]:
    return [["Host", "Reads"], *map(list, report.sources)]


TABLES = {"over-time": _over_time, "ranking": _ranking, "sources": _sources}


@admin.register(ReportLink)
class ReportLinkAdmin(DeskAdmin[ReportLink]):
    """Made, sent, and deleted when it is to lead nowhere any more; there is nothing to change in it."""

    keeps_deleted = False
    list_display = ["author", "address", "made_at"]
    list_select_related = ["author"]
    search_fields = ["author__name"]
    autocomplete_fields = ["author"]
    fields = ["author", "address", "made_at"]
    readonly_fields = ["address", "made_at"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def view_on_site(self, obj: Any) -> str:
        return obj.get_absolute_url()

    @admin.display(description="private link")
    def address(self, link: ReportLink) -> SafeString | str:
        return (
            format_html('<a href="{}">{}</a>', link.get_absolute_url(), link.url) if link.pk else "made when you save"
        )
