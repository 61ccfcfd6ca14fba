"""Filling in the forms of the desk as a browser does: every field as it stands in the page, then what is changed."""

from typing import Any

from django.http import HttpRequest
from django.test import Client, override_settings
from selectolax.lexbor import LexborHTMLParser, LexborNode

from analyst.signing_in.second_step import KEY, TAKEN
from analyst.signing_in.sessions import begin


class DeskClient(Client):
    """Saving a form looks its rows and tags up one by one, as Django's formsets and taggit do; reading a page may not.

    Who signs in with it has been in the desk a while, so that no page is the first of its session.
    """

    def force_login(self, user: Any, backend: str | None = None) -> None:
        super().force_login(user, backend)
        request = HttpRequest()
        request.session = self.session
        begin(request, user)
        request.session[KEY] = TAKEN
        request.session.save()

    def post(self, *args: Any, **kwargs: Any) -> Any:
        with override_settings(ZEAL_NPLUSONE_THRESHOLD=1000):
            return super().post(*args, **kwargs)


def form_of(client: Client, url: str) -> dict[str, Any]:
    """What the form at this address would send."""
    page = client.get(url)
    assert page.status_code == 200, (url, page.status_code)
    return fields_in(page.content.decode())


def fields_in(html: str) -> dict[str, Any]:
    form = LexborHTMLParser(html).css_first("#content form[id$='_form']")
    assert form is not None
    sent: dict[str, Any] = {}
    for field in form.css("input, textarea, select"):
        name = field.attributes.get("name")
        if name and "__prefix__" not in name and (value := _value(field)) is not None:
            sent[name] = value
    return sent


def _value(field: LexborNode) -> str | None:
    kind = field.attributes.get("type")
    if field.tag == "textarea":
        return field.text()
    if field.tag == "select":
        chosen = field.css_first("option[selected]")
        return (chosen.attributes.get("value") or "") if chosen else ""
    if kind in ("submit", "file", "button") or (kind in ("checkbox", "radio") and "checked" not in field.attributes):
        return None
    return field.attributes.get("value") or ("on" if kind in ("checkbox", "radio") else "")


def byline_row(n: int, author: Any, position: int | str = "", **fields: str) -> dict[str, Any]:
    row = {"id": "", "author": author.pk, "position": position, "name": "", "affiliation": "", "bio": ""} | fields
    return {f"bylines-{n}-{name}": value for name, value in row.items()}
