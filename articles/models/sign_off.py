"""A person without an account reads a proof, comments on it, and approves it or asks for changes."""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models

from articles import letters, rich_text

from .article import Article
from .author import Author
from .revision import Revision

if TYPE_CHECKING:
    from django.contrib.auth.models import User

USUALLY = timedelta(hours=48)
AT_MOST = timedelta(days=7)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()


class SignOffQuerySet(models.QuerySet["SignOff"]):
    def opened_by(self, token: str, at: datetime) -> Self:
        """What a token still leads to at a moment."""
        return self.filter(token_hash=_hash(token), expires_at__gt=at, revoked_at=None)

    def of(self, article: Article) -> Self:
        found = self.filter(revision__article=article).select_related("revision", "asked_by", "author")
        return found.defer("revision__snapshot")

    def ask(
        self, revision: Revision, by: "User", at: datetime, lasts: timedelta = USUALLY, **person: Any
    ) -> tuple["SignOff", str]:
        """A request to a person, and the token of its link, which nobody can read again later."""
        token = secrets.token_urlsafe(32)
        expires = at + min(lasts, AT_MOST)
        asked = {"asked_by": by, "asked_at": at, "expires_at": expires, "token_hash": _hash(token)}
        return self.create(revision=revision, **asked, **person), token


class SignOff(models.Model):
    """For one revision and one person. Answered once."""

    class Answer(models.TextChoices):
        APPROVED = "approved", "Approved"
        CHANGES = "changes", "Changes asked for"

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="sign_offs")
    # Whose affiliation and bio can be corrected: somebody of the byline, or nobody.
    author = models.ForeignKey(Author, models.SET_NULL, null=True, related_name="+")
    person = models.CharField(max_length=200)
    email = models.EmailField(blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    # Whoever reads this table cannot open a link with it.
    token_hash = models.CharField(max_length=64, unique=True)
    answer = models.CharField(max_length=8, choices=Answer, blank=True)
    answered_at = models.DateTimeField(null=True)
    message = models.TextField(blank=True)
    comments = models.JSONField(default=list)  # each with part and place of its paragraph, how that begins, and text
    corrections = models.JSONField(default=dict)  # of affiliation and bio, as they should be printed

    objects = SignOffQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.person} on revision {self.revision.number}"

    def is_open(self, at: datetime) -> bool:
        return not self.answer and self.revoked_at is None and self.expires_at > at

    def says(self, at: datetime) -> str:
        """In a line, who was asked and what came of it."""
        state = "taken back" if self.revoked_at else "asked" if self.is_open(at) else "not answered in time"
        label = self.get_answer_display().lower() if self.answer else state
        return f"{self.person}, revision {self.revision.number}: {label}"

    def reply(self, answer: str, at: datetime, **said: Any) -> None:
        """Keep the answer, and tell who asked for it."""
        self.answer, self.answered_at = answer, at
        for name, value in said.items():
            setattr(self, name, value)
        self.save()
        letters.sign_off_answered(self)

    reply.alters_data = True  # type: ignore[attr-defined]

    def revoke(self, at: datetime) -> None:
        """Have the link lead nowhere from now on; what was answered stays."""
        self.revoked_at = at
        self.save(update_fields=["revoked_at"])

    revoke.alters_data = True  # type: ignore[attr-defined]

    def printed(self) -> dict[str, str]:
        """Affiliation and bio of this person as the revision has them, as plain text."""
        for row in self.revision.snapshot["bylines"]:
            if self.author_id and row["author"] == self.author_id:
                return {"affiliation": row["affiliation"], "bio": rich_text.text_of(row["bio"])}
        return {}

    def corrected(self, snapshot: dict[str, Any]) -> dict[str, Any]:
        """A text with what this person has corrected of themselves."""
        new = self.corrections
        bylines = [row | new if row["author"] == self.author_id else row for row in snapshot["bylines"]]
        return snapshot | {"bylines": bylines}
