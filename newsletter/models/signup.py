"""Sign-ups that are not confirmed."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self

from django.db import models, transaction
from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from newsletter.addresses import masked

from .consent import WORDING, Consent, Wording
from .interests import Interested, flags
from .key import digest_of
from .subscriber import Subscriber

GOOD_FOR = timedelta(hours=72)  # a link to confirm
KEPT = timedelta(days=7)  # a sign-up that was not confirmed
LEASE = timedelta(minutes=5)  # whoever took it, and has not mailed it by then, is gone


class SignupQuerySet(models.QuerySet["Signup"]):
    def ask(self, email: str, interests: Iterable[str], address: str, form: str, at: datetime) -> None:
        """Put somebody in the queue. The same is done, and takes as long, whoever it is."""
        asked = {"email": email, "asked_at": at, "asked_from": address or None, "form": form, "due_at": at}
        values = asked | {"is_waiting": True} | flags(interests)
        self.update_or_create(person=digest_of(email), defaults=values)

    def due(self, at: datetime) -> Self:
        """Those that wait for a mail, in a fair order: the first of each network, then the second of each."""
        turn = Window(RowNumber(), partition_by=F("asked_from"), order_by=[F("asked_at"), F("pk")])
        waiting = self.filter(is_waiting=True, due_at__lte=at)
        return waiting.annotate(turn=turn).order_by("turn", "asked_at", "pk")

    def live(self, at: datetime) -> Self:
        """Whose link is still good."""
        return self.filter(token__isnull=False, mailed_at__gt=at - GOOD_FOR)

    def old(self, at: datetime) -> Self:
        return self.filter(asked_at__lt=at - KEPT)


class Signup(Interested):
    """Somebody, or somebody else in their name, asked to be written to. One row an address: the queue is bounded."""

    person = models.CharField(max_length=40, unique=True)
    email = models.EmailField(max_length=254)
    asked_at = models.DateTimeField()
    asked_from = models.GenericIPAddressField(null=True)
    form = models.CharField(max_length=300, blank=True)
    is_waiting = models.BooleanField(default=True)  # for a mail
    due_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    token = models.CharField(max_length=32, unique=True, null=True)

    objects = SignupQuerySet.as_manager()

    class Meta:
        indexes = [
            # The worker looks every other second.
            models.Index(fields=["due_at"], name="signup_waiting", condition=Q(is_waiting=True)),
        ]

    def __str__(self) -> str:
        return masked(self.email)

    def is_live(self, at: datetime) -> bool:
        return bool(self.token and self.mailed_at and self.mailed_at > at - GOOD_FOR)

    def take(self, at: datetime) -> bool:
        """Whether it is ours to mail: of several who try, one."""
        still = type(self).objects.filter(pk=self.pk, is_waiting=True, due_at=self.due_at)
        return bool(still.update(due_at=at + LEASE))

    @transaction.atomic
    def confirm(self, address: str, at: datetime) -> Subscriber | None:
        """Make a subscriber of it, once: the link has done its work then. None when another press was first."""
        if not type(self).objects.filter(pk=self.pk, token=self.token).delete()[0]:
            return None
        subscriber = Subscriber.objects.welcome(self, address, at)
        wording = Wording.objects.of(WORDING, at)
        for kind, moment in ((Consent.Kind.ASKED, self.asked_at), (Consent.Kind.CONFIRMED, at)):
            Consent.objects.note(kind, self.person, moment, self.interests, wording=wording, form=self.form)
        return subscriber

    confirm.alters_data = True  # type: ignore[attr-defined]
