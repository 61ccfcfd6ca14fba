"""A manuscript becomes a draft: once, whatever format it comes in, and never over an editor's work."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import transaction
from django.db.models import F

from articles import moments
from articles.compare import changed_parts
from articles.models import Article, Author, Byline, Category, Image, Issue, Source, Tag
from articles.models.author import without_honorific
from articles.rich_text import text_of

from . import read
from .bios import by_person
from .manuscript import Flag, Manuscript, Picture, Refused

if TYPE_CHECKING:
    from django.contrib.auth.models import User

NOON = time(12, tzinfo=UTC)
PROSE = ("summary", *Article.TEXTS)
EDITED = "edited since; compare it in the desk"
WAITING = (Article.Status.DRAFT, Article.Status.REVIEW)
_FIGURE = re.compile(r'<figure data-image="([^"]*)"(?: data-alt="[^"]*")?>')


@dataclass
class Outcome:
    """What became of a file."""

    file_name: str
    outcome: Literal["created", "updated", "unchanged", "refused"]
    reason: str | None = None
    article: Article | None = None
    manuscript: Manuscript | None = None
    flags: list[Flag] = field(default_factory=list)  # the manuscript's, and those of its way into the database


def take_in(
    file_name: str,
    data: bytes,
    *,
    manuscript: Manuscript | None = None,
    editor: "User | None" = None,
    publish: bool = False,
    dry_run: bool = False,
    at: datetime | None = None,
) -> Outcome:
    """Make a draft of a file, or say why not. The same file again changes nothing.

    `manuscript` is what was read in it, if somebody has already done so.
    """
    try:
        manuscript = manuscript or read(file_name, data)
    except Refused as refusal:
        return Outcome(file_name, "refused", str(refusal))
    with transaction.atomic():
        return Arrival(manuscript, data, editor, at or moments.now()).take(publish, dry_run)


@transaction.atomic
def offer(article: Article, manuscript: Manuscript, data: bytes) -> Source:
    """Lay a later version of its manuscript beside an article; nothing of the article changes."""
    arrival = Arrival(manuscript, data, None, moments.now())
    return arrival.keep(article, offer=arrival.offer())


def resembled(manuscript: Manuscript, data: bytes) -> Article | None:
    """The article that this may be a later version of: of its title and one of its authors, and of no other day."""
    arrival = Arrival(manuscript, data, None, moments.now())
    return None if arrival.known_article() else arrival.resembled()


def parts(manuscript: Manuscript, *, plain: bool = False) -> dict[str, Any]:
    """What two readings of an article are compared by; `plain` leaves the formatting aside, as other formats do."""
    known = manuscript.to_json()
    texts = {name: known[name] for name in PROSE}
    if plain:
        texts = {name: text_of(html) for name, html in texts.items()}
    picture = known["picture"] or {}
    names = ("title", "category", "byline", "dateline", "published_on", "modified_on", "bios", "tags", "reads")
    bios = [text_of(bio) for bio in known["bios"]] if plain else known["bios"]
    return texts | {name: known[name] for name in names} | {"bios": bios, "credit": picture.get("credit", "")}


@dataclass
class Arrival:
    """One manuscript on its way into the database."""

    manuscript: Manuscript
    data: bytes
    editor: "User | None"
    at: datetime
    flags: list[Flag] = field(default_factory=list)
    before: Source | None = None  # what the article's last import read

    def __post_init__(self) -> None:
        self.sha256 = hashlib.sha256(self.data).hexdigest()
        self.address = self.manuscript.address or ""

    def take(self, publish: bool, dry_run: bool) -> Outcome:
        known = self.known_article()
        outcome = self._outcome_for(known)
        category = self._category()
        self._doubt_what_is_missing()
        if outcome.outcome in ("created", "updated") and not dry_run:
            outcome.article = known or Article(created_by=self.editor)
            self._write(outcome.article, category)
        if outcome.outcome != "refused" and publish:
            outcome.reason = self._why_not_published(outcome, category)
            if outcome.reason is None and outcome.article and not dry_run:
                self._publish(outcome.article)
        outcome.flags = [*self.manuscript.flags, *self.flags]
        return outcome

    # Is it known?

    def known_article(self) -> Article | None:
        source = Source.objects.same_as(self.address, self.sha256).select_related("article").first()
        return source.article if source else self._article_of_same_title()

    def _article_of_same_title(self) -> Article | None:
        names = [without_honorific(person.name) for person in self.manuscript.byline]
        if not self.manuscript.title or not (names or self.manuscript.day):
            return None
        for article in Article.objects.filter(title=self.manuscript.title).with_bylines().prefetch_related("sources"):
            printed = [without_honorific(byline.name) for byline in article.bylines.all()]
            if printed == names and self.manuscript.day in _days_of(article):
                return article
        return None

    def resembled(self) -> Article | None:
        names = {without_honorific(person.name) for person in self.manuscript.byline}
        alike = Article.objects.filter(title__iexact=self.manuscript.title).with_bylines().prefetch_related("sources")
        for article in alike if self.manuscript.title else ():
            printed = {without_honorific(byline.name) for byline in article.bylines.all()}
            days = _days_of(article) - {None}
            if names & printed and (not days or self.manuscript.day is None or self.manuscript.day in days):
                return article
        return None

    def _may_change(self, known: Article) -> bool:
        """Who writes only drafts of their own changes nobody else's by importing it."""
        who = self.editor
        return who is None or who.has_perm("articles.change_article") or known.created_by_id == who.pk

    def _outcome_for(self, known: Article | None) -> Outcome:
        answer = Outcome(self.manuscript.file_name, "created", manuscript=self.manuscript, article=known)
        if known is None:
            return answer
        if not self._may_change(known):
            return Outcome(self.manuscript.file_name, "refused", "The desk has this manuscript already. Ask an editor.")
        by_revision = F("revision__number").desc(nulls_last=True)
        self.before = known.sources.select_related("revision").order_by(by_revision, "-pk").first()
        if self.before and self._same_parts(Manuscript.from_json(self.before.manuscript)):
            answer.outcome = "unchanged"
        elif self._is_untouched(known):
            answer.outcome = "updated"
        else:
            answer.outcome, answer.reason = "refused", EDITED
        return answer

    def _is_untouched(self, article: Article) -> bool:
        """Whether nobody has saved the article since its last import."""
        return self.before is not None and article.revisions.first() == self.before.revision

    def _same_parts(self, before: Manuscript) -> bool:
        plain = before.format != self.manuscript.format
        return parts(before, plain=plain) == parts(self.manuscript, plain=plain)

    # Into the database

    def _write(self, article: Article, category: Category | None) -> None:
        manuscript = self.manuscript
        images = self._images()
        article.title = manuscript.title or f"Untitled ({manuscript.file_name})"[:300]
        article.category = category
        for name in PROSE:
            setattr(article, name, _with_keys(getattr(manuscript, name), images, manuscript))
        article.dateline = self._fitting("dateline", manuscript.dateline or "", 200)
        article.dateline_on = manuscript.dateline_on
        self._set_day(article)
        article.modified_at = _noon(manuscript.modified_on)
        self._set_reads(article)
        self._set_lead_image(article, images)
        self._set_issue(article)
        with article.indexed_once():
            article.save()
            article.set_bylines(self._bylines())
            article.tags.set(Tag.objects.spelt(self._fitting("tags", tag, 100) for tag in manuscript.tags))
        self._keep_source(article)

    def _set_day(self, article: Article) -> None:
        """The day that is printed, when it is a new one; what readers see already does not vanish until it comes."""
        noon = _noon(self.manuscript.day)
        is_new = not self.before or _day_of(self.before) != self.manuscript.day
        if noon and (article.published_at is None or is_new):
            is_public = article.status == Article.Status.PUBLISHED
            article.published_at = min(noon, self.at) if is_public else noon

    def _doubt_what_is_missing(self) -> None:
        if not self.manuscript.title:
            self._doubt("title", "No title was found.", "")
        if self.manuscript.bios and not self.manuscript.byline:
            self._doubt("bios", "There is a bio, but no author to put it to.", text_of(self.manuscript.bios[0]))

    def _doubt(self, name: str, reason: str, text: str, proposal: str | None = None) -> None:
        self.flags.append(Flag(name, reason, text, proposal))

    def _category(self) -> Category | None:
        name = self.manuscript.category
        found = Category.objects.filter(name__iexact=name).first() if name else None
        if not found:
            self._doubt("category", "There is no such category." if name else "No category was found.", name or "")
        return found

    def _set_reads(self, article: Article) -> None:
        if self.manuscript.reads is not None:
            article.imported_reads, article.imported_reads_on = self.manuscript.reads, self.at.date()

    def _fitting(self, part: str, text: str, most: int) -> str:
        """The text as far as its field can hold it; what is cut off is told, and stands in the source."""
        if len(text) > most:
            self._doubt(part, f"Only the first {most} characters are kept here.", text)
        return text[:most]

    def _images(self) -> dict[str, Image]:
        """The embedded images by the names they have in the text; those that are none are flagged."""
        found: dict[str, Image] = {}
        picture = self.manuscript.picture
        for name, data in self.manuscript.images.items():
            printed = self._printed(picture) if picture and picture.name == name else {}
            try:
                found[name] = _known_image(data, printed) or Image.objects.add(BytesIO(data), **printed)
            except ValidationError as problem:
                self._doubt("image", " ".join(problem.messages), name)
        return found

    def _printed(self, picture: Picture) -> dict[str, Any]:
        """The credit as this article prints it."""
        credit, source = (self._fitting("image", text, 300) for text in (picture.credit, picture.source))
        return {"credit": credit, "source": source, "accessed_on": picture.accessed_on}

    def _set_lead_image(self, article: Article, images: dict[str, Image]) -> None:
        picture = self.manuscript.picture
        if picture is None:
            if article.lead_image:
                self._doubt("image", "This version has no image; that of the one before is kept.", "")
            return
        if picture.name is None and not (article.lead_image and article.lead_image.file):
            self._doubt("image", "The image did not come with the file. Upload it in the desk.", picture.address or "")
        known = images.get(picture.name or "")
        article.lead_image = known or _credit_alone(article.lead_image, self._printed(picture))
        article.lead_image_alt = self._fitting("image", picture.alt, 300)
        article.lead_image_caption = self._fitting("image", picture.caption, 500)

    def _set_issue(self, article: Article) -> None:
        day = self.manuscript.day
        issue = Issue.objects.filter(date=day).first() if day else None
        if issue and article.issue != issue:
            article.issue, article.issue_position = issue, issue.articles.count() + 1

    def _printed_people(self) -> Iterator[dict[str, str]]:
        people = self.manuscript.byline
        bios, placed = by_person([person.name for person in people], self.manuscript.bios)
        if len(people) > 1:
            for bio in placed:
                self._doubt("bios", "This bio names none of the authors; it went by its place.", text_of(bio))
        for person, bio in zip(people, bios, strict=True):
            affiliation = self._fitting("byline", person.affiliation or "", 300)
            yield {"name": self._fitting("byline", person.name, 200), "affiliation": affiliation, "bio": bio}

    def _bylines(self) -> list[Byline]:
        found: dict[int, Byline] = {}
        for printed in self._printed_people():
            author = Author.objects.called(**printed)
            if author.pk in found:
                self._doubt("byline", "This name stands twice in the byline.", printed["name"])
                continue
            found[author.pk] = Byline(author=author, **printed)
        return list(found.values())

    def _keep_source(self, article: Article) -> None:
        note = f"Import of {self.manuscript.file_name}"[:200]
        before = article.revisions.filter(number=article.live_revision).first()
        revision = article.revise(self.editor, note=note)
        if before and article.has_been_public() and changed_parts(before.snapshot, revision.snapshot):
            article.correct("typo", note, self.editor, before, revision)
        self.keep(article, revision=revision)

    def keep(self, article: Article, **known: Any) -> Source:
        """The file and what was read in it, beside the article."""
        manuscript = self.manuscript
        kept = manuscript.to_json() | {
            "flags": [vars(flag) for flag in (*manuscript.flags, *self.flags)],
        }
        source, _ = Source.objects.update_or_create(
            article=article,
            sha256=self.sha256,
            defaults={"file_name": manuscript.file_name[:255], "address": self.address[:500], "manuscript": kept}
            | known,
        )
        if not source.original:
            source.original.save(f"{self.sha256[:16]}-{manuscript.file_name}"[-100:], ContentFile(self.data))
        return source

    # Beside an article that an editor is at work on

    def offer(self) -> dict[str, Any]:
        """The parts that the file has, as a snapshot has them; nothing is written but its images."""
        manuscript, images, category = self.manuscript, self._images(), self._category()
        found: dict[str, Any] = {name: _with_keys(getattr(manuscript, name), images, manuscript) for name in PROSE}
        found |= {"title": manuscript.title, "dateline": self._fitting("dateline", manuscript.dateline or "", 200)}
        found["dateline_on"] = manuscript.dateline_on.isoformat() if manuscript.dateline_on else None
        found["category"] = category and category.pk
        found["tags"] = sorted(Tag.objects.spelt(self._fitting("tags", tag, 100) for tag in manuscript.tags))
        found["bylines"] = [self._known(printed) for printed in self._printed_people()]
        if (picture := manuscript.picture) and picture.name in images:
            found["lead_image"] = images[picture.name].pk
            found["lead_image_alt"] = self._fitting("image", picture.alt, 300)
            found["lead_image_caption"] = self._fitting("image", picture.caption, 500)
        return {name: value for name, value in found.items() if value}

    def _known(self, printed: dict[str, str]) -> dict[str, Any]:
        """A byline's row; whose it is, as far as the person is known."""
        author = Author.objects.named(printed["name"]).first()
        return {"author": author and author.pk, **printed}

    def _why_not_published(self, outcome: Outcome, category: Category | None) -> str | None:
        """What an article lacks, or who is at work on it; None when nothing stands in the way."""
        manuscript = self.manuscript
        texts = any(getattr(manuscript, name) for name in PROSE)
        needs = {"title": manuscript.title, "text": texts, "category": category}
        lacks = [name for name, there in needs.items() if not there]
        if lacks:
            return f"left as a draft: it has no {' and no '.join(lacks)}"
        article = outcome.article
        if outcome.outcome == "unchanged" and article and article.status in WAITING and not self._is_untouched(article):
            return "edited since; publish it in the desk"
        return None

    def _publish(self, article: Article) -> None:
        if article.status in WAITING:
            # A date that lies ahead is not waited for: "publish" was said today.
            article.published_at = min(article.published_at or self.at, self.at)
            article.publish()


def _days_of(article: Article) -> set[date | None]:
    """The days that are printed on an article; None if it came without one."""
    if any(_day_of(source) is None for source in article.sources.all()):
        return {None}
    return {article.dateline_on, article.published_at and article.published_at.astimezone(UTC).date()} - {None}


def _day_of(source: Source) -> date | None:
    return Manuscript.from_json(source.manuscript).day


def _noon(day: date | None) -> datetime | None:
    """A date without a time is noon UTC, which is that day in most of the world."""
    return datetime.combine(day, NOON) if day else None


def _known_image(data: bytes, printed: dict[str, Any]) -> Image | None:
    """The same picture under the same credit: under another it is another one, since other pages print that."""
    same = Image.objects.filter(sha256=hashlib.sha256(data).hexdigest())
    return (same.filter(credit=printed["credit"]) if printed.get("credit") else same).first()


def _credit_alone(image: Image | None, printed: dict[str, Any]) -> Image | None:
    """What is known of an image that did not come with the file; one that an editor has uploaded stays as it is."""
    if (image and image.file) or not printed["credit"]:
        return image
    image = image or Image()
    for name, value in printed.items():
        setattr(image, name, value)
    image.save()
    return image


def _with_keys(html: str, images: dict[str, Image], manuscript: Manuscript) -> str:
    """Figures named as in the file become figures of our images; those without an image go, their captions stay."""

    def figure(match: re.Match[str]) -> str:
        image = images.get(match[1])
        return match[0].replace(f'"{match[1]}"', f'"{image.key}"', 1) if image else "<figure>"

    return _FIGURE.sub(figure, html).replace("<figure></figure>", "")
