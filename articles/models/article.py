"""Article: the order of sections, and what a snapshot holds. What "published" means stands in publishable.py."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.core.validators import RegexValidator
from django.db import models, transaction
from django.db.models import Q
from taggit.managers import TaggableManager

from articles import citations, moments, pdf, prose, rich_text
from articles.cards import Card
from articles.machines import absolute
from articles.moments import validate_moment
from articles.paths import path_to
from articles.sharing import Share

from .address import Slugged
from .byline import Byline
from .category import Category
from .correctable import Correctable
from .entry import Searchable
from .illustrated import Illustrated
from .image import Image
from .issue import Issue
from .planned import Planned
from .printed import Plate, Printed, Sheet
from .publishable import Publishable, PublishableQuerySet
from .tag import ArticleTags, TaggedArticle
from .versioned import Versioned

if TYPE_CHECKING:
    from django.db.models.fields.related_descriptors import RelatedManager

    from .author import Author
    from .correction import Correction
    from .revision import Revision
    from .tag import Tag

validate_doi = RegexValidator(r"^10\.\d{4,9}/\S+$", "A DOI begins with 10. and nothing before it: 10.5555/12345.")


# As much of https://www.rfc-editor.org/rfc/rfc5646 as a text needs: a language, its script, where it is spoken.
validate_language = RegexValidator(
    r"^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?\Z",
    "This is no language tag. Write two or three letters (en, kk), and a script or country if need be: uz-Cyrl, pt-BR.",
)


class ArticleQuerySet(PublishableQuerySet["Article"]):
    def public(self, at: datetime | None = None) -> Self:
        return self.published(at)

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def up_to(self, moment: datetime) -> Self:
        return self.published(moment)

    def in_category(self, category: Category) -> Self:
        return self.filter(category=category)

    def older_than(self, moment: datetime, pk: int) -> Self:
        """What follows an article in the order newest first."""
        return self.filter(Q(published_at__lt=moment) | Q(published_at=moment, pk__lt=pk))

    def written_by(self, author: "Author") -> Self:
        return self.filter(bylines__author=author)

    def tagged_with(self, tag: "Tag") -> Self:
        return self.filter(tagged__tag=tag)

    def article_pks(self) -> "models.QuerySet[Article, int]":
        return self.values_list("pk", flat=True)

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
        tagged = TaggedArticle.objects.select_related("tag").order_by("tag__name")
        return self.prefetch_related("bylines", models.Prefetch("tagged", tagged))


class Article(Publishable, Planned, Correctable, Versioned, Searchable, Illustrated, Printed, Slugged):
    """A signed piece."""

    KIND = 0  # in the search index

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
    modified_at = models.DateTimeField(
        "last modified",
        null=True,
        blank=True,
        validators=[validate_moment],
        help_text="Of the text, as readers are told. May be before publication.",
    )
    doi = models.CharField("DOI", max_length=200, null=True, blank=True, unique=True, validators=[validate_doi])
    language = models.CharField(
        max_length=10, default="en", validators=[validate_language], help_text="A language tag: en, de, kk …"
    )
    licence = models.CharField(max_length=100, blank=True, help_text="Left empty, the journal's own.")
    imported_reads = models.PositiveIntegerField(default=0, editable=False)
    imported_reads_on = models.DateField(null=True, blank=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )
    updated_at = models.DateTimeField(auto_now=True)  # of the row; readers are told modified_at

    objects = ArticleQuerySet.as_manager()

    if TYPE_CHECKING:
        bylines: "RelatedManager[Byline]"
        tagged: "RelatedManager[TaggedArticle]"
        corrections: "RelatedManager[Correction]"
        revisions: "RelatedManager[Revision]"

    class Meta:
        ordering = ["-pk"]
        permissions = [
            ("publish_article", "Can publish and schedule articles"),
            ("withdraw_article", "Can withdraw articles"),
            ("correct_article", "Can change published articles"),
            ("write_own_article", "Can write drafts of their own"),
        ]
        # The front page, the lists, the feeds and the sitemap walk the first; a category's page the second. Both
        # hold the status too: SQLite does not see that their condition says it, and would read every row for it.
        # PostgreSQL sees it, and finds no place behind a status that it need not ask for: it walks the third.
        indexes = [
            models.Index(
                fields=["status", "-published_at", "-id", "modified_at"],
                name="article_published",
                condition=Q(status="published"),
            ),
            models.Index(
                fields=["category", "-published_at", "-id", "status"],
                name="article_by_category",
                condition=Q(status="published"),
            ),
            models.Index(fields=["-published_at", "-id"], name="article_newest", condition=Q(status="published")),
            models.Index(fields=["due_at"], name="article_due", condition=Q(due_at__isnull=False)),
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

    def get_absolute_url(self) -> str:
        return path_to("article_detail", self.slug)

    @property
    def released_issue(self) -> Issue | None:
        """Its issue, once that is out."""
        return self.issue if self.issue and self.issue.is_released() else None

    # What it consists of

    @property
    def has_sections(self) -> bool:
        """By its content; the category decides only which fields a new form shows."""
        return any(getattr(self, name) for name in self.SECTIONS)

    def sections(self) -> tuple[str, ...]:
        """The parts to jump to, if any of them is a section."""
        return tuple(name for name, _ in self.texts()) if self.has_sections else ()

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
        tags = [tagged.tag.name for tagged in self.tagged.all()]
        about = [rich_text.text_of(self.summary), *names, *tags, self.slug.replace("-", " ")]
        text = "\n".join(rich_text.text_of(html) for _, html in self.texts())
        conclusions = rich_text.text_of(self.conclusions)
        return {"title": self.title, "about": "\n".join(about), "text": text, "conclusions": conclusions}

    def narrowed_by(self) -> list[str]:
        filters = [f"category{self.category_id}"] if self.category_id else []
        filters += [f"year{moments.in_the_journal(self.published_at).year}"] if self.published_at else []
        filters += [f"author{byline.author_id}" for byline in self.bylines.all()]
        return filters + [f"tag{tagged.tag_id}" for tagged in self.tagged.all()]

    def pass_on(self) -> None:
        """Its bylines and tags know its moment, in the order of which lists are read."""
        moment = self.found_at()
        for links in (self.bylines, self.tagged):
            if any(link.published_at != moment for link in links.all()):
                links.update(published_at=moment)

    # How it is printed

    def people(self) -> tuple[tuple[str, str, str], ...]:
        """Its byline: name, address of the person's page, affiliation."""
        bylines = self.bylines.all()
        return tuple((byline.name, byline.author.get_absolute_url(), byline.affiliation) for byline in bylines)

    def bios(self) -> list[str]:
        """Of its authors: as printed on the day, or as they are known."""
        bios = [byline.bio or byline.author.bio for byline in self.bylines.all()]
        return [bio for bio in bios if bio]

    @property
    def pdf_url(self) -> str:
        there_is_one = pdf.is_available() and self.is_published()
        return path_to("article_pdf", self.slug, self.slug) if there_is_one else ""

    def sheet(self) -> Sheet:
        figures = {key: Plate(image) for key, image in self._pictures().items()}
        text = prose.lay_out_abroad(self.texts(), figures, absolute(self.get_absolute_url()), on_paper=True)
        lead = Plate(self.lead_image) if self.lead_image and self.lead_image.width else None
        return Sheet(self, text, lead, figures)

    def paper(self) -> pdf.Paper:
        return self.on_paper("articles/printed_article.html", [self.sheet()], article=self)

    # What is done with it

    def date_change(self) -> None:
        """Tell readers that the text changed now."""
        self.modified_at = moments.now()
        self.save(update_fields=["modified_at", "updated_at"])

    date_change.alters_data = True  # type: ignore[attr-defined]

    def work(self) -> citations.Work:
        """What a bibliography says of it."""
        issue, authors = self.released_issue, tuple(byline.cited_name for byline in self.bylines.all())
        day = moments.in_the_journal(self.published_at) if self.published_at else None
        return citations.Work(
            key=citations.key_of(authors, day.year if day else None, self.title, self.pk),
            kind="news" if self.category and self.category.is_news else "article",
            title=self.headline,
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
            abstract=rich_text.summary_text(self.summary),
            keywords=tuple(tag.name for tag in self.tags.all()),
        )

    def share(self) -> Share:
        """What stands for it where a link to it is shown."""
        names = tuple(byline.name for byline in self.bylines.all())
        day = moments.written(moments.in_the_journal(self.published_at).date(), "j F Y") if self.published_at else ""
        card = Card(self.headline, self.category.name if self.category else "", names, day, self.language)
        return Share(f"article-{self.pk}", "article_share", self.slug, card, self.lead_image, self.lead_image_alt)

    def shows_now(self, revision: "Revision") -> None:
        super().shows_now(revision)
        if self.pdf_url:
            self.order_pdf()
