"""The rules of counting once more, slowly and by other means: every pair of clicks is looked at."""

from datetime import UTC, datetime

from reads.counting import Event


def same_person(first: Event, then: Event) -> bool:
    return first.reader in (then.reader, then.reader_before)


def is_dropped(n: int, events: list[Event]) -> bool:
    """Whether a later click on the same address stands within thirty seconds. Of one moment, the last is the latest."""
    event = events[n]
    for m, other in enumerate(events):
        later = (other.at, m) > (event.at, n) and (other.at - event.at).total_seconds() <= 30
        if later and (other.article, other.format) == (event.article, event.format) and same_person(event, other):
            return True
    return False


def slot(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%d %H")


def count(events: list[Event]) -> dict[tuple[int, str], dict[str, int]]:
    """By article and hour: what the tally must say."""
    left = [event for n, event in enumerate(events) if not is_dropped(n, events)]
    found = {}
    for article, hour in {(event.article, slot(event.at)) for event in left}:
        here = [event for event in left if (event.article, slot(event.at)) == (article, hour)]
        people = [event for event in here if not event.is_robot]
        found[article, hour] = {
            "total": len(people),
            "pdf": len([event for event in people if event.format == 2]),
            "uniques": len({event.reader for event in people}),
            "robots": len(here) - len(people),
        }
    return found
