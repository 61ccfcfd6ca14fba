from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.db import models, transaction
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
from .logged import Logged
from .printed import Printed

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models.fields.related_descriptors import RelatedManager

    from .article import Article
    from .release import Release


class IssueQuerySet(models.QuerySet["Issue"]):
    def released(self, at: datetime | None = None) -> Self:
        """Numbers that are out at a given moment (now by default)."""
        return self.filter(released_at__lte=at or timezone.now())

    def public(self, at: datetime | None = None) -> Self:
        return self.released(at)

    def current(self, at: datetime | None = None) -> "Issue | None":
        """The newest number that is out."""
        return self.released(at).first()


class Issue(Logged, Printed, Addressed):
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

    if TYPE_CHECKING:
        articles: Any
        releases: "RelatedManager[Release]"

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
        articles = list(self.articles.published().in_issue_order().for_page())
        self.articles.model.read_notes(articles)
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

    # What is done with it

    def going(self) -> "list[Article]":
        """Its articles that come out with it, in order: neither those that readers have, nor those taken back."""
        there = self.articles.exclude(status="withdrawn").in_issue_order()
        return [article for article in there if not article.has_been_public()]

    @transaction.atomic
    def release(self, at: datetime | None = None, by: "User | None" = None) -> None:
        """Bring it out with its articles, all at one moment: now by default. Once out, it keeps its moment."""
        if self.released_at is not None:
            return
        self.released_at = at or moments.now()
        going = self.going()
        before = {article.pk: article.standing() for article in going}
        self.releases.create(at=self.released_at, by=by, before=before)
        for article in going:
            article.published_at = self.released_at
            article.publish(by=by)
            article.revise(by, note=f"Released with the issue of {self}")
        self.save(update_fields=["released_at"])
        self.log(by, f"Released, from {moments.named(self.released_at)} on.")
        if self.pdf_url and not self.pdf:
            self.order_pdf()

    release.alters_data = True  # type: ignore[attr-defined]

    @transaction.atomic
    def recall(self, by: "User | None" = None) -> None:
        """Take it back, and its articles with it: each is what it was, as if readers had never seen it.

        What was withdrawn since, or was public before, stays as it is.
        """
        release = self.releases.filter(recalled_at=None).first()
        if release is None:
            return
        for article in self.articles.model.objects.filter(pk__in=release.before, status="published"):
            article.stand_as(release.before[str(article.pk)], by, f"Recalled with the issue of {self}.")
            article.revise(by, note=f"Recalled with the issue of {self}")
        release.recalled_at, release.recalled_by = moments.now(), by
        release.save()
        self.released_at = None
        self.save(update_fields=["released_at"])
        self.forget_old_addresses()
        self.log(by, "Recalled.")

    recall.alters_data = True  # type: ignore[attr-defined]
