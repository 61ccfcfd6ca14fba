"""Moments: what every zone and both databases can hold, to the second that a form shows."""

from datetime import UTC, date, datetime, time
from functools import lru_cache
from zoneinfo import available_timezones

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format

_FIRST, _LAST = datetime(1000, 1, 2, tzinfo=UTC), datetime(9999, 12, 30, tzinfo=UTC)


def now() -> datetime:
    """In whole seconds, so that a form which was not touched sends back what is stored."""
    return timezone.now().replace(microsecond=0)


def validate_moment(moment: datetime) -> None:
    """Raise a ValidationError for a year that is mistyped; some zone or database could not hold it."""
    if not _FIRST <= moment <= _LAST:
        raise ValidationError("This year is mistyped: it must be between 1000 and 9999.")


def midnight(day: date) -> datetime:
    """When a day begins for whoever reads it."""
    return timezone.make_aware(datetime.combine(day, time()))


def validate_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError("Choose a zone by its name: Asia/Almaty, Europe/Stockholm.")


def changed_at(published: datetime, modified: datetime | None, at: datetime) -> datetime:
    """When readers were last given this text anew: never before it was published, never later than now."""
    return modified if modified and published < modified <= at else published


def in_the_journal(moment: datetime) -> datetime:
    """In the journal's own zone, whose days are those of publication; the desk may be read in another."""
    return timezone.localtime(moment, timezone.get_default_timezone())


@lru_cache(maxsize=1000)
def written(day: date, form: str) -> str:
    """As Django's own filter `date`, which takes as long for each as the database for a question; a page has twenty."""
    return date_format(day, form)


def named(moment: datetime) -> str:
    """'12 March 2026, 09:00 (Europe/Stockholm)': in the zone of whoever reads it."""
    local = timezone.localtime(moment)
    return f"{date_format(local, 'j F Y, H:i')} ({timezone.get_current_timezone_name()})"
