"""Versions of a text: what a snapshot holds, how it is written back, and changes that readers do not see yet."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models, transaction
from django.utils.functional import cached_property

from articles import rich_text
from articles.merge import merge

from .byline import Byline
from .tag import Tag

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from .revision import Revision


class Versioned(models.Model):
    """The row is what readers see; its newest revision may be ahead of it."""

    live_revision = models.PositiveIntegerField(default=0, editable=False)  # the number of the one that the row shows

    PLAIN_FIELDS: tuple[str, ...] = ()
    ROW_FIELDS: tuple[str, ...] = ()
    TEXTS: tuple[str, ...] = ()

    shown: dict[str, Any] | None = None  # what a form has instead of the row
    unsaved: Any = None  # and where that comes from, when it was typed and never saved

    if TYPE_CHECKING:  # of the text itself
        title: str
        status: str
        Status: Any
        bylines: Any
        tags: Any
        revisions: Any
        set_bylines: Callable[[Sequence[Byline]], None]
        indexed_once: Any
        is_published: Callable[..., bool]

    class Meta:
        abstract = True

    def snapshot(self) -> dict[str, Any]:
        """The whole text as JSON: not its status, its reads or its old addresses."""
        data: dict[str, Any] = {name: getattr(self, name) for name in self.PLAIN_FIELDS}
        data["dateline_on"] = self.dateline_on.isoformat() if self.dateline_on else None
        data |= {name: getattr(self, f"{name}_id") for name in self.ROW_FIELDS}
        data["bylines"] = [byline.snapshot() for byline in self.bylines.order_by("position")]
        data["tags"] = sorted(self.tags.names())
        return data

    def show(self, snapshot: dict[str, Any]) -> None:
        """Put a snapshot on this object for a form; its relations and the database stay as they are."""
        self.shown = snapshot
        for name in self.PLAIN_FIELDS:
            setattr(self, name, snapshot.get(name, getattr(self, name)))
        self.dateline_on = date.fromisoformat(snapshot["dateline_on"]) if snapshot.get("dateline_on") else None
        for name in self.ROW_FIELDS:
            setattr(self, f"{name}_id", snapshot.get(name))

    def show_newest(self) -> None:
        """For a form: what was saved last, whether readers see it or not."""
        if self.newest and self.newest.number > self.live_revision:
            self.show(self.newest.snapshot)

    @cached_property
    def newest(self) -> "Revision | None":
        """The revision that was saved last when this object was first asked."""
        found: Revision | None = self.revisions.select_related("editor").first()
        return found

    @transaction.atomic
    def restore(self, snapshot: dict[str, Any]) -> None:
        """Write a snapshot back into the row.

        What it refers to and is gone by now is left empty or made anew. An address or a DOI that is another article's
        by now stays as it is, and so does the category of a published article, which needs one.
        """
        for name in self.PLAIN_FIELDS:
            if name in snapshot and not (name in ("slug", "doi") and self._is_taken(name, snapshot[name])):
                setattr(self, name, snapshot[name])
        self.dateline_on = date.fromisoformat(snapshot["dateline_on"]) if snapshot.get("dateline_on") else None
        for name in self.ROW_FIELDS:
            rows = self._meta.get_field(name).related_model._default_manager  # type: ignore[union-attr]
            row = rows.filter(pk=snapshot.get(name)).first()
            if row or not (name == "category" and self.status == self.Status.PUBLISHED):
                setattr(self, name, row)
        with self.indexed_once():
            self.save()
            self.set_bylines(Byline.from_snapshots(snapshot["bylines"]))
            self.tags.set(Tag.objects.spelt(snapshot["tags"]))

    restore.alters_data = True  # type: ignore[attr-defined]

    def _is_taken(self, name: str, value: str | None) -> bool:
        return value is not None and type(self)._default_manager.exclude(pk=self.pk).filter(**{name: value}).exists()

    def revise(self, editor: "User | None" = None, base: int | None = None, note: str = "") -> "Revision":
        """Record the text as it now stands. Raises StaleRevision if it moved on since revision `base`."""
        pending, before = self.working_copy(), self.live_revision
        revision: Revision = self.revisions.model.objects.record(self, self.snapshot(), editor, base, note)
        self.shows_now(revision)
        if pending:
            self._carry_over(pending, before, revision)
        return revision

    revise.alters_data = True  # type: ignore[attr-defined]

    def _carry_over(self, pending: "Revision", before: int, live: "Revision") -> None:
        """Changes that wait stay the newest ones, with what was changed beside them."""
        base = self.revisions.filter(number=before).values_list("snapshot", flat=True).first() or pending.snapshot
        both, _ = merge(base, pending.snapshot, live.snapshot)
        self.set_aside(both, pending.editor, None, f"Revision {pending.number}, carried over")

    # Changes that readers do not see yet

    def working_copy(self) -> "Revision | None":
        """The newest revision, while it is not what the row shows."""
        newest: Revision | None = self.revisions.select_related("editor").first()
        return newest if newest and newest.number > self.live_revision else None

    def set_aside(self, snapshot: dict[str, Any], editor: "User | None", base: int | None, note: str) -> "Revision":
        """Record a text that is not put live. Raises StaleRevision like revise()."""
        revision: Revision = self.revisions.model.objects.record(self, snapshot, editor, base, note)
        return revision

    set_aside.alters_data = True  # type: ignore[attr-defined]

    @transaction.atomic
    def rewrite(self, snapshot: dict[str, Any], editor: "User | None", base: int | None, note: str) -> "Revision":
        """Save a whole text as its form does: what is public changes only when that is said.

        Raises StaleRevision like revise().
        """
        if self.is_published():
            return self.set_aside(snapshot, editor, base, note)
        self.restore(snapshot)
        return self.revise(editor, base, note)

    rewrite.alters_data = True  # type: ignore[attr-defined]

    def newest_text(self) -> dict[str, Any]:
        """What its form shows: the changes that wait, else the row."""
        waiting = self.working_copy()
        return waiting.snapshot if waiting else self.snapshot()

    def shows_now(self, revision: "Revision") -> None:
        """Remember which revision the row is."""
        self.live_revision = revision.number
        type(self)._default_manager.filter(pk=self.pk).update(live_revision=revision.number)

    def words(self) -> list[str]:
        """The text itself, as readers know it."""
        return [self.title, *(rich_text.text_of(getattr(self, name)) for name in ("summary", *self.TEXTS))]
