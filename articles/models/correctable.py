"""Changes of what was published: each is said to be of a kind, and all but typos leave a note for readers."""

from collections.abc import Iterable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.db import models, transaction

from articles import moments

if TYPE_CHECKING:
    from django.contrib.auth.models import User

    from .correction import Correction
    from .revision import Revision


def headline(title: str, retracted_at: datetime | None) -> str:
    return f"RETRACTED: {title}" if retracted_at else title


class Correctable(models.Model):
    """What readers were told since it was published."""

    noted_at = models.DateTimeField(
        null=True, editable=False
    )  # the last note that readers find; None, and there is none
    retracted_at = models.DateTimeField(null=True, editable=False)  # the text stays, and says so

    NOTED = ("noted_at", "retracted_at", "modified_at", "updated_at")

    if TYPE_CHECKING:  # of the text itself
        title: str
        corrections: Any
        modified_at: datetime | None
        log: Any

    class Meta:
        abstract = True

    @property
    def headline(self) -> str:
        """The title as readers and machines are given it."""
        return headline(self.title, self.retracted_at)

    @cached_property
    def notes(self) -> "list[Correction]":
        found = list(self.corrections.noted()) if self.noted_at else []
        for note in found:
            note.article = self
        return found

    @classmethod
    def read_notes(cls, texts: "Iterable[Any]") -> None:
        """Read the notes of many in one query."""
        noted = {text.pk: text for text in texts if text.noted_at}
        corrections: Any = cls._meta.get_field("corrections").related_model
        for text in noted.values():
            text.notes = []
        for note in corrections.objects.noted().filter(article__in=noted) if noted else ():
            note.article = noted[note.article_id]
            note.article.notes.append(note)

    @transaction.atomic
    def correct(
        self,
        kind: str,
        text: str = "",
        by: "User | None" = None,
        old: "Revision | None" = None,
        new: "Revision | None" = None,
        dated: datetime | None = None,
        at: datetime | None = None,
    ) -> "Correction":
        """Say what kind of change this is. With old and new, readers can compare them; dated is told as its day."""
        kinds = self.corrections.model.Kind
        last = self.corrections.aggregate(last=models.Max("number"))["last"] or 0
        correction: Correction = self.corrections.create(
            number=last + 1, kind=kind, text=text, by=by, old=old, new=new, at=at or moments.now()
        )
        if kind != kinds.TYPO:
            self.noted_at, self.modified_at = correction.at, dated or correction.at
        if kind in (kinds.RETRACTION, kinds.REINSTATEMENT):
            self.retracted_at = correction.at if kind == kinds.RETRACTION else None
        self.__dict__.pop("notes", None)
        self.save(update_fields=self.NOTED)
        self.log(by, str(correction))
        return correction

    correct.alters_data = True  # type: ignore[attr-defined]
