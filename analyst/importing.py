"""A file comes in: its article goes to the articles, its staff publication lines to the publications."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from articles.intake.draft import Outcome, take_in
from articles.intake.manuscript import Manuscript
from articles.models import Article
from articles.rich_text import text_of
from publications.lines import PrintedLine
from publications.models import Publication

if TYPE_CHECKING:
    from django.contrib.auth.models import User


class Import:
    """What became of one file, in both rooms."""

    def __init__(
        self, outcome: Outcome, publications: Counter[str] | None = None, printed: Iterable[PrintedLine] = ()
    ) -> None:
        self.outcome, self.publications, self.printed = outcome, publications or Counter(), printed

    def as_json(self) -> dict[str, Any]:
        """The object that `import_article --json` prints for a file."""
        outcome = self.outcome
        about = {"file": outcome.file_name, "outcome": outcome.outcome, "reason": outcome.reason, "url": self._url()}
        publications = {"created": self.publications["created"], "known": self.publications["known"]}
        return about | _parts(outcome.manuscript or Manuscript(outcome.file_name, "text")) | {
            "publications": publications,
            "flags": [*(vars(flag) for flag in outcome.flags), *self._flags_of_publications()],
            "unplaced": outcome.manuscript.unplaced if outcome.manuscript else [],
        }  # fmt: skip

    def _flags_of_publications(self) -> list[dict[str, Any]]:
        return [flag._asdict() | {"field": "publications"} for line in self.printed for flag in line.flags]

    def _url(self) -> str | None:
        return self.outcome.article.get_absolute_url() if self.outcome.article else None


@transaction.atomic
def import_file(
    file_name: str,
    data: bytes,
    *,
    manuscript: Manuscript | None = None,
    editor: "User | None" = None,
    publish: bool = False,
    dry_run: bool = False,
    at: datetime | None = None,
) -> Import:
    """Take a file in, whole or not at all."""
    outcome = take_in(file_name, data, manuscript=manuscript, editor=editor, publish=publish, dry_run=dry_run, at=at)
    if outcome.manuscript is None or outcome.outcome == "refused":
        return Import(outcome)
    printed = Publication.objects.read_printed(outcome.manuscript.publication_lines)
    if outcome.outcome == "unchanged":  # what an editor has corrected or deleted since does not come back
        return Import(outcome, Counter(known=len(printed)), printed)
    return Import(outcome, Publication.objects.add_printed(printed, dry_run=dry_run), printed)


def _parts(manuscript: Manuscript) -> dict[str, Any]:
    """Every part as plain text; what is absent is null or []."""
    known = manuscript.to_json()
    texts = {name: text_of(known[name]) or None for name in ("summary", *Article.TEXTS)}
    return {
        "title": manuscript.title or None,
        "category": manuscript.category or None,
        "authors": known["byline"],
        "dateline": manuscript.dateline or None,
        "published_on": known["published_on"],
        "modified_on": known["modified_on"],
        **texts,
        "bios": [text_of(bio) for bio in manuscript.bios],
        "image_credit": (manuscript.picture.credit if manuscript.picture else "") or None,
        "tags": manuscript.tags,
        "reads": manuscript.reads,
    }
