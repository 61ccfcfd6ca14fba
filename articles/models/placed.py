"""What links an article to a person or a tag knows its place in time, so that a list of theirs is read in order."""

from datetime import datetime
from typing import Any, Self, TypeVar

from django.db import models
from django.utils import timezone

Row = TypeVar("Row", bound="Placed")


class PlacedQuerySet(models.QuerySet[Row]):
    def public(self, at: datetime | None = None) -> Self:
        # Asked of each article: "in" them all would have SQLite gather all there are.
        return self.of(self._articles().published(at).order_by())

    def of(self, articles: "models.QuerySet[Any]") -> Self:
        return self.filter(models.Exists(articles.filter(pk=models.OuterRef(self.model.ARTICLE))))

    def in_category(self, category: models.Model) -> Self:
        """Their moment is a place in the index of the category; the sum keeps SQLite from reading each row instead."""
        moment = models.OuterRef("published_at")
        there = self._articles().filter(category=category, status="published", published_at=moment)
        own = there.alias(own=models.F("pk") + 0).filter(own=models.OuterRef(f"{self.model.ARTICLE}_id"))
        return self.filter(models.Exists(own.order_by()))

    def of_the_one_at(self, slug: str) -> Self:
        """Of the person or tag, who is looked up before: PostgreSQL would sort all of theirs."""
        owners = self.model.owner().related_model._default_manager.filter(slug=slug)
        return self.filter(**{self.model.owner().name: models.Subquery(owners.order_by().values("pk")[:1])})

    def up_to(self, moment: datetime) -> Self:
        """By what they know themselves. Who may read an article is asked of the article."""
        return self.filter(published_at__lte=moment)

    def older_than(self, moment: datetime, pk: int) -> Self:
        """What follows an article in the order newest first."""
        earlier = models.Q(published_at=moment, **{f"{self.model.ARTICLE}__lt": pk})
        return self.filter(models.Q(published_at__lt=moment) | earlier)

    def newest_first(self) -> Self:
        return self.order_by("-published_at", f"-{self.model.ARTICLE}_id")

    def article_pks(self) -> "models.QuerySet[Any, int]":
        return self.values_list(f"{self.model.ARTICLE}_id", flat=True)

    def _articles(self) -> Any:
        return self.model._meta.get_field(self.model.ARTICLE).related_model._default_manager  # type: ignore[union-attr]


class Placed(models.Model):
    """Says something of the article that the foreign key named by ARTICLE points at."""

    ARTICLE: str

    # The article's, while that is published; Article.index() keeps it so.
    published_at = models.DateTimeField(null=True, editable=False)

    class Meta:
        abstract = True

    @classmethod
    def owner(cls) -> "models.ForeignKey[Any, Any]":
        """The foreign key to whom or what they link the article to."""
        keys = (field for field in cls._meta.concrete_fields if isinstance(field, models.ForeignKey))
        return next(key for key in keys if key.name != cls.ARTICLE)


def met_at(links: type[Placed], slug: str, *related: str) -> Any:
    """The public person or tag at an address, None if there is none.

    The newest of their articles is asked first: for public() alone, PostgreSQL looks at every article of theirs.
    """
    key = links.owner()
    rows: Any = links._default_manager
    names = [key.name, *(f"{key.name}__{name}" for name in related)]
    latest = rows.public().up_to(timezone.now()).of_the_one_at(slug).newest_first()
    link = latest.select_related(*names).first()
    owners: Any = key.related_model._default_manager
    return getattr(link, key.name) if link else owners.public().select_related(*related).filter(slug=slug).first()
