from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from articles.models import Slugged
from articles.moments import validate_moment, validate_zone
from articles.rich_text import summary_field


class EventQuerySet(models.QuerySet["Event"]):
    def public(self, at: datetime | None = None) -> Self:
        return self.filter(is_listed=True)

    def upcoming(self, at: datetime) -> Self:
        """Those that are not over, the next first."""
        return self.public(at).filter(over_at__gt=at).order_by("starts_at", "pk")

    def past(self, at: datetime) -> Self:
        return self.public(at).filter(over_at__lte=at).order_by("-starts_at", "-pk")


class Event(Slugged):
    """A talk, a launch, a conference: what people are asked to come to."""

    title = models.CharField(max_length=200)
    starts_at = models.DateTimeField("begins", validators=[validate_moment])
    ends_at = models.DateTimeField("ends", null=True, blank=True, validators=[validate_moment])
    over_at = models.DateTimeField(editable=False)
    zone = models.CharField(
        max_length=60, blank=True, validators=[validate_zone],
        help_text="Of the place, as in Asia/Almaty: readers are told the time there. Left empty, the journal's.",
    )  # fmt: skip
    place = models.CharField(max_length=300, blank=True, help_text="The house and the town, or “Online”.")
    link = models.URLField(max_length=500, blank=True, help_text="Where one registers or joins.")
    description = summary_field("description")
    is_listed = models.BooleanField("shown on the site", default=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-pk"]
        indexes = [models.Index(fields=["over_at"], name="event_by_time")]
        constraints = [
            models.CheckConstraint(name="event_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="event_ends_after_it_begins",
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                violation_error_message="It ends before it begins.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        self.over_at = self.ends_at or self.starts_at + timedelta(hours=2)
        super().save(*args, **kwargs)

    save.alters_data = True  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return reverse("event_detail", args=[self.slug])

    @property
    def zone_name(self) -> str:
        return self.zone or timezone.get_default_timezone_name()

    @property
    def begins(self) -> datetime:
        """In the zone of the place."""
        return self.starts_at.astimezone(ZoneInfo(self.zone_name))

    @property
    def ends(self) -> datetime | None:
        return self.ends_at.astimezone(ZoneInfo(self.zone_name)) if self.ends_at else None

    @property
    def machine_moment(self) -> str:
        """For <time datetime>, with the zone's difference from UTC. A template's filter would tell it in another."""
        return self.begins.isoformat()

    @property
    def when(self) -> str:
        """'Thursday, 3 December 2026, 18:00 to 20:00 (Asia/Almaty)'."""
        begins, ends = self.begins, self.ends
        text = date_format(begins, "l, j F Y, H:i")
        if ends:
            text += f" to {date_format(ends, 'H:i' if ends.date() == begins.date() else 'l, j F Y, H:i')}"
        return f"{text} ({self.zone_name})"
