"""The article's own pages in the desk: its sources, and how it is taken back."""

from collections.abc import Iterator

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_safe

from articles.models import Article, Source

from .preview import Previews
from .source import send_original


class NoticeForm(forms.Form):
    notice = forms.CharField(
        label="What readers are told when they look for it",
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": "Say why it is withdrawn; its address will show this sentence."},
    )


class ArticlePages(Previews):
    def get_urls(self) -> list[URLPattern]:
        own = self.admin_site.admin_view
        return [
            path("<int:pk>/sources/<int:source>/", own(require_safe(self.original)), name="articles_article_source"),
            *super().get_urls(),
        ]

    def original(self, request: HttpRequest, pk: int, source: int) -> FileResponse:
        found = get_object_or_404(Source.objects.select_related("article").defer("manuscript"), pk=source, article=pk)
        if not self.has_change_permission(request, found.article):
            raise PermissionDenied
        return send_original(found)

    # Taking articles back

    def has_publish_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.publish_article")

    def has_withdraw_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.withdraw_article")

    def has_correct_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("articles.correct_article")

    @admin.action(description="Withdraw selected articles …", permissions=["withdraw"])
    def withdraw(self, request: HttpRequest, queryset: QuerySet[Article]) -> HttpResponse | None:
        """Ask for the notice, then withdraw."""
        form = NoticeForm(request.POST if "withdraw" in request.POST else None)
        if form.is_valid():
            with transaction.atomic():
                for article in self.locked(queryset):
                    self._withdraw(request, article, form.cleaned_data["notice"])
            return None
        return self.page(request, "withdraw.html", title="Withdraw articles", form=form, articles=queryset)

    def saved_since(self, request: HttpRequest, article: Article) -> bool:
        """Whether somebody else saved an article after this editor's list was shown; they are told, and it stays."""
        seen = parse_datetime(request.POST.get("seen", "").replace(" ", "+"))
        saved = article.revisions.filter(created_at__gt=seen).exclude(editor=request.user) if seen else None  # type: ignore[misc]
        revision = saved.select_related("editor").first() if saved is not None else None
        if revision is None:
            return False
        who = revision.editor.get_username() if revision.editor else "An import"
        text = f"“{article}” stays as it is: {who} saved it after you opened the list. Look at it, then try again."
        self.message_user(request, text, "ERROR")
        return True

    def locked(self, queryset: QuerySet[Article]) -> Iterator[Article]:
        """The whole rows, and nobody else's until the transaction ends."""
        chosen = Article.objects.select_for_update().filter(pk__in=queryset.values("pk"))
        return chosen.order_by("pk").iterator(chunk_size=100)

    def _withdraw(self, request: HttpRequest, article: Article, notice: str) -> None:
        if article.status == Article.Status.WITHDRAWN:
            self.message_user(request, f"“{article}” is withdrawn already; its notice stays as it is.", "WARNING")
            return
        if self.saved_since(request, article):
            return
        article.withdraw(notice, by=request.user)  # type: ignore[arg-type]
        article.revise(editor=request.user, note="Withdrawn from the list")  # type: ignore[arg-type]
        self.message_user(request, f"“{article}” is withdrawn.")

    # What cannot be deleted

    def must_stay(self, row: Article) -> str:
        if not row.has_been_public():
            return ""
        return f"“{row}” has been public, so readers may know its address. Withdraw it instead."

    def _sources(self, article: Article) -> list[Source]:
        return list(article.sources.all())
