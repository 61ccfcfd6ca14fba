"""The issue desk: a number in preparation, its articles in order, and bringing it out or taking it back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.db.models import Max
from django.http import QueryDict
from django.utils import timezone
from django.utils.functional import cached_property

from articles import moments
from articles.models import Article, Issue
from articles.preflight import Finding, findings

from .moment import MomentField

OUT, RELEASED = "comes out", "is released"
CHOICES = 200  # of unfinished articles that can be put into a number


def _holders() -> list[tuple[Any, str]]:
    """Who can have a text in hand."""
    people = User.objects.filter(is_staff=True, is_active=True).order_by("username")
    return [("", "–"), *people.values_list("pk", "username")]


class PlanForm(forms.ModelForm[Article]):
    """Where an article stands in its number, who has it and by when."""

    take_out = forms.BooleanField(required=False)

    class Meta:
        model = Article
        fields = ["issue_position", "held_by", "due_on"]
        widgets = {
            "issue_position": forms.NumberInput({"class": "row-position", "min": 1}),
            "due_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        }

    def __init__(self, holders: list[tuple[Any, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        who = self.instance.held_by
        gone = [(who.pk, who.username)] if who and (who.pk, who.username) not in holders else []
        self.fields["held_by"].choices = [*holders, *gone]  # type: ignore[attr-defined]
        labels = {"issue_position": "Place", "held_by": "Who has it", "due_on": "Due", "take_out": "Take out"}
        for name, label in labels.items():
            self.fields[name].widget.attrs["aria-label"] = f"{label}: {self.instance}"


class SlotForm(forms.ModelForm[Article]):
    """A place in the number: for a text that is still to be written, or one that is there."""

    article: "forms.ModelChoiceField[Article]" = forms.ModelChoiceField(
        None, required=False, label="An article that is there", empty_label="–"
    )

    class Meta:
        model = Article
        fields = ["title", "held_by", "due_on"]
        labels = {"title": "Or a working title"}
        widgets = {"title": forms.TextInput(), "due_on": forms.DateInput({"type": "date"}, format="%Y-%m-%d")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = Article.objects.filter(issue=None, status__in=["draft", "review"]).order_by("-pk").only("title")
        self.fields["article"].queryset = waiting  # type: ignore[attr-defined]
        self.fields["article"].choices = [("", "–"), *((row.pk, str(row)) for row in waiting[:CHOICES])]  # type: ignore[attr-defined]
        self.fields["title"].required = False
        self.fields["held_by"].choices = _holders()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        cleaned["title"] = " ".join((cleaned.get("title") or "").split())
        if bool(cleaned["title"]) == bool(cleaned.get("article")):
            raise forms.ValidationError(
                "Choose an article, or give a working title for one that is still to be written."
            )
        return cleaned


class ReleaseForm(forms.Form):
    at = MomentField(required=False, label="From", help_text="Left empty: now.")
    reason = forms.CharField(
        required=False, max_length=300, label="Why it goes out with these warnings", widget=forms.Textarea({"rows": 2})
    )


def _text(article: Article) -> dict[str, Any]:
    """Its snapshot as far as it is looked over, from what has been read already."""
    text = {name: getattr(article, name) for name in Article.PLAIN_FIELDS}
    text |= {name: getattr(article, f"{name}_id") for name in Article.ROW_FIELDS}
    return text | {"bylines": [byline.snapshot() for byline in article.bylines.all()]}


@dataclass(frozen=True)
class Place:
    """An article on the board."""

    article: Article
    form: PlanForm

    @property
    def state(self) -> str:
        is_ahead = self.article.status == Article.Status.PUBLISHED and not self.article.is_published()
        return "scheduled" if is_ahead else self.article.status

    @property
    def state_label(self) -> str:
        return "Scheduled" if self.state == "scheduled" else self.article.get_status_display()

    @property
    def is_empty(self) -> bool:
        return not (self.article.summary or self.article.texts())

    @cached_property
    def errors(self) -> list[Finding]:
        """What stops the number."""
        return [finding for finding in self._findings if finding.stops]

    @cached_property
    def warnings(self) -> list[Finding]:
        """What is doubtful: it goes out with a reason."""
        article, found = self.article, [finding for finding in self._findings if not finding.stops]
        if self._is_going and article.status == Article.Status.DRAFT:
            found.insert(0, Finding("is a draft; nobody has been asked to review it", "status"))
        if self._is_going and not article.bylines.all():
            found.append(Finding("has no byline", "bylines-0-author"))
        return found

    @cached_property
    def _findings(self) -> list[Finding]:
        return findings(self.article, _text(self.article)) if self._is_going else []

    @property
    def _is_going(self) -> bool:
        return self.article.status != Article.Status.WITHDRAWN and not self.article.has_been_public()


class Board:
    """A number as the desk plans it."""

    def __init__(self, issue: Issue, data: QueryDict | None = None) -> None:
        self.issue, self.data = issue, data

    @cached_property
    def articles(self) -> list[Any]:
        rows = self.issue.articles.in_issue_order().with_bylines().select_related("held_by", "status_by", "category")
        return list(rows.prefetch_related("sources").annotate(newest_revision=Max("revisions__number")))

    @cached_property
    def places(self) -> list[Place]:
        holders = _holders()
        return [Place(row, PlanForm(holders, self.data, instance=row, prefix=f"a{row.pk}")) for row in self.articles]

    @cached_property
    def token(self) -> str:
        """All that the board shows and the desk can change: who works on another one is told."""
        rows = [
            (row.pk, row.issue_position, row.held_by_id, row.due_on, row.status, row.published_at, row.newest_revision)
            for row in self.articles
        ]
        return sha256(repr([self.issue.date, self.issue.released_at, *rows]).encode()).hexdigest()[:16]

    @property
    def errors(self) -> list[tuple[Article, Finding]]:
        return [(place.article, finding) for place in self.places for finding in place.errors]

    @property
    def warnings(self) -> list[tuple[Article, Finding]]:
        return [(place.article, finding) for place in self.places for finding in place.warnings]

    @property
    def words(self) -> int:
        return sum(article.word_count() for article in self.articles)

    @property
    def may_be_recalled(self) -> bool:
        return self.issue.releases.filter(recalled_at=None).exists()

    def is_valid(self) -> bool:
        _ = self.token  # of what there is, before the forms put on it what was typed
        valid = [place.form.is_valid() for place in self.places]  # each says what is wrong with it
        return all(valid)

    def save(self, editor: User) -> None:
        """Number the articles through, in the order that was given; note who has what and by when."""
        # The form has put on each article what was typed; what it was is in the form.
        last = len(self.places) + 10_000
        kept = [place for place in self.places if not place.form.cleaned_data["take_out"]]
        kept.sort(key=lambda place: place.form.cleaned_data["issue_position"] or last)
        for number, place in enumerate(kept, 1):
            self._place(place, number, editor)
        for place in self.places:
            if place.form.cleaned_data["take_out"]:
                put_into(place.article, None, None, editor, f"Taken out of the issue of {self.issue}")

    def _place(self, place: Place, number: int, editor: User) -> None:
        article = place.article
        article.issue_position = number
        if set(place.form.changed_data) & {"held_by", "due_on"}:
            article.save(update_fields=["held_by", "due_on", "updated_at"])
        if place.form.initial.get("issue_position") != number:
            put_into(article, self.issue, number, editor, "Moved in its issue")


def put_into(article: Article, issue: Issue | None, number: int | None, editor: User, note: str) -> None:
    article.issue, article.issue_position = issue, number
    article.save(update_fields=["issue", "issue_position", "updated_at"])
    article.revise(editor=editor, note=note)


@dataclass(frozen=True)
class Due:
    """Something that is to be done, or that happens by itself, on a day."""

    at: datetime
    what: str
    row: Article | Issue

    @property
    def has_clock(self) -> bool:
        return self.what in (OUT, RELEASED)

    @property
    def is_article(self) -> bool:
        return isinstance(self.row, Article)


def calendar(at: datetime) -> "tuple[list[Due], list[Due]]":
    """What is late, and what comes: texts that are due, what is scheduled, numbers in preparation."""
    unfinished = Article.objects.filter(status__in=["draft", "review"], due_on__isnull=False)
    texts = unfinished.select_related("held_by").defer("summary", *Article.TEXTS).order_by("due_on", "pk")[:CHOICES]
    scheduled = Article.objects.scheduled(at).defer("summary", *Article.TEXTS).order_by("published_at")[:CHOICES]
    issues = Issue.objects.filter(released_at=None) | Issue.objects.filter(released_at__gt=at)
    found = [*_due(texts), *_out(scheduled), *_numbers(issues.order_by("date")[:CHOICES])]
    found.sort(key=lambda due: due.at)
    today = timezone.localtime(at).replace(hour=0, minute=0, second=0, microsecond=0)
    return [due for due in found if due.at < today], [due for due in found if due.at >= today]


def _due(articles: Iterable[Article]) -> Iterable[Due]:
    for article in articles:
        who = f" from {article.held_by.get_username()}" if article.held_by else ""
        assert article.due_on
        yield Due(moments.midnight(article.due_on), f"is due{who}", article)


def _out(articles: Iterable[Article]) -> Iterable[Due]:
    for article in articles:
        assert article.published_at
        yield Due(timezone.localtime(article.published_at), OUT, article)


def _numbers(issues: Iterable[Issue]) -> Iterable[Due]:
    for issue in issues:
        at = timezone.localtime(issue.released_at) if issue.released_at else moments.midnight(issue.date)
        yield Due(at, RELEASED if issue.released_at else "is the date of a number in preparation", issue)
