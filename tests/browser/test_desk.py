"""The desk in a browser: the editor keeps what it is given, rows move, and every page is at home on every screen."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article, Category, Image, Tag
from tests.factories import (
    make_article,
    make_author,
    make_draft,
    make_editor,
    make_image,
    make_issue,
    make_page,
    make_partner,
    make_publication,
    picture_bytes,
)

from .conftest import Contexts

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

TEXT = (
    "<p>In 2022 the ports closed.<small data-note>See <em>Harbour Review</em>, "
    '<a href="https://example.org/a?b=1&amp;c=2">no. 4</a>.</small> Grain<small data-note>One.</small>'
    "<small data-note>Two, beside it.</small> went by <strong>rail</strong> at 10<sup>6</sup> t of CO<sub>2</sub>.</p>"
    "<p>A line<br>and another; a&nbsp;space that does not break, &lt;angles&gt; &amp; an ampersand.</p>"
    "<h3>The numbers</h3><h4>In detail</h4>"
    '<ul><li>first</li><li>second<ul><li>deeper</li></ul></li></ul><ol start="3"><li>three</li><li><p>four</p></li></ol>'
    "<blockquote><p>A quotation.</p><p>In two.</p></blockquote><blockquote>A bare one.</blockquote>"
    '<table><caption>Tonnage, <em>estimated</em></caption><thead><tr><th scope="col">Port</th><th scope="col">Tons</th></tr>'
    '</thead><tbody><tr><td>Ismere<small data-note>In ice.</small></td><td><p>12</p><p>13</p></td></tr><tr><td colspan="2">'
    '<p>Total</p></td></tr><tr><td rowspan="2">Two rows</td><td></td></tr><tr><td><ul><li>x</li></ul></td></tr></tbody></table>'
    '<figure data-image="{key}" data-alt="A ferry &amp; a pier"><figcaption>The ferry, <em>in winter</em>.</figcaption></figure>'
    '<figure data-image="{key}"></figure><p><a href="/about/">Here</a>, <a href="mailto:a@example.org">there</a>.</p>'
)


EDITORS_ARE_READY = """
    [...document.querySelectorAll("textarea[data-django-prose-editor-configurable]:not([id*=__prefix__])")]
        .every((text) => text.closest(".prose-editor"))
"""


@pytest.fixture(autouse=True)
def forms_look_up_each_row(settings: Any) -> None:
    settings.ZEAL_NPLUSONE_THRESHOLD = 1000  # as Django's formsets and taggit do


@pytest.fixture
def editor() -> User:
    return make_editor(username="nadia")


@pytest.fixture
def context(browser: Browser, live_server: LiveServer, editor: User, contexts: Contexts) -> BrowserContext:
    signed_in = Client()
    signed_in.force_login(editor)
    context = contexts.watch(browser.new_context(viewport={"width": 1440, "height": 900}))
    # A sign of life that came while the tables are emptied would find them locked; test_writing.py is about these.
    context.route("**/at-work/", lambda route: route.fulfill(json={}))
    context.add_cookies([{"name": "sessionid", "value": signed_in.cookies["sessionid"].value, "url": live_server.url}])
    return context


@pytest.fixture
def page(context: BrowserContext, request: pytest.FixtureRequest) -> Iterator[Page]:
    page, troubles = context.new_page(), []
    page.on("console", lambda said: troubles.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: troubles.append(str(error)))
    yield page
    asked_for = ["the server responded with a status of 409"]
    if request.node.name == "test_what_is_pasted_cannot_run":
        asked_for += ["violates the following Content Security Policy directive"]  # what was pasted tried to
    assert [trouble for trouble in troubles if not any(words in trouble for words in asked_for)] == []


def change(live_server: LiveServer, article: Article) -> str:
    return f"{live_server.url}/admin/articles/article/{article.pk}/change/"


def text_of(page: Page, name: str) -> str:
    return f".field-{name} .ProseMirror[contenteditable=true]"


def touch(page: Page, name: str) -> None:
    """Type a letter and take it back, so that the editor writes the whole text anew."""
    page.locator(f"{text_of(page, name)} > p").first.click()
    page.keyboard.press("Home")
    page.keyboard.type("x")
    page.keyboard.press("Backspace")


def save(page: Page) -> None:
    with page.expect_navigation():
        page.get_by_role("button", name="Save and continue editing").click()


def test_a_text_comes_back_as_it_was(page: Page, live_server: LiveServer) -> None:
    image = make_image()
    article = make_draft(background=TEXT.replace("{key}", image.key))
    stored = Article.objects.get(pk=article.pk).background
    assert "<caption>" in stored
    page.goto(change(live_server, article))
    touch(page, "background")
    assert page.input_value("#id_background") == stored
    save(page)
    article.refresh_from_db()
    assert article.background == stored
    assert article.revisions.count() == 0  # nothing was changed


def test_it_comes_back_untouched_too(page: Page, live_server: LiveServer) -> None:
    article = make_draft(background=TEXT.replace("{key}", make_image().key), summary="<p>A <em>b</em>.</p>")
    stored = Article.objects.get(pk=article.pk)
    page.goto(change(live_server, article))
    expect(page.locator(text_of(page, "background"))).to_be_visible()
    save(page)
    article.refresh_from_db()
    assert (article.background, article.summary) == (stored.background, stored.summary)


def test_what_is_pasted_cannot_run(page: Page, live_server: LiveServer) -> None:
    page.goto(change(live_server, make_draft(body="<p>Here: </p>")))
    expect(page.locator(text_of(page, "body"))).to_be_visible()
    page.evaluate(
        """selector => {
            const data = new DataTransfer()
            data.setData("text/html", '<p>a<small data-note><img src=x onerror="window.ran=1">n</small>'
                + '<a href="javascript:window.ran=1">l</a><svg onload="window.ran=1"></svg>'
                + '</p><table><caption><img src=x onerror="window.ran=1">c</caption><tr><td>1</td></tr></table>')
            document.querySelector(selector).dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }))
        }""",
        text_of(page, "body"),
    )
    expect(page.locator(f"{text_of(page, 'body')} .note")).to_have_count(1)
    page.wait_for_timeout(500)  # a picture that cannot be loaded says so a moment later
    assert page.evaluate("window.ran") is None
    assert "javascript:" not in page.input_value("#id_body")


def test_a_footnote_is_inserted_changed_and_removed(page: Page, live_server: LiveServer) -> None:
    article = make_draft(background="<p>The ports closed.</p>")
    page.goto(change(live_server, article))
    page.locator(f"{text_of(page, 'background')} > p").click()
    page.keyboard.press("End")
    page.get_by_role("button", name="Footnote (Ctrl+Alt+F)").first.click()
    dialog = page.get_by_role("dialog", name="Footnote")
    dialog.locator("[contenteditable=true]").click()
    page.keyboard.type("See the ")
    page.keyboard.press("Control+i")
    page.keyboard.type("Review")
    dialog.get_by_role("button", name="Save note").click()
    assert page.input_value("#id_background") == (
        '<p>The ports closed.<small data-note="">See the <em>Review</em></small></p>'
    )
    page.locator(".note").dblclick()
    dialog.locator("[contenteditable=true]").click()
    page.keyboard.press("Control+End")
    page.keyboard.type(", no. 4")
    dialog.get_by_role("button", name="Save note").click()
    assert "<em>Review, no. 4</em></small></p>" in page.input_value("#id_background")
    save(page)
    article.refresh_from_db()
    assert article.background == '<p>The ports closed.<small data-note="">See the <em>Review, no. 4</em></small></p>'
    page.locator(".note").dblclick()
    dialog.get_by_role("button", name="Remove note").click()
    assert page.input_value("#id_background") == "<p>The ports closed.</p>"


def test_a_note_or_a_figure_takes_no_words_away(page: Page, live_server: LiveServer) -> None:
    image = make_image(credit="A harbour")
    page.goto(change(live_server, make_draft(body="<p>alpha beta</p>")))
    page.locator(f"{text_of(page, 'body')} > p").click()
    page.keyboard.press("End")
    page.keyboard.press("Control+Shift+ArrowLeft")
    page.locator(".field-body").get_by_role("button", name="Footnote (Ctrl+Alt+F)").click()
    dialog = page.get_by_role("dialog", name="Footnote")
    dialog.locator("[contenteditable=true]").click()
    page.keyboard.type("A letter.")
    dialog.get_by_role("button", name="Save note").click()
    assert page.input_value("#id_body") == '<p>alpha beta<small data-note="">A letter.</small></p>'
    page.locator(f"{text_of(page, 'body')} > p").click()
    page.keyboard.press("Home")
    page.keyboard.press("Control+Shift+ArrowRight")
    page.locator(".field-body").get_by_role("button", name="figure").click()
    dialog = page.get_by_role("dialog", name="Figure")
    dialog.get_by_text("A harbour").click()
    dialog.get_by_role("button", name="Insert").click()
    text = page.input_value("#id_body")
    assert f'data-image="{image.key}"' in text
    assert "alpha" in text
    assert "beta" in text


def test_a_figure_is_chosen_or_uploaded(page: Page, live_server: LiveServer) -> None:
    known = make_image(credit="A harbour")
    article = make_draft(body="<p>Text.</p>", category=Category.objects.get(slug="news-digest"))
    page.goto(change(live_server, article))
    page.locator(f"{text_of(page, 'body')} > p").click()
    page.locator(".field-body").get_by_role("button", name="figure").click()
    dialog = page.get_by_role("dialog", name="Figure")
    dialog.get_by_role("searchbox").fill("harbour")
    dialog.get_by_text("A harbour").click()
    dialog.get_by_label("What it shows").fill("A harbour at night")
    dialog.get_by_role("button", name="Insert").click()
    assert f'<figure data-image="{known.key}" data-alt="A harbour at night"></figure>' in page.input_value("#id_body")
    page.get_by_role("button", name="Change image").click()
    dialog.locator("input[type=file]").set_input_files(
        {"name": "ferry.jpg", "mimeType": "image/jpeg", "buffer": picture_bytes(90, 60)}
    )
    expect(dialog.get_by_text("The image is here.")).to_be_visible()
    dialog.get_by_role("button", name="Save").click()
    uploaded = Image.objects.exclude(pk=known.pk).get()
    assert f'data-image="{uploaded.key}"' in page.input_value("#id_body")
    save(page)
    article.refresh_from_db()
    assert list(article.figures.all()) == [uploaded]


def test_bylines_are_moved_by_keyboard(page: Page, live_server: LiveServer) -> None:
    article = make_draft(authors=[make_author(name=name) for name in ("Ada", "Ben", "Cyd")])
    page.goto(change(live_server, article))
    page.get_by_role("button", name="Move up").nth(2).focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Now in place 1 of 3.")).to_be_attached()
    save(page)
    assert list(article.bylines.values_list("name", flat=True)) == ["Cyd", "Ada", "Ben"]


def test_a_new_byline_begins_with_what_is_known_of_its_author(page: Page, live_server: LiveServer) -> None:
    make_author(name="Nadia Orlo", affiliation="Littoral Institute", bio="<p>A fellow.</p>")
    article = make_draft()
    page.goto(change(live_server, article))
    page.get_by_role("button", name="Add another Author").or_(page.get_by_text("Add another Author")).click()
    page.locator("#bylines-0 .select2-selection").click()
    page.locator(".select2-search__field").fill("orlo")
    page.locator(".select2-results__option", has_text="Nadia Orlo").click()
    expect(page.locator("#id_bylines-0-affiliation")).to_have_value("Littoral Institute")
    expect(page.locator("#id_bylines-0-bio")).to_have_value("<p>A fellow.</p>")
    save(page)
    assert article.bylines.get().bio == "<p>A fellow.</p>"


def test_tags_are_completed_by_keyboard(page: Page, live_server: LiveServer) -> None:
    Tag.objects.create(name="Grain trade", slug="grain-trade")
    article = make_draft(tags=["Ports"])
    page.goto(change(live_server, article))
    page.locator("#id_tags").click()
    page.keyboard.press("End")
    page.keyboard.type(", gra")
    expect(page.get_by_role("option", name="Grain trade")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    save(page)
    assert sorted(article.tags.names()) == ["Grain trade", "Ports"]


def test_the_category_of_a_new_article_decides_its_fields(page: Page, live_server: LiveServer) -> None:
    page.goto(f"{live_server.url}/admin/articles/article/add/")
    expect(page.locator("fieldset.sections")).to_be_visible()
    expect(page.locator("fieldset.body")).to_be_hidden()
    page.locator("#id_category").select_option(label="News Digest")
    expect(page.locator("fieldset.sections")).to_be_hidden()
    expect(page.locator("fieldset.body")).to_be_visible()


def test_a_text_is_shown_whatever_the_category_says(page: Page, live_server: LiveServer) -> None:
    article = make_draft(background="<p>Text.</p>", category=Category.objects.get(slug="news-digest"))
    page.goto(change(live_server, article))
    expect(page.locator("fieldset.sections")).to_be_visible()
    expect(page.locator("fieldset.body")).to_be_hidden()


def test_without_scripts_a_text_is_still_written(
    browser: Browser, context: BrowserContext, live_server: LiveServer
) -> None:
    article = make_draft(background="<p>Before.</p>")
    plain = browser.new_context(java_script_enabled=False)
    plain.add_cookies(context.cookies())  # type: ignore[arg-type]
    page = plain.new_page()
    page.goto(change(live_server, article))
    page.locator("#id_background").fill("First.\n\nSecond.")
    page.locator("#id_body").fill("")
    save(page)
    plain.close()
    article.refresh_from_db()
    assert article.background == "<p>First.</p><p>Second.</p>"


def test_the_second_of_two_editors_keeps_their_text(page: Page, live_server: LiveServer) -> None:
    article = make_draft(title="Grain", background="<p>First.</p>")
    article.revise()
    page.goto(change(live_server, article))
    article.background = "<p>Theirs.</p>"
    article.save()
    article.revise(editor=make_editor(username="ben"))
    page.locator(text_of(page, "background")).click()
    page.keyboard.press("Control+End")
    page.keyboard.type(" Mine.")
    with page.expect_navigation() as answer:
        page.get_by_role("button", name="Save and continue editing").click()
    assert answer.value.status == 409
    expect(page.locator(".errorlist").first).to_contain_text("ben saved revision 2")
    expect(page.locator(text_of(page, "background"))).to_have_text("First. Mine.")
    expect(page.locator(".conflicts")).to_contain_text("Theirs.")
    page.get_by_label("Put my text in the place of revision 2").check()
    save(page)
    article.refresh_from_db()
    assert article.background == "<p>First. Mine.</p>"


def test_a_filter_is_searched_for(page: Page, live_server: LiveServer) -> None:
    ada = make_author(name="Ada Orlo")
    make_article(title="Hers", authors=[ada])
    make_article(title="Not hers")
    page.goto(f"{live_server.url}/admin/articles/article/")
    page.locator("#filter-author + .select2 .select2-selection").click()
    page.locator(".select2-search__field").fill("orlo")
    with page.expect_navigation():
        page.locator(".select2-results__option", has_text="Ada Orlo").click()
    assert page.url.endswith(f"?author={ada.pk}")
    expect(page.locator("#result_list tbody tr")).to_have_count(1)


def test_every_page_is_at_home_on_every_screen(
    browser: Browser, context: BrowserContext, live_server: LiveServer
) -> None:
    image = make_image(1600, 900, credit="A harbour with quite a long credit line, photographed by somebody")
    issue = make_issue(date=date(2016, 3, 15), volume=18, number=5)
    article = make_article(
        title="Donaudampfschifffahrtsgesellschaftskapitänsverordnung and its consequences",
        background=TEXT.replace("{key}", image.key),
        authors=[make_author(name="Ada Orlo", photo=image), make_author()],
        lead_image=image,
        issue=issue,
        tags=["Ports"],
    )
    article.revise()
    publication, partner, flat = make_publication(authors=["Ada"], cover=image), make_partner(logo=image), make_page()
    rows = [article, article.bylines.all()[0].author, issue, image, publication, partner, flat]
    paths = [f"/admin/{row._meta.app_label}/{row._meta.model_name}/" for row in rows]
    paths += [f"{path}{row.pk}/change/" for path, row in zip(paths, rows, strict=True)]
    paths += ["/admin/", "/admin/articles/article/add/", "/admin/articles/article/import/"]
    paths += [f"/admin/articles/article/{article.pk}/revisions/", f"/admin/articles/article/{article.pk}/delete/"]
    paths += [
        f"/admin/articles/issue/{issue.pk}/board/",
        "/admin/articles/issue/calendar/",
        "/admin/articles/preferences/",
    ]
    seen = browser.new_context(viewport={"width": 360, "height": 900}, color_scheme="dark")
    seen.add_cookies(context.cookies())  # type: ignore[arg-type]
    troubles = [trouble for path in paths for trouble in _troubles(seen, live_server.url + path)]
    seen.close()
    assert troubles == []


def _troubles(context: BrowserContext, url: str) -> list[str]:
    """In one visit, in which the window grows from a telephone's."""
    page, found = context.new_page(), []
    page.on("console", lambda said: found.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on("response", lambda answer: found.append(f"{answer.status} {answer.url}") if answer.status > 399 else None)
    page.goto(url, wait_until="load")
    page.wait_for_function(EDITORS_ARE_READY)
    for width in (360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        wide = page.evaluate("document.documentElement.scrollWidth")
        found += [f"{wide} px wide, not {width}"] if wide > width else []
    page.close()
    return [f"{url}: {words}" for words in found]
