"""Days from one to another, and the hours, days, weeks, months or years that they are looked at in: all of UTC."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

from django.db import models
from django.utils.formats import date_format

DAY = timedelta(days=1)


class Step(models.TextChoices):
    HOUR = "hour", "Hours"
    DAY = "day", "Days"
    WEEK = "week", "Weeks"
    MONTH = "month", "Months"
    YEAR = "year", "Years"

    def begin(self, at: datetime) -> datetime:
        """When the hour, day, week, month or year began that this moment lies in."""
        if self == Step.HOUR:
            return at.replace(minute=0, second=0, microsecond=0)
        day = at.date()
        if self == Step.WEEK:
            day -= timedelta(days=day.weekday())
        elif self in (Step.MONTH, Step.YEAR):
            day = day.replace(day=1, month=1 if self == Step.YEAR else day.month)
        return midnight(day)

    def after(self, begin: datetime) -> datetime:
        """When the next one begins."""
        if self == Step.HOUR:
            return begin + timedelta(hours=1)
        days = {Step.DAY: 1, Step.WEEK: 7, Step.MONTH: 31, Step.YEAR: 366}[self]
        return self.begin(begin + timedelta(days=days))

    def named(self, begin: datetime) -> str:
        return date_format(begin, FORMATS[self])


FORMATS = {
    Step.HOUR: "j M Y, H:i",
    Step.DAY: "D, j M Y",
    Step.WEEK: r"\w\e\e\k \o\f j M Y",
    Step.MONTH: "F Y",
    Step.YEAR: "Y",
}


def midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def month_before(day: date) -> date:
    """The first day of the month before."""
    return (day.replace(day=1) - DAY).replace(day=1)


def months_before(day: date, months: int) -> date:
    """The first day of a month so many months earlier."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, 1)


class Span(NamedTuple):
    """Whole days, both ends included."""

    first: date
    last: date

    @property
    def start(self) -> datetime:
        return midnight(self.first)

    @property
    def end(self) -> datetime:
        """Not included."""
        return midnight(self.last + DAY)

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    def __str__(self) -> str:
        return f"{date_format(self.first, 'j M Y')} to {date_format(self.last, 'j M Y')}"

    def before(self) -> "Span":
        """As many days, up to the day before the first."""
        return Span(self.first - self.days * DAY, self.first - DAY)

    def a_year_before(self) -> "Span":
        return Span(_a_year_before(self.first), _a_year_before(self.last))

    def in_steps(self, step: Step) -> Iterator[datetime]:
        begin = step.begin(self.start)
        while begin < self.end:
            yield begin
            begin = step.after(begin)

    def fitting_step(self) -> Step:
        if self.days <= 2:
            return Step.HOUR
        return Step.DAY if self.days <= 92 else Step.MONTH


def _a_year_before(day: date) -> date:
    is_leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if is_leap_day else day.day)
