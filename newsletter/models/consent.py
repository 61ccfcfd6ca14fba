"""The ledger of consent: who agreed to what in which words, and who withdrew. Rows are added, and that is all."""

from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from typing import Any, NoReturn, Self

from django.db import models

# The words above the form. A change here is a new version; the rows that name an older one keep it.
WORDING = (
    "Sign up for upcoming events, latest news and articles. Choose what we may mail you. We first send a link to "
    "confirm that the address is yours; every mail after that has a link to change your choice or to leave, and we "
    "do not see who opens or clicks."
)


class WordingQuerySet(models.QuerySet["Wording"]):
    def of(self, text: str, at: datetime) -> "Wording":
        row, _ = self.get_or_create(digest=sha256(text.encode()).hexdigest(), defaults={"text": text, "first_used": at})
        return row


class Wording(models.Model):
    """The exact words that somebody agreed to; its number is the version."""

    text = models.TextField()
    digest = models.CharField("SHA-256", max_length=64, unique=True)
    first_used = models.DateTimeField()

    objects = WordingQuerySet.as_manager()

    def __str__(self) -> str:
        return f"Version {self.pk}"


class ConsentQuerySet(models.QuerySet["Consent"]):
    def note(self, kind: str, person: str, at: datetime, interests: Iterable[str] = (), **more: Any) -> "Consent":
        return self.create(kind=kind, person=person, at=at, interests=" ".join(interests), **more)

    def of(self, person: str) -> Self:
        return self.filter(person=person)

    def delete(self) -> NoReturn:
        raise TypeError("The ledger of consent is only added to.")

    def update(self, **kwargs: Any) -> NoReturn:
        raise TypeError("The ledger of consent is only added to.")


class Consent(models.Model):
    """One thing that a person said, or that made us stop. The person is named by a keyed hash, never by address."""

    class Kind(models.TextChoices):
        ASKED = "asked", "Signed up"
        CONFIRMED = "confirmed", "Confirmed by the link"
        CHANGED = "changed", "Changed the choice"
        LEFT = "left", "Left"
        BOUNCED = "bounced", "Address does not work"
        COMPLAINED = "complained", "Complained"
        IMPORTED = "imported", "Imported with proof"
        ERASED = "erased", "Erased"

    person = models.CharField(max_length=40)
    kind = models.CharField(max_length=10, choices=Kind)
    at = models.DateTimeField()
    interests = models.CharField(max_length=40, blank=True)
    wording = models.ForeignKey(Wording, models.PROTECT, null=True, blank=True, related_name="consents")
    form = models.CharField("page of the form", max_length=300, blank=True)
    note = models.CharField(max_length=300, blank=True, help_text="The proof of an import; the reason for leaving.")

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]
        indexes = [
            models.Index(fields=["person", "at"], name="consent_of_person"),
            models.Index(fields=["at"], name="consent_by_time"),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("The ledger of consent is only added to.")
        super().save(*args, **kwargs)

    save.alters_data = True  # type: ignore[attr-defined]

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise TypeError("The ledger of consent is only added to.")
