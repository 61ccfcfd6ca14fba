from collections.abc import Iterable
from typing import Any

from articles.models import Article, Byline

from .ordered import OrderedFormSet, OrderedInline


class BylineFormSet(OrderedFormSet[Byline]):
    instance: Article

    def get_queryset(self) -> Any:
        """The rows there are, or those of the text that is shown in their place."""
        if self.instance.shown is None:
            return super().get_queryset()
        if not hasattr(self, "_shown"):
            self._shown = Byline.as_shown(self.instance.shown["bylines"])
        return self._shown

    def save(self, commit: bool = True) -> list[Byline]:
        if self.instance.shown is not None:
            self._say_what_changed()
            rows = self.in_order()
            self.replace(rows)
            return rows
        return super().save(commit)

    def replace(self, rows: Iterable[Byline]) -> None:
        bylines = list(rows)
        for byline in bylines:
            byline.name = byline.name or byline.author.name
        self.instance.set_bylines(bylines)


class BylineInline(OrderedInline[Byline]):
    model = Byline
    formset = BylineFormSet
    fields = [("position", "author"), ("name", "affiliation"), "bio"]
    verbose_name = "author"
    verbose_name_plural = "byline"
