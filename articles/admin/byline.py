from collections.abc import Iterable

from articles.models import Article, Byline

from .ordered import OrderedFormSet, OrderedInline


class BylineFormSet(OrderedFormSet[Byline]):
    instance: Article

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
