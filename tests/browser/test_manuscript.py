"""From a Word file to a published, complete article: few clicks, and nothing typed."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import docx
import pytest
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article
from tests.factories import analytical, make_editor, picture_bytes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
MOST_CLICKS = 12
LINES = (
    "Grain and Power on the Inland Sea",
    "By Ada Person and Omar Reyes (March 15th, 2016 issue of the Analyst)",
    "The ports closed in autumn, and grain went by rail. Who owns the rails decides who eats.",
    "BACKGROUND: In 2022 the ports closed. For a decade before, ships had carried two thirds of the harvest.",
    "The first trains ran in November, at night, and at a loss.",
    "IMPLICATIONS: Freight rates doubled within a season, and three governments noticed.",
    "CONCLUSIONS: Little is certain but that grain will move.",
    "AUTHORS' BIO: Ada Person is a fellow at the Littoral Institute. Omar Reyes is a reporter in Ismere.",
)


@pytest.fixture
def manuscript(tmp_path: Path) -> Path:
    written = docx.Document()
    for line in LINES:
        written.add_paragraph(line)
    picture = written.add_picture(BytesIO(picture_bytes(640, 400)))
    picture._inline.docPr.set("descr", "A train beside an empty port")  # what Word calls its alternative text
    written.add_paragraph("Image Attribution: rails.example, accessed on March 9, 2016")
    written.save(str(tmp_path / "grain.docx"))
    return tmp_path / "grain.docx"


@pytest.fixture
def desk(browser: Browser, live_server: LiveServer, settings: Any) -> Iterator[Page]:
    settings.ZEAL_NPLUSONE_THRESHOLD = 1000  # Django's formsets and taggit look rows up one by one
    signed_in = Client()
    signed_in.force_login(make_editor())
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_cookies([{"name": "sessionid", "value": signed_in.cookies["sessionid"].value, "url": live_server.url}])
    page = context.new_page()
    page.goto(f"{live_server.url}/admin/articles/article/")
    yield page
    context.route("**/at-work/", lambda route: route.fulfill(json={}))
    page.wait_for_timeout(200)
    context.close()


def test_from_a_word_file_to_a_published_article(desk: Page, manuscript: Path, live_server: LiveServer) -> None:
    analytical()
    clicks: list[Locator] = []

    def click(what: Locator) -> None:
        clicks.append(what)
        what.click()

    click(desk.get_by_role("link", name="New article from a manuscript"))
    clicks.append(desk.locator("input[type=file]"))  # and the file itself, in the dialog of the system
    desk.locator("input[type=file]").set_input_files(manuscript)
    click(desk.get_by_role("button", name="Make a draft of it"))
    expect(desk.get_by_role("heading", name="What was recognised")).to_be_visible()
    click(desk.get_by_role("button", name="Make it Analytical Articles"))
    expect(desk.get_by_text("✓ accepted: Analytical Articles")).to_be_visible()
    click(desk.get_by_role("link", name="Open the draft"))
    clicks.append(desk.locator("#id_status"))
    desk.locator("#id_status").select_option("published")
    with desk.expect_navigation():
        click(desk.get_by_role("button", name="Save", exact=True))
    assert len(clicks) <= MOST_CLICKS

    article = Article.objects.get()
    assert article.is_published()
    desk.goto(f"{live_server.url}{article.get_absolute_url()}")
    expect(desk.locator("h1")).to_have_text(LINES[0])
    for place, text in {
        "#background": "at a loss.", "#implications": "Freight rates doubled", "#conclusions": "grain will move.",
        "[data-summary]": "Who owns the rails", "[data-dateline]": "March 15th, 2016", "figure": "rails.example",
        "#about-the-author": "Omar Reyes is a reporter in Ismere.",
    }.items():  # fmt: skip
        expect(desk.locator(place).first).to_contain_text(text)
    assert [link.inner_text() for link in desk.locator("a[rel=author]").all()] == ["Ada Person", "Omar Reyes"]


def test_a_file_is_dropped_on_the_page(desk: Page, manuscript: Path) -> None:
    desk.get_by_role("link", name="New article from a manuscript").click()
    desk.wait_for_load_state("load")
    with desk.expect_navigation():
        desk.evaluate(
            """async () => {
                const files = new DataTransfer()
                files.items.add(new File(["Grain\\n\\nBy Ada Person\\n\\nThe ports closed, and grain went by rail."], "grain.txt"))
                const drop = (name) => new DragEvent(name, { dataTransfer: files, bubbles: true, cancelable: true })
                document.body.dispatchEvent(drop("dragenter"))
                document.body.dispatchEvent(drop("drop"))
            }"""
        )
    expect(desk.get_by_role("heading", name="What was recognised")).to_be_visible()


def test_what_is_pasted_keeps_its_form(desk: Page) -> None:
    desk.get_by_role("link", name="New article from a manuscript").click()
    desk.wait_for_load_state("load")
    desk.evaluate(
        """() => {
            const field = document.querySelector("[name=pasted]")
            const held = new DataTransfer()
            held.setData("text/html", "<html><body><h1>Grain</h1><p>By Ada Person</p><p>The ports <b>closed</b>, and grain went by rail.</p></body></html>")
            field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: held, bubbles: true }))
            field.value = "Grain"
            field.dispatchEvent(new InputEvent("input", { inputType: "insertFromPaste" }))
        }"""
    )
    desk.get_by_role("button", name="Make a draft of it").click()
    expect(desk.get_by_role("heading", name="What was recognised")).to_be_visible()
    assert "<strong>closed</strong>" in Article.objects.get().body
