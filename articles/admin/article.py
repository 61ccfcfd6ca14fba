"""The article, in the order an editor writes it."""

from datetime import datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, QuerySet
from django.forms import Media
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from js_asset import Script

from articles import search
from articles.compare import changed_parts, compare
from articles.models import Article, Byline, Image, Revision
from articles.moments import named, written
from articles.preflight import findings

from .article_form import ArticleForm
from .at_work import AtWork
from .byline import BylineInline
from .correcting import WITHDRAWAL
from .desk import DeskAdmin
from .filters import AuthorFilter, IssueFilter, filter_media
from .merging import Merging
from .own_drafts import OwnDrafts

# What the form changes beside the text that a snapshot holds.
STATE = ("status", "published_at", "modified_at", "withdrawal_notice")
# What a list does not show, it does not load.
UNLISTED = ("summary", *Article.TEXTS, "lead_image_caption", "withdrawal_notice")


class ArticleList(ChangeList):
    def get_queryset(self, request: HttpRequest, exclude_parameters: Any = None) -> QuerySet[Article]:
        names = Byline.objects.only("article", "name", "position")
        found: QuerySet[Article] = super().get_queryset(request, exclude_parameters)
        return found.defer(*UNLISTED).prefetch_related(Prefetch("bylines", names, to_attr="names"))


def state_of(article: Article) -> dict[str, Any]:
    """All that a save in the desk can change."""
    return article.snapshot() | {name: getattr(article, name) for name in STATE}


def _day(moment: datetime | None) -> str:
    return written(timezone.localtime(moment).date(), "j M Y") if moment else ""


def _since(article: Article) -> str:
    """Who brought it into its state, and when."""
    by = f", {article.status_by.get_username()}" if article.status_by else ""
    return f"{named(article.status_at)}{by}" if article.status_at else ""


@admin.register(Article)
class ArticleAdmin(AtWork, OwnDrafts, DeskAdmin[Article]):
    form = ArticleForm
    is_guarded = False  # it has a history, and merges
    inlines = [BylineInline]
    change_form_template = "admin/articles/article/change_form.html"
    change_list_template = "admin/articles/article/change_list.html"
    list_display = ["title", "status_shown", "category", "authors", "number", "published", "updated", "see"]
    list_filter = ["status", "category", IssueFilter, AuthorFilter]
    list_select_related = ["category", "issue", "status_by"]
    empty_value_display = "–"
    sortable_by = ["published", "updated"]
    search_fields = ["title"]  # and more: see get_search_results
    search_help_text = (
        f"Title, summary, author, tag or address. Without a filter, the {search.MOST_NAMED} newest are listed."
    )
    ordering = ["-pk"]
    autocomplete_fields = ["issue"]
    actions = ["publish", "withdraw"]
    readonly_fields = ["standing"]
    # Those of class "rail" stand beside the text on a wide screen.
    fieldsets = [
        (None, {"fields": ["title", "category", "summary"]}),
        ("Sections", {"fields": list(Article.SECTIONS), "classes": ["sections"]}),
        ("Body", {"fields": ["body"], "classes": ["body"]}),
        (
            "Publication",
            {
                "fields": ["status", "standing", "published_at", "modified_at", "withdrawal_notice"],
                "classes": ["rail", "publication"],
            },
        ),
        (
            "Lead image",
            {
                "fields": [
                    "lead_image",
                    "lead_image_upload",
                    "lead_image_credit",
                    "lead_image_alt",
                    "lead_image_caption",
                ],
                "classes": ["rail"],
            },
        ),
        (
            "Where it stands",
            {"fields": ["issue", "issue_position", "dateline", "dateline_on", "tags"], "classes": ["rail"]},
        ),
        ("Address and identifiers", {"fields": ["slug", "doi", "language", "licence"], "classes": ["rail"]}),
    ]

    @property
    def media(self) -> Media:
        return super().media + Media(js=[Script("articles/desk.js", type="module")]) + filter_media()

    def get_fieldsets(self, request: HttpRequest, obj: Article | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        may_upload = self._may_add_images(request) and (obj is None or self.has_change_permission(request, obj))
        own = () if may_upload else ("lead_image_upload", "lead_image_credit")
        own = own if obj and obj.status_at else (*own, "standing")
        return [
            (name, options | {"fields": [field for field in options["fields"] if field not in own]})
            for name, options in fieldsets
        ]

    def _may_add_images(self, request: HttpRequest) -> bool:
        return bool(self.admin_site.get_model_admin(Image).has_add_permission(request))

    def get_form(self, request: HttpRequest, obj: Article | None = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change=change, **kwargs)
        form.editor = request.user
        return form

    # The list

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return ArticleList

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Article], search_term: str
    ) -> tuple[QuerySet[Article], bool]:
        """By the same index as the readers', for what stands on the cover: the last word may be unfinished here too."""
        try:
            return search.named(queryset, search_term), False
        except search.TooBroad:
            self.message_user(request, "This search is too broad. Add a word that fewer articles have.", "WARNING")
            return queryset.none(), False

    @admin.display(description="status", ordering="status")
    def status_shown(self, article: Article) -> SafeString:
        is_ahead = article.status == Article.Status.PUBLISHED and not article.is_published()
        status, label = ("scheduled", "Scheduled") if is_ahead else (article.status, article.get_status_display())
        pill = format_html('<span class="status status-{}">{}</span>', status, label)
        who = [article.status_by.get_username()] if article.status_by else []
        since = ", ".join([*who, _day(article.status_at)]) if article.status_at else ""
        return format_html('{} <small title="{}">{}</small>', pill, _since(article), since) if since else pill

    @admin.display(description="since")
    def standing(self, article: Article) -> str:
        return _since(article)

    @admin.display(description="authors")
    def authors(self, article: Article) -> str:
        return ", ".join(byline.name for byline in article.names)  # type: ignore[attr-defined]

    @admin.display(description="issue", ordering="issue__date")
    def number(self, article: Article) -> str:
        return written(article.issue.date, "j M Y") if article.issue else ""

    @admin.display(description="published", ordering="published_at")
    def published(self, article: Article) -> str:
        is_ahead = article.published_at and not article.is_published()
        return named(article.published_at) if is_ahead else _day(article.published_at)  # type: ignore[arg-type]

    @admin.display(description="updated", ordering="updated_at")
    def updated(self, article: Article) -> str:
        return _day(article.updated_at)

    @admin.display(description="page")
    def see(self, article: Article) -> SafeString:
        there, preview = self.view_on_site(article), reverse("admin:articles_article_preview", args=[article.pk])
        return format_html('<a class="see" href="{}">{}</a>', there or preview, "View on site" if there else "Preview")

    # Saving: one revision each time, and never over somebody else's

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Article | None:
        """While it is being changed, its row is locked: of two who save at once, the second one is told."""
        found = super().get_object(request, object_id, from_field)
        if found and request.method == "POST" and transaction.get_connection().in_atomic_block:
            found = Article.objects.select_for_update().get(pk=found.pk)
        if found:
            found.show_newest()
            self.show_unsaved(request, found)
        return found

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """What two editors changed in different parts is merged; of one part that both changed, the second is told."""
        if "_publish_changes" in request.POST and not request.user.has_perm("articles.correct_article"):
            raise PermissionDenied
        article = super().get_object(request, object_id) if object_id and request.method == "POST" else None
        if article and not request.POST.get("replaces"):
            merging = Merging(article, request.POST)
            if merging.is_possible:
                request.POST = merging.merged()  # type: ignore[assignment]
                conflicts = compare(merging.theirs, merging.mine, merging.conflicts)
                extra_context = (extra_context or {}) | {"conflicts": conflicts}
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        obj = kwargs.get("obj")
        context["sources"] = self._sources(obj) if obj else []
        context["category_kinds"] = context["adminform"].form.kinds
        newest = obj.newest if obj else None
        context["waiting"] = newest if obj and newest and newest.number > obj.live_revision else None
        context["may_correct"] = obj is not None and obj.has_been_public() and self.has_correct_permission(request)
        context["show_delete"] = obj is None or not self.must_stay(obj)
        response = super().render_change_form(request, context, *args, **kwargs)
        if context["adminform"].form.is_bound and context["adminform"].form.is_stale:
            response.status_code = 409
        return response

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        form.before = Article.objects.get(pk=obj.pk) if change else None
        form.live = form.before.snapshot() if change else {}
        form.state_before = self._state_before(form) if change else {}
        if form.cleaned_data.get("lead_image_upload"):
            obj.lead_image = self._new_image(request, form)
        form.slug = obj.slug
        obj.created_by = obj.created_by if change else request.user  # type: ignore[assignment]
        if self._is_set_aside(request, form):
            obj.slug = form.before.slug  # an address is left only when its change is put live
        wanted, obj.status = obj.status, form.before.status if change else Article.Status.DRAFT
        super().save_model(request, obj, form, change)
        if wanted != obj.status:
            obj.bring_to(wanted, by=request.user)  # type: ignore[arg-type]

    def _state_before(self, form: Any) -> dict[str, Any]:
        """What the page was made from: the changes that wait, if there are any."""
        text = form.newest.snapshot if form.newest and form.newest.number > form.before.live_revision else form.live
        return text | {name: getattr(form.before, name) for name in STATE}

    def _is_set_aside(self, request: HttpRequest, form: Any) -> bool:
        """Whether readers go on seeing the text as it is: what is public changes only by "Publish changes"."""
        return bool(form.before and form.before.has_been_public() and "_publish_changes" not in request.POST)

    def _new_image(self, request: HttpRequest, form: Any) -> Image:
        if not self._may_add_images(request):
            raise PermissionDenied
        image = Image(credit=form.cleaned_data["lead_image_credit"])
        image.take(form.cleaned_data["lead_image_upload"])
        self.admin_site.get_model_admin(Image).log_addition(request, image, [{"added": {}}])
        return image

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        article: Article = form.instance
        if change and form.newest is None and state_of(article) != form.state_before:
            first = article.set_aside(form.live, None, None, "As it was before the first save in the desk")
            article.shows_now(first)
        if self._is_set_aside(request, form):
            self._set_aside(request, form)
        elif state_of(article) != form.state_before or article.working_copy() or form.cleaned_data.get("correction"):
            self._put_live(request, form)

    def _set_aside(self, request: HttpRequest, form: Any) -> None:
        """Keep the text as a revision, and give readers back what they had."""
        article: Article = form.instance
        written = article.snapshot() | {"slug": form.slug}
        changed = written | {name: getattr(article, name) for name in STATE} != form.state_before
        if written == form.live and not article.working_copy():
            if changed:
                article.revise(editor=request.user)  # type: ignore[arg-type]
            return
        article.restore(form.live)
        if changed:
            article.set_aside(written, request.user, None, form.note)  # type: ignore[arg-type]
        self.message_user(request, "Readers do not see these changes until you publish them.", "INFO")

    def _put_live(self, request: HttpRequest, form: Any) -> None:
        article: Article = form.instance
        before: Article | None = form.before
        was_public = before is not None and before.has_been_public()
        if before and was_public and "modified_at" not in form.changed_data and before.words() != article.words():
            article.date_change()
        old = article.revisions.filter(number=article.live_revision).first()
        if form.newest:
            article.live_revision = form.newest.number  # what waited is in this text, so nothing is carried over
        new = article.revise(editor=request.user, note=form.note)  # type: ignore[arg-type]
        if before and was_public and form.cleaned_data.get("correction"):
            self._correct(request, form, old, new)

    def _correct(self, request: HttpRequest, form: Any, old: Revision | None, new: Revision) -> None:
        article, editor = form.instance, request.user
        kind, note = form.cleaned_data["correction"], form.cleaned_data["correction_note"].strip()
        if kind == WITHDRAWAL:
            article.withdraw(note, by=editor)
            return
        differs = bool(old and changed_parts(old.snapshot, new.snapshot))
        dated = form.cleaned_data["modified_at"] if "modified_at" in form.changed_data else None
        article.correct(kind, note, by=editor, old=old if differs else None, new=new if differs else None, dated=dated)

    # What is done with several

    @admin.action(description="Publish selected articles", permissions=["publish"])
    def publish(self, request: HttpRequest, queryset: QuerySet[Article]) -> None:
        with transaction.atomic():
            done = sum(self._publish(request, article) for article in self.locked(queryset))
        if done:
            self.message_user(request, f"Published: {done} article{'s' * (done != 1)}.")

    def _publish(self, request: HttpRequest, article: Article) -> bool:
        if self.saved_since(request, article):
            return False
        if lacks := article.lacks():
            self.message_user(request, f"“{article}” is not published: it has no {' and no '.join(lacks)}.", "ERROR")
            return False
        if article.status == Article.Status.PUBLISHED:
            return False
        if doubts := [finding.says for finding in findings(article, article.snapshot())]:
            lead = f"“{article}” is not published: it {', and '.join(doubts)}."
            self.message_user(request, f"{lead} Open it to say why it goes out all the same.", "ERROR")
            return False
        article.publish(by=request.user)  # type: ignore[arg-type]
        article.revise(editor=request.user, note="Published from the list")  # type: ignore[arg-type]
        return True
