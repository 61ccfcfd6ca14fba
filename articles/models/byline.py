from collections.abc import Sequence
from typing import Any

from django.db import models, transaction

from articles import citations, rich_text

from .author import Author
from .placed import Placed, PlacedQuerySet


class BylineQuerySet(PlacedQuerySet["Byline"]):
    pass


class Byline(Placed):
    """An author on an article, as printed on the day."""

    ARTICLE = "article"

    article = models.ForeignKey("articles.Article", models.CASCADE, related_name="bylines")
    author = models.ForeignKey(Author, models.PROTECT, db_index=False, related_name="bylines")
    position = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=200, blank=True, help_text="As printed. Left empty, the author's name.")
    affiliation = models.CharField(max_length=300, blank=True, help_text="As printed.")
    bio = rich_text.summary_field("bio", help_text="As printed.")

    objects = BylineQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["article", "position"], name="byline_position_once"),
            models.UniqueConstraint(fields=["article", "author"], name="byline_author_once"),
        ]
        indexes = [models.Index(fields=["author", "-published_at", "-article"], name="byline_latest")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = self.name or self.author.name
        with transaction.atomic():
            super().save(*args, **kwargs)
            self.article.index()

    save.alters_data = True  # type: ignore[attr-defined]

    @property
    def cited_name(self) -> citations.Name:
        return self.author.cited_as(self.name)

    def snapshot(self) -> dict[str, Any]:
        return {"author": self.author_id, "name": self.name, "affiliation": self.affiliation, "bio": self.bio}

    @classmethod
    def from_snapshots(cls, snapshots: Sequence[dict[str, Any]]) -> "list[Byline]":
        """Bylines as they were. Who is gone is looked for by name, and made anew at last; nobody stands twice."""
        bylines = cls.as_shown(snapshots)
        for byline in bylines:
            if byline.author_id is None:
                byline.author = Author.objects.create(name=byline.name)
        return bylines

    @classmethod
    def as_shown(cls, snapshots: Sequence[dict[str, Any]]) -> "list[Byline]":
        """The same for a form, which writes nothing: who is gone and has no namesake is left open."""
        known = Author.objects.in_bulk([data["author"] for data in snapshots if data["author"]])
        bylines: list[Byline] = []
        for data in snapshots:
            author = known.pop(data["author"], None)
            if author is None:
                taken = [*known, *(byline.author_id for byline in bylines if byline.author_id)]
                people = Author.objects.exclude(pk__in=taken)
                author = people.now(data["author"]) or people.named(data["name"]).first()
            bylines.append(cls(author=author, **{name: data[name] for name in ("name", "affiliation", "bio")}))
        return bylines
