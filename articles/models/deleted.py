"""What the desk has deleted is kept for a month, and can be put back as it was."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.serializers.base import DeserializationError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connections, models, transaction
from django.db.models.deletion import Collector
from django.utils import timezone

from .address import OldAddress, Slugged
from .entry import Entry, Searchable

if TYPE_CHECKING:
    from django.contrib.auth.models import User

KEPT = timedelta(days=30)


class CannotComeBack(Exception):
    """The message says why, and what to do."""


class DeletedQuerySet(models.QuerySet["Deleted"]):
    def old(self, at: datetime) -> Self:
        return self.filter(deleted_at__lt=at - KEPT)

    def forget(self, at: datetime | None = None) -> None:
        """What was deleted a month ago is gone."""
        self.old(at or timezone.now()).delete()

    @transaction.atomic
    def take(self, row: models.Model, by: "User | None", at: datetime) -> "Deleted":
        """Delete a row with all that goes with it, and remember both. Raises ProtectedError as deleting does."""
        rows = [row, *_what_goes_with(row)]
        kept = self.create(
            content_type=ContentType.objects.get_for_model(row), name=str(row)[:300], deleted_by=by, deleted_at=at,
            rows=json.loads(serializers.serialize("json", rows)),
        )  # fmt: skip
        row.delete()
        return kept


class Deleted(models.Model):
    """A thing that was deleted, with what went with it."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    name = models.CharField(max_length=300)
    rows = models.JSONField(encoder=DjangoJSONEncoder)
    deleted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    deleted_at = models.DateTimeField()

    objects = DeletedQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = verbose_name_plural = "deleted"
        default_permissions = ("view",)
        indexes = [models.Index(fields=["deleted_at"], name="deleted_by_time")]

    def __str__(self) -> str:
        return self.name

    @property
    def goes_on(self) -> datetime:
        """When it is forgotten."""
        return self.deleted_at + KEPT

    def put_back(self) -> Any:
        """The thing as it was; of an address that is somebody else's by now, another one. Raises CannotComeBack."""
        try:
            with transaction.atomic():
                rows = [self._save(saved) for saved in _read(self.rows)]
                connections[self._state.db or "default"].check_constraints()
                _index(rows)
                self.delete()
        except IntegrityError as problem:
            raise CannotComeBack(
                "Something of its name is there again, or what it stood in is gone. Rename or put back that first."
            ) from problem
        except DeserializationError as problem:
            raise CannotComeBack("It was deleted under an older version, which wrote it otherwise.") from problem
        return rows[0]

    put_back.alters_data = True  # type: ignore[attr-defined]

    def _save(self, saved: Any) -> Any:
        row = saved.object
        if isinstance(row, Slugged) and type(row)._base_manager.filter(slug=row.slug).exists():
            row.slug = row._free_slug()
        if type(row)._base_manager.filter(pk=row.pk).exists():
            raise CannotComeBack("It is there already. Look at the list again.")
        saved.save()
        return row


def _what_goes_with(row: models.Model) -> Iterator[models.Model]:
    collector = Collector(using=row._state.db or "default", origin=row)
    collector.collect([row])
    found: list[Iterable[models.Model]] = [*collector.data.values(), *collector.fast_deletes]
    for rows in found:
        for other in rows:
            if other != row and not other._meta.auto_created:  # those are written with the row they link
                yield other
    kind = ContentType.objects.get_for_model(row)
    yield from OldAddress.objects.filter(content_type=kind, object_id=row.pk)


def _read(rows: list[dict[str, Any]]) -> Iterator[Any]:
    yield from serializers.deserialize("json", json.dumps(rows), ignorenonexistent=True)


def _index(rows: list[Any]) -> None:
    """What came back is found again, and so is what it was said of."""
    by_model: dict[type[models.Model], list[int]] = defaultdict(list)
    for row in rows:
        by_model[type(row)].append(row.pk)
        if isinstance(row, Searchable):
            row.index()
    for model, pks in by_model.items():
        Entry.objects.write_owners(model, pks)
