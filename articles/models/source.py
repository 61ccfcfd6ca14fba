from typing import Any, NamedTuple, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from articles.documents import private_storage

from .article import Article
from .revision import Revision


class Flagged(NamedTuple):
    """A doubt of the intake beside an article."""

    key: str
    field: str
    reason: str
    text: str
    proposal: str | None
    settled: str  # how, "" while it is open


class Unplaced(NamedTuple):
    """A text of the manuscript that found no place."""

    key: str
    text: str
    settled: str


class SourceQuerySet(models.QuerySet["Source"]):
    def same_as(self, address: str | None, sha256: str) -> Self:
        """What came from the same address or system id; else what has the same bytes."""
        by_address = self.filter(address=address) if address else self.none()
        return by_address if by_address.exists() else self.filter(sha256=sha256)


class Source(models.Model):
    """A file that an article came from: the original, kept privately, and what was read in it."""

    article = models.ForeignKey(Article, models.CASCADE, related_name="sources")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    address = models.CharField("address or system id", max_length=500, blank=True, db_index=True)
    original = models.FileField(storage=private_storage, upload_to="sources/%Y/")
    manuscript = models.JSONField(encoder=DjangoJSONEncoder)
    # What the import wrote: while it is the article's newest revision, nobody has saved the article since.
    revision = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="+", editable=False)
    # What a later version would make of the article, as a snapshot, until the editor has taken it over or left it.
    offer = models.JSONField(encoder=DjangoJSONEncoder, null=True, editable=False)
    # What an editor has settled: "flag-3": "dismissed", "unplaced-0": "moved to conclusions".
    settled = models.JSONField(default=dict, editable=False)
    imported_at = models.DateTimeField(auto_now_add=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["article", "sha256"], name="source_bytes_once_an_article")]

    def __str__(self) -> str:
        return self.file_name

    def before(self) -> dict[str, Any] | None:
        """What the version before this one said, as a snapshot; None if the article did not come from a file."""
        earlier = Source.objects.filter(article=self.article_id, pk__lt=self.pk).select_related("revision").first()
        if earlier is None:
            return None
        said: dict[str, Any] | None = earlier.offer or (earlier.revision.snapshot if earlier.revision else None)
        return said

    # What is left for the editor to do

    def flags(self) -> list[Flagged]:
        rows = enumerate(self.manuscript.get("flags", ()))
        return [Flagged(f"flag-{n}", **flag, settled=self.settled.get(f"flag-{n}", "")) for n, flag in rows]

    def unplaced(self) -> list[Unplaced]:
        rows = enumerate(self.manuscript.get("unplaced", ()))
        return [Unplaced(f"unplaced-{n}", text, self.settled.get(f"unplaced-{n}", "")) for n, text in rows]

    def open_flags(self) -> list[Flagged]:
        return [flag for flag in self.flags() if not flag.settled]

    def left_unplaced(self) -> list[Unplaced]:
        return [text for text in self.unplaced() if not text.settled]

    def settle(self, key: str, how: str) -> None:
        self.settled[key] = how
        self.save(update_fields=["settled"])

    settle.alters_data = True  # type: ignore[attr-defined]
