"""The article's form while somebody writes in it: what is typed is kept and offered back, and others are shown."""

import re
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from js_asset import Media, Script

from articles.compare import Part, compare
from articles.models import Article, Autosave, Presence

from .manuscript import ManuscriptPages
from .merging import posted
from .preflight import NEW, Preflights
from .sign_offs import SignOffs
from .unsaved import Unsaved, as_shown, begun

_KEY = re.compile(r"[0-9a-f]{32}")


def _name(editor: User | None) -> str:
    return (editor.get_full_name() or editor.get_username()) if editor else "An import"


def _time(moment: datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class AtWork(Preflights, SignOffs, ManuscriptPages):
    @property
    def media(self) -> Media:
        scripts = [Script(f"articles/{name}.js", type="module") for name in ("at-work", "preview")]
        return super().media + Media(css={"all": ["articles/at-work.css"]}, js=scripts)

    def get_urls(self) -> list[URLPattern]:
        own = self.admin_site.admin_view
        at_work = require_http_methods(["GET", "POST"])(self.at_work)
        return [
            path("add/at-work/", own(at_work), name="articles_article_at_work_anew"),
            path("<int:pk>/at-work/", own(at_work), name="articles_article_at_work"),
            path("autosaves/<int:pk>/drop/", own(require_POST(self.drop)), name="articles_autosave_drop"),
            *super().get_urls(),
        ]

    def at_work(self, request: HttpRequest, pk: int | None = None) -> HttpResponse:
        """What an open form says every few seconds. GET gives it the token to go on with after signing in anew."""
        article = self._to_write_in(request, pk)
        answer: dict[str, Any] = {"token": get_token(request)}
        if request.method == "POST":
            at = timezone.now()
            if "title" in request.POST:
                answer |= self._keep(request, article, at)
            if article:
                answer |= self._together(request, article, at)
        return JsonResponse(answer)

    def _to_write_in(self, request: HttpRequest, pk: int | None) -> Article | None:
        article = get_object_or_404(Article, pk=pk) if pk else None
        if not (self.has_change_permission(request, article) if article else self.has_add_permission(request)):
            raise PermissionDenied
        return article

    def _keep(self, request: HttpRequest, article: Article | None, at: datetime) -> dict[str, Any]:
        """Keep what was typed, unless it is only looked at; a text that says what was saved anyway is none to keep."""
        base, key = _number(request.POST.get("base", "")), _key(request.POST.get("key", ""))
        theirs = as_shown(article) if article else NEW
        mine = posted(request.POST, begun(article, base, theirs) or theirs)
        answer: dict[str, Any] = {"doubts": self.doubts_about(article, mine)}
        if "looks" in request.POST:
            return answer | ({"signed": self.sign_offs_of(article)} if article else {})
        if not Unsaved(article, request.user, base, mine).is_new:  # type: ignore[arg-type]
            Autosave.objects.of(request.user, article, key).delete()  # type: ignore[arg-type]
            return answer | {"kept": _time(at)}
        row = Autosave.objects.keep(request.user, article, key, base, mine, at)  # type: ignore[arg-type]
        return answer | {"kept": _time(at), "unsaved": row.pk}

    def _together(self, request: HttpRequest, article: Article, at: datetime) -> dict[str, Any]:
        """Note that the editor is there, and tell who else is, and who saved since the page was opened."""
        editor: User = request.user  # type: ignore[assignment]
        if "leaves" in request.POST:
            Presence.objects.filter(article=article, editor=editor).delete()
            return {}
        Presence.objects.beat(article, editor, at, is_typing="typing" in request.POST)
        others = [
            {"name": _name(other.editor), "since": _time(other.since), "typing": other.is_typing(at)}
            for other in Presence.objects.others(article, editor, at)
        ]
        newest = article.revisions.select_related("editor").defer("snapshot").first()
        if newest is None or newest.number <= _number(request.POST.get("base", "")):
            return {"others": others}
        saved = {"number": newest.number, "name": _name(newest.editor), "at": _time(newest.created_at)}
        return {"others": others, "saved": saved}

    def drop(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Drop a text that was typed and not saved."""
        autosave = get_object_or_404(Autosave, pk=pk, editor=request.user)
        autosave.delete()
        messages.success(request, "What was not saved is dropped.")
        where = [autosave.article_id] if autosave.article_id else []
        return HttpResponseRedirect(reverse(f"admin:articles_article_{'change' if where else 'add'}", args=where))

    # Offering it back

    def show_unsaved(self, request: HttpRequest, article: Article) -> None:
        """Put on the form's article what its editor had typed, when that is asked for."""
        if request.method == "GET" and (asked := self._asked_for(request, article)):
            article.unsaved = Unsaved(article, request.user, asked.base, asked.snapshot)  # type: ignore[arg-type]
            article.show(article.unsaved.both)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        asked = self._asked_for(request, None)
        return initial | {"unsaved": NEW | asked.snapshot if asked else None}

    def _asked_for(self, request: HttpRequest, article: Article | None) -> Autosave | None:
        asked = _number(request.GET.get("unsaved", ""))
        editor: User = request.user  # type: ignore[assignment]
        return Autosave.objects.filter(pk=asked, editor=editor, article=article).first() if asked else None

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj, form = kwargs.get("obj"), context["adminform"].form
        asked = self._asked_for(request, obj)
        if obj and obj.unsaved and obj.unsaved.conflicts and asked and not form.is_bound:
            # As if it had been sent: it is saved when the other text was looked at, and not before.
            form.initial["base"], form.is_stale = asked.base, True
            context["conflicts"] = compare(obj.unsaved.theirs, obj.unsaved.both, obj.unsaved.conflicts)
        context["at_work"] = {
            "url": reverse("admin:articles_article_at_work", args=[obj.pk])
            if obj
            else reverse("admin:articles_article_at_work_anew"),
            "key": "" if obj else _key(request.POST.get("key", "")) or (asked.key if asked else uuid4().hex),
            "taken": asked if not form.is_bound else None,
            "offers": [] if asked or form.is_bound else self._offers(request, obj),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def _offers(self, request: HttpRequest, article: Article | None) -> list[tuple[Autosave, list[Part]]]:
        editor: User = request.user  # type: ignore[assignment]
        autosaves = Autosave.objects.filter(editor=editor, article=article)
        found = [(row, Unsaved(article, editor, row.base, row.snapshot)) for row in autosaves[:10]]
        return [(row, unsaved.parts() if article else []) for row, unsaved in found if unsaved.is_new]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        editor: User = request.user  # type: ignore[assignment]
        kept = Autosave.objects.of(editor, form.instance if change else None, _key(request.POST.get("key", "")))
        kept.exclude(pk__in=[_number(pk) for pk in request.POST.getlist("offered")]).delete()


def _key(text: str) -> str:
    return text if _KEY.fullmatch(text) else ""
