"""Whom we write to, and whom we must not write to."""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Self

from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse

from articles.machines import absolute
from newsletter.addresses import domain_of, masked

from .consent import Consent
from .interests import Interested, flags
from .key import digest_of

if TYPE_CHECKING:
    from .signup import Signup

KEPT = timedelta(days=30)  # the address of somebody who left


def new_token() -> str:
    """192 bits in 32 characters. Stored, and not signed: a link must outlive a change of SECRET_KEY."""
    return secrets.token_urlsafe(24)


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def add_person(self, person: str, reason: str, at: datetime) -> None:
        self.update_or_create(person=person, defaults={"reason": reason, "at": at})

    def lift(self, person: str) -> None:
        self.filter(person=person).delete()


class Suppression(models.Model):
    """Somebody whom no import and no edition may write to. It holds without the address, so also after an erasure."""

    person = models.CharField(max_length=40, unique=True)
    reason = models.CharField(max_length=10, choices=Consent.Kind)
    at = models.DateTimeField()

    objects = SuppressionQuerySet.as_manager()

    def __str__(self) -> str:
        return self.get_reason_display()


class SubscriberQuerySet(models.QuerySet["Subscriber"]):
    def active(self) -> Self:
        """Those who are written to."""
        return self.filter(state=Subscriber.State.ACTIVE)

    def interested(self, interests: Iterable[str]) -> Self:
        """In any of these; in anything, when none is named."""
        wanted = Q()
        for name in interests:
            wanted |= Q(**{f"wants_{name}": True})
        return self.filter(wanted)

    def of(self, email: str) -> "Subscriber | None":
        return self.filter(person=digest_of(email)).first()

    def welcome(self, signup: "Signup", address: str, at: datetime) -> "Subscriber":
        """Who has confirmed is written to, whatever was before."""
        values = flags(signup.interests) | {
            "email": signup.email, "state": Subscriber.State.ACTIVE, "confirmed_at": at, "left_at": None, "bounces": 0,
            "asked_from": signup.asked_from, "confirmed_from": address or None,
        }  # fmt: skip
        Suppression.objects.lift(signup.person)
        return self.update_or_create(person=signup.person, defaults=values)[0]

    def to_forget(self, at: datetime) -> Self:
        """Who left so long ago that nobody can need the address any more."""
        return self.filter(state=Subscriber.State.LEFT, left_at__lt=at - KEPT)


class Subscriber(Interested):
    """An address with confirmed consent. All that is erased of a person stands here, and in an open sign-up."""

    class State(models.TextChoices):
        ACTIVE = "active", "Subscribed"
        LEFT = "left", "Left"
        BOUNCED = "bounced", "Address does not work"
        COMPLAINED = "complained", "Complained"

    person = models.CharField(max_length=40, unique=True, editable=False)
    email = models.EmailField("e-mail", max_length=254)
    domain = models.CharField(max_length=254, editable=False)
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    confirmed_at = models.DateTimeField("since")
    left_at = models.DateTimeField("until", null=True, blank=True)
    asked_from = models.GenericIPAddressField("signed up from", null=True, blank=True)
    confirmed_from = models.GenericIPAddressField(null=True, blank=True)
    leave_token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    choose_token = models.CharField(max_length=32, unique=True, default=new_token, editable=False)
    # As Mailman counts: see bounces.py.
    bounces = models.FloatField("bounce score", default=0)
    bounced_on = models.DateField("last bounce", null=True, blank=True)

    objects = SubscriberQuerySet.as_manager()

    class Meta:
        ordering = ["-confirmed_at", "-pk"]
        indexes = [
            models.Index(fields=["-confirmed_at", "-id"], name="subscriber_newest_first"),
            # Chosen when an edition starts.
            models.Index(fields=["state"], name="subscriber_by_state"),
        ]

    def __str__(self) -> str:
        return masked(self.email)

    def save(self, *args: object, **kwargs: object) -> None:
        self.domain = domain_of(self.email)
        if (names := kwargs.get("update_fields")) is not None and "email" in names:  # type: ignore[operator]
            kwargs["update_fields"] = {*names, "domain"}  # type: ignore[misc]
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    save.alters_data = True  # type: ignore[attr-defined]

    @property
    def leave_url(self) -> str:
        return absolute(reverse("newsletter_unsubscribe", args=[self.leave_token]))

    @property
    def choose_url(self) -> str:
        return absolute(reverse("newsletter_preferences", args=[self.choose_token]))

    @transaction.atomic
    def choose(self, interests: Iterable[str], at: datetime) -> None:
        for name, value in flags(interests).items():
            setattr(self, name, value)
        self.save(update_fields=list(flags(())))
        Consent.objects.note(Consent.Kind.CHANGED, self.person, at, self.interests)

    choose.alters_data = True  # type: ignore[attr-defined]

    @transaction.atomic
    def stop(self, kind: "Consent.Kind", at: datetime, note: str = "") -> bool:
        """End the subscription: by the person, or since mail does not arrive or is complained of. Whether it ran."""
        state = {Consent.Kind.BOUNCED: "bounced", Consent.Kind.COMPLAINED: "complained"}.get(kind, "left")
        running = type(self).objects.filter(pk=self.pk, state=self.State.ACTIVE)
        if not running.update(state=state, left_at=at):
            return False
        self.state, self.left_at = self.State(state), at
        Consent.objects.note(kind, self.person, at, note=note[:300])
        Suppression.objects.add_person(self.person, kind, at)
        return True

    stop.alters_data = True  # type: ignore[attr-defined]
