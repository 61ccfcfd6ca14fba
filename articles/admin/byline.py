from collections.abc import Iterable
from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect
from django.http import HttpRequest
from django.utils.functional import cached_property

from articles.models import Article, Author, Byline

from .ordered import OrderedFormSet, OrderedInline


class AuthorSelect(AutocompleteSelect):
    """Names who is chosen without asking for each row: see BylineFormSet.known."""

    def optgroups(self, name: str, value: Any, attr: Any = None) -> Any:
        known: dict[str, str] = getattr(self.choices.field, "known", {})
        chosen = [str(pk) for pk in value if pk]
        if not set(chosen) <= set(known):
            return super().optgroups(name, value, attr)
        blank = [] if self.is_required else [self.create_option(name, "", "", False, 0)]
        return [(None, [*blank, *(self.create_option(name, pk, known[pk], True, 1) for pk in chosen)], 0)]


class BylineFormSet(OrderedFormSet[Byline]):
    instance: Article

    @cached_property
    def known(self) -> dict[str, str]:
        """The names of all authors of the byline, by their numbers."""
        pks = [byline.author_id for byline in self.get_queryset() if byline.author_id]
        return {str(pk): str(author) for pk, author in Author.objects.in_bulk(pks).items()}

    def add_fields(self, form: Any, index: int | None) -> None:
        super().add_fields(form, index)
        if "author" in form.fields and not self.is_bound:
            form.fields["author"].known = self.known

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

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "author":
            kwargs["widget"] = AuthorSelect(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
