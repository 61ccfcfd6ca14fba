"""Tags. The one module that knows django-taggit."""

from datetime import datetime
from typing import Self

from django.db import models
from django.urls import reverse
from taggit.models import ItemBase, TagBase

from articles.slugs import slug_of

from .address import Addressed, used_by_something_public


class TagQuerySet(models.QuerySet["Tag"]):
    def public(self, at: datetime | None = None) -> Self:
        """Tags that a reader can meet on an article."""
        return self.filter(used_by_something_public(self.model, at))


class Tag(Addressed, TagBase):
    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def get_absolute_url(self) -> str:
        return reverse("tag_detail", args=[self.slug])

    def slugify(self, tag: str, i: int | None = None) -> str:
        slug = slug_of(tag) or "tag"
        return slug if i is None else f"{slug}-{i}"


class TaggedArticleQuerySet(models.QuerySet["TaggedArticle"]):
    def public(self, at: datetime | None = None) -> Self:
        articles = TaggedArticle._meta.get_field("content_object").related_model._default_manager
        return self.filter(content_object__in=articles.published(at))


class TaggedArticle(ItemBase):
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="tagged_articles")
    content_object = models.ForeignKey("articles.Article", models.CASCADE, related_name="tagged")

    objects = TaggedArticleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="tag_once_an_article")]

    def __str__(self) -> str:
        return f"{self.tag}"

    @classmethod
    def tags_for(cls, model: type[models.Model], instance: models.Model | None = None, **extra: object) -> TagQuerySet:
        of_instance = {"tagged_articles__content_object": instance} if instance is not None else {}
        return Tag.objects.filter(**of_instance, **extra).distinct()
