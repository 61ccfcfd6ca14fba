"""What stands around every page: the journal's name, its menu, its imprint. One query."""

from dataclasses import dataclass, field

from django.conf import settings
from django.db.models import Case, CharField, TextField, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from articles.models import Category
from articles.sharing import Share

from .models import Page


@dataclass
class Menu:
    categories: list[tuple[str, str]] = field(default_factory=list)  # name, address
    pages: list[tuple[str, str]] = field(default_factory=list)
    footer: list[tuple[str, str]] = field(default_factory=list)
    imprint: str = ""  # its first paragraph


def _text(value: str) -> Value:
    return Value(value, output_field=CharField())


def menu() -> Menu:
    """Categories and pages are read together, since every page of the site asks for both."""
    categories = Category.objects.order_by().values_list(
        _text("category"), "position", "name", "slug", Value("", output_field=TextField())
    )
    imprint = Case(When(slug=Page.IMPRINT, then="body"), default=Value(""), output_field=TextField())
    pages = Page.objects.published().order_by().values_list("place", "position", "title", "slug", imprint)
    found = Menu()
    for place, _, name, slug, body in categories.union(pages, all=True).order_by("position", "name"):
        if place == "category":
            found.categories.append((name, reverse("category_detail", args=[slug])))
            continue
        if slug == Page.IMPRINT:
            found.imprint = body.partition("</p>")[0] + "</p>" if body else ""
        if place != Page.Place.NOWHERE:
            (found.pages if place == Page.Place.MENU else found.footer).append(
                (name, reverse("page_detail", args=[slug]))
            )
    return found


def journal(request: HttpRequest) -> dict[str, object]:
    """Context processor: the journal, for every template."""
    return {
        "journal": {
            "name": settings.JOURNAL_NAME,
            "publisher": settings.JOURNAL_PUBLISHER,
            "url": settings.SITE_URL,
            "share": Share("journal"),
        },
        "menu": SimpleLazyObject(menu),
    }
