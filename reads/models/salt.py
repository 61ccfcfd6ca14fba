import secrets
from datetime import date

from django.db import models


class SaltQuerySet(models.QuerySet["Salt"]):
    def of(self, day: date) -> bytes:
        """The same for every process that asks."""
        return bytes(self.get_or_create(day=day, defaults={"value": secrets.token_bytes(32)})[0].value)

    def destroy_before(self, day: date) -> None:
        """Overwritten first: SQLite leaves the bytes of a deleted row in the file."""
        old = self.filter(day__lt=day)
        if old.update(value=bytes(32)):
            old.delete()


class Salt(models.Model):
    """What readers' numbers are made with, for a day. Without it nobody can make them again, and so find nobody."""

    day = models.DateField(primary_key=True)
    value = models.BinaryField()

    objects = SaltQuerySet.as_manager()

    def __str__(self) -> str:
        return f"of {self.day}"
