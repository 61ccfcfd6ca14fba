from typing import Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from articles.documents import private_storage

from .article import Article
from .revision import Revision


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
    imported_at = models.DateTimeField(auto_now_add=True)

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["article", "sha256"], name="source_bytes_once_an_article")]

    def __str__(self) -> str:
        return self.file_name
