"""Saves of one article in the desk's form, one after another: `python -m bench.reads.saves <slug> <number>`.

Prints the milliseconds of each save, and how many of the edits were not there when they were looked for.
"""

import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "analyst.settings")
django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import User  # noqa: E402
from django.test import Client  # noqa: E402
from selectolax.lexbor import LexborHTMLParser  # noqa: E402

from articles.models import Article  # noqa: E402


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send of the form as it stands."""
    form = LexborHTMLParser(page).css_first("#article_form")
    found = {}
    for node in form.css("input[name], textarea[name], select[name]"):
        name, kind = node.attributes["name"], node.attributes.get("type")
        if kind in ("submit", "file", "button") or (kind in ("checkbox", "radio") and "checked" not in node.attributes):
            continue
        if node.tag == "select":
            chosen = node.css_first("option[selected]")
            found[name] = (chosen.attributes.get("value") or "") if chosen else ""
        elif node.tag == "textarea":
            found[name] = node.text()
        else:
            found[name] = node.attributes.get("value") or ("on" if kind == "checkbox" else "")
    return found


def main(slug: str, number: int) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]
    editor, _ = User.objects.get_or_create(username="bench", is_staff=True, is_superuser=True)
    desk, article = Client(), Article.objects.get(slug=slug)
    desk.force_login(editor)
    path, times, lost = f"/admin/articles/article/{article.pk}/change/", [], 0
    fields = fields_of(desk.get(path).text)
    for n in range(number):
        title = f"Edition {n} of {os.getpid()}"
        started = time.perf_counter()
        answer = desk.post(path, fields | {"title": title, "_continue": "Save and continue editing"})
        times.append((time.perf_counter() - started) * 1000)
        fields = fields_of(desk.get(path).text)
        lost += answer.status_code != 302 or fields["title"] != title
    print(json.dumps({"times": times, "lost": lost}))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
