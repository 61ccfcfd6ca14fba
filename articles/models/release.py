from django.conf import settings
from django.db import models

from articles.moments import now

from .issue import Issue


class Release(models.Model):
    """A number that was brought out, and how its articles stood before: so it can be taken back."""

    issue = models.ForeignKey(Issue, models.CASCADE, related_name="releases")
    at = models.DateTimeField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField(default=now)
    before = models.JSONField(default=dict)  # by the article's primary key: its status and its date
    recalled_at = models.DateTimeField(null=True)
    recalled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["issue"], condition=models.Q(recalled_at__isnull=True), name="release_once_until_recalled"
            )
        ]

    def __str__(self) -> str:
        return f"Release of {self.issue}"
