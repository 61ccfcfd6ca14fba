from calendar import month_name
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.models import User
from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from js_asset import Media, Script

from articles.models import Article, Issue

from .desk import DeskAdmin, DeskFields

MONTHS = [month.lower() for month in month_name]


def _issue_like(word: str) -> Q:
    """Part of a date as 2016-03-15, a month by its name, or a volume or number."""
    found = Q(date__contains=word)
    if word.isdecimal() and len(word) < 5:
        found |= Q(volume=int(word)) | Q(number=int(word))
    months = [n for n, name in enumerate(MONTHS) if n and name.startswith(word.lower())]
    return found | Q(date__month__in=months) if months else found


class PlaceForm(forms.ModelForm[Article]):
    """An article's place in the issue, and the revision that the page was made from."""

    base = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Article
        fields = ["issue_position"]
        widgets = {"issue_position": forms.NumberInput(attrs={"class": "row-position", "min": 1})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["base"].initial = getattr(self.instance, "newest_revision", None) or 0


class PlacesFormSet(forms.BaseInlineFormSet[Article, Issue, PlaceForm]):
    editor: User

    def clean(self) -> None:
        moved = [form for form in self.initial_forms if "issue_position" in form.changed_data]
        # The rows are the lock, as for an article's own form.
        articles = Article.objects.filter(pk__in=[form.instance.pk for form in moved])
        list(articles.select_for_update().only("pk"))
        newest = dict(articles.order_by().values_list("pk", Max("revisions__number")))
        for form in moved:
            if (form.cleaned_data.get("base") or 0) != (newest.get(form.instance.pk) or 0):
                name = form.instance.title or "An article of this issue"  # it may have left the issue
                form.add_error("issue_position", f"“{name}” was saved in the meantime. Load this page again.")

    def save(self, commit: bool = True) -> list[Article]:
        """Number the articles through, in the order that was given."""
        self.new_objects, self.deleted_objects = [], []
        moved = [form for form in self.initial_forms if form.has_changed()]
        self.changed_objects = [(form.instance, ["issue_position"]) for form in moved]
        if self.changed_objects:
            last = len(self.initial_forms) + 10_000
            ordered = sorted(self.initial_forms, key=lambda form: form.cleaned_data["issue_position"] or last)
            for position, form in enumerate(ordered, 1):
                self._place(form.instance, form.initial.get("issue_position"), position)
        return [article for article, _ in self.changed_objects]

    def _place(self, article: Article, before: int | None, position: int) -> None:
        if before != position:
            article.issue_position = position
            article.save(update_fields=["issue_position", "updated_at"])
            article.revise(editor=self.editor, note="Moved in its issue")


class PlaceInline(DeskFields[Article], admin.TabularInline[Article, Issue]):
    model = Article
    form = PlaceForm
    formset = PlacesFormSet  # type: ignore[assignment]
    fields = ["issue_position", "article", "authors", "status", "base"]
    readonly_fields = ["article", "authors", "status"]
    verbose_name_plural = "articles, in order"
    can_delete = False
    max_num = 0
    classes = ["ordered-rows"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Article]:
        found = super().get_queryset(request).defer("summary", *Article.TEXTS)
        return found.in_issue_order().with_bylines().annotate(newest_revision=Max("revisions__number"))  # type: ignore[attr-defined]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        formset: Any = super().get_formset(request, obj, **kwargs)
        formset.editor = request.user
        return formset

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description="article")
    def article(self, article: Article) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("admin:articles_article_change", args=[article.pk]), article)

    @admin.display(description="authors")
    def authors(self, article: Article) -> str:
        return ", ".join(byline.name for byline in article.bylines.all())

    @property
    def media(self) -> forms.Media:
        return super().media + Media(js=[Script("articles/rows.js", type="module")])


@admin.register(Issue)
class IssueAdmin(DeskAdmin[Issue]):
    list_display = ["date", "volume", "number", "released_at"]
    search_fields = ["date"]  # and more: see get_search_results
    ordering = ["-date"]
    fieldsets = [(None, {"fields": ["date", ("volume", "number"), "released_at", "pdf"]})]
    inlines = [PlaceInline]
    actions = ["release"]

    def get_readonly_fields(self, request: HttpRequest, obj: Issue | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if self.has_release_permission(request) else [*fields, "released_at"]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Issue], search_term: str
    ) -> tuple[QuerySet[Issue], bool]:
        """By any part of the date as 2016-03-15, or by volume or number."""
        for word in search_term.split():
            queryset = queryset.filter(_issue_like(word))
        return queryset, False

    def has_release_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.release_issue")

    @admin.action(description="Release selected issues", permissions=["release"])
    def release(self, request: HttpRequest, queryset: QuerySet[Issue]) -> None:
        with transaction.atomic():
            waiting = [issue for issue in queryset.select_for_update() if not issue.is_released()]
            for issue in waiting:
                issue.release()
                self.log_change(request, issue, "Released.")
        names = ", ".join(map(str, waiting)) or "nothing, since all of them are out already"
        self.message_user(request, f"Released: {names}.")
