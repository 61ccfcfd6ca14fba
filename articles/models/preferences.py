from django.conf import settings
from django.db import models

from articles.moments import validate_zone


class Preferences(models.Model):
    """How an editor wants the desk: the zone of its times, and what it may write mails about."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="preferences")
    zone = models.CharField(
        "time zone",
        max_length=64,
        blank=True,
        validators=[validate_zone],
        help_text="Times in the desk are shown and read in it. Left empty, the journal's.",
    )
    mail_reviews = models.BooleanField("a text is sent to review", default=True)
    mail_answers = models.BooleanField("a text that I sent to review or to sign off is answered", default=True)
    mail_published = models.BooleanField("what I scheduled has come out", default=True)
    mail_failures = models.BooleanField("something went wrong: a text was not published, a job failed", default=True)

    class Meta:
        verbose_name_plural = "preferences"

    def __str__(self) -> str:
        return f"Preferences of {self.user}"
