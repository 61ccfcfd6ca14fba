from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models.functions import Cast

from .article import Article
from .image import Image
from .link import Link

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class StaleRevision(Exception):
    """Somebody saved the article after the revision that a change was based on."""

    def __init__(self, newest: "Revision") -> None:
        self.newest = newest
        who = newest.editor.get_username() if newest.editor else "an import"
        super().__init__(f"The article was saved by {who} as revision {newest.number} in the meantime.")


def showing(rows: "models.QuerySet[Any]", image: Image) -> "models.QuerySet[Any]":
    """Those of some rows with a snapshot in which an image stands."""
    found = rows.annotate(snapshot_text=Cast("snapshot", models.TextField()))
    return found.filter(models.Q(snapshot__lead_image=image.pk) | models.Q(snapshot_text__contains=image.key))


class RevisionQuerySet(models.QuerySet["Revision"]):
    def waiting(self) -> Self:
        """Changes that readers do not see yet."""
        return self.filter(number__gt=models.F("article__live_revision")).select_related("article")

    @transaction.atomic
    def record(
        self, article: Article, snapshot: dict[str, Any], editor: "User | None", base: int | None, note: str
    ) -> "Revision":
        """Append a text of the article as its next revision; see Article.revise()."""
        # The row is the lock: two editors who save at once get two numbers, or one of them StaleRevision.
        list(Article.objects.select_for_update().only("pk").filter(pk=article.pk))
        newest = self.filter(article=article).order_by("-number").first()
        if newest and base is not None and base != newest.number:
            raise StaleRevision(newest)
        number = newest.number + 1 if newest else 1
        if editor:  # what came by import is asked for when somebody opens it
            Link.objects.have_checked(snapshot)
        return self.create(
            article=article, number=number, editor=editor, based_on=newest, note=note[:200], snapshot=snapshot
        )


class Revision(models.Model):
    """The whole text of an article at a moment. Never changed."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="revisions")
    number = models.PositiveIntegerField()
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    based_on = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    snapshot = models.JSONField(encoder=DjangoJSONEncoder)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["article", "number"], name="revision_number_once")]

    def __str__(self) -> str:
        return f"Revision {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk is not None:
            raise TypeError("A revision is never changed; record a new one with Article.revise().")
        super().save(*args, **kwargs)

    save.alters_data = True  # type: ignore[attr-defined]
