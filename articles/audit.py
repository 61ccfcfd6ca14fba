"""Who did what, and when: rows of Django's log, which every room of the desk writes and nobody changes."""

from typing import TYPE_CHECKING

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Act(models.IntegerChoices):
    """Beside what Django writes itself, what else has to be known."""

    ADDED = ADDITION, "Added"
    CHANGED = CHANGE, "Changed"
    DELETED = DELETION, "Deleted"
    SIGNED_IN = 11, "Signed in"
    REFUSED = 12, "Sign-in failed"
    SIGNED_OUT = 13, "Signed out"
    SAFETY = 14, "Safety of an account"
    ROLES = 15, "Roles"
    EXPORTED = 16, "Exported"


def note(act: Act, by: "User", what: str, about: models.Model | None = None) -> LogEntry:
    """Write down one thing that somebody did, with their own account or with another row."""
    row = about or by
    return LogEntry.objects.create(
        user_id=by.pk, content_type=ContentType.objects.get_for_model(row), object_id=str(row.pk),
        object_repr=str(row)[:200], action_flag=act, change_message=what,
    )  # fmt: skip
