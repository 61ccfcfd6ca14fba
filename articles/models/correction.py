from typing import Self

from django.conf import settings
from django.db import models
from django.urls import reverse

from articles.moments import now

from .article import Article
from .revision import Revision


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def noted(self) -> Self:
        """Those that readers are told of: all but typos."""
        return self.exclude(kind=Correction.Kind.TYPO)

    def compared(self) -> Self:
        """Those whose old and new text readers can look at side by side."""
        return self.noted().exclude(old=None).exclude(new=None).select_related("old", "new")


class Correction(models.Model):
    """A change of what was published: what kind it is, and the note that readers find on the page."""

    class Kind(models.TextChoices):  # as Crossref and NISO (RP-45, CREC) tell them apart
        TYPO = "typo", "Typo"
        CORRECTION = "correction", "Correction"
        CLARIFICATION = "clarification", "Clarification"
        UPDATE = "update", "Update"
        CONCERN = "concern", "Expression of concern"
        RETRACTION = "retraction", "Retraction"
        REINSTATEMENT = "reinstatement", "Retraction lifted"

    article = models.ForeignKey(Article, models.CASCADE, related_name="corrections")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=13, choices=Kind)
    text = models.TextField(blank=True)
    at = models.DateTimeField(default=now)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    # What readers had, and what they have instead; neither, where the text itself is as it was.
    old = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="+")
    new = models.ForeignKey(Revision, models.SET_NULL, null=True, related_name="+")

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="correction_number_once"),
            models.CheckConstraint(
                name="correction_has_a_note",
                condition=models.Q(kind="typo") | ~models.Q(text=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text}" if self.text else self.get_kind_display()

    @property
    def comparison_url(self) -> str:
        """Where old and new stand side by side, if the text changed."""
        is_there = self.old_id and self.new_id
        return reverse("article_changes", args=[self.article.slug, self.number]) if is_there else ""
