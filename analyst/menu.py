"""What stands around every page: the journal's name, its menu, its imprint. One query."""

from functools import cache, lru_cache
from typing import NamedTuple

from django.conf import settings
from django.db.models import Case, CharField, QuerySet, TextField, Value, When
from django.http import HttpRequest

from articles.models import Category
from articles.paths import path_to
from articles.prepared import Prepared, Rows
from articles.sharing import Share

from .models import Page

ALWAYS = ("issue_list", "article_list", "author_list", "publication_list", "search", "newsletter", "event_list")
Items = tuple[tuple[str, str], ...]  # name, address


class Menu(NamedTuple):
    categories: Items
    pages: Items
    footer: Items
    imprint: str  # its first paragraph
    here: str = ""  # the address of the page that is shown, where the menu names it

    @property
    def addresses(self) -> set[str]:
        listed = (path for _, path in (*self.categories, *self.pages, *self.footer))
        return {*listed, *map(path_to, ALWAYS)}


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())


def _entries() -> "QuerySet[Category]":
    """Categories and pages are read together, since every page of the site asks for both."""
    categories = Category.objects.order_by().values_list(
        _text("category"), "position", "name", "slug", Value("", output_field=TextField())
    )
    imprint = Case(When(slug=Page.IMPRINT, then="body"), default=Value(""), output_field=TextField())
    pages = Page.objects.published().order_by().values_list("place", "position", "title", "slug", imprint)
    return categories.union(pages, all=True).order_by("position", "name")


ENTRIES = Prepared(_entries)


@lru_cache(maxsize=10)
def _menu(entries: Rows) -> Menu:
    listed: dict[str, list[tuple[str, str]]] = {}
    imprint = ""
    for place, _, name, slug, body in entries:
        view = "category_detail" if place == "category" else "page_detail"
        listed.setdefault(place, []).append((name, path_to(view, slug)))
        if place != "category" and slug == Page.IMPRINT and body:
            imprint = body.partition("</p>")[0] + "</p>"
    categories, pages, footer = (
        tuple(listed.get(place, ())) for place in ("category", Page.Place.MENU, Page.Place.FOOTER)
    )
    return Menu(categories, pages, footer, imprint)


def menu(path: str) -> Menu:
    found = _menu(ENTRIES.ask())
    return found._replace(here=path) if path in found.addresses else found


def journal(request: HttpRequest) -> dict[str, object]:
    """Context processor: the journal, for every template."""
    return {
        "journal": {
            "name": settings.JOURNAL_NAME,
            "publisher": settings.JOURNAL_PUBLISHER,
            "url": settings.SITE_URL,
            "share": Share("journal"),
        },
        "menu": cache(lambda: menu(request.path)),  # asked for when a template names it, which an error's may not
    }
