"""The search index: one row for each text that can be found, of whatever room, drafts too."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from django.db import connections, models, transaction

from articles.words import indexed

_FIRST = datetime(1, 1, 1, tzinfo=UTC)
_MINUTE = timedelta(minutes=1)
OWNER_BITS, KIND_BITS = 30, 2


class EntryQuerySet(models.QuerySet["Entry"]):
    def write(self, rows: "Iterable[Searchable]") -> int:
        """Put these rows into the index as they now are; returns how many had changed."""
        rows = list(rows)
        entries = {entry.owner: entry for entry in (row.entry() for row in rows)}
        known = {entry.owner: entry for entry in self.filter(owner__in=list(entries))}
        changed = [entry for owner, entry in entries.items() if not entry.says_the_same_as(known.get(owner))]
        # In the order of the index: SQLite would begin a new piece of it at each step back.
        changed.sort(key=lambda entry: entry.place)
        with transaction.atomic():
            self.bulk_create(
                changed, update_conflicts=True, unique_fields=["owner"], update_fields=["place", *Entry.TEXTS]
            )
            for row in rows:
                row.pass_on()
        return len(changed)

    def of(self, model: "type[Searchable]") -> Self:
        return self.alias(kind=models.F("owner").bitand(2**KIND_BITS - 1)).filter(kind=model.KIND)

    def orphans(self, model: "type[Searchable]") -> Self:
        """Entries of rows that were deleted past the model."""
        owners = model._default_manager.annotate(o=models.F("pk") * 2**KIND_BITS + model.KIND).values("o")
        return self.of(model).exclude(owner__in=owners)

    def rebuild(self) -> None:
        """Have the database make its index of the entries anew. PostgreSQL's needs no such care."""
        if connections[self.db].vendor == "sqlite":
            with connections[self.db].cursor() as cursor:
                cursor.execute("INSERT INTO articles_found (articles_found) VALUES ('rebuild')")

    def write_owners(self, model: type[models.Model], pks: Iterable[int], batch: int = 500) -> None:
        """Put into the index again the texts that these rows are said of: bylines, tags of an article."""
        field: Any
        for field in model._meta.concrete_fields:
            if field.many_to_one and issubclass(field.related_model, Searchable):
                owners = list(model._base_manager.filter(pk__in=pks).values_list(field.attname, flat=True))
                for start in range(0, len(owners), batch):
                    self.write(field.related_model.for_index(owners[start : start + batch]))


class Entry(models.Model):
    """What can be found of a text: folded words, kept in step with the row in the same transaction.

    Each database indexes this table by itself (migration 0003): SQLite by triggers, PostgreSQL by stored columns. It
    knows nothing of who may read the text: that is asked of published() when something is found.
    """

    TEXTS = ("filters", "title", "about", "text", "conclusions")

    owner = models.BigIntegerField(primary_key=True)  # the row and its model
    # Newest last: minutes, then the owner, so that the newest are found first without looking at them all.
    place = models.BigIntegerField(unique=True)
    filters = models.TextField()  # "category3 author7 year2016": what a search is narrowed by
    title = models.TextField()
    about = models.TextField()  # the summary, who wrote it, its tags, its address
    text = models.TextField()
    conclusions = models.TextField()

    objects = EntryQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.owner}"

    def says_the_same_as(self, other: "Entry | None") -> bool:
        names = ("place", *self.TEXTS)
        return other is not None and all(getattr(self, name) == getattr(other, name) for name in names)


def owner_of(model: "type[Searchable]", pk: int) -> int:
    return pk << KIND_BITS | model.KIND


def row_of(owner: int) -> tuple[int, int]:
    """The kind and the primary key."""
    return owner & (2**KIND_BITS - 1), owner >> KIND_BITS


def owner_at(place: int) -> int:
    return place & (2**OWNER_BITS - 1)


class Searchable(models.Model):
    """A text that can be found. Whatever changes it calls index(), in the same transaction."""

    KIND: int
    _is_being_written = False

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            self.index()

    save.alters_data = True  # type: ignore[attr-defined]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        with transaction.atomic():
            Entry.objects.filter(owner=owner_of(type(self), self.pk)).delete()
            return super().delete(*args, **kwargs)

    delete.alters_data = True  # type: ignore[attr-defined]

    def index(self) -> None:
        """Read again, since what is in hand may be older than its bylines and tags."""
        if not self._is_being_written:
            Entry.objects.write(self.for_index([self.pk]))

    index.alters_data = True  # type: ignore[attr-defined]

    @contextmanager
    def indexed_once(self) -> Iterator[None]:
        """Several changes to one text are indexed together, after the last of them."""
        with transaction.atomic():
            self._is_being_written = True
            try:
                yield
            finally:
                self._is_being_written = False
            self.index()

    @classmethod
    def for_index(cls, pks: Iterable[int]) -> "Iterable[Searchable]":
        """The rows with everything that can be found of them."""
        raise NotImplementedError

    @classmethod
    def reindex(cls, batch: int = 500) -> Iterator[int]:
        """Write all entries anew, and say after each batch how many rows there were."""
        done, last = 0, 0
        rows = cls._default_manager.order_by("pk")
        while pks := list(rows.filter(pk__gt=last).values_list("pk", flat=True)[:batch]):
            Entry.objects.write(cls.for_index(pks))
            done, last = done + len(pks), pks[-1]
            yield done
        Entry.objects.orphans(cls).delete()

    def searched(self) -> dict[str, str]:
        """The texts by the columns of the index."""
        raise NotImplementedError

    def narrowed_by(self) -> list[str]:
        raise NotImplementedError

    def found_at(self) -> datetime | None:
        """Its moment in the order newest first; None for what comes last."""
        raise NotImplementedError

    def pass_on(self) -> None:
        """What rows beside it repeat of it, so that they are found in its order."""

    def entry(self) -> Entry:
        owner, moment = owner_of(type(self), self.pk), self.found_at()
        minutes = (moment - _FIRST) // _MINUTE if moment else 0
        texts = {name: indexed(text) for name, text in self.searched().items()}
        place = minutes << OWNER_BITS | owner
        return Entry(owner=owner, place=place, filters=" ".join([f"kind{self.KIND}", *self.narrowed_by()]), **texts)
