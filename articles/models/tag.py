"""Tags. The one module that knows django-taggit."""

from collections.abc import Iterable
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Any, Self
from unicodedata import normalize

from django.db import models, transaction
from taggit.managers import _TaggableManager
from taggit.models import ItemBase, TagBase

from articles.paths import path_to
from articles.slugs import slug_of

from .address import Addressed, used_by_something_public
from .entry import Entry
from .merger import Merger
from .placed import Placed, PlacedQuerySet


class TagQuerySet(models.QuerySet["Tag"]):
    def public(self, at: datetime | None = None) -> Self:
        """Tags that a reader can meet on an article."""
        return self.filter(used_by_something_public(self.model, at))

    def spelt(self, names: Iterable[str]) -> list[str]:
        """These names, as far as they are known as they are spelt here: case aside, in every script."""
        wanted = {name: slug_of(name) for name in names}
        known = dict(self.filter(slug__in=wanted.values()).values_list("slug", "name"))
        same = {name: known.get(slug, name) for name, slug in wanted.items()}
        spelt = [same[name] if same[name].casefold() == name.casefold() else name for name in wanted]
        new = {name for name in spelt if slug_of(name) not in known}
        instead = self._merged(new)
        return list(dict.fromkeys(instead.get(name, name) for name in spelt))

    def _merged(self, names: set[str]) -> dict[str, str]:
        """What is written today instead of tags that were made one with another."""
        if not names:
            return {}
        gone = Merger.objects.of(self.model).values_list("gone_name", "gone_id")
        today = {slug_of(name): Merger.objects.now(self.model, pk) or pk for name, pk in gone}
        kept = dict(self.filter(pk__in=today.values()).values_list("pk", "name"))
        return {name: kept[pk] for name in names if (pk := today.get(slug_of(name))) in kept}


class Tag(Addressed, TagBase):
    if TYPE_CHECKING:
        slug: str
        tagged_articles: Any

    objects = TagQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def get_absolute_url(self) -> str:
        return path_to("tag_detail", self.slug)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = normalize("NFC", self.slug)
        if self.pk and not self.slug:  # TagBase makes one for a new tag only
            self.slug = self._free_slug()
        with transaction.atomic():
            is_renamed = bool(self.pk) and Tag.objects.filter(pk=self.pk).exclude(name=self.name).exists()
            super().save(*args, **kwargs)
            if is_renamed:
                self._index_articles(self._article_pks())

    save.alters_data = True  # type: ignore[attr-defined]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            pks = self._article_pks()
            deleted = super().delete(*args, **kwargs)
            self._index_articles(pks)
        return deleted

    delete.alters_data = True  # type: ignore[attr-defined]

    def _article_pks(self) -> list[int]:
        return list(self.tagged_articles.values_list("content_object", flat=True))

    def _index_articles(self, pks: list[int]) -> None:
        article: Any = TaggedArticle._meta.get_field("content_object").related_model
        for start in range(0, len(pks), 500):
            Entry.objects.write(article.for_index(pks[start : start + 500]))

    def _free_slug(self) -> str:
        candidates = (self.slugify(self.name, n or None) for n in count())
        return next(slug for slug in candidates if not Tag.objects.exclude(pk=self.pk).filter(slug=slug).exists())

    def slugify(self, tag: str, i: int | None = None) -> str:
        slug, number = slug_of(tag) or "tag", "" if i is None else f"-{i}"
        return slug[: 100 - len(number)].rstrip("-") + number


class TaggedArticleQuerySet(PlacedQuerySet["TaggedArticle"]):
    pass


class TaggedArticle(ItemBase, Placed):
    ARTICLE = "content_object"

    tag = models.ForeignKey(Tag, models.CASCADE, db_index=False, related_name="tagged_articles")
    content_object = models.ForeignKey("articles.Article", models.CASCADE, related_name="tagged")

    objects = TaggedArticleQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["content_object", "tag"], name="tag_once_an_article")]
        indexes = [models.Index(fields=["tag", "-published_at", "-content_object"], name="tagged_latest")]

    def __str__(self) -> str:
        return f"{self.tag}"

    @classmethod
    def tags_for(cls, model: type[models.Model], instance: models.Model | None = None, **extra: object) -> TagQuerySet:
        of_instance = {"tagged_articles__content_object": instance} if instance is not None else {}
        return Tag.objects.filter(**of_instance, **extra).distinct()


class ArticleTags(_TaggableManager):
    """The tags of an article; the search index knows them at once."""

    def add(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().add(*args, **kwargs)
            self.instance.index()

    def remove(self, *args: Any) -> None:
        with transaction.atomic():
            super().remove(*args)
            self.instance.index()

    def clear(self) -> None:
        with transaction.atomic():
            super().clear()
            self.instance.index()
