"""Two rows that are one thing are made one, and can be made two again."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import unquote

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.core import serializers
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction

from .address import OldAddress, Slugged
from .entry import Entry, Searchable

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Relation = Any  # a foreign key to the model, seen from there


class NotOne(Exception):
    """They cannot be made one, or two again; the message says why, and what to do."""


class MergerQuerySet(models.QuerySet["Merger"]):
    def of(self, model: type[models.Model]) -> Self:
        return self.filter(content_type=ContentType.objects.get_for_model(model), undone_at=None)

    def now(self, model: type[models.Model], pk: int | None) -> int | None:
        """The row that stands today for one that is gone."""
        seen: set[int] = set()
        while pk is not None and pk not in seen:
            seen.add(pk)
            step = self.of(model).filter(gone_id=pk).values_list("kept_id", flat=True).first()
            if step is None:
                return pk
            pk = step
        return pk

    @transaction.atomic
    def make(self, kept: Any, gone: Any, editor: "User | None", at: datetime) -> "Merger":
        """Whatever points at `gone` points at `kept`, and the address of `gone` leads there. Raises NotOne."""
        if kept.pk == gone.pk:
            raise NotOne("Choose two different ones.")
        both = type(kept)._default_manager.select_for_update().in_bulk([kept.pk, gone.pk])
        if len(both) < 2:
            raise NotOne("One of the two is gone. Look at the list again.")
        kept, gone = both[kept.pk], both[gone.pk]
        filled = _filled(kept, gone)
        moved, dropped = _point_at(kept, gone)
        url, was_public = gone.get_absolute_url(), gone.has_been_public()
        signs = _move_signs(gone, kept)
        row = json.loads(serializers.serialize("json", [gone, *dropped]))
        type(gone)._base_manager.filter(pk=gone.pk).delete()
        for name, value in filled.items():
            setattr(kept, name, value)
        kept.save()
        if was_public:
            kept._leave_a_sign_at(url)
        _index(moved)
        _index_owners(dropped)
        return self.create(
            content_type=ContentType.objects.get_for_model(kept), kept_id=kept.pk, gone_id=row[0]["pk"],
            gone_name=str(gone)[:300], rows=row, moved=moved, signs=signs, filled=json.loads(_json(filled)),
            editor=editor, made_at=at,
        )  # fmt: skip


class Merger(models.Model):
    """What was moved from one row to another, so that it can be moved back."""

    content_type = models.ForeignKey(ContentType, models.CASCADE, related_name="+")
    kept_id = models.PositiveBigIntegerField()
    gone_id = models.PositiveBigIntegerField()
    gone_name = models.CharField(max_length=300)
    rows = models.JSONField(
        encoder=DjangoJSONEncoder
    )  # the row that is gone, and those that had no place beside others
    moved = models.JSONField()  # "articles.byline.author": the keys of the rows that pointed at it
    signs = models.JSONField(default=list)  # its old addresses
    filled = models.JSONField(default=dict)  # what the one that stayed had not, and has from it
    editor = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    objects = MergerQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [models.Index(fields=["content_type", "gone_id"], name="merger_of_what_is_gone")]

    def __str__(self) -> str:
        return f"“{self.gone_name}” into “{self.kept or 'what is gone by now'}”"

    @property
    def kept(self) -> Any:
        return self._model()._default_manager.filter(pk=self.kept_id).first()

    def _model(self) -> Any:
        return self.content_type.model_class()

    @transaction.atomic
    def undo(self, at: datetime) -> Any:
        """The row as it was, with what has not been moved on since. Raises NotOne."""
        mine = Merger.objects.select_for_update().get(pk=self.pk)
        kept = self.kept
        if mine.undone_at or kept is None:
            raise NotOne("This was undone already, or the one that stayed is gone.")
        self._take_out_of(kept)
        for saved in serializers.deserialize("json", _json(self.rows)):
            if isinstance(saved.object, self._model()):
                saved.object.slug = self._free_slug(saved.object)
            saved.save()
            _index_owners([saved.object])
        for relation in _relations(self._model()):
            _rows(relation, pk__in=self.moved.get(_key(relation), [])).filter(**{relation.field.name: kept}).update(
                **{relation.field.name: self.gone_id}
            )
        gone = self._model()._default_manager.get(pk=self.gone_id)
        here = OldAddress.objects.filter(content_type=self.content_type, object_id=kept.pk)
        here.filter(path=unquote(gone.get_absolute_url())).delete()
        here.filter(pk__in=self.signs).update(object_id=gone.pk)
        _index(self.moved)
        self.undone_at = at
        self.save(update_fields=["undone_at"])
        return gone

    undo.alters_data = True  # type: ignore[attr-defined]

    def _take_out_of(self, kept: Any) -> None:
        """What an editor has changed since stays."""
        for name, value in self.filled.items():
            field = kept._meta.get_field(name)
            if json.loads(_json(getattr(kept, field.attname))) == value:
                setattr(kept, field.attname, None if field.null else "")
        kept.save()

    def _free_slug(self, row: Slugged) -> str:
        is_taken = self._model()._base_manager.filter(slug=row.slug).exists()
        return row._free_slug() if is_taken else row.slug


def _relations(model: type[models.Model]) -> Iterator[Relation]:
    for relation in model._meta.related_objects:
        if not relation.many_to_many:
            yield relation


def _key(relation: Relation) -> str:
    return f"{relation.related_model._meta.label_lower}.{relation.field.name}"


def _rows(relation: Relation, **which: Any) -> "models.QuerySet[Any]":
    return relation.related_model._base_manager.filter(**which)


def _point_at(kept: Any, gone: Any) -> tuple[dict[str, list[int]], list[Any]]:
    """Move the rows; those that have no place beside one that is there are dropped, or not moved at all."""
    moved: dict[str, list[int]] = {}
    dropped: list[Any] = []
    for relation in _relations(type(kept)):
        name = relation.field.name
        rows, beside = _rows(relation, **{name: gone}), _rows(relation, **{name: kept})
        doubled = [row for row in rows if _has_its_like(relation, row, beside)] if beside.exists() else []
        if doubled and relation.on_delete is models.PROTECT:
            raise NotOne(f"Both stand on “{_owner(doubled[0], name)}”. Take one of them off it first.")
        dropped += doubled
        rows.filter(pk__in=[row.pk for row in doubled]).delete()
        moved[_key(relation)] = list(rows.order_by("pk").values_list("pk", flat=True))
        rows.update(**{name: kept})
    return moved, dropped


def _has_its_like(relation: Relation, row: Any, beside: "models.QuerySet[Any]") -> bool:
    if relation.one_to_one:
        return True
    name = relation.field.name
    uniques = [rule.fields for rule in relation.related_model._meta.constraints if hasattr(rule, "fields")]
    others = [[field for field in fields if field != name] for fields in uniques if name in fields]
    return any(beside.filter(**{field: getattr(row, field) for field in fields}).exists() for fields in others)


def _owner(row: Any, name: str) -> Any:
    """What a byline is printed on."""
    field = next(f for f in row._meta.concrete_fields if f.many_to_one and f.name != name)
    return getattr(row, field.name)


def _filled(kept: Any, gone: Any) -> dict[str, Any]:
    """What only the other one has. Raises NotOne where both have an identifier, and not the same."""
    for name in getattr(kept, "IDENTIFIERS", ()):
        if getattr(kept, name) and getattr(gone, name):
            raise NotOne(f"Each has an {kept._meta.get_field(name).verbose_name} of its own, so they are two.")
    names = [kept._meta.get_field(name).attname for name in getattr(kept, "FILLED_BY_A_MERGER", ())]
    return {name: getattr(gone, name) for name in names if getattr(gone, name) and not getattr(kept, name)}


def _move_signs(gone: Any, kept: Any) -> list[int]:
    signs = OldAddress.objects.filter(content_type=ContentType.objects.get_for_model(kept), object_id=gone.pk)
    there = OldAddress.objects.filter(content_type=ContentType.objects.get_for_model(kept), object_id=kept.pk)
    signs.filter(path__in=list(there.values_list("path", flat=True))).delete()
    pks = list(signs.values_list("pk", flat=True))
    signs.update(object_id=kept.pk)
    return pks


def _index(moved: dict[str, list[int]]) -> None:
    """What can be found by the one that went is found by the one that stayed."""
    for key, pks in moved.items():
        app, model, _ = key.split(".")
        rows = ContentType.objects.get_by_natural_key(app, model).model_class()
        assert rows
        Entry.objects.write_owners(rows, pks)


def _index_owners(rows: list[Any]) -> None:
    for row in rows:
        for field in row._meta.concrete_fields:
            if field.many_to_one and issubclass(field.related_model, Searchable):
                getattr(row, field.name).index()


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder)
