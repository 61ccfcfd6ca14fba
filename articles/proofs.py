"""The proof of an article: how it would be read with another text than the one that readers have. Writes nothing."""

import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Model, QuerySet

from .models import Article, Author, Byline, Tag
from .rich_text import text_of
from .slugs import slug_of

_END = re.compile(r"""[.!?…][”’"')\]]*(?=\s+[“‘"'(\[]?[^\W\d_a-z])|[。！？]""")
# What ends in a full stop and does not end a sentence; a single letter is the beginning of a name.
_GOES_ON = re.compile(
    r"(?:^|[\s(“\"])(?:\w|(?:\w\.)+\w|Dr|Prof|Mr|Mrs|Ms|Gen|Col|Amb|Sen|Rep|St|No|Nos|Vol|vs|cf|e\.g|i\.e|approx)$"
)


def proof_of(article: Article, snapshot: dict[str, Any]) -> Article:
    """The article with the text of a snapshot, for a page: what it refers to and is gone by now is left out."""
    proof = Article.objects.get(pk=article.pk)
    proof.show(snapshot)
    for name in Article.ROW_FIELDS:
        rows = Article._meta.get_field(name).related_model._default_manager  # type: ignore[union-attr]
        setattr(proof, name, rows.filter(pk=snapshot[name]).first() if snapshot.get(name) else None)
    # As prefetch_related() has relations answer, though these rows are in no table.
    proof._prefetched_objects_cache = {  # type: ignore[attr-defined]
        "bylines": _answering(Byline.objects.none(), _bylines(proof, snapshot["bylines"])),
        "tags": _answering(Tag.objects.none(), _tags(snapshot["tags"])),
    }
    return proof


def _bylines(proof: Article, snapshots: list[dict[str, Any]]) -> Iterable[Byline]:
    for position, byline in enumerate(Byline.as_shown(snapshots), 1):
        byline.article, byline.position = proof, position
        if byline.author_id is None:
            byline.author = Author(name=byline.name, slug=slug_of(byline.name) or "nobody")
        yield byline


def _tags(names: list[str]) -> Iterable[Tag]:
    known = {tag.name: tag for tag in Tag.objects.filter(name__in=names)}
    return [known.get(name) or Tag(name=name, slug=slug_of(name) or "tag") for name in names]


def _answering(rows: QuerySet[Any], found: Iterable[Model]) -> QuerySet[Any]:
    rows._result_cache = list(found)
    return rows


def first_sentence(html: str) -> str:
    """How a stored text begins, as plain text: to the end of its first sentence, or of its first paragraph."""
    paragraph = text_of(html).split("\n\n")[0]
    for end in _END.finditer(paragraph):
        if not _GOES_ON.search(paragraph[: end.start()]):
            return paragraph[: end.end()]
    return paragraph
