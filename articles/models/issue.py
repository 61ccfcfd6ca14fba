from datetime import date, datetime
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format

from articles import moments
from articles import pdf as press
from articles.cards import Card
from articles.documents import private_storage, validate_pdf
from articles.moments import validate_moment
from articles.paths import path_to
from articles.sharing import Share

from .address import Addressed
from .printed import Printed


class IssueQuerySet(models.QuerySet["Issue"]):
    def released(self, at: datetime | None = None) -> Self:
        """Numbers that are out at a given moment (now by default)."""
        return self.filter(released_at__lte=at or timezone.now())

    def public(self, at: datetime | None = None) -> Self:
        return self.released(at)

    def current(self, at: datetime | None = None) -> "Issue | None":
        """The newest number that is out."""
        return self.released(at).first()


class Issue(Printed, Addressed):
    """A number of the journal: a date, and articles in an order."""

    ADDRESS_FIELD = "date"

    date = models.DateField(unique=True, help_text="The date on the cover; it is also the address.")
    volume = models.PositiveSmallIntegerField(null=True, blank=True)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    released_at = models.DateTimeField(
        null=True,
        blank=True,
        validators=[validate_moment],
        help_text="Empty while the number is in preparation: readers see nothing of it.",
    )
    pdf = models.FileField(
        "printed number",
        upload_to="issues/",
        storage=private_storage,
        blank=True,
        validators=[validate_pdf],
        help_text="The PDF of the printed number, if there is one. Readers are given it instead of one made here.",
    )

    objects = IssueQuerySet.as_manager()

    class Meta:
        ordering = ["-date"]
        permissions = [("release_issue", "Can release and recall issues")]
        constraints = [
            models.UniqueConstraint(fields=["volume", "number"], name="issue_volume_and_number_once"),
            models.CheckConstraint(
                name="issue_number_needs_volume",
                condition=models.Q(number__isnull=True) | models.Q(volume__isnull=False),
                violation_error_message="A number needs its volume.",
            ),
        ]

    def __str__(self) -> str:
        return date_format(self.date, "j F Y") if isinstance(self.date, date) else str(self.date)

    def get_absolute_url(self) -> str:
        return path_to("issue_detail", self.date)

    @property
    def pdf_url(self) -> str:
        there_is_one = self.pdf or press.is_available()
        return path_to("issue_pdf", self.date, self.date) if there_is_one else ""

    def paper(self) -> press.Paper:
        articles = self.articles.published().in_issue_order().for_page()
        return self.on_paper("articles/printed_issue.html", [article.sheet() for article in articles], issue=self)

    @property
    def volume_and_number(self) -> str:
        """'Vol. 18, No. 5', or as much of it as is known."""
        parts = [f"Vol. {self.volume}"] if self.volume else []
        parts += [f"No. {self.number}"] if self.number else []
        return ", ".join(parts)

    def share(self) -> Share:
        """What stands for it where a link to it is shown."""
        card = Card(str(self), "Issue", foot=self.volume_and_number)
        return Share(f"issue-{self.pk}", "issue_share", str(self.date), card)

    def is_released(self, at: datetime | None = None) -> bool:
        return self.released_at is not None and self.released_at <= (at or timezone.now())

    def has_been_public(self) -> bool:
        return self.released_at is not None

    def release(self, at: datetime | None = None) -> None:
        self.released_at = self.released_at or at or moments.now()
        self.save(update_fields=["released_at"])
        if self.pdf_url and not self.pdf:
            self.order_pdf()

    release.alters_data = True  # type: ignore[attr-defined]
