"""States: what "published" means, which state follows which, and who brought a text there."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from articles import letters, moments
from articles.moments import validate_moment

from .logged import Logged

if TYPE_CHECKING:
    from django.contrib.auth.models import User

Row = TypeVar("Row", bound="Publishable")


class PublishableQuerySet(models.QuerySet[Row]):
    def published(self, at: datetime | None = None) -> Self:
        """What the public may read at a given moment (now by default)."""
        return self.filter(status=Publishable.Status.PUBLISHED, published_at__lte=at or timezone.now())

    def scheduled(self, at: datetime | None = None) -> Self:
        """What the public may read later."""
        return self.filter(status=Publishable.Status.PUBLISHED, published_at__gt=at or timezone.now())

    def withdrawn(self) -> Self:
        """What was taken back, and whose address says so."""
        return self.filter(status=Publishable.Status.WITHDRAWN, was_public=True)


class Publishable(Logged, models.Model):
    """Draft, in review, published from a moment on, withdrawn; each step is a verb, and says who took it and when."""

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        REVIEW = "review", "In review"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"

    STATE = ("status", "status_by", "status_at", "published_at", "withdrawal_notice", "updated_at")
    # The right that a state needs, to bring a text there or to take it away again.
    RIGHTS = {Status.PUBLISHED: "articles.publish_article", Status.WITHDRAWN: "articles.withdraw_article"}

    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    # Who brought it there, and when.
    status_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, editable=False, related_name="+"
    )
    status_at = models.DateTimeField(null=True, editable=False)
    published_at = models.DateTimeField(
        null=True, blank=True, validators=[validate_moment], help_text="May lie ahead: readers see it from then on."
    )
    # While it lies ahead, or what follows upon it is still to be done.
    due_at = models.DateTimeField(null=True, editable=False)
    # Remembered, whatever its status or date become: somebody can have kept its address.
    was_public = models.BooleanField(default=False, editable=False)
    withdrawal_notice = models.TextField(blank=True, help_text="What readers are told when the article is withdrawn.")

    if TYPE_CHECKING:  # of its page
        forget_old_addresses: Callable[[], None]

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.was_public = self.was_public or self._is_or_was_published()
        self.due_at = self.due_at if self.is_published() else self._published_later()
        update_fields = update_fields and {*update_fields, "was_public", "due_at"}
        super().save(*args, update_fields=update_fields, **kwargs)

    save.alters_data = True  # type: ignore[attr-defined]

    # What readers may see

    def is_published(self, at: datetime | None = None) -> bool:
        return (
            self.status == self.Status.PUBLISHED
            and self.published_at is not None
            and self.published_at <= (at or timezone.now())
        )

    def _published_later(self) -> datetime | None:
        return self.published_at if self.status == self.Status.PUBLISHED else None

    def _is_or_was_published(self) -> bool:
        """Now, or until this save: its day may have come since it was saved last."""
        rows: Any = type(self)._default_manager
        return self.is_published() or (self.pk is not None and rows.published().filter(pk=self.pk).exists())

    def has_been_public(self) -> bool:
        return self.was_public or self.is_published()

    def answers(self, at: datetime | None = None) -> bool:
        withdrawn = self.status == self.Status.WITHDRAWN and self.was_public
        return withdrawn or self.is_published(at)

    # Which state follows

    def next_states(self, editor: "User | None" = None) -> list[Status]:
        """The state it is in, and those that it may be brought to: by this editor, or at all.

        What readers may have seen is taken back by withdrawing it, so that its address goes on answering.
        """
        now = self.Status(self.status)
        if self.pk and self.has_been_public():
            after = {self.Status.PUBLISHED, self.Status.WITHDRAWN}
        else:
            after = set(self.Status) - ({self.Status.WITHDRAWN} if now != self.Status.PUBLISHED else set())
        return [
            status for status in self.Status if status == now or (status in after and self._may(editor, now, status))
        ]

    def _may(self, editor: "User | None", *states: Status) -> bool:
        rights = [self.RIGHTS[state] for state in states if state in self.RIGHTS]
        return editor is None or editor.has_perms(rights)

    # The steps

    def bring_to(self, status: str, by: "User | None" = None) -> None:
        """Take the step that leads to a state, from whichever it is in."""
        steps: dict[str, Callable[..., None]] = {
            self.Status.DRAFT: self.send_back,
            self.Status.REVIEW: self.ask_for_review,
            self.Status.PUBLISHED: self.publish,
            self.Status.WITHDRAWN: self.withdraw,
        }
        steps[status](by=by)

    bring_to.alters_data = True  # type: ignore[attr-defined]

    @transaction.atomic
    def ask_for_review(self, by: "User | None" = None) -> None:
        self._step_to(self.Status.REVIEW, by, "Sent to review.")
        letters.review_asked(self, by)  # type: ignore[arg-type]

    ask_for_review.alters_data = True  # type: ignore[attr-defined]

    @transaction.atomic
    def send_back(self, by: "User | None" = None) -> None:
        """To be written on."""
        asked = self.status_by if self.status == self.Status.REVIEW else None
        self._step_to(self.Status.DRAFT, by, "Sent back to its writer.")
        letters.sent_back(self, by, asked)  # type: ignore[arg-type]

    send_back.alters_data = True  # type: ignore[attr-defined]

    def publish(self, at: datetime | None = None, by: "User | None" = None) -> None:
        """Make it readable from a moment on, now by default. Published again, it keeps its first date."""
        self.published_at = self.published_at or at or moments.now()
        is_ahead = self.published_at > timezone.now()
        said = f"Published, from {moments.named(self.published_at)} on." if is_ahead else "Published."
        self._step_to(self.Status.PUBLISHED, by, said)

    publish.alters_data = True  # type: ignore[attr-defined]

    def withdraw(self, notice: str = "", by: "User | None" = None) -> None:
        """Take it back: its address says so from now on."""
        self.withdrawal_notice = notice or self.withdrawal_notice
        self._step_to(self.Status.WITHDRAWN, by, "Withdrawn.")

    withdraw.alters_data = True  # type: ignore[attr-defined]

    @transaction.atomic
    def _step_to(self, status: Status, by: "User | None", said: str) -> None:
        self.status, self.status_by, self.status_at = status, by, moments.now()
        self.save(update_fields=self.STATE)
        self.log(by, said)

    # Taking a step back as if it had not been taken

    def standing(self) -> dict[str, str]:
        """As JSON: enough to stand so again."""
        return {"status": self.status, "published_at": self.published_at.isoformat() if self.published_at else ""}

    @transaction.atomic
    def stand_as(self, before: dict[str, str], by: "User | None", said: str) -> None:
        """Be as it was, and forget that it was public: its address answers as one that never was."""
        self.status, self.status_by, self.status_at = before["status"], by, moments.now()
        self.published_at = datetime.fromisoformat(before["published_at"]) if before["published_at"] else None
        self.was_public = False
        fields = {name: getattr(self, name) for name in ("status", "published_at", "was_public")}
        type(self)._default_manager.filter(pk=self.pk).update(**fields)  # so that save() does not find it public
        self.save(update_fields=self.STATE)
        self.forget_old_addresses()
        self.log(by, said)

    stand_as.alters_data = True  # type: ignore[attr-defined]
