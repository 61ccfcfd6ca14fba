"""What holds back those who sign up others: how often, from where, to whom. No row here has an address in it."""

from datetime import datetime, timedelta
from typing import Self

from django.db import IntegrityError, models, transaction
from django.db.models import Count, Q

from articles.visitors import network_of
from newsletter.addresses import domain_of, mailbox_of

from .key import Key, digest

HOUR, DAY, MONTH = timedelta(hours=1), timedelta(days=1), timedelta(days=30)
PER_DAY, PER_MONTH = 1, 3  # mails to one mailbox whose owner has not confirmed
FROM_NETWORK, TO_DOMAIN, IN_ALL = 3, 20, 100  # sign-ups in an hour; above any, a button must be pressed
MOST_FROM_NETWORK = 30  # and above this, none is taken


class KnockQuerySet(models.QuerySet["Knock"]):
    def knock(self, email: str, address: str, at: datetime) -> tuple[bool, bool]:
        """Note a sign-up, and tell whether a button must be pressed for it, and whether none is taken."""
        key = Key.load()
        network, domain = digest(key, network_of(address)), digest(key, domain_of(email))
        self.create(network=network, domain=domain, at=at)
        counts = self.filter(at__gt=at - HOUR).aggregate(
            network=Count("pk", filter=Q(network=network)), domain=Count("pk", filter=Q(domain=domain)), all=Count("pk")
        )
        many = counts["network"] > FROM_NETWORK or counts["domain"] > TO_DOMAIN or counts["all"] > IN_ALL
        return many, counts["network"] > MOST_FROM_NETWORK

    def old(self, at: datetime) -> Self:
        return self.filter(at__lt=at - DAY)


class Knock(models.Model):
    """A sign-up that was sent to us, whatever became of it."""

    network = models.CharField(max_length=40)
    domain = models.CharField(max_length=40)
    at = models.DateTimeField(db_index=True)

    objects = KnockQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.at)


class LetterQuerySet(models.QuerySet["Letter"]):
    def may_go_to(self, email: str, at: datetime) -> bool:
        letters = self.filter(mailbox=digest(Key.load(), mailbox_of(email)), at__gt=at - MONTH)
        counts = letters.aggregate(day=Count("pk", filter=Q(at__gt=at - DAY)), month=Count("pk"))
        return bool(counts["day"] < PER_DAY and counts["month"] < PER_MONTH)

    def room(self, most: int, at: datetime) -> int:
        """How many may go in this hour."""
        return most - self.filter(at__gt=at - HOUR).count()

    def note(self, email: str, at: datetime) -> "Letter":
        return self.create(mailbox=digest(Key.load(), mailbox_of(email)), at=at)

    def old(self, at: datetime) -> Self:
        return self.filter(at__lt=at - MONTH)


class Letter(models.Model):
    """A mail that asked somebody to confirm."""

    mailbox = models.CharField(max_length=40)
    at = models.DateTimeField(db_index=True)

    objects = LetterQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["mailbox", "at"], name="letter_to_mailbox")]

    def __str__(self) -> str:
        return str(self.at)


class TicketQuerySet(models.QuerySet["Ticket"]):
    def spend(self, number: str, at: datetime) -> bool:
        """Whether it was not spent before."""
        try:
            with transaction.atomic():
                self.create(number=number, at=at)
        except IntegrityError:
            return False
        return True

    def old(self, at: datetime) -> Self:
        return self.filter(at__lt=at - DAY)


class Ticket(models.Model):
    """A button that was pressed: each counts once."""

    number = models.CharField(max_length=32, primary_key=True)
    at = models.DateTimeField(db_index=True)

    objects = TicketQuerySet.as_manager()

    def __str__(self) -> str:
        return self.number
