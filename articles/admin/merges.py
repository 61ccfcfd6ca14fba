"""Two rows that are one thing: chosen, made one, and made two again."""

from typing import Any, TypeVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import models
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from articles import moments
from articles.models import Merger, NotOne

from .desk import DeskAdmin

MOST = 10  # made one at a time
Row = TypeVar("Row", bound=models.Model)


class MergeForm(forms.Form):
    """Which of these stays; the others are made one with it."""

    pk: "forms.ModelMultipleChoiceField[Any]" = forms.ModelMultipleChoiceField(None)
    kept: "forms.ModelChoiceField[Any]" = forms.ModelChoiceField(
        None, error_messages={"required": "Choose the one that stays."}
    )

    def __init__(self, rows: "models.QuerySet[Any]", *args: Any) -> None:
        super().__init__(*args)
        self.fields["pk"].queryset = rows  # type: ignore[attr-defined]
        self.fields["kept"].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if "pk" in cleaned and not 2 <= len(cleaned["pk"]) <= MOST:
            raise forms.ValidationError(f"Choose two, or up to {MOST}.")
        if "kept" in cleaned and cleaned["kept"] not in cleaned.get("pk", ()):
            raise forms.ValidationError("The one that stays is none of them.")
        return cleaned


class MergePages(DeskAdmin[Row]):
    """For a noun of which the same thing is sometimes there twice."""

    actions = ["merge_selected"]
    change_list_template = "admin/articles/mergeable_list.html"

    def get_urls(self) -> list[URLPattern]:
        own, name = self.admin_site.admin_view, f"{self.opts.app_label}_{self.opts.model_name}"
        merge = require_http_methods(["GET", "HEAD", "POST"])(self.merge)
        return [
            path("merge/", own(merge), name=f"{name}_merge"),
            path("merges/", own(require_safe(self.merges)), name=f"{name}_merges"),
            path("merges/<int:merger>/undo/", own(require_POST(self.undo)), name=f"{name}_undo_merge"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        may_merge = {"may_merge": self.may_merge(request)}
        return super().changelist_view(request, may_merge | (extra_context or {}))

    def may_merge(self, request: HttpRequest) -> bool:
        return self.has_change_permission(request) and self.has_delete_permission(request)

    def has_merge_permission(self, request: HttpRequest) -> bool:
        return self.may_merge(request)

    @admin.action(description="Make selected ones one …", permissions=["merge"])
    def merge_selected(self, request: HttpRequest, queryset: "models.QuerySet[Row]") -> HttpResponse:
        chosen = list(queryset.values_list("pk", flat=True)[: MOST + 1])
        return HttpResponseRedirect(f"{self.address('merge')}?{urlencode({'pk': chosen}, doseq=True)}")

    def merge(self, request: HttpRequest) -> HttpResponse:
        if not self.may_merge(request):
            raise PermissionDenied
        form = MergeForm(self.model._default_manager.all(), request.POST or request.GET)
        if request.method == "POST" and form.is_valid():
            return self._merge(request, form.cleaned_data["kept"], list(form.cleaned_data["pk"]))
        chosen = form.cleaned_data.get("pk", ()) if form.is_bound and not form.errors.get("pk") else ()
        if request.method != "POST":
            form.errors.pop("kept", None)
        rows = [(row, self.uses(row)) for row in chosen]
        return self.merge_page(request, "merge.html", title="Make them one", form=form, rows=rows)

    def _merge(self, request: HttpRequest, kept: Any, rows: list[Any]) -> HttpResponse:
        for gone in rows:
            if gone == kept:
                continue
            try:
                merger = Merger.objects.make(kept, gone, request.user, moments.now())  # type: ignore[arg-type]
            except NotOne as reason:
                messages.error(request, f"“{gone}” and “{kept}” are not made one. {reason}")
                continue
            self.log_change(request, kept, f"Made one with “{merger.gone_name}”.")
            messages.success(request, f"“{merger.gone_name}” is one with “{kept}” now; old addresses lead there.")
        return HttpResponseRedirect(self.address("merges"))

    def merges(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        page = Paginator(Merger.objects.of(self.model).select_related("editor"), 50).get_page(request.GET.get("p"))
        may_undo = self.may_merge(request)
        return self.merge_page(request, "merges.html", title="What was made one", page=page, may_undo=may_undo)

    def undo(self, request: HttpRequest, merger: int) -> HttpResponse:
        if not self.may_merge(request):
            raise PermissionDenied
        found = get_object_or_404(Merger.objects.of(self.model), pk=merger)
        try:
            row = found.undo(moments.now())
        except NotOne as reason:
            messages.error(request, str(reason))
        else:
            self.log_change(request, row, "Made two again.")
            messages.success(request, f"“{row}” stands by itself again.")
        return HttpResponseRedirect(self.address("merges"))

    def uses(self, row: Any) -> str:
        """How often it is used, in words."""
        said = []
        for relation in self.opts.related_objects:
            if relation.many_to_many:
                continue  # its rows are counted from their own side
            number = relation.related_model._default_manager.filter(**{relation.field.name: row}).count()
            kind = relation.related_model._meta
            if number:
                said.append(f"{number} {kind.verbose_name if number == 1 else kind.verbose_name_plural}")
        return " · ".join(said) or "not used"

    def address(self, page: str) -> str:
        return reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_{page}")

    def merge_page(self, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
        frame = self.admin_site.each_context(request) | {"opts": self.opts, "list_url": self.address("changelist")}
        frame |= {"merge_url": self.address("merge"), "undo_view": f"admin:articles_{self.opts.model_name}_undo_merge"}
        return TemplateResponse(request, f"admin/articles/{template}", frame | context)
