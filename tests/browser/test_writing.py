"""Writing in a browser: what is typed survives a crash, the end of a session, and another editor."""

from collections.abc import Callable
from time import sleep
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article, Autosave, SignOff
from tests.factories import make_draft, make_editor

from .conftest import Contexts
from .test_public_pages import barriers

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture(autouse=True)
def forms_look_up_each_row(settings: Any) -> None:
    settings.ZEAL_NPLUSONE_THRESHOLD = 1000  # as Django's formsets and taggit do


@pytest.fixture
def article() -> Article:
    article = make_draft(title="Grain", background="<p>Then.</p>", conclusions="<p>So.</p>")
    article.revise()
    return article


def patiently(write: Callable[[], Any]) -> Any:
    """In memory SQLite has no patience with two who write; a page that says that it is there is one of them."""
    for _ in range(50):
        try:
            return write()
        except OperationalError:
            sleep(0.1)
    return write()


def session_of(editor: User) -> str:
    signed_in = Client()
    patiently(lambda: signed_in.force_login(editor))
    return signed_in.cookies["sessionid"].value


def sign_in(context: BrowserContext, live_server: LiveServer, editor: User) -> None:
    context.add_cookies([{"name": "sessionid", "value": session_of(editor), "url": live_server.url}])


@pytest.fixture
def open_form(browser: Browser, live_server: LiveServer, article: Article, contexts: Contexts) -> Any:
    def open_form(editor: User, which: str = f"{article.pk}/change") -> Page:
        context = contexts.watch(browser.new_context(viewport={"width": 1280, "height": 900}))
        sign_in(context, live_server, editor)
        context.clock.install()
        page = context.new_page()
        page.goto(f"{live_server.url}/admin/articles/article/{which}/")
        return page

    return open_form


def type_into(page: Page, name: str, text: str) -> None:
    page.locator(f".field-{name} .ProseMirror[contenteditable=true] > p").first.click()
    page.keyboard.press("End")
    page.keyboard.type(text)


def a_moment_later(page: Page) -> None:
    """The form looks at itself every four seconds."""
    page.clock.fast_forward(5_000)


def save(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue editing").click()


def test_after_a_crash_the_text_is_offered_back(open_form: Any, article: Article, contexts: Contexts) -> None:
    editor = make_editor()
    page = open_form(editor)
    type_into(page, "background", " And now.")
    a_moment_later(page)
    expect(page.locator(".at-work-kept")).to_contain_text("Kept at", timeout=10_000)
    contexts.end()  # with all that the browser knew
    page = open_form(editor)
    page.get_by_role("link", name="Go on with it").click()
    expect(page.locator(".field-background .ProseMirror[contenteditable=true]")).to_have_text("Then. And now.")
    save(page)
    article.refresh_from_db()
    assert article.background == "<p>Then. And now.</p>"
    assert not Autosave.objects.exists()


def test_a_lost_session_loses_no_word(open_form: Any, article: Article, live_server: LiveServer) -> None:
    editor = make_editor()
    page = open_form(editor)
    expect(page.locator(".field-background .ProseMirror[contenteditable=true]")).to_be_visible()
    patiently(Session.objects.all().delete)
    type_into(page, "background", " And now.")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_role("alert")).to_contain_text("You are signed out.")
    assert page.url.endswith("/change/")
    sign_in(page.context, live_server, editor)  # as in another tab
    page.context.clear_cookies(name="csrftoken")  # signing in makes a new one
    save(page)
    article.refresh_from_db()
    assert article.background == "<p>Then. And now.</p>"
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.startsWith('unsaved:'))") == []


def test_what_this_browser_alone_has_is_offered_back(open_form: Any, live_server: LiveServer) -> None:
    editor = make_editor()
    page = open_form(editor)
    expect(page.locator(".field-background .ProseMirror[contenteditable=true]")).to_be_visible()
    patiently(Session.objects.all().delete)
    type_into(page, "background", " And now.")
    page.get_by_role("button", name="Save and continue editing").click()
    expect(page.get_by_role("alert")).to_contain_text("stays in this browser")
    sign_in(page.context, live_server, editor)
    again = page.context.new_page()
    page.close()
    again.goto(page.url)
    again.get_by_role("link", name="Go on with it").click()
    expect(again.locator(".field-background .ProseMirror[contenteditable=true]")).to_have_text("Then. And now.")


def test_two_editors_see_each_other_and_their_texts_are_brought_together(open_form: Any, article: Article) -> None:
    nadia, ben = make_editor(username="nadia"), make_editor(username="ben")
    mine, theirs = open_form(nadia), open_form(ben)
    expect(theirs.locator(".at-work-others")).to_contain_text("nadia is in this article since")
    mine.context.set_offline(True)  # one after the other: in memory SQLite has no patience with two
    type_into(theirs, "conclusions", " Theirs.")
    save(theirs)
    expect(theirs.locator(".at-work-others")).to_be_visible()
    theirs.context.set_offline(True)
    mine.context.set_offline(False)
    type_into(mine, "background", " Mine.")
    a_moment_later(mine)
    expect(mine.get_by_role("status").first).to_contain_text("ben saved revision 2", timeout=10_000)
    expect(mine.locator(".at-work-others")).to_contain_text("ben is in this article since")
    save(mine)
    article.refresh_from_db()
    assert (article.background, article.conclusions) == ("<p>Then. Mine.</p>", "<p>So. Theirs.</p>")


def test_the_preview_stands_beside_the_form_and_follows_what_is_typed(open_form: Any) -> None:
    page = open_form(make_editor())
    page.get_by_role("button", name="Preview beside the text").click()
    shown = page.frame_locator("iframe[title='The article as it will look']")
    expect(shown.locator("#background")).to_contain_text("Then.")
    type_into(page, "background", " And now.")
    a_moment_later(page)
    expect(shown.locator("#background")).to_contain_text("Then. And now.", timeout=10_000)
    page.get_by_label("Phone").check()
    expect(shown.locator("h1")).to_be_visible()
    assert page.locator("iframe").evaluate("frame => frame.contentWindow.innerWidth") == 360
    page.get_by_label("Print").check()
    expect(shown.locator("body > header nav").first).to_be_hidden()
    page.get_by_label("Mail").check()
    expect(shown.get_by_text("So.")).to_be_visible()


def test_a_new_article_is_offered_back_after_a_crash_and_previewed_by_one_press(
    open_form: Any, contexts: Contexts
) -> None:
    editor = make_editor()
    page = open_form(editor, "add")
    expect(page.get_by_label("Title")).to_be_focused()
    page.get_by_label("Title").fill("Rail")
    type_into(page, "summary", "In short.")
    a_moment_later(page)
    expect(page.locator(".at-work-kept")).to_contain_text("Kept at", timeout=10_000)
    contexts.end()  # with all that the browser knew
    page = open_form(editor, "add")
    expect(page.locator(".at-work-offer")).to_contain_text("“Rail”, that was never saved")
    page.get_by_role("link", name="Go on with it").click()
    page.get_by_role("button", name="Save as a draft, and preview it").click()
    shown = page.frame_locator("iframe[title='The article as it will look']")
    expect(shown.locator("main")).to_contain_text("In short.")
    assert not Autosave.objects.exists()


def test_a_proof_is_signed_off_on_a_telephone_without_javascript(
    browser: Browser, live_server: LiveServer, article: Article, contexts: Contexts
) -> None:
    assert article.newest
    asked, token = SignOff.objects.ask(article.newest, make_editor(), timezone.now(), person="Ada Orlo")
    context = contexts.watch(browser.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False))
    page = context.new_page()
    page.goto(f"{live_server.url}/sign-off/{token}/")
    expect(page.get_by_role("heading", name="Grain")).to_be_visible()
    page.get_by_text("Comment on this").nth(1).click()
    page.get_by_label("Your comment on the paragraph above").nth(1).fill("Since when?")
    page.get_by_role("button", name="Ask for changes").click()
    expect(page.get_by_role("status")).to_contain_text("You have asked for changes")
    asked.refresh_from_db()
    assert [(row["part"], row["text"]) for row in asked.comments] == [("background", "Since when?")]
    assert context.cookies() == []


def test_nothing_keeps_anybody_from_writing_or_from_signing_off(
    open_form: Any, article: Article, live_server: LiveServer
) -> None:
    editor = make_editor()
    assert article.newest
    asked, token = SignOff.objects.ask(article.newest, editor, timezone.now(), person="Ada Orlo")
    comment = {"part": "background", "place": 0, "quote": "Then.", "text": "When?"}
    asked.reply("changes", timezone.now(), message="Not yet.", comments=[comment])
    _, still_open = SignOff.objects.ask(article.newest, editor, timezone.now(), person="Ben")
    page = open_form(editor)
    type_into(page, "background", " And now.")
    page.get_by_role("button", name="Preview beside the text").click()
    expect(page.locator(".preflight")).to_contain_text("It has no implications.")
    expect(page.locator(".sign-offs")).to_contain_text("Ada Orlo, revision 1: changes asked for")
    a_moment_later(page)
    expect(page.locator(".at-work-kept")).to_contain_text("Kept at", timeout=10_000)
    found = in_both_schemes(page)
    base = f"{live_server.url}/admin/articles/article/{article.pk}"
    for url in (f"{base}/change/", f"{base}/sign-offs/", f"{base}/sign-offs/{asked.pk}/"):
        page.goto(url)
        found += in_both_schemes(page)
    page.set_viewport_size({"width": 360, "height": 740})
    for url in (f"{live_server.url}/sign-off/{token}/", f"{live_server.url}/sign-off/{still_open}/"):
        page.goto(url)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        found += in_both_schemes(page)
    assert found == []


def in_both_schemes(page: Page) -> list[str]:
    found = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        found += [f"{page.url}, {scheme}: {barrier}" for barrier in barriers(page)]
    return found
