"""A text that an editor typed and did not save, and the article as it is by now."""

from typing import Any

from django.contrib.auth.models import User

from articles.compare import Part, compare
from articles.merge import merge
from articles.models import Article

_WRITTEN = ("title", "summary", *Article.TEXTS, "bylines", "tags")


class Unsaved:
    """A text that was typed and not saved, beside the article as its form would show it now."""

    def __init__(self, article: Article | None, editor: User, base: int, mine: dict[str, Any]) -> None:
        self.theirs = as_shown(article) if article else {}
        self.both, self.conflicts = merge(begun(article, base, self.theirs), mine, self.theirs)
        if article is None:
            self.is_new = any(mine.get(name) for name in _WRITTEN)
        else:
            self.is_new = self.both != self.theirs and not _was_saved(article, editor, base, mine)

    def parts(self) -> list[Part]:
        return compare(self.theirs, self.both)


def as_shown(article: Article) -> dict[str, Any]:
    newest = article.newest
    return newest.snapshot if newest and newest.number > article.live_revision else article.snapshot()


def begun(article: Article | None, base: int, theirs: dict[str, Any]) -> dict[str, Any]:
    """What the form showed at first; nothing, if nobody knows any more, so that all that differs is asked about."""
    if article is None or base == (article.newest.number if article.newest else 0):
        return theirs
    return article.revisions.filter(number=base).values_list("snapshot", flat=True).first() or {}


def _was_saved(article: Article, editor: User, base: int, mine: dict[str, Any]) -> bool:
    """Whether a save of this editor holds it already: an autosave can arrive after the save."""
    if article.newest is None or article.newest.number <= base:
        return False
    first = begun(article, base, {})
    own = article.revisions.filter(number__gt=base, editor=editor).values_list("snapshot", flat=True)[:20]
    return any(merge(first, mine, saved)[0] == saved for saved in own)
