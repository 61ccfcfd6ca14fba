"""A private address at which an author sees how often they are read."""

import secrets

from django.db import models
from django.urls import reverse
from django.utils import timezone

from articles.machines import absolute
from articles.models import Author


def new_secret() -> str:
    return secrets.token_urlsafe(24)


class ReportLink(models.Model):
    """Whoever has it may look; deleted, it leads nowhere."""

    author = models.OneToOneField(Author, models.CASCADE, related_name="report_link")
    # Stored, and not signed: it must outlive a change of SECRET_KEY, and be taken back alone.
    secret = models.CharField(max_length=40, unique=True, editable=False, default=new_secret)
    made_at = models.DateTimeField("made", default=timezone.now, editable=False)

    class Meta:
        verbose_name = "author's private link"
        verbose_name_plural = "authors' private links"
        ordering = ["author__sort_name", "pk"]

    def __str__(self) -> str:
        return f"the link of {self.author}"

    def get_absolute_url(self) -> str:
        return reverse("author_reads", args=[self.secret])

    @property
    def url(self) -> str:
        """The whole address, to be sent to the author."""
        return absolute(self.get_absolute_url())
