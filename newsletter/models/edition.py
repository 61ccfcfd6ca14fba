"""An edition: one mail that goes out, what stands in it, and how far it has come."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
from django.db.models import Count, Q
from django.urls import reverse

from articles.models import Article, Illustrated, Issue, Slugged
from articles.moments import validate_moment
from articles.rich_text import ProseField
from publications.models import Publication

from .event import Event
from .interests import Interested
from .subscriber import Subscriber

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from .delivery import DeliveryQuerySet


class EditionQuerySet(models.QuerySet["Edition"]):
    def public(self, at: datetime | None = None) -> Self:
        """Those that went out, or began to: a mail links to its page from the first recipient on."""
        return self.filter(started_at__isnull=False)

    def archive(self) -> Self:
        """For the list on the site, the newest first: 26 a year for forty years at most."""
        return self.public().order_by("-started_at", "-pk").only("slug", "subject", "preheader", "started_at")[:1000]

    def due(self, at: datetime) -> Self:
        return self.filter(state=Edition.State.SCHEDULED, send_at__lte=at).order_by("send_at", "pk")

    def sending(self) -> Self:
        return self.filter(state=Edition.State.SENDING).order_by("started_at", "pk")


class Edition(Illustrated, Interested, Slugged):
    """One mail to many."""

    SLUG_FROM = "subject"
    TEXTS = ("body",)

    class State(models.TextChoices):
        DRAFT = "draft", "Draft"
        SCHEDULED = "scheduled", "Scheduled"
        SENDING = "sending", "Being sent"
        PAUSED = "paused", "Paused"
        STOPPED = "stopped", "Stopped"
        SENT = "sent", "Sent"

    subject = models.CharField(max_length=150)
    preheader = models.CharField(max_length=200, blank=True, help_text="What a mailbox shows beside the subject.")
    body = ProseField("text", help_text="Stands above the articles. An edition may be this text alone.")
    issue = models.ForeignKey(Issue, models.SET_NULL, null=True, blank=True, related_name="editions")
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT, editable=False)
    send_at = models.DateTimeField("goes out", null=True, blank=True, validators=[validate_moment])
    started_at = models.DateTimeField(null=True, blank=True, editable=False)
    finished_at = models.DateTimeField(null=True, blank=True, editable=False)
    recipients = models.PositiveIntegerField(null=True, blank=True, editable=False)
    trouble = models.CharField(max_length=300, blank=True, editable=False)
    changed_at = models.DateTimeField(auto_now=True)
    # The mail as it goes out, made once when sending begins; at the marks stand each recipient's links.
    mail_html = models.TextField(editable=False, default="", blank=True)
    mail_text = models.TextField(editable=False, default="", blank=True)
    marks = models.CharField(max_length=65, editable=False, default="", blank=True)

    objects = EditionQuerySet.as_manager()

    if TYPE_CHECKING:
        deliveries: DeliveryQuerySet
        items: "RelatedManager[Item]"

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["-started_at"], name="edition_archive", condition=Q(started_at__isnull=False)),
            # The worker asks every other second.
            models.Index(fields=["state", "send_at"], name="edition_by_state"),
        ]
        constraints = [models.CheckConstraint(name="edition_has_a_subject", condition=~Q(subject=""))]

    def __str__(self) -> str:
        return self.subject

    def get_absolute_url(self) -> str:
        return reverse("edition_detail", args=[self.slug])

    def has_been_public(self) -> bool:
        return self.started_at is not None

    @property
    def is_open(self) -> bool:
        """Whether it can still be changed."""
        return self.state in (self.State.DRAFT, self.State.SCHEDULED)

    def audience(self) -> "models.QuerySet[Subscriber]":
        return Subscriber.objects.active().interested(self.interests)

    # What is done with it: each is a condition and a change in one statement, so of ten who press, one does it.

    def _move(self, to: "Edition.State", *origins: "Edition.State", **values: Any) -> bool:
        rows = type(self).objects.filter(pk=self.pk, state__in=origins)
        if not rows.update(state=to, **values):
            return False
        self.refresh_from_db()
        return True

    def schedule(self, at: datetime) -> bool:
        return self._move(self.State.SCHEDULED, self.State.DRAFT, self.State.SCHEDULED, send_at=at, trouble="")

    def unschedule(self) -> bool:
        return self._move(self.State.DRAFT, self.State.SCHEDULED, send_at=None)

    def pause(self, trouble: str = "") -> bool:
        return self._move(self.State.PAUSED, self.State.SENDING, trouble=trouble[:300])

    def resume(self) -> bool:
        return self._move(self.State.SENDING, self.State.PAUSED, trouble="")

    @transaction.atomic
    def stop(self, at: datetime) -> bool:
        """For good: who has not got it gets it no more."""
        if not self._move(self.State.STOPPED, self.State.SENDING, self.State.PAUSED, finished_at=at, trouble=""):
            return False
        self.deliveries.filter(state="waiting").update(state="suppressed", reason="The edition was stopped", sender="")
        return True

    @transaction.atomic
    def send_unsure_again(self, at: datetime) -> int:
        """Those that may or may not have arrived, once more, with the Message-ID they had. Returns how many."""
        again = self.deliveries.send_again(at)
        if again:
            self._move(self.State.SENDING, self.State.SENT, finished_at=None)
        return again

    send_unsure_again.alters_data = True  # type: ignore[attr-defined]
    schedule.alters_data = unschedule.alters_data = pause.alters_data = True  # type: ignore[attr-defined]
    resume.alters_data = stop.alters_data = True  # type: ignore[attr-defined]

    def tally(self) -> "Tally":
        counts = dict(self.deliveries.order_by().values_list("state").annotate(n=Count("pk")))
        return Tally(self.recipients or 0, **{state: counts.get(state, 0) for state in STATES})


STATES = ("waiting", "sending", "sent", "failed", "suppressed", "unsure")


class Tally:
    """Where the mails of an edition are. Over is what adds up, and nothing else."""

    def __init__(self, recipients: int, **counts: int) -> None:
        self.recipients, self.counts = recipients, counts

    def __getattr__(self, name: str) -> int:
        if name in STATES:
            return self.counts[name]
        raise AttributeError(name)

    @property
    def done(self) -> int:
        return self.recipients - self.counts["waiting"] - self.counts["sending"]

    @property
    def is_over(self) -> bool:
        return not (self.counts["waiting"] or self.counts["sending"])

    @property
    def adds_up(self) -> bool:
        return self.recipients == sum(self.counts.values())

    @property
    def percent(self) -> int:
        return 100 * self.done // self.recipients if self.recipients else 100


class ItemQuerySet(models.QuerySet["Item"]):
    def whole(self) -> Self:
        return self.select_related("article", "publication", "event")


class Item(models.Model):
    """What an edition tells of: an article, a staff publication or an event."""

    edition = models.ForeignKey(Edition, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField("order", default=100)
    article = models.ForeignKey(Article, models.CASCADE, null=True, blank=True, related_name="+")
    publication = models.ForeignKey(Publication, models.CASCADE, null=True, blank=True, related_name="+")
    event = models.ForeignKey(Event, models.CASCADE, null=True, blank=True, related_name="+")

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                name="item_is_one_thing",
                condition=Q(article__isnull=False, publication__isnull=True, event__isnull=True)
                | Q(article__isnull=True, publication__isnull=False, event__isnull=True)
                | Q(article__isnull=True, publication__isnull=True, event__isnull=False),
                violation_error_message="Choose one: an article, a staff publication or an event.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.article or self.publication or self.event)
