"""What stands around every page of the desk."""

from typing import Any

from django import template
from django.http import HttpRequest

from analyst.signing_in.second_step import ADVISED, KEY, has_one

register = template.Library()

# In the order of the work; a noun that is named nowhere stands under its own room.
ORDER = {
    "": ("articles.article", "articles.issue"),
    "Shelves": ("articles.author", "articles.image", "articles.tag", "articles.category"),
    "Elsewhere": ("publications.publication", "publications.partner"),
    "Newsletter": (),
    "Readers": ("reads.total", "reads.reportlink"),
    "The house": (
        "analyst.page",
        "auth.user",
        "admin.logentry",
        "articles.deleted",
        "articles.oldaddress",
        "django_tasks_database.dbtaskresult",
    ),
}
GROUPS = {noun: group for group, nouns in ORDER.items() for noun in nouns}
PLACES = {noun: n for n, noun in enumerate(GROUPS)}
NAMES = {"auth.user": "People", "admin.logentry": "Audit log", "django_tasks_database.dbtaskresult": "Jobs"}


@register.simple_tag(takes_context=True)
def rooms(context: dict[str, Any]) -> list[dict[str, Any]]:
    """The nouns that this editor may see, in groups."""
    request: HttpRequest = context["request"]
    found: dict[str, list[dict[str, Any]]] = {group: [] for group in ORDER}
    for app in context.get("available_apps", ()):
        for model in app["models"]:
            noun, url = model["model"]._meta.label_lower, model["admin_url"]
            entry = {"noun": noun, "name": NAMES.get(noun, model["name"]), "url": url}
            if url:
                entry["here"] = request.path.startswith(url)
                found.setdefault(GROUPS.get(noun, str(app["name"])), []).append(entry)
    groups = ((name, sorted(entries, key=lambda one: PLACES.get(one["noun"], 0))) for name, entries in found.items())
    return [{"name": name, "entries": entries} for name, entries in groups if entries]


@register.simple_tag(takes_context=True)
def lacks_second_step(context: dict[str, Any]) -> bool:
    """Whether to say so: where it is not public, nobody is made to have one."""
    request: HttpRequest = context["request"]
    return request.session.get(KEY) == ADVISED and not has_one(request.user)  # type: ignore[arg-type]
