"""One mail to one person. What became of it is in its row, before and after it is handed over."""

from datetime import datetime, timedelta

from django.db import connections, models, transaction
from django.db.models import Q

from .edition import Edition
from .key import Key, digest
from .subscriber import Subscriber

SILENT = timedelta(minutes=5)  # a sender that was not heard of; longer than any mail can take
LEFT_BY = timedelta(days=14)
GIVE_UP = timedelta(hours=72)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(minutes=5), timedelta(hours=6)


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def address(self, edition: Edition, at: datetime) -> int:
        """One row for each recipient, made by the database: no row passes through memory. Returns how many."""
        chosen = edition.audience().order_by("pk").values_list("pk", "person", "domain")
        sql, params = chosen.query.sql_with_params()
        columns = "subscriber_id, person, domain, edition_id, state, attempts, due_at, sender, code, reason"
        insert = f"INSERT INTO {self.model._meta.db_table} ({columns}) "
        with connections[self.db].cursor() as cursor:
            fixed = "SELECT chosen.*, %s, 'waiting', 0, %s, '', '', ''"
            adapted = connections[self.db].ops.adapt_datetimefield_value(at)
            cursor.execute(f"{insert}{fixed} FROM ({sql}) AS chosen", [edition.pk, adapted, *params])
            return cursor.rowcount

    @transaction.atomic
    def claim(self, edition: Edition, sender: str, slow: list[str], most: int, at: datetime) -> "list[Delivery]":
        """Take some that are due, of domains that are not to be left alone for now."""
        free = self.filter(edition=edition, state=Delivery.State.WAITING, sender="", due_at__lte=at)
        features = connections[self.db].features
        locked = free.exclude(domain__in=slow).order_by("due_at", "pk").select_for_update(
            skip_locked=features.has_select_for_update_skip_locked
        )  # fmt: skip
        pks = list(locked.values_list("pk", flat=True)[:most])
        self.filter(pk__in=pks).update(sender=sender, claimed_at=at)
        # As little as a mail needs: a row costs what it holds.
        reader = ("email", "leave_token", "choose_token", "state", "person", "bounces", "bounced_on")
        held = ("edition", "domain", "attempts", "first_at", *(f"subscriber__{name}" for name in reader))
        return list(self.filter(pk__in=pks).order_by("due_at", "pk").select_related("subscriber").only(*held))

    def release(self, sender: str) -> int:
        """What a sender has taken and not begun is anybody's again."""
        return self.filter(sender=sender, state=Delivery.State.WAITING).update(sender="")

    def take_back(self, at: datetime) -> int:
        """Of a sender that fell silent: what it had not begun goes on; the one that it was sending is unsure."""
        silent = self.exclude(sender="").filter(claimed_at__lt=at - SILENT)
        reason = "The sender ended while it was handed over"
        unsure = silent.filter(state=Delivery.State.SENDING)
        taken = unsure.update(state=Delivery.State.UNSURE, sender="", reason=reason, done_at=at)
        return taken + silent.filter(state=Delivery.State.WAITING).update(sender="")

    def left_by(self, subscriber: Subscriber, at: datetime) -> None:
        """Somebody left: most likely by the newest mail that they got."""
        got = self.filter(subscriber=subscriber, state=Delivery.State.SENT, done_at__gt=at - LEFT_BY)
        newest = got.order_by("-done_at").values_list("pk", flat=True)[:1]
        self.filter(pk__in=list(newest)).update(left_at=at)

    def send_again(self, at: datetime) -> int:
        """The unsure ones once more, by an editor's choice. They keep their Message-ID."""
        return self.filter(state=Delivery.State.UNSURE).update(
            state=Delivery.State.WAITING, due_at=at, done_at=None, sender="", reason=""
        )


class Delivery(models.Model):
    """Waiting, sending, and then one of four ends."""

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        SENDING = "sending", "Being handed over"
        SENT = "sent", "Sent"
        FAILED = "failed", "Failed"
        SUPPRESSED = "suppressed", "Not sent: left or stopped before"
        UNSURE = "unsure", "Unsure"

    # Each index costs two writes a mail; those below begin with the edition.
    edition = models.ForeignKey(Edition, models.PROTECT, related_name="deliveries", db_index=False)
    # Gone when the person is erased; the hash stays, so that the accounting still closes.
    subscriber = models.ForeignKey(Subscriber, models.SET_NULL, null=True, related_name="deliveries")
    person = models.CharField(max_length=40)
    domain = models.CharField(max_length=254)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    first_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    sender = models.CharField(max_length=32, blank=True)
    claimed_at = models.DateTimeField(null=True)
    code = models.CharField(max_length=20, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    bounced_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)  # by the link in this mail

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        constraints = [models.UniqueConstraint(fields=["edition", "subscriber"], name="delivery_once")]
        indexes = [
            # A batch is the next that are due; what is counted for the bar is counted in the index.
            models.Index(fields=["edition", "state", "due_at", "id"], name="delivery_next"),
            models.Index(fields=["claimed_at"], name="delivery_claimed", condition=~Q(sender="")),
            models.Index(fields=["person"], name="delivery_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber or 'an erased person'}: {self.get_state_display()}"

    def message_id(self, host: str) -> str:
        """The same each time this edition is sent to this person; a bounce that quotes it leads back here."""
        return f"<{self.pk}.{self.seal()}@{host}>"

    def seal(self) -> str:
        return digest(Key.load(), f"delivery {self.pk}")[:16]

    def pause(self) -> timedelta:
        """Before it is tried once more: 5 minutes, then twice as long each time."""
        return min(FIRST_PAUSE * 2 ** max(0, self.attempts - 1), LONGEST_PAUSE)


class SlowDomainQuerySet(models.QuerySet["SlowDomain"]):
    def now(self, at: datetime) -> list[str]:
        return list(self.filter(until__gt=at).values_list("domain", flat=True))


class SlowDomain(models.Model):
    """A provider that said "not so fast": it is left alone for a second, then two, and so on up to ten minutes."""

    domain = models.CharField(max_length=254, primary_key=True)
    step = models.PositiveSmallIntegerField(default=0)
    until = models.DateTimeField()

    objects = SlowDomainQuerySet.as_manager()

    def __str__(self) -> str:
        return self.domain

    @classmethod
    @transaction.atomic
    def slow_down(cls, domain: str, at: datetime, *, takes_some: bool) -> datetime:
        """Until when it is left alone: longer each time, but not while it takes some mails between two rests."""
        row, _ = cls.objects.select_for_update().get_or_create(domain=domain, defaults={"until": at})
        if takes_some or row.until < at - timedelta(minutes=10):
            row.step = 0
        row.until = at + timedelta(seconds=min(2**row.step, 600))
        row.step = min(row.step + 1, 10)
        row.save()
        return row.until
