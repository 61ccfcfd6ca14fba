from django.conf import settings
from django.db import models


class Planned(models.Model):
    """Who has a text in hand, and by when it is wanted. The desk's own business: no part of the text."""

    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="who has it"
    )
    due_on = models.DateField("due", null=True, blank=True)

    class Meta:
        abstract = True
