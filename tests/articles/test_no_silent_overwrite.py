"""Two editors on every path by which the desk writes: the second one is stopped, keeps what they wrote, and is told.

The forms of articles merge what can be merged: see test_desk_versions.py, and test_desk_autosave.py for what was typed.
`python -m bench.desk` has sixteen editors save at the same time, through a real server.
"""

from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import Model
from selectolax.lexbor import LexborHTMLParser

from articles.models import Article, Author, SignOff
from tests.factories import (
    make_article,
    make_author,
    make_category,
    make_draft,
    make_editor,
    make_image,
    make_issue,
    make_page,
    make_partner,
    make_publication,
)

from .desk import DeskClient, form_of
from .test_desk_article import change

pytestmark = pytest.mark.django_db
FORMS = {
    "author": (make_author, "affiliation"),
    "category": (make_category, "description"),
    "image": (make_image, "credit"),
    "issue": (make_issue, "volume"),
    "page": (make_page, "title"),
    "partner": (make_partner, "name"),
    "publication": (make_publication, "title"),
}


@pytest.fixture
def ben() -> User:
    return make_editor(username="ben")


@pytest.fixture
def mine() -> DeskClient:
    return signed_in(make_editor(username="nadia"))


@pytest.fixture
def theirs(ben: User) -> DeskClient:
    return signed_in(ben)


def signed_in(editor: User) -> DeskClient:
    client = DeskClient()
    client.force_login(editor)
    return client


def url_of(row: Model) -> str:
    return f"/admin/{row._meta.app_label}/{row._meta.model_name}/{row.pk}/change/"


@pytest.mark.parametrize("noun", FORMS)
def test_a_form_that_was_opened_before_another_save_overwrites_nothing(noun, mine, theirs):
    make, field = FORMS[noun]
    row = make()
    opened, others = form_of(mine, url_of(row)), form_of(theirs, url_of(row))
    assert theirs.post(url_of(row), others | {field: "77"}).status_code == 302
    refused = mine.post(url_of(row), opened | {field: "88"})
    assert refused.status_code == 409
    page = refused.content.decode()
    assert "is now “77”" in page
    assert form_of_page(page)[field] == "88"
    row.refresh_from_db()
    assert str(getattr(row, field)) == "77"
    # Told, they may put theirs in its place.
    assert mine.post(url_of(row), form_of_page(page)).status_code == 302
    row.refresh_from_db()
    assert str(getattr(row, field)) == "88"


def form_of_page(page: str) -> dict[str, Any]:
    form = LexborHTMLParser(page).css_first("#content form[id$='_form']")
    assert form is not None
    found: dict[str, Any] = {}
    for node in form.css("input[name], textarea[name], select[name]"):
        name, kind = node.attributes["name"] or "", node.attributes.get("type")
        if "__prefix__" in name or kind in ("submit", "file", "button"):
            continue
        if kind == "checkbox" and "checked" not in node.attributes:
            continue
        chosen = node.css_first("option[selected]") if node.tag == "select" else None
        value = node.text() if node.tag == "textarea" else node.attributes.get("value")
        found[name] = (chosen.attributes.get("value") if chosen else "") if node.tag == "select" else value or ""
    return found


def test_a_form_that_nobody_else_touched_is_saved(mine):
    author = make_author()
    assert mine.post(url_of(author), form_of(mine, url_of(author)) | {"affiliation": "Here"}).status_code == 302
    assert Author.objects.get().affiliation == "Here"


# Of articles: each path carries the revision that it began with.


@pytest.fixture
def article(ben: User) -> Article:
    article = make_draft(title="Grain", body="<p>Then.</p>")
    article.revise(ben)
    return article


def somebody_saves(article: Article, ben: User) -> None:
    article.body = "<p>Theirs.</p>"
    article.save()
    article.revise(ben)


def test_the_form(mine, article, ben):
    opened = form_of(mine, change(article))
    somebody_saves(article, ben)
    refused = mine.post(change(article), opened | {"body": "<p>Mine.</p>"})
    assert refused.status_code == 409
    assert "<del>Theirs.</del><ins>Mine.</ins>" in refused.content.decode()


def test_publishing_in_the_form(mine, article, ben):
    opened = form_of(mine, change(article)) | {"though": "x"}
    somebody_saves(article, ben)
    assert mine.post(change(article), opened | {"status": "published"}).status_code == 409
    article.refresh_from_db()
    assert article.status == "draft"


def test_publishing_changes(mine, ben):
    article = make_article(title="Grain", body="<p>Then.</p>")
    article.revise(ben)
    opened = form_of(mine, change(article)) | {"though": "x", "correction": "typo"}
    somebody_saves(article, ben)
    said = {"body": "<p>Mine.</p>", "_publish_changes": "x"}
    assert mine.post(change(article), opened | said).status_code == 409
    article.refresh_from_db()
    assert article.body == "<p>Theirs.</p>"


def test_a_date_of_the_dateline_that_both_changed(mine, article, ben):
    opened = form_of(mine, change(article)) | {"dateline_on": "2016-03-15"}
    article.dateline_on = "2016-03-16"
    article.save()
    article.refresh_from_db()
    article.revise(ben)
    assert mine.post(change(article), opened).status_code == 409


def test_withdrawing_in_the_form(mine, ben):
    article = make_article(body="<p>Then.</p>")
    article.revise(ben)
    opened = form_of(mine, change(article)) | {"status": "withdrawn", "withdrawal_notice": "It was wrong."}
    somebody_saves(article, ben)
    assert mine.post(change(article), opened).status_code == 409


@pytest.mark.parametrize("action", ["publish", "withdraw"])
def test_what_is_done_with_several_in_the_list(action, mine, article, ben):
    page = LexborHTMLParser(mine.get("/admin/articles/article/").content.decode())
    seen = page.css_first("#changelist-form input[name=seen]").attributes["value"]
    chosen = {"action": action, "_selected_action": article.pk, "seen": seen}
    sent = chosen | ({"withdraw": "x", "notice": "Gone."} if action == "withdraw" else {})
    somebody_saves(article, ben)
    told = mine.post("/admin/articles/article/", sent, follow=True).content.decode()
    assert "stays as it is: ben saved it after you opened the list" in told
    article.refresh_from_db()
    assert article.status == "draft"


@pytest.mark.parametrize("path", ["revisions/1/restore/", "discard/"])
def test_restoring_and_dropping(path, mine, article, ben):
    somebody_saves(article, ben)
    mine.post(f"/admin/articles/article/{article.pk}/{path}", {"base": "1"})
    assert article.revisions.count() == 2


def test_taking_over_what_was_corrected_at_a_sign_off(mine, ben):
    ada = make_author(name="Ada")
    article = make_draft(body="<p>Then.</p>", authors=[ada])
    asked, _ = SignOff.objects.ask(article.revise(ben), ben, article.created_at, author=ada, person="Ada")
    asked.reply("approved", article.created_at, corrections={"affiliation": "Elsewhere"})
    somebody_saves(article, ben)
    url = f"/admin/articles/article/{article.pk}/sign-offs/{asked.pk}/take-over/"
    mine.post(url, {"where": "byline", "base": "1"})
    assert article.revisions.count() == 2


def test_two_restore_at_once_and_one_is_told(mine, theirs, article, ben):
    somebody_saves(article, ben)
    url = f"/admin/articles/article/{article.pk}/revisions/1/restore/"
    for client in (theirs, mine):
        client.post(url, {"base": "2"})
    assert article.revisions.count() == 3
