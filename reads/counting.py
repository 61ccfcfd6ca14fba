"""What counts as a read: the rules of COUNTER (release 5.1, section 7), as plain functions over events."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import NamedTuple

DOUBLE_CLICK = timedelta(seconds=30)
HTML, PDF = 1, 2


class Event(NamedTuple):
    """One click, by somebody who is known for a day by a number."""

    at: datetime
    article: int
    format: int
    reader: int
    # In the first seconds of a day: the number that this reader had the day before.
    reader_before: int | None = None
    is_robot: bool = False
    # A later click took its place, after midnight, when the numbers had changed.
    is_doubled: bool = False
    source: str = ""  # the host that led here


# How many of what ("total", "pdf", "uniques" or "robots") an article has in an hour of UTC; and, with FROM and the name
# of a host, how many of the total came from there in the day that begins then.
Counts = Counter[tuple[int, datetime, str]]
FROM = "from "


def hour_of(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def day_of(at: datetime) -> datetime:
    """The midnight, in UTC, at which its day began."""
    return hour_of(at).replace(hour=0)


def kept(events: Iterable[Event]) -> list[Event]:
    """The clicks that are no double click, newest first.

    Of clicks by one reader on one address that follow each other within thirty seconds, the last one is kept: so a
    click is dropped when another one follows in time, whatever came before it.
    """
    next_click: dict[tuple[int, int, int], datetime] = {}
    found = []
    for event in sorted(events, key=itemgetter(0), reverse=True):
        at, article, format, reader, before, _, is_doubled, _ = event
        key = (article, format, reader)
        following = next_click.get(key)
        next_click[key] = at
        if before is not None:
            next_click[article, format, before] = at
        if not is_doubled and (following is None or following - at > DOUBLE_CLICK):
            found.append(event)
    return found


def tally(events: Iterable[Event]) -> Counts:
    """Reads by article and hour. Unique: once for each reader and hour, whatever the format. Robots stand aside."""
    counts: Counts = Counter()
    seen = set()
    for at, article, format, reader, _, is_robot, _, source in kept(events):
        hour = hour_of(at)
        if is_robot:
            counts[article, hour, "robots"] += 1
            continue
        counts[article, hour, "total"] += 1
        if source:
            counts[article, day_of(at), FROM + source] += 1
        if format == PDF:
            counts[article, hour, "pdf"] += 1
        if (article, hour, reader) not in seen:
            seen.add((article, hour, reader))
            counts[article, hour, "uniques"] += 1
    return counts


def flag(month: int, year_before: Sequence[int]) -> str:
    """Whether COUNTER (section 12) wants a month looked into: "spike" or "drop", beside the twelve months before."""
    mean = sum(year_before) / len(year_before) if year_before else 0
    if month > 3 * mean + 100:
        return "spike"
    return "drop" if mean >= 20 and month < mean / 100 else ""
