"""Addresses: every page keeps the ones it has had, for ever."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain, count
from typing import Any
from unicodedata import normalize
from urllib.parse import quote, unquote

from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import IntegrityError, models, transaction
from django.db.models import Exists, OuterRef, Q

from articles import slugs


def used_by_something_public(model: type[models.Model], at: datetime | None = None) -> Q:
    """Rows that a public row of any room points at: a portrait of a listed author, the cover of a publication.

    Any model whose QuerySet has the word `public` is asked, so a room above this one needs no mention here.
    """
    found = Q(pk__in=())
    for relation in model._meta.related_objects:
        if relation.hidden:
            continue  # it says something of two rows of one kind, and shows neither
        users = relation.related_model._default_manager
        through = getattr(relation, "through", None)
        if through is not None and hasattr(through._default_manager, "public"):
            continue  # it is asked itself, and knows the way from its end
        if hasattr(users, "public"):
            found |= Q(Exists(users.public(at).filter(**{relation.field.name: OuterRef("pk")}).order_by()))
    return found


class OldAddressQuerySet(models.QuerySet["OldAddress"]):
    def target_of(self, path: str) -> str | None:
        """Today's address of what stood at this path, or under it; the newest owner first. None if nobody's."""
        path = normalize("NFC", path.replace("\0", "\ufffd"))  # PostgreSQL takes no NUL
        for old_path, rest in _prefixes(path):
            signs = list(self.filter(path=old_path).order_by("-pk").prefetch_related("target"))
            if any(sign.stands_at_a_living_page() for sign in signs):
                return None  # what is not found below it is nobody else's
            target = next((sign.target for sign in signs if sign.target and sign.target.answers()), None)
            if target:
                url = target.get_absolute_url()
                return url + quote(_renamed(rest, _last_step(old_path), _last_step(unquote(url))))
        return None

    def led_from(self, model: type[models.Model], last_step: str) -> Any:
        """The row of a model that answers today, and once had an address with this last step; None if there is none."""
        kind = ContentType.objects.get_for_model(model)
        found = self.filter(content_type=kind, path__endswith=f"/{normalize('NFC', last_step)}/").order_by("-pk")
        rows = (sign.target for sign in found.prefetch_related("target"))
        return next((row for row in rows if row is not None and row.answers()), None)


def _prefixes(path: str) -> Iterator[tuple[str, str]]:
    """'/articles/old/cite.bib' is '/articles/old/' and 'cite.bib'. An address has one or two steps."""
    steps = path.split("/")
    for length in (3, 2):
        if len(steps) > length - 1 and all(steps[1:length]):
            yield "/".join(steps[:length]) + "/", "/".join(steps[length:])


def _last_step(path: str) -> str:
    return path.rstrip("/").rsplit("/", 1)[-1]


def _renamed(rest: str, old: str, new: str) -> str:
    """A file that is named after its page, as in /issues/2016-03-15/2016-03-15.pdf, moves with it."""
    stem, dot, extension = rest.rpartition(".")
    return f"{new}.{extension}" if dot and stem == old else rest


class OldAddress(models.Model):
    """A path that a page was once found at."""

    path = models.CharField(max_length=250)
    content_type = models.ForeignKey(ContentType, models.CASCADE)
    object_id = models.PositiveBigIntegerField()
    target = GenericForeignKey()
    created_at = models.DateTimeField(auto_now_add=True)

    objects = OldAddressQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "old addresses"
        constraints = [
            models.UniqueConstraint(fields=["path", "content_type", "object_id"], name="old_address_once_each")
        ]

    def __str__(self) -> str:
        return self.path

    def stands_at_a_living_page(self) -> bool:
        """Whether a page answers at this very path again."""
        model: Any = ContentType.objects.get_for_id(self.content_type_id).model_class()
        row = model and model._default_manager.filter(**{model.ADDRESS_FIELD: _last_step(self.path)}).first()
        return row is not None and row.answers()


class Addressed(models.Model):
    """A page with an address of its own, which it leaves a sign at when it moves."""

    ADDRESS_FIELD = "slug"

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        moves = self.pk is not None and (update_fields is None or self.ADDRESS_FIELD in update_fields)
        before = self._row_before_moving() if moves else None
        super().save(*args, update_fields=update_fields, **kwargs)
        if before is not None and before.has_been_public():
            self._leave_a_sign_at(before.get_absolute_url())

    save.alters_data = True  # type: ignore[attr-defined]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self.forget_old_addresses()
        return super().delete(*args, **kwargs)

    delete.alters_data = True  # type: ignore[attr-defined]

    def forget_old_addresses(self) -> None:
        kind = ContentType.objects.get_for_model(self)
        OldAddress.objects.filter(content_type=kind, object_id=self.pk or 0).delete()

    forget_old_addresses.alters_data = True  # type: ignore[attr-defined]

    def answers(self, at: datetime | None = None) -> bool:
        """Whether this page's address may be told to a stranger."""
        return type(self)._default_manager.public(at).filter(pk=self.pk).exists()  # type: ignore[attr-defined]

    def has_been_public(self) -> bool:
        """Whether anybody can have kept this address."""
        return True

    def get_absolute_url(self) -> str:
        raise NotImplementedError

    def _row_before_moving(self) -> "Addressed | None":
        return (
            type(self)
            ._base_manager.filter(pk=self.pk)
            .exclude(**{self.ADDRESS_FIELD: getattr(self, self.ADDRESS_FIELD)})
            .first()
        )

    def _leave_a_sign_at(self, url: str) -> None:
        where = {"path": unquote(url), "content_type": ContentType.objects.get_for_model(self), "object_id": self.pk}
        # Left again after a return, the sign is the newest one again.
        OldAddress.objects.filter(**where).delete()
        OldAddress.objects.create(**where)


class Slugged(Addressed):
    """A page found by its slug, which is made from its title or name unless an editor gives one."""

    SLUG_FROM = "title"

    slug = models.SlugField(
        max_length=slugs.MAX_LENGTH,
        unique=True,
        allow_unicode=True,
        blank=True,
        help_text="The last part of the address. Left empty, it is made from the title. Old addresses go on working.",
    )

    class Meta:
        abstract = True

    def clean_fields(self, exclude: Any = None) -> None:
        self.slug = normalize("NFC", self.slug)
        super().clean_fields(exclude)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.slug = normalize("NFC", self.slug)
        if self.slug:
            super().save(*args, **kwargs)
        else:
            self._save_with_a_free_slug(*args, **kwargs)

    save.alters_data = True  # type: ignore[attr-defined]

    def _save_with_a_free_slug(self, *args: Any, **kwargs: Any) -> None:
        """Two who take the same one in the same moment get two."""
        for is_last in (False, False, False, True):
            self.slug = self._free_slug()
            try:
                with transaction.atomic():
                    super().save(*args, **kwargs)
                return
            except IntegrityError:
                if is_last or not type(self)._base_manager.filter(slug=self.slug).exists():
                    raise

    def _free_slug(self) -> str:
        """A slug that no row has and that no old address leads to."""
        name = self._meta.model_name
        wanted = slugs.slug_of(str(getattr(self, self.SLUG_FROM)))
        base = wanted or f"{name}-"
        taken = set(type(self)._base_manager.filter(slug__startswith=base).values_list("slug", flat=True))
        taken |= self._slugs_of_old_addresses(base)
        stem = f"{wanted}-" if wanted else base
        numbered = (f"{stem}{n}" for n in count(2 if wanted else 1))
        candidates = chain([wanted] if wanted else [], numbered)
        return next(slug for slug in candidates if slug not in taken and self.may_have(slug))

    def may_have(self, slug: str) -> bool:
        """Whether the site has no other use for this address."""
        return True

    def _slugs_of_old_addresses(self, base: str) -> set[str]:
        kind = ContentType.objects.get_for_model(self)
        paths = OldAddress.objects.filter(content_type=kind, path__contains=f"/{base}").values_list("path", flat=True)
        return {path.rstrip("/").rsplit("/", 1)[-1] for path in paths}
