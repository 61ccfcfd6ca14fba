"""Reads as they come: appended, and touched no more."""

from collections import Counter
from datetime import UTC, datetime
from functools import cache, lru_cache
from hashlib import sha256
from typing import Any, Self

from django.db import connections, models, transaction
from django.db.models import Count, Q, Window
from django.db.models.expressions import RawSQL
from django.db.models.functions import TruncHour

from articles.models import Article
from reads import counting, robots


class Agent(models.Model):
    """A reduced user agent: its digits are 0, it has no times, and everybody with the like shares it."""

    # Made from what follows, so that a process need not ask which one it is.
    id = models.BigIntegerField(primary_key=True)
    name = models.CharField(max_length=robots.REDUCED)
    # By the version or the tail, which are not kept: no later list can judge that again.
    is_robot_by_more = models.BooleanField()

    def __str__(self) -> str:
        return self.name

    @property
    def is_robot(self) -> bool:
        """Under today's lists."""
        return self.is_robot_by_more or robots.is_robot(self.name)


@lru_cache(maxsize=4096)
def agent_of(user_agent: str, hour: datetime) -> tuple[int, bool]:
    """The row of a user agent, and whether it is a robot. Made sure of once an hour, in each process."""
    name, is_robot = robots.reduced(user_agent), robots.is_robot(user_agent)
    by_more = is_robot and not robots.is_robot(name)
    number = int.from_bytes(sha256(f"{by_more}{name}".encode()).digest()[:8], signed=True)
    Agent.objects.bulk_create([Agent(id=number, name=name, is_robot_by_more=by_more)], ignore_conflicts=True)
    return number, is_robot


@cache
def _fields() -> "list[models.Field[Any, Any]]":
    return [field for field in Read._meta.local_concrete_fields if not field.primary_key]


@cache
def _insert() -> str:
    columns, places = ", ".join(str(field.column) for field in _fields()), ", ".join("%s" for _ in _fields())
    return (
        f"INSERT INTO {Read._meta.db_table} ({columns}) VALUES ({places}) ON CONFLICT (nonce) DO NOTHING RETURNING id"
    )


class ReadQuerySet(models.QuerySet["Read"]):
    def record(self, read: "Read") -> None:
        """Store one read, for good when this returns; the same nonce again is the same read.

        Written as SQL, since this is asked more often than all else: PostgreSQL does it in one statement, and a nonce
        that comes again is no error of which its log would keep the values.
        """
        connection, waiting = connections[self.db], Waiting._meta.db_table
        values = [field.get_db_prep_save(getattr(read, field.attname), connection) for field in _fields()]
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute(f"WITH stored AS ({_insert()}) INSERT INTO {waiting} SELECT id FROM stored", values)
            return
        with transaction.atomic(self.db), connection.cursor() as cursor:
            cursor.execute(_insert(), values)
            if stored := cursor.fetchone():
                cursor.execute(f"INSERT INTO {waiting} VALUES (%s)", stored)

    def folded(self) -> Self:
        """Those that stand in the tallies."""
        return self.filter(waiting__isnull=True)

    def who_came_again(self) -> Self:
        """Those of one reader on one article of which there are several."""
        number = Window(Count("pk"), partition_by=["article", "reader"])
        return self.annotate(number_by_reader=number).filter(number_by_reader__gt=1)

    def counts(self, keys: set[int]) -> counting.Counts:
        """Of reads that have nothing to do with each other: each is one, and unique."""
        people = Count("pk", filter=Q(is_robot=False))
        sums = {
            "total": people,
            "uniques": people,
            "pdf": Count("pk", filter=Q(is_robot=False, format=counting.PDF)),
            "robots": Count("pk", filter=Q(is_robot=True)),
        }
        rows = self.filter(_is_one_of(keys, connections[self.db].vendor), is_doubled=False).order_by()
        hours = rows.annotate(hour=TruncHour("at", tzinfo=UTC)).values_list("article", "hour", "source")
        found: counting.Counts = Counter()
        for article, hour, source, *ns in hours.annotate(**sums):
            found.update({(article, hour, name): n for name, n in zip(sums, ns, strict=True)})
            if source:
                found[article, counting.day_of(hour), counting.FROM + source] += ns[0]
        return found

    def events(self) -> list[tuple[int, counting.Event]]:
        """What the rules look at, each with the key of its row."""
        rows = self.order_by().values_list("pk", *counting.Event._fields)
        return [(row[0], counting.Event._make(row[1:])) for row in rows]


def _is_one_of(keys: set[int], vendor: str) -> RawSQL:
    """As pk__in, written as one text: to look at thousands of parameters costs more than to count."""
    numbers = ",".join(map(str, keys))
    those = f"= ANY('{{{numbers}}}')" if vendor == "postgresql" else f"IN ({numbers})"
    return RawSQL(f"{Read._meta.db_table}.id {those}", [], models.BooleanField())


class Read(models.Model):
    """One click as it came. Its rows hold no lock on an article's: reads and saves never wait for each other."""

    class Format(models.IntegerChoices):
        HTML = counting.HTML, "HTML"
        PDF = counting.PDF, "PDF"

    nonce = models.UUIDField(unique=True)
    article = models.ForeignKey(
        Article, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+"
    )  # an article may be deleted; its reads are dropped when they are counted
    format = models.PositiveSmallIntegerField(choices=Format)
    at = models.DateTimeField()
    reader = models.BigIntegerField()
    reader_before = models.BigIntegerField(null=True)
    is_doubled = models.BooleanField(default=False)
    agent = models.ForeignKey(Agent, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="+")
    is_robot = models.BooleanField()
    source = models.CharField(max_length=100, blank=True)  # the host that led here

    objects = ReadQuerySet.as_manager()

    class Meta:
        indexes = [
            # The tally looks for other clicks of the same readers, and restates and prunes by time.
            models.Index(fields=["reader"], name="read_by_reader"),
            models.Index(fields=["at"], name="read_by_time"),
            models.Index(fields=["reader_before"], name="read_at_midnight", condition=Q(reader_before__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.get_format_display()} read of {self.article_id}"


class WaitingQuerySet(models.QuerySet["Waiting"]):
    def take(self, most: int) -> set[int]:
        """Take some out, the oldest first, and say which: in one step, so that none is taken that is not told."""
        oldest = f"SELECT read_id FROM {self.model._meta.db_table} ORDER BY read_id LIMIT %s"
        with connections[self.db].cursor() as cursor:
            cursor.execute(
                f"DELETE FROM {self.model._meta.db_table} WHERE read_id IN ({oldest}) RETURNING read_id", [most]
            )
            return {row[0] for row in cursor.fetchall()}


class Waiting(models.Model):
    """A read that is not yet in the tallies.

    Written in the transaction of its read and deleted in that of its count. Reads are committed in another order than
    that of their ids, so no "counted up to here" could be trusted; a row that is still there always can.
    """

    read = models.OneToOneField(Read, models.DO_NOTHING, primary_key=True, db_constraint=False)

    objects = WaitingQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.read_id)
