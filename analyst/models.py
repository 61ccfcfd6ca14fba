from datetime import datetime, timedelta
from typing import Self

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.crypto import salted_hmac

from articles.models import Illustrated, Slugged
from articles.paths import path_to
from articles.rich_text import ProseField


class PageQuerySet(models.QuerySet["Page"]):
    def published(self, at: datetime | None = None) -> Self:
        return self.filter(is_published=True)

    def public(self, at: datetime | None = None) -> Self:
        return self.published(at)


class Page(Illustrated, Slugged):
    """A flat page: about, contact, imprint."""

    TEXTS = ("body",)
    # What the site has, or will have, at these addresses itself.
    RESERVED = frozenset(
        "accounts admin anymail events feeds healthz media newsletter readyz robots search sitemap static".split()  # noqa: SIM905
    )

    class Place(models.TextChoices):
        MENU = "menu", "In the menu"
        FOOTER = "footer", "In the footer"
        NOWHERE = "nowhere", "Nowhere"

    IMPRINT = "imprint"  # the slug of the page whose text stands under every page

    title = models.CharField(max_length=200)
    body = ProseField("text")
    place = models.CharField("linked", max_length=7, choices=Place, default=Place.FOOTER)
    position = models.PositiveSmallIntegerField("order", default=0)
    is_published = models.BooleanField("published", default=True)
    modified_at = models.DateTimeField(auto_now=True)

    objects = PageQuerySet.as_manager()

    class Meta:
        ordering = ["position", "title"]
        constraints = [models.CheckConstraint(name="page_has_a_title", condition=~models.Q(title=""))]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        if self.slug and not self.may_have(self.slug):
            raise ValidationError({"slug": f"/{self.slug}/ is already a part of the site. Choose another address."})

    def may_have(self, slug: str) -> bool:
        try:
            return slug not in self.RESERVED and resolve(f"/{slug}/").url_name == "page_detail"
        except Resolver404:
            return False

    def get_absolute_url(self) -> str:
        return path_to("page_detail", self.slug)


SILENT = timedelta(seconds=30)


class WorkerQuerySet(models.QuerySet["Worker"]):
    def alive(self, at: datetime | None = None) -> Self:
        """Those that have been heard of lately."""
        return self.filter(beat_at__gt=(at or timezone.now()) - SILENT)


class Worker(models.Model):
    """A worker process, and when it was last heard of."""

    name = models.CharField(max_length=64, unique=True)
    beat_at = models.DateTimeField(default=timezone.now)

    objects = WorkerQuerySet.as_manager()

    class Meta:
        ordering = ["-beat_at"]

    def __str__(self) -> str:
        return self.name


class ToldFailure(models.Model):
    """A job that failed, and that the desk was told of."""

    job = models.UUIDField(primary_key=True)
    told_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return str(self.job)


class TryQuerySet(models.QuerySet["Tries"]):
    @transaction.atomic
    def take(self, key: str, at_most: int, within: timedelta, at: datetime) -> bool:
        """Count one more try, unless there were as many as may be."""
        name = salted_hmac("analyst.tries", key).hexdigest()
        self.get_or_create(key=name, defaults={"since": at})
        tries = self.select_for_update().get(key=name)
        if at - tries.since >= within:
            tries.since, tries.number = at, 0
        if tries.number >= at_most:
            return False
        tries.number += 1
        tries.save(update_fields=["since", "number"])
        return True


class Tries(models.Model):
    """How often something was tried lately: a password from one network, a code. What it is cannot be read from it."""

    key = models.CharField(max_length=40, unique=True)
    since = models.DateTimeField()
    number = models.PositiveIntegerField(default=0)

    objects = TryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "tries"

    def __str__(self) -> str:
        return f"{self.number} since {self.since}"
