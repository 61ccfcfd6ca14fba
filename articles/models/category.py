from datetime import datetime
from typing import Self

from django.db import models

from articles.paths import path_to

from .address import Slugged


class CategoryQuerySet(models.QuerySet["Category"]):
    def public(self, at: datetime | None = None) -> Self:
        """Every category has a page, an empty one too."""
        return self.all()


class Category(Slugged):
    """Where an article is "Published in"."""

    SLUG_FROM = "name"

    name = models.CharField(max_length=100, unique=True)
    description = models.TextField(blank=True, help_text="One sentence under the heading of the category's page.")
    has_sections = models.BooleanField(
        "articles have sections",
        default=True,
        help_text="A new article has Background, Implications and Conclusions; otherwise one body.",
    )
    is_news = models.BooleanField(
        "articles are news", default=False, help_text="Machines are told that they are news, and not scholarship."
    )
    position = models.PositiveSmallIntegerField(default=0)

    objects = CategoryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "categories"
        ordering = ["position", "name"]
        constraints = [models.CheckConstraint(name="category_has_a_name", condition=~models.Q(name=""))]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return path_to("category_detail", self.slug)
