"""From what was stored to what is counted. A step is one transaction: who dies in it has done all or nothing."""

from collections import Counter, defaultdict
from datetime import UTC, date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, Max, Min, OuterRef, Q
from django.utils import timezone

from articles.models import Article

from .counting import DOUBLE_CLICK, FROM, Counts, Event, day_of, hour_of, tally
from .models import (
    COUNTS,
    Agent,
    Hour,
    Read,
    ReadQuerySet,
    Restatement,
    Salt,
    SourceDay,
    Standing,
    Tallier,
    Total,
    Waiting,
)
from .readers import KEPT_LONGER

BATCH = 10_000  # reads counted, or pruned, in a transaction
KEPT = timedelta(days=100)  # raw reads, for as long as figures can be restated
BEHIND = timedelta(minutes=2)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def keep_up(at: datetime | None = None) -> int:
    """All that is due: count, forget yesterday's readers, prune, rank. Returns how many reads were counted."""
    at = at or timezone.now()
    counted = fold(at)
    forget(at)
    prune(at)
    if Tallier.ranked_before(hour_of(at)):
        rank(at)
    return counted


def fold(at: datetime | None = None) -> int:
    """Count all that is waiting."""
    counted = step = _fold_some(at or timezone.now())
    while step == BATCH:
        counted += (step := _fold_some(at or timezone.now()))
    return counted


@transaction.atomic
def _fold_some(at: datetime) -> int:
    """What the new reads change is what the rules say with them, less what they say without them.

    So it does not matter in which order they come, nor that one of them makes a double click of a read that is
    already counted.
    """
    tallier = Tallier.lock()
    new = Waiting.objects.take(BATCH)
    if new:
        events = _events_beside(new)
        change = tally(event for _, event in events)
        change.subtract(tally(event for pk, event in events if pk not in new))
        change.update(Read.objects.counts(new.difference(pk for pk, _ in events)))
        _add(change)
    tallier.ran_at = at
    tallier.save(update_fields=["ran_at"])
    return len(new)


def _events_beside(new: set[int]) -> list[tuple[int, Event]]:
    """New reads, and those by the same readers in the same hours that are counted already.

    Not those of readers who came to an article once, as most do: no rule is about them, and the database counts them.
    """
    batch = Read.objects.filter(pk__gte=min(new), pk__lte=max(new))
    span = batch.aggregate(first=Min("at"), last=Max("at"))
    # Whole hours, and the seconds after them in which a second click takes the first one out of its hour.
    start, end = hour_of(span["first"] - DOUBLE_CLICK), hour_of(span["last"] + DOUBLE_CLICK) + HOUR + DOUBLE_CLICK
    beside = Read.objects.folded().filter(at__gte=start, at__lt=end)
    if day_of(end) <= start:
        return beside.filter(reader__in=batch.values("reader")).who_came_again().events()
    # Over midnight, when readers' numbers change, all are looked at.
    same = Q(reader__in=batch.values("reader"))
    same |= Q(reader__in=batch.filter(reader_before__isnull=False).values("reader_before"))
    same |= Q(reader_before__in=batch.values("reader"))
    return beside.filter(same).events()


def _add(change: Counts) -> int:
    """Write a change into the hours and the totals; returns how many hours it was. The tallier's lock is held."""
    articles = set(Article.objects.filter(pk__in={article for article, _, _ in change}).values_list("pk", flat=True))
    by_hour: dict[tuple[int, datetime], Counter[str]] = defaultdict(Counter)
    by_article: dict[int, Counter[str]] = defaultdict(Counter)
    by_source: Counter[tuple[int, date, str]] = Counter()
    for (article, hour, name), n in change.items():
        if not n or article not in articles:  # it may have been deleted since
            continue
        if name.startswith(FROM):
            by_source[article, hour.date(), name.removeprefix(FROM)] += n
        else:
            by_hour[article, hour][name] += n
            by_article[article][name] += n
    _add_to_hours(by_hour)
    _add_to_totals(by_article)
    SourceDay.objects.add(by_source)
    return len(by_hour)


def _add_to_hours(change: dict[tuple[int, datetime], Counter[str]]) -> None:
    known = Hour.objects.filter(article__in={article for article, _ in change}, hour__in={hour for _, hour in change})
    before = {(row.article_id, row.hour): row for row in known}
    rows = [Hour(article_id=key[0], hour=key[1], **_sum(before.get(key), names)) for key, names in change.items()]
    Hour.objects.bulk_create(rows, update_conflicts=True, unique_fields=["article", "hour"], update_fields=COUNTS)


def _add_to_totals(change: dict[int, Counter[str]]) -> None:
    before = Total.objects.in_bulk(change)
    rows = [Total(article_id=key, **_sum(before.get(key), names)) for key, names in change.items()]
    Total.objects.bulk_create(rows, update_conflicts=True, unique_fields=["article"], update_fields=COUNTS)


def _sum(row: Hour | Total | None, names: Counter[str]) -> dict[str, int]:
    return {name: getattr(row, name, 0) + names[name] for name in COUNTS}


def is_behind(at: datetime | None = None) -> bool:
    """Whether a read has been waiting for longer than a tally that runs may take."""
    at = at or timezone.now()
    oldest = Waiting.objects.order_by("pk").values_list("read__at", flat=True).first()
    return oldest is not None and oldest < at - BEHIND


@transaction.atomic
def forget(at: datetime) -> None:
    """A minute into a day, nothing is left that tells who somebody was on the day before.

    A double click over midnight is written down as one, in words that name nobody, for a later restatement.
    """
    Tallier.lock()
    settled = Read.objects.folded().filter(reader_before__isnull=False, at__lt=at - KEPT_LONGER)
    if first := settled.order_by("at").first():
        midnight = day_of(first.at)
        here = {"article": OuterRef("article"), "format": OuterRef("format"), "reader_before": OuterRef("reader")}
        followers = settled.filter(**here, at__lte=OuterRef("at") + DOUBLE_CLICK, at__gte=midnight)
        night_before = Read.objects.filter(at__gte=midnight - DOUBLE_CLICK, at__lt=midnight)
        night_before.filter(Exists(followers)).update(is_doubled=True)
        settled.filter(at__lt=midnight + DAY).update(reader_before=None)
    Salt.objects.destroy_before(day_of(at - KEPT_LONGER).date())


def rank(at: datetime | None = None) -> None:
    """Write down what is most read. The sums are made before the lock is taken."""
    at = at or timezone.now()
    standings = Standing.objects.as_of(at)
    with transaction.atomic():
        tallier = Tallier.lock()
        Standing.objects.all().delete()
        Standing.objects.bulk_create(standings)
        tallier.ranked_at = at
        tallier.save(update_fields=["ranked_at"])


def prune(at: datetime) -> int:
    """Forget raw reads whose figures can no longer be restated: whole days, a batch at a time."""
    old = Read.objects.folded().filter(at__lt=day_of(at) - KEPT).order_by("at")
    deleted, _ = Read.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:BATCH])).delete()
    return deleted


def first_day(at: datetime | None = None) -> date:
    """From which day on figures can be restated: all of its raw reads are here."""
    today = day_of(at or timezone.now())
    oldest = Read.objects.order_by("at").values_list("at", flat=True).first() or today
    return max(day_of(oldest), today - KEPT).date()


def recount(first: date, at: datetime | None = None) -> Restatement:
    """Restate the tallies from a day on (UTC) under today's lists of robots. What has not changed is not written."""
    at = at or timezone.now()
    fold(at)
    changed = 0
    robots = {agent.pk for agent in Agent.objects.iterator() if agent.is_robot}
    day = day_of(datetime.combine(first, time(), UTC))
    while day <= at:
        changed += _recount_day(day, robots)
        day += DAY
    return Restatement.objects.create(at=at, first_day=first, changed=changed)


@transaction.atomic
def _recount_day(day: datetime, robots: set[int]) -> int:
    Tallier.lock()
    reads = Read.objects.folded().filter(at__gte=day, at__lt=day + DAY)
    _judge(reads, robots)
    # A click is dropped for one that follows it, so the first seconds of the next day belong to this one's rules.
    events = Read.objects.folded().filter(at__gte=day, at__lt=day + DAY + DOUBLE_CLICK).events()
    change = tally(event for _, event in events)
    for row in Hour.objects.within(day, day + DAY):
        for name in COUNTS:
            change[row.article_id, row.hour, name] -= getattr(row, name)
    for source in SourceDay.objects.filter(day=day.date()):
        change[source.article_id, day, FROM + source.host] -= source.total
    return _add(Counter({key: n for key, n in change.items() if key[1] < day + DAY}))


def _judge(reads: ReadQuerySet, robots: set[int]) -> None:
    """Flag the reads as today's lists have it."""
    seen = reads.order_by().values_list("agent", "is_robot").distinct()
    for agent, is_robot in list(seen):
        if is_robot != (agent in robots):
            reads.filter(agent=agent, is_robot=is_robot).update(is_robot=not is_robot)
