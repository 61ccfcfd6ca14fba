import re
from datetime import datetime
from typing import Any, Self

from django.core.exceptions import ValidationError
from django.db import models

from articles.cards import Card
from articles.citations import Name
from articles.paths import path_to
from articles.rich_text import summary_field
from articles.sharing import Share

from .address import Slugged, used_by_something_public
from .image import Image
from .merger import Merger

# Words that belong to the family name that they stand before, or after ("Gulnara Karim kyzy").
_BEFORE = frozenset("van von de der den del della di da dos du la le al el bin ibn".split())  # noqa: SIM905
_AFTER = frozenset("kyzy qizi gizi kizi uulu ogly oglu ogli uly".split())  # noqa: SIM905
_SUFFIX = re.compile(r"(jr|sr|ii|iii|iv)\.?", re.IGNORECASE)
_HONORIFIC = re.compile(r"^(?:(?:dr|prof|professor|amb|ambassador|gen|col|hon|sir|mr|mrs|ms)\.?\s+)+", re.IGNORECASE)


def sort_name_of(name: str) -> str:
    """'Stephen Blank' sorts as 'Blank, Stephen'; particles stay with the family name."""
    words = name.split()
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    if len(words) < 2:
        return name.strip()
    first = len(words) - 1
    if words[first].lower() in _AFTER and first > 1:
        first -= 1
    while first > 1 and words[first - 1].lower() in _BEFORE:
        first -= 1
    given = " ".join(words[:first]) + (f" {suffix}" if suffix else "")
    return f"{' '.join(words[first:])}, {given}"


def without_honorific(name: str) -> str:
    """'Dr. A B' is the person 'A B'; the byline keeps what was printed."""
    return _HONORIFIC.sub("", name).strip() or name.strip()


def validate_orcid(value: str) -> None:
    """ORCID iDs end in a check digit by ISO 7064 mod 11-2."""
    if not re.fullmatch(r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]", value):
        raise ValidationError("An ORCID iD looks like 0000-0002-1825-0097.")
    total = 0
    for digit in value.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    if "0123456789X"[(12 - total % 11) % 11] != value[-1]:
        raise ValidationError(
            f"{value} is mistyped: its last character does not fit the others. Copy it from orcid.org."
        )


class AuthorQuerySet(models.QuerySet["Author"]):
    def public(self, at: datetime | None = None) -> Self:
        """People whose work is public: by an article, or by something published elsewhere."""
        return self.filter(used_by_something_public(self.model, at))

    def now(self, pk: int | None) -> "Author | None":
        """The person of this key, or who stands for them since two were found to be one."""
        if pk is None:
            return None
        return self.filter(pk=pk).first() or self.filter(pk=Merger.objects.now(self.model, pk) or pk).first()

    def named(self, name: str) -> Self:
        """People of this name, titles and case aside, the longest known first."""
        return self.filter(name__iexact=without_honorific(name)).order_by("pk")

    def called(self, name: str, **known: Any) -> "Author":
        """The person of this name; a new one, with what is known of them, if there is none."""
        most = self.model._meta.get_field("name").max_length
        return self.named(name).first() or self.create(name=without_honorific(name)[:most], **known)


class Author(Slugged):
    """A person. What was printed about them on an article is the article's Byline."""

    SLUG_FROM = "name"
    IDENTIFIERS = ("orcid",)  # two people, if they have two
    FILLED_BY_A_MERGER = ("affiliation", "bio", "orcid", "photo", "email")

    name = models.CharField(max_length=200)
    sort_name = models.CharField(
        max_length=200, blank=True, help_text='As in a bibliography: "Blank, Stephen". Left empty, made from the name.'
    )
    affiliation = models.CharField(max_length=300, blank=True)
    bio = summary_field("bio")
    orcid = models.CharField("ORCID iD", max_length=19, null=True, blank=True, unique=True, validators=[validate_orcid])
    photo = models.ForeignKey(Image, models.PROTECT, null=True, blank=True, related_name="portraits")
    email = models.EmailField("private e-mail", blank=True, help_text="For the desk. Never shown to readers.")

    distinct_from = models.ManyToManyField("self", blank=True, editable=False)  # of a name that is much alike

    objects = AuthorQuerySet.as_manager()

    class Meta:
        ordering = ["sort_name", "pk"]
        indexes = [models.Index(fields=["sort_name"], name="author_sort_name")]
        constraints = [models.CheckConstraint(name="author_has_a_name", condition=~models.Q(name=""))]

    def __str__(self) -> str:
        return self.name

    def clean_fields(self, exclude: Any = None) -> None:
        # Unique but optional: two empty strings would be equal, two NULLs are not.
        self.orcid = (self.orcid or "").strip().removeprefix("https://orcid.org/") or None
        super().clean_fields(exclude)

    def save(self, *args: Any, **kwargs: Any) -> None:
        most = Author._meta.get_field("sort_name").max_length  # the comma makes it longer than the name
        self.sort_name = self.sort_name or sort_name_of(self.name)[:most]
        super().save(*args, **kwargs)

    save.alters_data = True  # type: ignore[attr-defined]

    def cited_as(self, printed: str) -> Name:
        """The name as printed on a work, in the two parts that bibliographies sort by; titles aside."""
        return Name.of(self.sort_name if printed == self.name else sort_name_of(without_honorific(printed)))

    def share(self) -> Share:
        """What stands for the person where a link to their page is shown."""
        return Share(f"author-{self.pk}", "author_share", self.slug, Card(self.name, "Author", foot=self.affiliation))

    def get_absolute_url(self) -> str:
        return path_to("author_detail", self.slug)
