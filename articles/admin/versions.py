"""The article's versions in the desk: listed, compared, taken back to, put live, dropped."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST, require_safe

from articles.compare import compare
from articles.models import Article

LIVE = "live"


class Versions(admin.ModelAdmin[Article]):
    def get_urls(self) -> list[URLPattern]:
        own = self.admin_site.admin_view
        return [
            path("<int:pk>/revisions/", own(require_safe(self.revisions)), name="articles_article_revisions"),
            path("<int:pk>/compare/", own(require_safe(self.compare)), name="articles_article_compare"),
            path(
                "<int:pk>/revisions/<int:number>/restore/",
                own(require_POST(self.restore)),
                name="articles_article_restore",
            ),
            path("<int:pk>/discard/", own(require_POST(self.discard)), name="articles_article_discard"),
            *super().get_urls(),
        ]

    def page(self, request: HttpRequest, template: str, **context: Any) -> TemplateResponse:
        frame = self.admin_site.each_context(request) | {"opts": self.opts}
        return TemplateResponse(request, f"admin/articles/article/{template}", frame | context)

    def _article(self, request: HttpRequest, pk: int, articles: QuerySet[Article] | None = None) -> Article:
        article = get_object_or_404(Article.objects.all() if articles is None else articles, pk=pk)
        if not self.has_view_permission(request, article):
            raise PermissionDenied
        return article

    def revisions(self, request: HttpRequest, pk: int) -> HttpResponse:
        article = self._article(request, pk, Article.objects.defer(*Article.TEXTS))
        rows = article.revisions.select_related("editor", "based_on").defer("snapshot", "based_on__snapshot")
        page = Paginator(rows, 100).get_page(request.GET.get("p"))
        context = {"original": article, "page": page, "may_change": self.has_change_permission(request, article)}
        newest = page.object_list[0].number if page.number == 1 and page.object_list else self._newest(article)
        return self.page(request, "revisions.html", title="Revisions", newest=newest, **context)

    def compare(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Any two revisions, or one and what readers see."""
        article = self._article(request, pk)
        old, new = (self._version(article, request.GET.get(name, "")) for name in ("old", "new"))
        parts = compare(old["snapshot"], new["snapshot"])
        context = {"original": article, "old": old, "new": new, "parts": parts}
        return self.page(request, "compare.html", title="What changed", **context)

    def _version(self, article: Article, number: str) -> dict[str, Any]:
        if number == LIVE:
            return {
                "name": "what readers see" if article.is_published() else "the text as it is",
                "snapshot": article.snapshot(),
            }
        if not (number.isascii() and number.isdecimal() and len(number) < 10):
            raise Http404("Choose two revisions to compare.")
        revision = get_object_or_404(article.revisions.select_related("editor"), number=int(number))
        return {"name": f"revision {number}", "revision": revision, "snapshot": revision.snapshot}

    def restore(self, request: HttpRequest, pk: int, number: int) -> HttpResponse:
        """An old text becomes the newest; readers of a public article see it once it is published."""
        with transaction.atomic():
            article = self._locked(request, pk)
            old = get_object_or_404(article.revisions, number=number)
            if self._is_stale(request, article):
                messages.error(request, "Somebody saved the article in the meantime. Look at the list again.")
                return HttpResponseRedirect(reverse("admin:articles_article_revisions", args=[pk]))
            note = f"Restored from revision {number}"
            article.rewrite(old.snapshot, request.user, None, note)  # type: ignore[arg-type]
            self.log_change(request, article, f"{note}.")
        messages.success(request, f"The text is that of revision {number} again.")
        return self._to_form(pk)

    def discard(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Drop the changes that wait; they stay in the list of revisions."""
        with transaction.atomic():
            article = self._locked(request, pk)
            waiting = article.working_copy()
            if waiting and not self._is_stale(request, article):
                article.shows_now(waiting)  # so that nothing is carried over
                article.revise(request.user, note="The changes were dropped")  # type: ignore[arg-type]
                self.log_change(request, article, "Dropped the changes that were not published.")
                messages.success(request, "The changes are dropped. They can still be found under Revisions.")
            else:
                messages.error(request, "There was nothing to drop, or somebody saved in the meantime.")
        return self._to_form(pk)

    def _locked(self, request: HttpRequest, pk: int) -> Article:
        article = get_object_or_404(Article.objects.select_for_update(), pk=pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        return article

    def _newest(self, article: Article) -> int:
        return article.revisions.values_list("number", flat=True).first() or 0

    def _is_stale(self, request: HttpRequest, article: Article) -> bool:
        return str(self._newest(article)) != request.POST.get("base")

    def _to_form(self, pk: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:articles_article_change", args=[pk]))
