from contextlib import suppress
from datetime import datetime, timedelta
from threading import Event
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import Q
from django.utils import timezone

from articles import elsewhere
from articles.links import links_in, page_elsewhere

AGAIN, AGAIN_IF_DEAD = timedelta(days=7), timedelta(hours=1)
LOST = timedelta(minutes=1)  # after which a worker that has one in hand has died
LONGEST = 500


class LinkQuerySet(models.QuerySet["Link"]):
    def of(self, text: dict[str, Any]) -> dict[str, "Link"]:
        """What is known of the pages that a snapshot leads to, by their addresses."""
        pages = _pages(text)
        return {link.url: link for link in self.filter(url__in=pages)} if pages else {}

    def have_checked(self, text: dict[str, Any], at: datetime | None = None) -> None:
        """Have the worker ask for those that nobody has asked for, or not for a while."""
        now, pages = at or timezone.now(), _pages(text)
        if not pages:
            return
        known = self.of(text)
        new = [Link(url=page, host=urlsplit(page).hostname or "", due_at=now) for page in pages if page not in known]
        old = [link.pk for link in known.values() if link.is_old(now)]
        if new:
            self.bulk_create(new, ignore_conflicts=True)
        if old:
            self.filter(pk__in=old).update(due_at=now)

    def take(self, at: datetime) -> "Link | None":
        """One that is due, and of a host that nobody is asking for another."""
        if self.filter(taken_at__lt=at - LOST).exists():
            self.filter(taken_at__lt=at - LOST).update(taken_at=None)
        busy = self.filter(taken_at__isnull=False).values("host")
        for link in self.filter(due_at__lte=at).exclude(host__in=busy).order_by("due_at", "pk")[:10]:
            with suppress(IntegrityError), transaction.atomic():
                if self.filter(pk=link.pk, taken_at=None, due_at__isnull=False).update(taken_at=at):
                    return link
        return None

    def check_due(self, stop: Event) -> int:
        """Ask for all that are due, one after the other; returns for how many."""
        done = 0
        while not stop.is_set() and (link := self.take(timezone.now())):
            link.check_it()
            done += 1
        return done


class Link(models.Model):
    """A page of another site that our texts lead to, and what its server said when it was asked last."""

    url = models.CharField(max_length=LONGEST, unique=True)
    host = models.CharField(max_length=LONGEST)
    status = models.PositiveSmallIntegerField(null=True)
    trouble = models.CharField(max_length=60, blank=True)  # why there was no answer
    checked_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)  # since when it is to be asked for
    taken_at = models.DateTimeField(null=True)  # while a worker asks

    objects = LinkQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["due_at"], name="link_due", condition=Q(due_at__isnull=False))]
        constraints = [
            models.UniqueConstraint(fields=["host"], name="link_one_at_a_time", condition=Q(taken_at__isnull=False))
        ]

    def __str__(self) -> str:
        return self.url

    @property
    def why_dead(self) -> str:
        """A number of HTTP, or why there was none. Who refuses a machine, or is busy, may well answer a reader."""
        is_dead = self.status and (self.status in (404, 410) or (self.status >= 500 and self.status != 503))
        return self.trouble or (str(self.status) if is_dead else "")

    def is_old(self, at: datetime) -> bool:
        pause = AGAIN_IF_DEAD if self.why_dead else AGAIN
        return self.due_at is None and (self.checked_at is None or self.checked_at < at - pause)

    def check_it(self) -> None:
        try:
            self.status, self.trouble = elsewhere.status_of(self.url), ""
        except elsewhere.NoAnswer as problem:
            self.status, self.trouble = None, str(problem)
        self.checked_at, self.due_at, self.taken_at = timezone.now(), None, None
        self.save()

    check_it.alters_data = True  # type: ignore[attr-defined]


def _pages(text: dict[str, Any]) -> list[str]:
    """In one order, so that of two who save the same new ones none waits for the other."""
    found = sorted({page_elsewhere(address) for _, address in links_in(text)})
    return [page for page in found if 0 < len(page) <= LONGEST] if settings.CHECK_LINKS else []
