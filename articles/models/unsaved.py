"""What an editor has typed and not saved yet, and who else is at it."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from .article import Article

if TYPE_CHECKING:
    from django.contrib.auth.models import User

# A hidden tab says that it is there once a minute at most: browsers slow down what nobody sees.
GONE = timedelta(minutes=3)
STILL_TYPING = timedelta(seconds=20)


class AutosaveQuerySet(models.QuerySet["Autosave"]):
    def of(self, editor: "User", article: Article | None, key: str = "") -> Self:
        """The text of one editor for one article, or for one that is not saved yet and is known by a key."""
        return self.filter(editor=editor, article=article, key="" if article else key)

    def of_new_ones(self, editor: "User") -> Self:
        return self.filter(editor=editor, article=None)

    def keep(
        self, editor: "User", article: Article | None, key: str, base: int, snapshot: dict[str, Any], at: datetime
    ) -> "Autosave":
        """Put a text in the place of the one that was kept before."""
        what = {"base": base, "snapshot": snapshot, "typed_at": at}
        row, _ = self.update_or_create(what, editor=editor, article=article, key="" if article else key)
        return row


class Autosave(models.Model):
    """A text as it was typed: no revision, and nothing that any public page could ask for."""

    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    article = models.ForeignKey(Article, models.CASCADE, null=True, related_name="autosaves")
    key = models.CharField(max_length=32, blank=True)  # of the form, while there is no article
    base = models.PositiveIntegerField(default=0)  # the number of the revision that it began with
    snapshot = models.JSONField(encoder=DjangoJSONEncoder)
    typed_at = models.DateTimeField()

    objects = AutosaveQuerySet.as_manager()

    class Meta:
        ordering = ["-typed_at"]
        constraints = [
            models.UniqueConstraint(fields=["editor", "article"], name="autosave_once_an_article"),
            models.UniqueConstraint(
                fields=["editor", "key"], condition=models.Q(article=None), name="autosave_once_a_new_article"
            ),
        ]

    def __str__(self) -> str:
        return self.snapshot.get("title") or "Without a title"


class PresenceQuerySet(models.QuerySet["Presence"]):
    def others(self, article: Article, editor: "User", at: datetime) -> Self:
        """Who else has the article open, the first comer first."""
        there = self.filter(article=article, seen_at__gte=at - GONE).exclude(editor=editor)
        return there.select_related("editor").order_by("since", "pk")

    def beat(self, article: Article, editor: "User", at: datetime, is_typing: bool) -> None:
        """Note that somebody has the article open at a moment."""
        typed = {"typed_at": at} if is_typing else {}
        row, is_new = self.get_or_create({"since": at, "seen_at": at, **typed}, article=article, editor=editor)
        if is_new:
            self.filter(article=article, seen_at__lt=at - GONE).delete()
            return
        came_back = {"since": at} if row.seen_at < at - GONE else {}
        self.filter(pk=row.pk).update(seen_at=at, **typed, **came_back)


class Presence(models.Model):
    """An editor who has an article open. Locks nothing."""

    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    article = models.ForeignKey(Article, models.CASCADE, related_name="presences")
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    typed_at = models.DateTimeField(null=True)

    objects = PresenceQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["article", "editor"], name="presence_once_an_editor")]

    def __str__(self) -> str:
        return f"{self.editor} in {self.article}"

    def is_typing(self, at: datetime) -> bool:
        return self.typed_at is not None and self.typed_at >= at - STILL_TYPING
