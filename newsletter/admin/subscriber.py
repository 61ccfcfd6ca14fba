"""Subscribers in the desk: seen, searched, taken in with proof, taken out as a sheet, erased."""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_safe

from articles.admin.desk import DeskAdmin
from articles.sheets import send_sheet
from newsletter.growth import growth
from newsletter.importing import read, take_in
from newsletter.models import NAMES, Consent, Subscriber
from newsletter.people import erase

HEAD = ("email", "interests", "state", "since", "until")
LARGEST = 20 * 1024 * 1024


class ImportForm(forms.Form):
    table = forms.FileField(label="CSV", help_text="Its first line names the columns; one is “email”.")
    interests = forms.MultipleChoiceField(
        label="Who has no column “interests” gets", choices=list(NAMES.items()), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose what they are written to about."},
    )  # fmt: skip
    proof = forms.CharField(
        label="Proof of consent", max_length=300, widget=forms.Textarea({"rows": 3}),
        help_text="When, where and in which words they agreed, and where one can look it up. The ledger keeps it.",
        error_messages={"required": "Say how they consented. Without a proof we may not write to them."},
    )  # fmt: skip
    is_trial = forms.BooleanField(label="Only tell what would happen", required=False, initial=True)

    def clean_table(self) -> str:
        upload = self.cleaned_data["table"]
        if upload.size > LARGEST:
            raise ValidationError("This file is larger than 20 MB. Take it in by parts.")
        try:
            return str(upload.read().decode("utf-8-sig"))
        except UnicodeDecodeError as problem:
            raise ValidationError("This is no text in UTF-8. Save the sheet as “CSV UTF-8”.") from problem


@admin.register(Subscriber)
class SubscriberAdmin(DeskAdmin[Subscriber]):
    keeps_deleted = False  # who is erased is gone
    list_display = ["email", "state", "wants_events", "wants_news", "wants_articles", "confirmed_at", "left_at"]
    list_filter = ["state", "wants_events", "wants_news", "wants_articles"]
    search_fields = ["email"]
    actions = ["erase_selected"]
    fields = [
        "email", "state", ("wants_events", "wants_news", "wants_articles"), ("confirmed_at", "left_at"),
        ("asked_from", "confirmed_from"), ("bounces", "bounced_on"), "ledger",
    ]  # fmt: skip
    readonly_fields = ["ledger"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody is put on the list by hand: people confirm, or are taken in with a proof."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_erase_permission(self, request: HttpRequest) -> bool:
        return super().has_delete_permission(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Erasing is more: it also keeps them from being written to again."""
        return False

    def has_import_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("newsletter.add_subscriber")

    def get_urls(self) -> list[URLPattern]:
        own = self.admin_site.admin_view
        return [
            path("import/", own(self.take_in), name="newsletter_subscriber_import"),
            path("export.csv", own(require_safe(self.export)), name="newsletter_subscriber_export"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        months = growth(timezone.now())
        more = {"months": months, "may_import": self.has_import_permission(request)}
        return super().changelist_view(request, more | (extra_context or {}))

    @admin.display(description="ledger of consent")
    def ledger(self, subscriber: Subscriber) -> str:
        rows = Consent.objects.of(subscriber.person)
        return "\n".join(
            f"{row.at:%Y-%m-%d %H:%M} UTC: {row.get_kind_display()} {row.interests} {row.note}" for row in rows
        )

    @admin.action(description="Erase selected, for good", permissions=["erase"])
    def erase_selected(self, request: HttpRequest, queryset: QuerySet[Subscriber]) -> None:
        emails = list(queryset.values_list("email", flat=True))
        for email in emails:
            erase(email, timezone.now())
        self.message_user(request, f"Erased: {len(emails)}. Nothing will be sent to them again.")

    def take_in(self, request: HttpRequest) -> HttpResponse:
        if not self.has_import_permission(request):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None)
        context: dict[str, Any] = {"title": "Take in subscribers", "form": form, "opts": self.opts}
        if form.is_valid():
            trial = form.cleaned_data["is_trial"]
            try:
                lines = read(form.cleaned_data["table"], form.cleaned_data["interests"])
                tally, wrong = take_in(lines, form.cleaned_data["proof"], timezone.now(), dry_run=trial)
                context |= {"tally": tally, "wrong": wrong[:200], "is_trial": trial}
            except ValidationError as problem:
                form.add_error("table", problem)
        frame = self.admin_site.each_context(request)
        return TemplateResponse(request, "admin/newsletter/subscriber/import.html", frame | context)

    def export(self, request: HttpRequest) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        rows = ([row.email, " ".join(row.interests), row.state, row.confirmed_at, row.left_at] for row in self._all())
        return send_sheet("subscribers", (row for part in ([list(HEAD)], rows) for row in part))

    def _all(self) -> Any:
        return Subscriber.objects.order_by("pk").iterator(chunk_size=2000)
