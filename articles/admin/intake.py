"""What was recognised in a manuscript, beside it: doubts are settled, stray text placed, a later version weighed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_http_methods

from articles.compare import Part, compare
from articles.intake.proposals import readings
from articles.intake.tray import DoesNotFit, moved, places
from articles.models import Article, Author, Source
from articles.models.source import Flagged
from articles.rich_text import text_of

from .article_pages import ArticlePages

# Where each is changed, when no proposal fits.
FIELDS = {"bylines": "bylines-group", "bios": "bylines-group", "body": "id_body"}
# The parts that the page lists, what it calls them, and which flags are about each.
PARTS = {
    "title": ("Title", ("title",)),
    "category": ("Category", ("category",)),
    "bylines": ("Byline", ("byline",)),
    "dateline": ("Dateline", ("dateline", "published_on", "modified_on")),
    "summary": ("Summary", ("summary",)),
    "background": ("Background", ("background",)),
    "implications": ("Implications", ("implications",)),
    "conclusions": ("Conclusions", ("conclusions",)),
    "body": ("Body", ("body",)),
    "bios": ("Bios", ("bios",)),
    "lead_image": ("Image", ("picture", "image", "images", "credit", "caption")),
    "tags": ("Tags", ("tags",)),
}
CALLED = {
    "byline": "Byline", "bios": "Bio", "credit": "Image credit", "caption": "Caption", "unplaced": "Not placed",
    "furniture": "Left aside", "publication_lines": "Staff publications",
}  # fmt: skip
SAVED_MEANWHILE = "Somebody saved the article in the meantime. Look at it again; nothing was changed."
WEIGHING = {
    "theirs": "Only the new version changed this.",
    "both": "You changed this too, since the version before.",
    "mine": "Only you changed this; the new version has it as the one before had.",
}


@dataclass
class Recognised:
    """One part as it came, and how sure that is."""

    name: str
    label: str
    text: str
    flags: list[tuple[Flagged, list[str]]]  # each with the readings that can be accepted
    piece: int | None = None  # the first piece of the manuscript that went there

    @property
    def field(self) -> str:
        """Where it is in the form."""
        return FIELDS.get(self.name, f"id_{self.name}")

    @property
    def confidence(self) -> str:
        if any(not flag.settled for flag, _ in self.flags):
            return "doubtful"
        return "recognised" if self.text else "missing"


class IntakePages(ArticlePages):
    def get_urls(self) -> list[URLPattern]:
        own, both = self.admin_site.admin_view, require_http_methods(["GET", "HEAD", "POST"])
        return [
            path("<int:pk>/intake/<int:source>/", own(both(self.intake)), name="articles_article_intake"),
            path("<int:pk>/version/<int:source>/", own(both(self.version)), name="articles_article_version"),
            *super().get_urls(),
        ]

    # What was recognised

    def intake(self, request: HttpRequest, pk: int, source: int) -> HttpResponse:
        if request.method == "POST":
            return self._settle(request, pk, source)
        article, found = self._of_article(request, pk, source)
        text = article.newest_text()
        pieces = list(_grouped(found.manuscript.get("pieces", ())))
        rows, others = _recognised(found, text, pieces)
        return self.page(
            request,
            "intake.html",
            title="What was recognised",
            original=article,
            source=found,
            pieces=pieces,
            parts=rows,
            others=others,
            places=places(text),
            newest=self._newest(article),
        )

    def _of_article(self, request: HttpRequest, pk: int, source: int) -> tuple[Article, Source]:
        article = self._article(request, pk)
        if not self.has_change_permission(request, article):
            raise PermissionDenied
        return article, get_object_or_404(article.sources, pk=source)

    @transaction.atomic
    def _settle(self, request: HttpRequest, pk: int, source: int) -> HttpResponse:
        """One doubt or one stray text: accepted, moved, or dismissed."""
        article = self._locked(request, pk)
        found = get_object_or_404(article.sources.select_for_update(), pk=source)
        back = HttpResponseRedirect(reverse("admin:articles_article_intake", args=[pk, source]))
        key = request.POST.get("key", "")
        open_flags = {flag.key: flag for flag in found.open_flags()}
        unplaced = {piece.key: piece.text for piece in found.left_unplaced()}
        if key not in open_flags and key not in unplaced:
            messages.info(request, "This is settled already.")
        elif "dismiss" in request.POST:
            found.settle(key, "dismissed")
        elif self._is_stale(request, article):
            messages.error(request, SAVED_MEANWHILE)
        elif key in open_flags:
            self._accept(request, article, found, open_flags[key])
        else:
            self._move(request, article, found, key, unplaced[key])
        return back

    def _accept(self, request: HttpRequest, article: Article, source: Source, flag: Flagged) -> None:
        said = request.POST.get("accept", "")
        text = readings(flag, article.newest_text()).get(said)
        if text is None:
            messages.error(request, "The text has changed, and this fits it no more. Change it in the article.")
            return
        self._rewrite(request, article, text, f"Accepted: {said}")
        source.settle(flag.key, f"accepted: {said}")

    def _move(self, request: HttpRequest, article: Article, source: Source, key: str, piece: str) -> None:
        text, to = article.newest_text(), request.POST.get("to", "")
        try:
            changed = moved(piece, to, text, to_the_front=request.POST.get("at") == "front")
        except DoesNotFit as reason:
            messages.error(request, str(reason))
            return
        label = places(text)[to]
        self._rewrite(request, article, changed, f"Moved “{piece[:60]}” to: {label}")
        source.settle(key, f"moved to: {label}")

    def _rewrite(self, request: HttpRequest, article: Article, text: dict[str, Any], note: str) -> None:
        for row in text["bylines"]:
            row["author"] = row["author"] or Author.objects.called(row["name"]).pk
        article.rewrite(text, request.user, None, note)  # type: ignore[arg-type]
        self.log_change(request, article, f"{note}.")

    # A later version of the manuscript

    def version(self, request: HttpRequest, pk: int, source: int) -> HttpResponse:
        """What the author's later version would change, part by part, to take over or to leave."""
        if request.method == "POST":
            return self._take_over(request, pk, source)
        article, found = self._of_article(request, pk, source)
        text = article.newest_text()
        return self.page(
            request,
            "version.html",
            title="A later version",
            original=article,
            source=found,
            weighed=list(_weighed(found, text)),
            newest=self._newest(article),
        )

    @transaction.atomic
    def _take_over(self, request: HttpRequest, pk: int, source: int) -> HttpResponse:
        article = self._locked(request, pk)
        found = get_object_or_404(article.sources.select_for_update(), pk=source)
        here = HttpResponseRedirect(reverse("admin:articles_article_version", args=[pk, source]))
        if self._is_stale(request, article):
            messages.error(request, SAVED_MEANWHILE)
            return here
        chosen = [name for name in request.POST.getlist("part") if name in (found.offer or {})]
        if not chosen:
            messages.info(request, "Nothing was ticked, so nothing was taken over. The version stays here.")
            return here
        text = article.newest_text() | {name: (found.offer or {})[name] for name in chosen}
        self._rewrite(request, article, text, f"Taken over from {found.file_name}: {', '.join(chosen)}")
        found.settle("offer", ", ".join(chosen))
        messages.success(request, f"Taken over: {', '.join(chosen).replace('_', ' ')}.")
        return self._to_form(pk)


def _grouped(pieces: list[list[str]]) -> Iterator[tuple[str, str, list[str]]]:
    """The manuscript in its order: the part, what it is called, and the texts that went there one after the other."""
    told = [piece for piece in pieces if any(map(str.isalnum, piece[1]))]  # a comma between two names tells nothing
    for part, run in groupby(told, key=lambda piece: piece[0]):
        yield part, CALLED.get(part, part.replace("_", " ").capitalize()), [text for _, text in run]


def _recognised(
    source: Source, text: dict[str, Any], pieces: list[tuple[str, str, list[str]]]
) -> tuple[list[Recognised], list[tuple[Flagged, list[str]]]]:
    """The parts that the article has or might have, and the doubts that are about none of them."""
    flags = [(flag, list(readings(flag, text))) for flag in source.flags()]
    rows, about = [], set()
    is_whole = bool(text["body"])
    for name, (label, fields) in PARTS.items():
        own = [pair for pair in flags if pair[0].field in fields]
        about |= {pair[0].key for pair in own}
        shown = _shown(name, text)
        if shown or own or name not in (Article.SECTIONS if is_whole else ("body",)):
            first = next((n for n, piece in enumerate(pieces) if piece[0] in (name, *fields)), None)
            rows.append(Recognised(name, label, shown, own, first))
    return rows, [pair for pair in flags if pair[0].key not in about]


def _shown(name: str, text: dict[str, Any]) -> str:
    if name == "bios":
        return " ".join(text_of(row["bio"]) for row in text["bylines"] if row["bio"])
    if name == "bylines":
        return ", ".join(row["name"] for row in text["bylines"])
    if name == "tags":
        return ", ".join(text["tags"])
    if name in ("category", "lead_image"):
        row = text.get(name) and Article._meta.get_field(name).related_model.objects.filter(pk=text[name]).first()  # type: ignore[union-attr]
        return str(row) if row else ""
    return text_of(text.get(name) or "")


def _weighed(source: Source, text: dict[str, Any]) -> Iterator[tuple[Part, str, str]]:
    """What the version has otherwise than the article: each part, who changed it, and that in a sentence."""
    offer, before = source.offer or {}, source.before()
    for part in compare(text, offer, offer.keys()):
        if before is None:
            who = "both"
        elif before.get(part.name) == text.get(part.name):
            who = "theirs"
        else:
            who = "mine" if before.get(part.name) == offer[part.name] else "both"
        yield part, who, WEIGHING[who] if before is not None else ""
