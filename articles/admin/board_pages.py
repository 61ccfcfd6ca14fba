"""The pages of the issue desk: find, act, show."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import Media
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from js_asset import Script

from articles.models import Article, Issue
from articles.moments import named

from .board import Board, ReleaseForm, SlotForm, calendar, put_into

STALE = (
    "Somebody changed this board in the meantime, so nothing was done. It is shown as it is now: look, and do it again."
)
MEDIA = Media(
    js=[
        "admin/js/vendor/jquery/jquery.js",
        "admin/js/jquery.init.js",
        "admin/js/core.js",
        Script("articles/rows.js", type="module"),
    ]
)


class BoardPages(admin.ModelAdmin[Issue]):
    def get_urls(self) -> list[URLPattern]:
        own = self.admin_site.admin_view
        board = require_http_methods(["GET", "HEAD", "POST"])(self.board)
        return [
            path("calendar/", own(require_safe(self.calendar)), name="articles_issue_calendar"),
            path("<int:pk>/board/", own(board), name="articles_issue_board"),
            path("<int:pk>/slot/", own(require_POST(self.slot)), name="articles_issue_slot"),
            path("<int:pk>/release/", own(require_POST(self.release)), name="articles_issue_release"),
            path("<int:pk>/recall/", own(require_POST(self.recall)), name="articles_issue_recall"),
            *super().get_urls(),
        ]

    def calendar(self, request: HttpRequest) -> HttpResponse:
        self._require(request, "articles.view_article")
        late, coming = calendar(timezone.now())
        context = self.admin_site.each_context(request) | {"opts": self.opts, "title": "Calendar"}
        return TemplateResponse(
            request, "admin/articles/issue/calendar.html", context | {"late": late, "coming": coming}
        )

    @transaction.atomic
    def board(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The board; posted, its order and who has what."""
        self._require(request, "articles.view_article")
        if request.method != "POST":
            return self._show(request, Board(get_object_or_404(Issue, pk=pk)))
        self._require(request, "articles.change_issue", "articles.change_article")
        issue = self._locked(pk)
        if self._is_stale(request, issue):
            return self._stale(request, issue)
        board = Board(issue, request.POST)
        if not board.is_valid():
            return self._show(request, board)
        board.save(request.user)  # type: ignore[arg-type]
        messages.success(request, "The board is saved.")
        return self._to_board(pk)

    @transaction.atomic
    def slot(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Put an article into the number, or a place for one."""
        self._require(request, "articles.change_issue", "articles.add_article", "articles.change_article")
        issue, form = self._locked(pk), SlotForm(request.POST)
        if not form.is_valid():
            return self._show(request, Board(issue), slot_form=form)
        article = form.cleaned_data["article"]
        if article is None:
            article = form.save(commit=False)
            article.title, article.created_by = form.cleaned_data["title"], request.user  # type: ignore[assignment]
            article.save()
        last = issue.articles.order_by("-issue_position").values_list("issue_position", flat=True)
        place = max((number or 0 for number in last), default=0) + 1
        put_into(article, issue, place, request.user, f"Put into the issue of {issue}")  # type: ignore[arg-type]
        return self._to_board(pk)

    @transaction.atomic
    def release(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Bring it out: nothing that it lacks may stop it, and what is doubtful needs a reason."""
        self._require(request, "articles.release_issue")
        issue, form = self._locked(pk), ReleaseForm(request.POST)
        board = Board(issue)
        if self._is_stale(request, issue) or issue.released_at:
            return self._stale(request, issue)
        if form.is_valid() and board.warnings and not form.cleaned_data["reason"].strip():
            form.add_error("reason", "Say why it goes out with these warnings, or put right what they say.")
        if not form.is_valid() or board.errors:
            return self._show(request, board, release_form=form)
        issue.release(form.cleaned_data["at"], by=request.user)  # type: ignore[arg-type]
        for article, warning in board.warnings:
            article.log(request.user, f"Released though it {warning.says}: {form.cleaned_data['reason']}")  # type: ignore[arg-type]
        messages.success(request, f"The issue of {issue} is released, from {named(issue.released_at)} on.")  # type: ignore[arg-type]
        return self._to_board(pk)

    @transaction.atomic
    def recall(self, request: HttpRequest, pk: int) -> HttpResponse:
        self._require(request, "articles.release_issue")
        issue = self._locked(pk)
        if self._is_stale(request, issue):
            return self._stale(request, issue)
        issue.recall(by=request.user)  # type: ignore[arg-type]
        messages.success(request, f"The issue of {issue} is taken back. Readers find nothing of it.")
        return self._to_board(pk)

    # What these have in common

    def _require(self, request: HttpRequest, *rights: str) -> None:
        if not request.user.has_perms(rights):
            raise PermissionDenied

    def _locked(self, pk: int) -> Issue:
        """The number and its articles are nobody else's until this is done."""
        issue = get_object_or_404(Issue.objects.select_for_update(), pk=pk)
        list(Article.objects.select_for_update().filter(issue=issue).only("pk").order_by("pk"))
        return issue

    def _is_stale(self, request: HttpRequest, issue: Issue) -> bool:
        return request.POST.get("base") != Board(issue).token

    def _stale(self, request: HttpRequest, issue: Issue) -> HttpResponse:
        messages.error(request, STALE)
        return self._show(request, Board(issue), status=409)

    def _to_board(self, pk: int) -> HttpResponse:
        return HttpResponseRedirect(reverse("admin:articles_issue_board", args=[pk]))

    def _show(self, request: HttpRequest, board: Board, status: int = 200, **forms: Any) -> HttpResponse:
        may = request.user.has_perms
        context = self.admin_site.each_context(request) | {
            "opts": self.opts,
            "title": f"Issue of {board.issue}",
            "board": board,
            "slot_form": forms.get("slot_form") or SlotForm(),
            "release_form": forms.get("release_form") or ReleaseForm(),
            "may_plan": may(["articles.change_issue", "articles.change_article"]),
            "may_release": may(["articles.release_issue"]),
            "media": MEDIA + ReleaseForm().media,
        }
        return TemplateResponse(request, "admin/articles/issue/board.html", context, status=status)
