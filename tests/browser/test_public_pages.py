"""Every public page in a browser: no errors, nothing from elsewhere, nothing kept, nothing to scroll sideways."""

from datetime import UTC, date, datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page

from articles.models import Article
from publications.models import Publication
from reads.models import ReportLink
from reads.tallying import rank
from tests.factories import (
    make_article,
    make_author,
    make_image,
    make_issue,
    make_page,
    make_partner,
    make_publication,
)
from tests.newsletter.makers import make_edition, make_event

PATHS = {
    "/": 200, "/articles/": 200, "/articles/?year=2016&category=analytical-articles": 200, "/articles/grain/": 200,
    "/articles/arabic/": 200, "/articles/taken-back/": 410, "/categories/analytical-articles/": 200, "/tags/water/": 200,
    "/authors/": 200, "/authors/ann/": 200, "/issues/": 200, "/issues/2016-03-16/": 200, "/publications/": 200,
    "/publications/low-water/": 200, "/about/": 200, "/nothing/": 404, "/articles/?page=zzz": 404,
    "/search/": 200, "/search/?q=water": 200, "/search/?q=zzz&year=2016": 200, "/search/?q=donaudampfschifffahrt&tag=water": 200,
    "/most-read/": 200, "/most-read/?period=ever&category=analytical-articles": 200, "/reads/": 200, "/reads/ann-s-secret/": 200,
    "/newsletter/": 200, "/newsletter/sent/": 200, "/newsletter/unsubscribe/x/": 200, "/newsletter/confirm/x/": 404,
    "/articles/corrected/": 200, "/articles/corrected/changes/1/": 200, "/newsletter/editions/number-5/": 200, "/events/": 200, "/events/talk/": 200,
}  # fmt: skip
WIDTHS = (360, 1440)
SCHEMES = ("light", "dark")
COLOURS = ["color-contrast", "link-in-text-block"]  # of axe's rules, all that depend on the scheme
HALVES = (list(PATHS)[::2], list(PATHS)[1::2])  # for two who test at once
AXE = Path(__file__).resolve().parents[2] / "node_modules/axe-core/axe.min.js"
pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True, serialized_rollback=True),
]


@pytest.fixture
def journal() -> None:
    """One of everything, with words and tables that are too wide for a telephone."""
    issue = make_issue(date=date(2016, 3, 16), volume=18, number=5)
    authors = [make_author(name="Ann Lee", slug="ann", photo=make_image(), bio="<p>A fellow.</p>"), make_author()]
    table = (
        f"<table><tr>{'<th>A column with a long heading</th>' * 8}</tr><tr>{'<td>1,000,000,000</td>' * 8}</tr></table>"
    )
    figure = make_image(900, 500, credit="example.org")
    make_article(
        slug="grain", title="Donaudampfschifffahrtsgesellschaftskapitänsverordnung " * 3, authors=authors, tags=["Water"],
        issue=issue, lead_image=make_image(1600, 900, credit="example.org, accessed on March 9, 2016"),
        dateline="March 15th, 2016, The Analyst", doi="10.5555/a-long-identifier-that-goes-on-and-on-and-on-and-on",
        background=f"<p>{'Word ' * 200}<small data-note>{'x' * 300}</small></p>{table}",
        implications=f'<figure data-image="{figure.key}" data-alt="A dam"><figcaption>The dam.</figcaption></figure>',
        imported_reads=15880, imported_reads_on=date(2026, 11, 1),
    )  # fmt: skip
    make_article(slug="arabic", title="مياه الشتاء", language="ar", issue=issue, body="<h3>نص</h3><p>هذا نص قصير.</p>")
    make_article(slug="taken-back").withdraw("It rested on a forged letter.")
    corrected = make_article(slug="corrected", background=f"<p>{'Word ' * 50} signed in 1997.</p>")
    old = corrected.revise()
    corrected.background = corrected.background.replace("1997", "1998")
    corrected.save()
    corrected.correct("correction", "An earlier version gave the wrong year.", old=old, new=corrected.revise())
    corrected.correct("retraction", "The data were invented.")
    make_publication(
        slug="low-water", title="Low water", authors=["Ann Lee"], authors_line="Ann Lee", cover=make_image(400, 600),
        outlet="The Post", date_text="May 2022", link="https://example.org/paper",
    )  # fmt: skip
    make_partner(logo=make_image(300, 100))
    ReportLink.objects.create(author=authors[0], secret="ann-s-secret")
    rank()
    talk = make_event(
        slug="talk",
        place="Port Sabel",
        description="<p>A talk.</p>",
        starts_at=datetime(2040, 1, 1, tzinfo=UTC),
        ends_at=datetime(2040, 9, 5, tzinfo=UTC),
        zone="America/Argentina/Buenos_Aires",
    )
    grain = Article.objects.get(slug="grain")
    make_edition(
        grain,
        talk,
        Publication.objects.get(),
        slug="number-5",
        state="sent",
        started_at=datetime(2026, 1, 1, tzinfo=UTC),
        scheduled=False,
    )
    make_page(slug="about", title="About", body=f"<h3>Us</h3>{table}")
    make_page(slug="imprint", title="Imprint", body="<p>A biweekly publication.</p>")


def troubles_of(context: BrowserContext, site: str, path: str, status: int) -> list[str]:
    """What is wrong with a page, in words."""
    found: list[str] = []
    page = context.new_page()
    page.on("console", lambda message: found.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    page.on(
        "request",
        lambda request: None if urlsplit(request.url).netloc == urlsplit(site).netloc else found.append(request.url),
    )
    page.on("requestfailed", lambda request: found.append(f"{request.url} failed"))
    response = page.goto(site + path, wait_until="load")
    # A page that is not found says so in the console, too.
    found = [words for words in found if not (status >= 400 and "the server responded with a status of" in words)]
    if response is None or response.status != status:
        found.append(f"answered {response and response.status}")
    for width in WIDTHS:  # one visit: what stands in the page depends on neither
        page.set_viewport_size({"width": width, "height": 800})
        for scheme in SCHEMES:
            page.emulate_media(color_scheme=scheme)
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                found.append(f"scrolls sideways, {width} px, {scheme}")
            wrong = barriers(page, COLOURS if scheme != SCHEMES[0] else None)
            found += [f"{barrier}, {width} px, {scheme}" for barrier in wrong]
    if page.evaluate("document.cookie + Object.keys(localStorage) + Object.keys(sessionStorage)"):
        found.append("keeps something in the browser")
    if page.evaluate("[...document.images].filter(image => image.complete && !image.naturalWidth).length"):
        found.append("has a broken picture")
    page.close()
    return found


def barriers(page: Page, rules: list[str] | None = None) -> list[str]:
    """What axe-core knows to keep somebody from using the page: WCAG 2.2 and its best practice, or these rules of it."""
    if not AXE.exists():  # `make test` has said so, and what must not be left out fails there
        return []
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.read_text())
    options = {"resultTypes": ["violations"], "preload": False} | ({"runOnly": rules} if rules else {})
    violations = page.evaluate("options => axe.run(document, options).then(result => result.violations)", options)
    return [f"{violation['id']}: {node['html'][:200]}" for violation in violations for node in violation["nodes"]]


@pytest.mark.parametrize("paths", HALVES, ids=["one half", "the other"])
def test_every_page_is_quiet_and_fits_by_day_and_by_night(browser, live_server, journal, paths):
    # Without the short fading of colours from one to the other, in the midst of which nobody reads.
    context = browser.new_context(viewport={"width": WIDTHS[0], "height": 800}, reduced_motion="reduce")
    context.route("**/read", lambda route: route.fulfill(json={"total": 15880}))  # what it tells has tests of its own
    troubles = {path: troubles_of(context, live_server.url, path, PATHS[path]) for path in paths}
    assert {path: words for path, words in troubles.items() if words} == {}
    assert context.cookies() == []
    context.close()


def test_the_way_to_the_text_is_the_first_stop_of_the_keyboard(browser, live_server, journal):
    page = browser.new_page()
    page.goto(f"{live_server.url}/articles/grain/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    box = page.locator(".skip-link").bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24
    page.close()


def test_what_is_pressed_is_large_enough_to_press(browser, live_server, journal):
    """WCAG 2.2, 2.5.8: 24 px, for what does not stand in a sentence."""
    page = browser.new_page(viewport={"width": 360, "height": 800})
    for path in ("/", "/articles/?year=2016", "/authors/", "/issues/", "/search/?q=water&year=2016"):
        page.goto(live_server.url + path)
        small = page.evaluate(
            """[...document.querySelectorAll("nav a, .filters :is(a, select, button), .search-form :is(select, button, input, label), .people a, .issues a")]
                .filter(link => link.checkVisibility() && link.getBoundingClientRect().height < 24)
                .map(link => link.textContent)"""
        )
        assert small == [], path
    page.close()


def test_a_note_is_read_where_it_is_cited(browser, live_server, journal):
    page = browser.new_page(viewport={"width": 360, "height": 700}, java_script_enabled=True)
    page.goto(f"{live_server.url}/articles/grain/")
    reference, note = page.locator("#note-ref-1"), page.locator("#note-1")
    reference.scroll_into_view_if_needed()
    at = page.evaluate("scrollY")
    reference.click()
    box = note.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    assert abs(box["y"] + box["height"] - 700) < 1, "it lies at the foot of the window"
    assert abs(page.evaluate("scrollY") - at) < 2, "the reader's place is kept"
    note.get_by_label("Back to where note 1 is cited").click()
    assert reference.bounding_box()["y"] < 700
    page.close()


def test_on_paper_there_is_the_article_and_no_navigation(browser, live_server, journal):
    page = browser.new_page()
    page.goto(f"{live_server.url}/articles/grain/")
    page.emulate_media(media="print")
    shown = page.evaluate(
        "[...document.querySelectorAll('nav, aside, form')].filter(part => part.checkVisibility()).length"
    )
    assert shown == 0
    assert page.locator("article h1").is_visible()
    page.close()
