"""Dates as people print them: read when they can be, kept as text and flagged when they cannot."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

MONTHS = {
    name: number
    for number, names in enumerate(
        [
            "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
            "september sept sep", "october oct", "november nov", "december dec",
        ],
        1,
    )
    for name in names.split()
}  # fmt: skip
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_MONTH = rf"(?:{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
DATE = (
    rf"(?:{_MONTH}\s+{_DAY}(?:\s*,?\s+\d{{4}})?|{_DAY}\s+(?:of\s+)?{_MONTH}(?:\s*,?\s+\d{{4}})?"
    r"|\d{1,2}[/.]\d{1,2}[/.]\d{4}|\d{4}-\d{2}-\d{2})(?!\d)"
)
WEEKDAY = rf"(?:{'|'.join(f'{name}|{name[:3]}' for name in WEEKDAYS)})\b\.?"
_WEEKDAY = re.compile(rf"\b{WEEKDAY}", re.IGNORECASE)
_NEAR = timedelta(days=10)
_NUMBERS = re.compile(r"\d+")
_WORDS = re.compile(r"[A-Za-z]+")


@dataclass(frozen=True)
class Reading:
    """What a printed date says: one day, or none and why not."""

    on: date | None
    reason: str = ""
    proposal: str | None = None


def read(text: str, near: date | None = None) -> Reading:
    """Read one printed date. `near`, the page's date, gives a missing year and decides between D/M and M/D."""
    days = list(dict.fromkeys(_days(text, near)))
    if len(days) == 1:
        return Reading(days[0])
    if not days:
        return _unreadable(text)
    fitting = [day for day in days if near and abs(day - near) <= _NEAR]
    if len(fitting) == 1:
        return Reading(fitting[0])
    proposal = f"{days[0]} (month first) or {days[1]} (day first)"
    return Reading(None, "The day and the month can be read in either order.", proposal)


def _unreadable(text: str) -> Reading:
    if _has_year(text):
        return Reading(None, "There is no such day. The text is kept as printed.")
    return Reading(None, "No full year is printed, and the page has no date to take it from.")


def _has_year(text: str) -> bool:
    return any(len(number) == 4 for number in _NUMBERS.findall(text))


def _days(text: str, near: date | None) -> Iterator[date]:
    numbers = [int(number) for number in _NUMBERS.findall(text)]
    month = next((MONTHS[word.lower()] for word in _WORDS.findall(text) if word.lower() in MONTHS), None)
    if month and len(numbers) == 2:
        yield from _existing((numbers[1], month, numbers[0]))
    elif month and numbers:
        yield from _in_the_nearest_year(month, numbers[0], near)
    elif len(numbers) == 3 and numbers[0] > 31:
        yield from _existing((numbers[0], numbers[1], numbers[2]))
    elif len(numbers) == 3 and (numbers[2] > 99 or near):
        first, second, year = numbers
        year += near.year // 100 * 100 if near and year <= 99 else 0
        yield from _existing((year, first, second), (year, second, first))


def _existing(*days: tuple[int, int, int]) -> Iterator[date]:
    for year, month, day in days:
        try:
            yield date(year, month, day)
        except ValueError:
            continue


def _in_the_nearest_year(month: int, day: int, near: date | None) -> Iterator[date]:
    if near:
        years = range(max(near.year - 1, 1), min(near.year + 1, 9999) + 1)
        yield from sorted(_existing(*((year, month, day) for year in years)), key=lambda on: abs(on - near))[:1]


def wrong_weekday(text: str, on: date) -> str | None:
    """The weekday that a printed date should have said, if it says another."""
    named = _WEEKDAY.search(text)
    right = WEEKDAYS[on.weekday()]
    return right.capitalize() if named and not right.startswith(named[0][:3].lower()) else None
