"""What our people publish elsewhere, and the sites that a reader may visit also."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models, transaction

from articles import citations
from articles.cards import Card
from articles.documents import private_storage, validate_pdf
from articles.intake.blocks import spaced
from articles.machines import absolute
from articles.models import Author, Image, Searchable, Slugged
from articles.paths import path_to
from articles.sharing import Share

from .lines import PrintedLine, identity_of, parse_all

web_address = URLValidator(schemes=["http", "https"])


# What bibliographies tell apart; every other kind is a report.
_CITED_AS: dict[str, citations.Kind] = {
    "book": "book", "monograph": "book", "silk road monograph": "book", "op-ed": "news", "commentary": "news",
    "interview": "news", "article": "article", "analysis": "article", "essay": "article", "review": "article",
    "book review": "article",
}  # fmt: skip


class PublicationQuerySet(models.QuerySet["Publication"]):
    def listed(self, at: datetime | None = None) -> Self:
        """What the site shows, newest first."""
        return self.filter(is_listed=True)

    def public(self, at: datetime | None = None) -> Self:
        return self.listed(at)

    def for_listing(self) -> Self:
        return self.select_related("cover").defer("printed", "flags")

    def for_citing(self) -> Self:
        return self.prefetch_related(models.Prefetch("authorships", Authorship.objects.select_related("author")))

    def kinds(self) -> list[str]:
        return list(self.exclude(kind="").order_by("kind").values_list("kind", flat=True).distinct())

    def years(self) -> list[int]:
        years = self.filter(year__isnull=False).order_by("-year").values_list("year", flat=True).distinct()
        return [year for year in years if year is not None]

    def read_printed(self, lines: Iterable[str]) -> list[PrintedLine]:
        """Read printed lines, with the names that are known here."""
        return parse_all(lines, known_names=Author.objects.values_list("name", flat=True))

    @transaction.atomic
    def add_printed(self, entries: Iterable[PrintedLine], *, dry_run: bool = False) -> Counter[str]:
        """Add the entries that are not here yet; the tally says how many were created and known."""
        tally: Counter[str] = Counter()
        # An editor may have corrected the title or the year; the line stays as it was printed.
        lines = set(map(spaced, self.exclude(printed="").values_list("printed", flat=True)))
        for entry in entries:
            if not entry.title:  # an empty line
                continue
            _cut_to_fit(entry)
            is_known = spaced(entry.printed) in lines or self.identical_to(entry.title, entry.year)
            tally["known" if is_known else "created"] += 1
            lines.add(spaced(entry.printed))
            if not is_known and not dry_run:
                self._add(entry)
        return tally

    def _add(self, entry: PrintedLine) -> None:
        publication = self.create(
            kind=entry.kind,
            title=entry.title,
            authors_line=entry.authors_line,
            outlet=entry.outlet or "",
            date_text=entry.date_text,
            year=entry.year,
            month=entry.month,
            day=entry.day,
            precision=entry.precision,
            printed=entry.printed,
            flags=[flag._asdict() for flag in entry.flags],
        )
        publication.set_authors(entry.authors)

    def identical_to(self, title: str, year: int | None) -> "Publication | None":
        return self.filter(identity=identity_of(title, year)).first()


def _cut_to_fit(entry: PrintedLine) -> None:
    """Cut what a field cannot hold: an import never fails for a long line."""
    for name in ("kind", "title", "authors_line", "outlet", "date_text"):
        if text := getattr(entry, name):
            setattr(entry, name, entry.fitting(name, text, _most(Publication, name)))
    entry.authors = [entry.fitting("authors", name, _most(Author, "name")) for name in entry.authors]


def _most(model: type[models.Model], name: str) -> int:
    """How many characters the field can hold."""
    return model._meta.get_field(name).max_length  # type: ignore[return-value, union-attr]


class Publication(Searchable, Slugged):
    """A staff publication: a book, a paper, an op-ed, as precisely dated as is known."""

    KIND = 1  # in the search index

    class Precision(models.TextChoices):
        DAY = "day", "Day"
        MONTH = "month", "Month"
        SEASON = "season", "Season"
        YEAR = "year", "Year"
        NONE = "none", "Not known"

    kind = models.CharField(max_length=60, blank=True, help_text="Silk Road Paper, Analysis, Op-ed, Book, Article …")
    title = models.CharField(max_length=400)
    authors = models.ManyToManyField(Author, through="Authorship", related_name="publications")
    authors_line = models.CharField(
        "authors as printed", max_length=400, blank=True, help_text='"A. Author, B. Author & C. Author"'
    )
    outlet = models.CharField(max_length=200, blank=True, help_text="Where it appeared.")
    date_text = models.CharField("date as printed", max_length=60, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    month = models.PositiveSmallIntegerField(null=True, blank=True)
    day = models.PositiveSmallIntegerField(null=True, blank=True)
    precision = models.CharField("date is known to the", max_length=6, choices=Precision, default=Precision.DAY)
    sorts_on = models.DateField(editable=False, default=date.min, help_text="The earliest day the date can mean.")
    link = models.URLField(max_length=500, blank=True, validators=[web_address])
    pdf = models.FileField(
        "PDF", upload_to="publications/", storage=private_storage, blank=True, validators=[validate_pdf]
    )
    cover = models.ForeignKey(Image, models.PROTECT, null=True, blank=True, related_name="covers")
    printed = models.TextField("line as printed", blank=True)
    flags = models.JSONField(default=list, blank=True, help_text="What was doubtful in the printed line.")
    is_listed = models.BooleanField("shown on the site", default=True)
    identity = models.CharField(max_length=400, unique=True, editable=False)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-sorts_on", "-pk"]
        indexes = [models.Index(fields=["-sorts_on", "-id"], name="publication_newest_first")]
        constraints = [
            models.CheckConstraint(name="publication_has_a_title", condition=~models.Q(title="")),
            models.CheckConstraint(
                name="publication_year_is_one",
                condition=models.Q(year__isnull=True) | models.Q(year__range=(1, 9999)),
                violation_error_message="A year has at most four digits.",
            ),
            models.CheckConstraint(
                name="publication_month_is_one",
                condition=models.Q(month__isnull=True) | models.Q(month__range=(1, 12)),
                violation_error_message="A month is a number from 1 to 12.",
            ),
            models.CheckConstraint(
                name="publication_day_is_one",
                condition=models.Q(day__isnull=True) | models.Q(day__range=(1, 31), month__isnull=False),
                violation_error_message="A day is a number from 1 to 31, and needs its month.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        twin = Publication.objects.exclude(pk=self.pk).identical_to(self.title, self.year)
        if twin:
            raise ValidationError({"title": f"“{twin}” ({twin.year}) is already here; change that one instead."})
        if self.year and self.month and self.day and not self._exact_day():
            raise ValidationError({"day": "There is no such day. Leave the day empty and keep the date as printed."})

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        self.identity = identity_of(self.title, self.year)
        self.sorts_on = self._exact_day() or date(self.year or 1, self.month or 1, 1)
        super().save(*args, update_fields=update_fields, **kwargs)

    save.alters_data = True  # type: ignore[attr-defined]

    def _exact_day(self) -> date | None:
        try:
            return date(self.year or 0, self.month or 0, self.day or 0)
        except ValueError:
            return None

    def get_absolute_url(self) -> str:
        return path_to("publication_detail", self.slug)

    @property
    def pdf_url(self) -> str:
        return path_to("publication_pdf", self.slug, self.slug) if self.pdf else ""

    def date_parts(self) -> tuple[int, ...]:
        """Year, month, day: as precise as the date is known."""
        if self.year is None or self.precision == self.Precision.NONE:
            return ()
        if self.precision == self.Precision.DAY and self._exact_day():
            return self.sorts_on.year, self.sorts_on.month, self.sorts_on.day
        if self.precision in (self.Precision.DAY, self.Precision.MONTH) and self.month:
            return self.year, self.month
        return (self.year,)

    @property
    def machine_date(self) -> str:
        """For <time datetime>: '2022-05', '' when nothing is known."""
        year, *rest = self.date_parts() or (0,)
        return "-".join([f"{year:04}", *(f"{part:02}" for part in rest)]) if year else ""

    def work(self) -> citations.Work:
        """What a bibliography says of it."""
        kind = _CITED_AS.get(self.kind.casefold(), "report")
        stands_in = kind in ("article", "news")
        authors = tuple(authorship.cited_name for authorship in self.authorships.all())
        return citations.Work(
            key=citations.key_of(authors, self.year, self.title, self.pk),
            kind=kind,
            title=self.title,
            url=self.link or absolute(self.get_absolute_url()),
            authors=authors,
            date=self.date_parts(),
            container=self.outlet if stands_in else "",
            publisher="" if stands_in else self.outlet,
        )

    def share(self) -> Share:
        """What stands for it where a link to it is shown."""
        names = (self.authors_line,) if self.authors_line else ()
        foot = ", ".join(filter(None, [self.outlet, self.date_text]))
        card = Card(self.title, self.kind or "Staff publication", names, foot)
        return Share(f"publication-{self.pk}", "publication_share", self.slug, card)

    @classmethod
    def for_index(cls, pks: Iterable[int]) -> PublicationQuerySet:
        return cls.objects.filter(pk__in=pks).prefetch_related("authorships")

    def found_at(self) -> datetime | None:
        return datetime.combine(self.sorts_on, time(), UTC)

    def searched(self) -> dict[str, str]:
        names = [authorship.name for authorship in self.authorships.all()]
        about = [self.kind, self.outlet, self.authors_line, *names, self.slug.replace("-", " ")]
        return {"title": self.title, "about": "\n".join(about), "text": "", "conclusions": ""}

    def narrowed_by(self) -> list[str]:
        year = [f"year{self.year}"] if self.year else []
        return year + [f"author{authorship.author_id}" for authorship in self.authorships.all()]

    @transaction.atomic
    def set_authors(self, names: Iterable[str]) -> None:
        """Say who wrote it, in order; people known by that name are recognised, others are added."""
        self.authorships.all().delete()
        for position, name in enumerate(filter(None, dict.fromkeys(map(spaced, names))), 1):
            author = Author.objects.called(name)
            Authorship.objects.get_or_create(
                publication=self, author=author, defaults={"position": position, "name": name}
            )
        self.index()

    set_authors.alters_data = True  # type: ignore[attr-defined]


class AuthorshipQuerySet(models.QuerySet["Authorship"]):
    def public(self, at: datetime | None = None) -> Self:
        return self.filter(publication__in=Publication.objects.listed(at))


class Authorship(models.Model):
    """An author of a staff publication, as printed."""

    publication = models.ForeignKey(Publication, models.CASCADE, related_name="authorships")
    author = models.ForeignKey(Author, models.PROTECT, related_name="authorships")
    position = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=200, blank=True, help_text="As printed. Left empty, the author's name.")

    objects = AuthorshipQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["publication", "author"], name="authorship_once")]

    def __str__(self) -> str:
        return self.name

    @property
    def cited_name(self) -> citations.Name:
        return self.author.cited_as(self.name)

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.name = self.name or self.author.name
        with transaction.atomic():
            super().save(*args, **kwargs)
            self.publication.index()

    save.alters_data = True  # type: ignore[attr-defined]


class PartnerQuerySet(models.QuerySet["Partner"]):
    def public(self, at: datetime | None = None) -> Self:
        return self.all()


class Partner(models.Model):
    """An entry of "Visit also"."""

    name = models.CharField(max_length=200, unique=True)
    link = models.URLField(max_length=500, validators=[web_address])
    logo = models.ForeignKey(Image, models.PROTECT, null=True, blank=True, related_name="logo_of")
    position = models.PositiveSmallIntegerField("order", default=0)

    objects = PartnerQuerySet.as_manager()

    class Meta:
        verbose_name = "partner site"
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name
