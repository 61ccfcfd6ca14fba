from typing import TYPE_CHECKING

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Logged(models.Model):
    """What is done with it stands in the history of the desk, whichever way it was done."""

    class Meta:
        abstract = True

    def log(self, by: "User | None", said: str) -> None:
        """The history names a person at each entry; what nobody did is no part of it."""
        if by is not None:
            LogEntry.objects.create(
                user_id=by.pk,
                content_type=ContentType.objects.get_for_model(self),
                object_id=str(self.pk),
                object_repr=str(self)[:200],
                action_flag=CHANGE,
                change_message=said,
            )

    log.alters_data = True  # type: ignore[attr-defined]
