"""The rules of COUNTER as a table: what was clicked when, and what counts in which hour."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reads.counting import HTML, PDF, Event, flag, hour_of, tally

from . import oracle

DAY = "2026-11-25"


def at(text: str) -> datetime:
    """'10:01:29' or '2026-12-31 23:59:50', both of UTC."""
    return datetime.fromisoformat(text if "-" in text else f"{DAY} {text}").replace(tzinfo=UTC)


def clicks(line: str) -> list[Event]:
    """'10:00:00 ann pdf' and so on, by semicolon. '/bob' after a name is what the reader was called before midnight."""
    events = []
    for part in line.split(";"):
        moment, *words = part.strip().rsplit(" ", part.strip().count(" ") - moment_words(part))
        name = next((word for word in words if word not in ("pdf", "robot", "other")), "ann")
        now, _, before = name.partition("/")
        events.append(
            Event(
                at(moment), 2 if "other" in words else 1, PDF if "pdf" in words else HTML, sum(map(ord, now)),
                sum(map(ord, before)) if before else None, "robot" in words,
            )
        )  # fmt: skip
    return events


def moment_words(part: str) -> int:
    return 1 if "-" in part.strip().split(" ")[0] else 0


def counted(events: list[Event]) -> str:
    """'10: 2/1' is two reads and one unique in that hour; ' r3' three of robots; ' o' of the other article."""
    found = oracle_form(tally(events))
    lines = []
    for (article, hour), n in sorted(found.items(), key=lambda item: (item[0][1], item[0][0])):
        hour = hour.removeprefix(f"{DAY} ")
        people = f" {n['total']}/{n['uniques']}" if n["total"] else ""
        robots = f" r{n['robots']}" if n["robots"] else ""
        lines.append(f"{hour}:{people}{robots}{' o' if article == 2 else ''}")
    return "; ".join(lines)


def oracle_form(counts):
    found = {}
    for (article, hour, name), n in counts.items():
        empty = {"total": 0, "pdf": 0, "uniques": 0, "robots": 0}
        found.setdefault((article, hour.strftime("%Y-%m-%d %H")), empty)[name] = n
    return found


RULES = [
    # One click, and two by the same reader
    ("10:00:00", "10: 1/1"),
    ("10:00:00; 10:00:00", "10: 1/1"),
    ("10:00:00; 10:00:00; 10:00:00", "10: 1/1"),
    ("10:00:00; 10:00:01", "10: 1/1"),
    ("10:00:00; 10:00:29", "10: 1/1"),
    ("10:00:00; 10:00:30", "10: 1/1"),
    ("10:00:00; 10:00:30.000001", "10: 2/1"),
    ("10:00:00; 10:00:31", "10: 2/1"),
    ("10:00:00; 10:00:35", "10: 2/1"),
    ("10:01:00; 10:01:29", "10: 1/1"),
    ("10:01:00; 10:01:35", "10: 2/1"),
    ("10:00:00; 10:59:59", "10: 2/1"),
    ("10:00:29; 10:00:00", "10: 1/1"),
    ("10:00:31; 10:00:00", "10: 2/1"),
    # Chains
    ("10:00:00; 10:00:20; 10:00:40", "10: 1/1"),
    ("10:00:00; 10:00:20; 10:00:40; 10:01:00", "10: 1/1"),
    ("10:00:00; 10:00:30; 10:01:00; 10:01:30", "10: 1/1"),
    ("10:00:00; 10:00:20; 10:00:51", "10: 2/1"),
    ("10:00:00; 10:00:31; 10:00:51", "10: 2/1"),
    ("10:00:00; 10:00:31; 10:01:02", "10: 3/1"),
    ("10:00:00; 10:00:20; 10:00:40; 10:01:11", "10: 2/1"),
    # Over an hour: the later one is kept, and so the later hour has it
    ("10:59:50; 11:00:10", "11: 1/1"),
    ("10:59:30; 11:00:00", "11: 1/1"),
    ("10:59:29; 11:00:00", "10: 1/1; 11: 1/1"),
    ("10:59:20; 11:00:31", "10: 1/1; 11: 1/1"),
    ("10:59:40; 10:59:59; 11:00:20", "11: 1/1"),
    ("10:10:00; 10:59:50; 11:00:10", "10: 1/1; 11: 1/1"),
    ("10:59:59.999999; 11:00:00", "11: 1/1"),
    ("10:59:59; 12:00:00", "10: 1/1; 12: 1/1"),
    # Over midnight, a month, a year and the day of a leap year
    ("23:59:50 ann; 2026-11-26 00:00:10 anna/ann", "2026-11-26 00: 1/1"),
    ("23:59:50 ann; 2026-11-26 00:00:20 anna/ann", "2026-11-26 00: 1/1"),
    ("23:59:50 ann; 2026-11-26 00:00:21 anna/ann", "23: 1/1; 2026-11-26 00: 1/1"),
    ("23:59:50 ann; 2026-11-26 00:00:10 anna/ann; 2026-11-26 00:00:40 anna", "2026-11-26 00: 1/1"),
    ("23:59:20 ann; 23:59:45 ann; 2026-11-26 00:00:05 anna/ann", "2026-11-26 00: 1/1"),
    ("23:59:50 ann; 2026-11-26 00:00:10 anna/bob", "23: 1/1; 2026-11-26 00: 1/1"),
    ("23:59:50 ann pdf; 2026-11-26 00:00:10 anna/ann", "23: 1/1; 2026-11-26 00: 1/1"),
    ("23:59:50 ann other; 2026-11-26 00:00:10 anna/ann", "23: 1/1 o; 2026-11-26 00: 1/1"),
    ("2026-11-30 23:59:45 ann; 2026-12-01 00:00:05 anna/ann", "2026-12-01 00: 1/1"),
    ("2026-12-31 23:59:45 ann; 2027-01-01 00:00:05 anna/ann", "2027-01-01 00: 1/1"),
    ("2028-02-28 23:59:45 ann; 2028-02-29 00:00:05 anna/ann", "2028-02-29 00: 1/1"),
    ("2028-02-29 23:59:45 ann; 2028-03-01 00:00:05 anna/ann", "2028-03-01 00: 1/1"),
    ("2026-11-26 00:00:00 anna/ann", "2026-11-26 00: 1/1"),
    # Unique: once in an hour, whatever the format
    ("10:00:00; 10:10:00 pdf; 10:20:00", "10: 3/1"),
    ("10:00:00 pdf; 10:00:00", "10: 2/1"),
    ("10:00:00 pdf; 10:00:20 pdf", "10: 1/1"),
    ("10:00:00; 10:00:10 pdf; 10:00:20", "10: 2/1"),
    ("10:00:00; 11:00:00", "10: 1/1; 11: 1/1"),
    ("10:00:00; 10:40:00; 11:20:00; 11:59:00", "10: 2/1; 11: 2/1"),
    ("10:59:50 pdf; 11:00:10", "10: 1/1; 11: 1/1"),
    # Other articles and other readers
    ("10:00:00; 10:00:10 other", "10: 1/1; 10: 1/1 o"),
    ("10:00:00; 10:00:10 other; 10:00:20", "10: 1/1; 10: 1/1 o"),
    ("10:00:00 ann; 10:00:10 bob", "10: 2/2"),
    ("10:00:00 ann; 10:00:10 bob; 10:00:20 ann", "10: 2/2"),
    ("10:00:00 ann; 10:00:10 bob; 10:00:40 ann; 10:00:41 bob", "10: 4/2"),
    ("10:00:00 ann; 10:00:00 bob", "10: 2/2"),
    ("10:59:50 ann; 11:00:10 bob", "10: 1/1; 11: 1/1"),
    # Robots stand aside, by the same rules
    ("10:00:00 bot robot", "10: r1"),
    ("10:00:00 bot robot; 10:00:10 bot robot", "10: r1"),
    ("10:00:00 bot robot; 10:00:40 bot robot", "10: r2"),
    ("10:00:00 ann; 10:00:10 bot robot", "10: 1/1 r1"),
    ("10:00:00 bot pdf robot; 10:00:01 bot robot", "10: r2"),
    ("10:59:50 bot robot; 11:00:10 bot robot", "11: r1"),
    # A day's length is no matter: all is UTC. A clock that goes back makes earlier clicks, not negative ones.
    ("2026-03-29 00:59:50; 2026-03-29 01:00:10", "2026-03-29 01: 1/1"),
    ("2026-10-25 00:30:00; 2026-10-25 01:30:00", "2026-10-25 00: 1/1; 2026-10-25 01: 1/1"),
    ("11:00:00; 10:00:05; 10:00:10", "10: 1/1; 11: 1/1"),
    ("2016-12-31 23:59:59.999999; 2017-01-01 00:00:00", "2017-01-01 00: 1/1"),
]  # fmt: skip


@pytest.mark.parametrize(("line", "expected"), RULES, ids=[line for line, _ in RULES])
def test_the_table_of_rules(line, expected):
    events = clicks(line)
    assert counted(events) == expected
    assert oracle_form(tally(events)) == oracle.count(events)


def test_the_table_is_long_enough():
    assert len(RULES) >= 60


def test_a_month_is_flagged_by_the_two_formulas_and_by_no_other():
    cases = [
        ((100, []), ""), ((101, []), "spike"), ((100, [0] * 12), ""), ((101, [0] * 12), "spike"),
        ((400, [100] * 12), ""), ((401, [100] * 12), "spike"), ((0, [20] * 12), "drop"), ((0, [19] * 12), ""),
        ((1, [100] * 12), ""), ((0, [100] * 12), "drop"), ((9, [1000] * 12), "drop"), ((10, [1000] * 12), ""),
        ((0, [240, *[0] * 11]), "drop"), ((0, [239, *[0] * 11]), ""), ((103, [1] * 12), ""), ((104, [1] * 12), "spike"),
    ]  # fmt: skip
    assert [(case, flag(*case)) for case, _ in cases] == cases


def test_of_a_double_click_the_later_one_is_kept():
    events = clicks("10:59:50; 11:00:10")
    assert list(tally(events)) == [(1, at("11:00:00"), "total"), (1, at("11:00:00"), "uniques")]


def test_a_click_that_a_later_day_has_taken_is_not_counted():
    assert tally([event._replace(is_doubled=True) for event in clicks("23:59:50")]) == {}


def test_hours_are_those_of_utc_wherever_the_journal_is():
    for zone in ("Europe/Stockholm", "America/New_York", "Australia/Lord_Howe", "Asia/Kabul"):
        for day in ("2026-03-29", "2026-10-25", "2026-11-01", "2026-04-05"):
            start = datetime.fromisoformat(f"{day} 00:00:00+00:00")
            hours = {hour_of((start + timedelta(minutes=10 * n)).astimezone(ZoneInfo(zone))) for n in range(144)}
            assert hours == {start + timedelta(hours=n) for n in range(24)}


moments = st.integers(0, 4 * 3600).map(lambda n: at("22:00:00") + timedelta(seconds=n / 2))
READERS = {False: (1, 2, 3), True: (11, 12, 13)}  # three people, before and after midnight


@st.composite
def some_events(draw: st.DrawFn) -> list[Event]:
    midnight, events = at("2026-11-26 00:00:00"), []
    for _ in range(draw(st.integers(0, 25))):
        moment, who = draw(moments), draw(st.integers(0, 2))
        if events and draw(st.booleans()):  # close to another one
            moment = events[-1].at + timedelta(seconds=draw(st.integers(-31, 31)))
        late = moment >= midnight
        before = READERS[False][who] if late and moment - midnight <= timedelta(seconds=30) else None
        article, format = draw(st.integers(1, 2)), draw(st.sampled_from((HTML, PDF)))
        events.append(Event(moment, article, format, READERS[late][who], before, who == 2))
    return events


@settings(max_examples=100, deadline=None)
@given(events=some_events())
@example(events=clicks("23:59:50 ann; 2026-11-26 00:00:10 anna/ann"))
def test_the_tally_is_what_the_slow_oracle_says(events):
    assert oracle_form(tally(events)) == oracle.count(events)
