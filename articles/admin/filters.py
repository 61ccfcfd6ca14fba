"""Filters that would have thousands of choices: the one that is meant is searched for."""

from collections.abc import Iterator
from typing import Any

from django.contrib.admin import ListFilter, ModelAdmin, SimpleListFilter, site
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import Exists, Field, Model, OuterRef, QuerySet
from django.forms import Media, ModelChoiceField
from django.http import HttpRequest
from django.utils.safestring import SafeString
from js_asset import Script

from articles.models import Article, Byline, Image


def filter_media() -> Media:
    """What the page needs to search for a choice."""
    widget = AutocompleteSelect(Article._meta.get_field("issue"), site)  # any field has the same files
    return widget.media + Media(js=[Script("articles/filters.js", type="module")])


class ChoiceByName(ListFilter):
    """Narrows a list by one row of another table, found by typing."""

    template = "admin/articles/choice_by_name.html"
    parameter: str

    def __init__(
        self, request: HttpRequest, params: dict[str, Any], model: type[Model], model_admin: ModelAdmin[Any]
    ) -> None:
        super().__init__(request, params, model, model_admin)
        self.request, self.site = request, model_admin.admin_site
        if self.parameter in params:
            self.used_parameters[self.parameter] = params.pop(self.parameter)[-1]

    def field(self) -> Field[Any, Any]:
        """The foreign key whose choices these are."""
        raise NotImplementedError

    def narrow(self, queryset: QuerySet[Any], pk: int) -> QuerySet[Any]:
        raise NotImplementedError

    @property
    def chosen(self) -> str:
        return str(self.used_parameters.get(self.parameter, ""))

    def has_output(self) -> bool:
        return True

    def expected_parameters(self) -> list[str | None]:
        return [self.parameter]

    def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
        yield {
            "select": self._select(),
            "others": [(name, value) for name, value in self.request.GET.items() if name not in (self.parameter, "p")],
            "without": changelist.get_query_string(remove=[self.parameter]),
            "is_chosen": bool(self.chosen),
        }

    def _select(self) -> SafeString:
        field = self.field()
        rows = field.related_model._default_manager.all()  # type: ignore[union-attr]
        choice = ModelChoiceField(rows, required=False, widget=AutocompleteSelect(field, self.site))
        attrs = {"id": f"filter-{self.parameter}", "aria-label": self.title}
        return choice.widget.render(self.parameter, self.chosen, attrs)

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        if not self.chosen:
            return queryset
        if not self.chosen.isdecimal() or len(self.chosen) > 18:
            raise IncorrectLookupParameters
        return self.narrow(queryset, int(self.chosen))


class IssueFilter(ChoiceByName):
    title = "issue"
    parameter = "issue"

    def field(self) -> Field[Any, Any]:
        return Article._meta.get_field("issue")

    def narrow(self, queryset: QuerySet[Any], pk: int) -> QuerySet[Any]:
        return queryset.filter(issue=pk)


class AuthorFilter(ChoiceByName):
    title = "author"
    parameter = "author"

    def field(self) -> Field[Any, Any]:
        return Byline._meta.get_field("author")

    def narrow(self, queryset: QuerySet[Any], pk: int) -> QuerySet[Any]:
        return queryset.filter(pk__in=Byline.objects.filter(author=pk).values("article"))


class FileFilter(SimpleListFilter):
    """Images whose file is missing, or is still awaited."""

    title = "file"
    parameter_name = "file"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("missing", "Missing or damaged"), ("awaited", "Still awaited")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        if self.value() == "missing":
            return queryset.filter(pk__in=Image.objects.lacking().values("pk"))
        return queryset.filter(width=0) if self.value() == "awaited" else queryset


class CreditFilter(SimpleListFilter):
    """Images of which nobody has said whose they are, or who allowed their use."""

    title = "credit and rights"
    parameter_name = "credit"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("missing", "No credit"), ("rights", "No rights")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        lacks = {"missing": "credit", "rights": "rights"}.get(self.value() or "")
        return queryset.filter(**{lacks: ""}) if lacks else queryset


class UseFilter(SimpleListFilter):
    """Images that readers see, and those that stand nowhere."""

    title = "use"
    parameter_name = "use"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> list[tuple[str, str]]:
        return [("public", "Readers see it"), ("nowhere", "Used nowhere")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        if self.value() == "public":
            return queryset.filter(pk__in=Image.objects.public().values("pk"))
        for relation in Image._meta.related_objects if self.value() == "nowhere" else ():
            users = relation.related_model._base_manager.filter(**{relation.field.name: OuterRef("pk")})
            queryset = queryset.filter(~Exists(users))
        return queryset
