"""Article and Byline: what "published" means, the order of sections, and what a snapshot holds."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from taggit.managers import TaggableManager

from articles import citations, moments, rich_text
from articles.machines import absolute
from articles.moments import validate_moment

from .address import Slugged
from .byline import Byline
from .category import Category
from .entry import Searchable
from .illustrated import Illustrated
from .image import Image
from .issue import Issue
from .tag import ArticleTags, TaggedArticle

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.db.models.fields.related_descriptors import RelatedManager

    from .revision import Revision

validate_doi = RegexValidator(r"^10\.\d{4,9}/\S+$", "A DOI begins with 10. and nothing before it: 10.5555/12345.")


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self, at: datetime | None = None) -> Self:
        """Articles the public may read at a given moment (now by default)."""
        return self.filter(status=Article.Status.PUBLISHED, published_at__lte=at or timezone.now())

    def public(self, at: datetime | None = None) -> Self:
        return self.published(at)

    def withdrawn(self) -> Self:
        """Articles whose address answers that they were taken back."""
        return self.filter(status=Article.Status.WITHDRAWN, was_public=True)

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def in_issue_order(self) -> Self:
        return self.order_by(models.F("issue_position").asc(nulls_last=True), "published_at", "pk")

    def with_bylines(self) -> Self:
        return self.prefetch_related(models.Prefetch("bylines", Byline.objects.select_related("author")))

    def for_listing(self) -> Self:
        """Everything a card shows, nothing it does not."""
        return self.select_related("category", "lead_image").with_bylines().defer(*Article.TEXTS)

    def for_citing(self) -> Self:
        """What a bibliography says of each."""
        return self.select_related("category", "issue").with_bylines().prefetch_related("tags").defer(*Article.TEXTS)

    def for_page(self) -> Self:
        return self.select_related("category", "issue", "lead_image").with_bylines().prefetch_related("tags")

    def for_index(self) -> Self:
        return self.prefetch_related("bylines", "tags")


class Article(Searchable, Illustrated, Slugged):
    """A signed piece."""

    KIND = 0  # in the search index

    class Status(models.TextChoices):
        DRAFT = "draft", "Draft"
        REVIEW = "review", "In review"
        PUBLISHED = "published", "Published"
        WITHDRAWN = "withdrawn", "Withdrawn"

    SECTIONS = ("background", "implications", "conclusions")
    TEXTS = (*SECTIONS, "body")
    # What a snapshot holds as it stands; relations are added by name.
    PLAIN_FIELDS = (
        "title", "slug", "summary", *TEXTS, "dateline", "dateline_on", "lead_image_alt", "lead_image_caption",
        "issue_position", "doi", "language", "licence",
    )  # fmt: skip
    ROW_FIELDS = ("category", "issue", "lead_image")

    title = models.CharField(max_length=300)
    category = models.ForeignKey(Category, models.PROTECT, null=True, blank=True, related_name="articles")
    summary = rich_text.summary_field("summary", help_text="The lead paragraph. Lists, feeds and mails show it.")
    background = rich_text.ProseField("background")
    implications = rich_text.ProseField("implications")
    conclusions = rich_text.ProseField("conclusions")
    body = rich_text.ProseField("body", help_text="Instead of the three sections.")
    dateline = models.CharField(max_length=200, blank=True, help_text='As printed: "March 15th, 2016, The Analyst".')
    dateline_on = models.DateField("date of the dateline", null=True, blank=True)
    lead_image = models.ForeignKey(Image, models.PROTECT, null=True, blank=True, related_name="lead_of")
    lead_image_alt = models.CharField(
        "alternative text", max_length=300, blank=True, help_text="What the image shows, for those who do not see it."
    )
    lead_image_caption = models.CharField("caption", max_length=500, blank=True)
    tags = TaggableManager(through=TaggedArticle, blank=True, manager=ArticleTags)
    issue = models.ForeignKey(Issue, models.PROTECT, null=True, blank=True, related_name="articles")
    issue_position = models.PositiveSmallIntegerField("position in the issue", null=True, blank=True)
    status = models.CharField(max_length=9, choices=Status, default=Status.DRAFT)
    published_at = models.DateTimeField(
        null=True, blank=True, validators=[validate_moment], help_text="May lie ahead: readers see it from then on."
    )
    modified_at = models.DateTimeField(
        "last modified",
        null=True,
        blank=True,
        validators=[validate_moment],
        help_text="Of the text, as readers are told. May be before publication.",
    )
    # Remembered, whatever its status or date become: somebody can have kept its address.
    was_public = models.BooleanField(default=False, editable=False)
    withdrawal_notice = models.TextField(blank=True, help_text="What readers are told when the article is withdrawn.")
    doi = models.CharField("DOI", max_length=200, null=True, blank=True, unique=True, validators=[validate_doi])
    language = models.CharField(max_length=10, default="en", help_text="A language tag: en, de, kk …")
    licence = models.CharField(max_length=100, blank=True, help_text="Left empty, the journal's own.")
    imported_reads = models.PositiveIntegerField(default=0, editable=False)
    imported_reads_on = models.DateField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)  # of the row; readers are told modified_at

    objects = ArticleQuerySet.as_manager()

    if TYPE_CHECKING:
        bylines: "RelatedManager[Byline]"
        revisions: "RelatedManager[Revision]"

    class Meta:
        ordering = ["-pk"]
        # The front page, the lists, the feeds and the sitemap walk the first; a category's page the second. The first
        # holds the status too: SQLite does not see that its condition says it, and would read every row for it.
        indexes = [
            models.Index(
                fields=["status", "-published_at", "-id", "modified_at"],
                name="article_published",
                condition=Q(status="published"),
            ),
            models.Index(
                fields=["category", "-published_at", "-id"],
                name="article_by_category",
                condition=Q(status="published"),
            ),
            # And this one answers for a thousand hits of a search whether they are public, without reading their rows.
            models.Index(fields=["status", "-id", "published_at"], name="article_desk_by_status"),
        ]
        constraints = [
            models.CheckConstraint(name="article_has_a_title", condition=~Q(title="")),
            models.CheckConstraint(
                name="article_published_has_date",
                condition=~Q(status="published") | Q(published_at__isnull=False),
                violation_error_message="A published article needs a publication date.",
            ),
            models.CheckConstraint(
                name="article_published_has_category",
                condition=~Q(status="published") | Q(category__isnull=False),
                violation_error_message="A published article needs a category.",
            ),
            models.CheckConstraint(
                name="article_imported_reads_have_date",
                condition=Q(imported_reads=0) | Q(imported_reads_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean_fields(self, exclude: Any = None) -> None:
        self.doi = (self.doi or "").strip().removeprefix("https://doi.org/") or None
        super().clean_fields(exclude)

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        if not self.was_public and self._is_or_was_published():
            self.was_public = True
            update_fields = update_fields and {*update_fields, "was_public"}
        super().save(*args, update_fields=update_fields, **kwargs)

    save.alters_data = True  # type: ignore[attr-defined]

    def get_absolute_url(self) -> str:
        return reverse("article_detail", args=[self.slug])

    # What readers may see

    def is_published(self, at: datetime | None = None) -> bool:
        return (
            self.status == self.Status.PUBLISHED
            and self.published_at is not None
            and self.published_at <= (at or timezone.now())
        )

    def _is_or_was_published(self) -> bool:
        """Now, or until this save: its day may have come since it was saved last."""
        return self.is_published() or (self.pk is not None and Article.objects.published().filter(pk=self.pk).exists())

    def has_been_public(self) -> bool:
        return self.was_public or self.is_published()

    def answers(self, at: datetime | None = None) -> bool:
        withdrawn = self.status == self.Status.WITHDRAWN and self.was_public
        return withdrawn or self.is_published(at)

    @property
    def released_issue(self) -> Issue | None:
        """Its issue, once that is out."""
        return self.issue if self.issue and self.issue.is_released() else None

    # What it consists of

    @property
    def has_sections(self) -> bool:
        """By its content; the category decides only which fields a new form shows."""
        return any(getattr(self, name) for name in self.SECTIONS)

    def word_count(self) -> int:
        return sum(rich_text.word_count(text) for text in [self.summary, *(text for _, text in self.texts())])

    def reading_minutes(self) -> int:
        """At 230 words a minute, at least one."""
        return max(1, round(self.word_count() / 230))

    @transaction.atomic
    def set_bylines(self, bylines: "Sequence[Byline]") -> None:
        """Replace the bylines by these, in this order."""
        self.bylines.all().delete()
        for position, byline in enumerate(bylines, 1):
            byline.pk, byline.article, byline.position = None, self, position
        Byline.objects.bulk_create(bylines)
        self.index()

    set_bylines.alters_data = True  # type: ignore[attr-defined]

    def lacks(self) -> list[str]:
        """What it needs before it can be published."""
        needs = {"title": self.title, "category": self.category_id, "text": self.summary or self.texts()}
        return [name for name, there in needs.items() if not there]

    # How it is found

    @classmethod
    def for_index(cls, pks: Iterable[int]) -> "ArticleQuerySet":
        return cls.objects.filter(pk__in=pks).for_index()

    def found_at(self) -> datetime | None:
        return self.published_at if self.status == self.Status.PUBLISHED else None

    def searched(self) -> dict[str, str]:
        names = [byline.name for byline in self.bylines.all()]
        tags = [tag.name for tag in self.tags.all()]
        about = [rich_text.text_of(self.summary), *names, *tags, self.slug.replace("-", " ")]
        text = "\n".join(rich_text.text_of(html) for _, html in self.texts())
        conclusions = rich_text.text_of(self.conclusions)
        return {"title": self.title, "about": "\n".join(about), "text": text, "conclusions": conclusions}

    def narrowed_by(self) -> list[str]:
        filters = [f"category{self.category_id}"] if self.category_id else []
        filters += [f"year{timezone.localtime(self.published_at).year}"] if self.published_at else []
        filters += [f"author{byline.author_id}" for byline in self.bylines.all()]
        return filters + [f"tag{tag.pk}" for tag in self.tags.all()]

    # What is done with it

    def publish(self, at: datetime | None = None) -> None:
        """Make it readable from a moment on, now by default. Published again, it keeps its first date."""
        self.status = self.Status.PUBLISHED
        self.published_at = self.published_at or at or moments.now()
        self.save(update_fields=["status", "published_at", "updated_at"])

    publish.alters_data = True  # type: ignore[attr-defined]

    def withdraw(self, notice: str = "") -> None:
        """Take it back: its address says so from now on."""
        self.status = self.Status.WITHDRAWN
        self.withdrawal_notice = notice or self.withdrawal_notice
        self.save(update_fields=["status", "withdrawal_notice", "updated_at"])

    withdraw.alters_data = True  # type: ignore[attr-defined]

    def work(self) -> citations.Work:
        """What a bibliography says of it."""
        issue, authors = self.released_issue, tuple(byline.cited_name for byline in self.bylines.all())
        day = timezone.localtime(self.published_at) if self.published_at else None
        return citations.Work(
            key=citations.key_of(authors, day.year if day else None, self.title, self.pk),
            kind="news" if self.category and self.category.is_news else "article",
            title=self.title,
            url=absolute(self.get_absolute_url()),
            authors=authors,
            date=(day.year, day.month, day.day) if day else (),
            container=settings.JOURNAL_NAME,
            volume=str(issue.volume or "") if issue else "",
            number=str(issue.number or "") if issue else "",
            publisher=settings.JOURNAL_PUBLISHER,
            issn=settings.JOURNAL_ISSN,
            doi=self.doi or "",
            language=self.language,
            abstract=rich_text.text_of(self.summary),
            keywords=tuple(tag.name for tag in self.tags.all()),
        )

    def snapshot(self) -> dict[str, Any]:
        """The whole text as JSON: not its status, its reads or its old addresses."""
        data: dict[str, Any] = {name: getattr(self, name) for name in self.PLAIN_FIELDS}
        data["dateline_on"] = self.dateline_on.isoformat() if self.dateline_on else None
        data |= {name: getattr(self, f"{name}_id") for name in self.ROW_FIELDS}
        data["bylines"] = [byline.snapshot() for byline in self.bylines.order_by("position")]
        data["tags"] = sorted(self.tags.names())
        return data

    @transaction.atomic
    def restore(self, snapshot: dict[str, Any]) -> None:
        """Write a snapshot back into the row.

        What it refers to and is gone by now is left empty or made anew. An address or a DOI that is another article's
        by now stays as it is, and so does the category of a published article, which needs one.
        """
        for name in self.PLAIN_FIELDS:
            if name in snapshot and not (name in ("slug", "doi") and self._is_taken(name, snapshot[name])):
                setattr(self, name, snapshot[name])
        self.dateline_on = date.fromisoformat(snapshot["dateline_on"]) if snapshot.get("dateline_on") else None
        for name in self.ROW_FIELDS:
            rows = self._meta.get_field(name).related_model._default_manager  # type: ignore[union-attr]
            row = rows.filter(pk=snapshot.get(name)).first()
            if row or not (name == "category" and self.status == self.Status.PUBLISHED):
                setattr(self, name, row)
        with self.indexed_once():
            self.save()
            self.set_bylines(Byline.from_snapshots(snapshot["bylines"]))
            self.tags.set(snapshot["tags"])

    restore.alters_data = True  # type: ignore[attr-defined]

    def _is_taken(self, name: str, value: str | None) -> bool:
        return value is not None and Article.objects.exclude(pk=self.pk).filter(**{name: value}).exists()

    def revise(self, editor: "User | None" = None, base: int | None = None, note: str = "") -> "Revision":
        """Record the text as it now stands. Raises StaleRevision if it moved on since revision `base`."""
        return self.revisions.model.objects.record(self, editor, base, note)

    revise.alters_data = True  # type: ignore[attr-defined]
