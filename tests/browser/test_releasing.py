"""A number is put in order, released and recalled; a live text is corrected: in a browser."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article
from tests.factories import make_article, make_author, make_draft, make_editor, make_issue

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def page(browser: Browser, live_server: LiveServer, settings: Any) -> Iterator[Page]:
    settings.ZEAL_NPLUSONE_THRESHOLD = 1000  # as Django's formsets and taggit do
    signed_in = Client()
    signed_in.force_login(make_editor(username="nadia"))
    context = browser.new_context(viewport={"width": 1440, "height": 900}, base_url=live_server.url)
    context.add_cookies([{"name": "sessionid", "value": signed_in.cookies["sessionid"].value, "url": live_server.url}])
    # A sign of life beside what is pressed: SQLite in memory takes no two at once.
    context.route("**/at-work/", lambda route: route.fulfill(json={}))
    page, troubles = context.new_page(), []
    page.on("console", lambda said: troubles.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    yield page
    context.close()
    missing = "the server responded with a status of 404"  # what was recalled
    assert [trouble for trouble in troubles if missing not in trouble] == []


def test_an_issue_is_put_in_order_released_and_recalled(page: Page) -> None:
    issue = make_issue(date=date(2016, 3, 16), volume=18, number=5, released_at=None)
    for n, title in enumerate(("Grain and power", "Rail across the sands", "Gas"), 1):
        make_draft(
            title=title, body="<p>At length.</p>", status="review", issue=issue, issue_position=n,
            authors=[make_author(bio="<p>A fellow.</p>")],
        )  # fmt: skip
    poor = make_draft(title="Sand", category=None, issue=issue, issue_position=4)
    page.goto(f"/admin/articles/issue/{issue.pk}/board/")
    page.get_by_role("link", name="Stops the issue: has no category").click()
    expect(page.locator("#id_category")).to_be_focused()
    poor.delete()
    page.goto(f"/admin/articles/issue/{issue.pk}/board/")
    rows = page.locator("tr.form-row th")
    # By keyboard, then by dragging.
    page.get_by_role("button", name="Move down").first.press("Enter")
    expect(rows.first).to_contain_text("Rail across the sands")
    page.locator(".row-handle").nth(2).drag_to(rows.first, target_position={"x": 5, "y": 2})
    expect(rows.first).to_contain_text("Gas")
    page.get_by_role("button", name="Save the board").click()
    expect(page.get_by_text("The board is saved.")).to_be_visible()
    assert [article.title for article in issue.articles.in_issue_order()][0] == "Gas"
    page.get_by_role("button", name="Release the issue").click()
    expect(page.get_by_text("is released, from")).to_be_visible()
    page.get_by_role("link", name="View on site").first.click()
    expect(page.get_by_role("link", name="Grain and power")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Recall the issue").click()
    expect(page.get_by_text("is taken back")).to_be_visible()
    answer = page.goto("/issues/2016-03-16/")
    assert answer
    assert answer.status == 404


def test_a_live_text_is_corrected(page: Page) -> None:
    article = make_article(
        title="Grain", slug="grain", summary="<p>It was signed in 1997.</p>", authors=[make_author()]
    )
    page.goto(f"/admin/articles/article/{article.pk}/change/")
    page.locator(".field-summary .ProseMirror[contenteditable=true] > p").click()
    page.keyboard.press("End")
    page.keyboard.type(" In spring.")
    page.get_by_role("button", name="Publish changes").click()
    expect(page.get_by_text("Say what kind of change this is.")).to_be_visible()
    page.get_by_label("Kind of change").select_option("Correction")
    page.get_by_label("What readers are told").first.fill("The season was missing.")
    page.get_by_role("button", name="Publish changes").click()
    expect(page.get_by_text("was changed successfully")).to_be_visible()
    page.goto("/articles/grain/")
    expect(page.get_by_text("The season was missing.")).to_be_visible()
    page.get_by_role("link", name="What changed").click()
    expect(page.locator("ins", has_text="In spring.")).to_be_visible()
    assert Article.objects.get().corrections.count() == 1
