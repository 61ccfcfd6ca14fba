"""Public pages for everybody: magnified, spaced out, by keyboard, on paper, and without script."""

from io import BytesIO

import pypdf
import pytest

from tests.browser.test_public_pages import barriers, journal  # noqa: F401
from tests.factories import make_article, make_image

PATHS = [
    "/",
    "/articles/",
    "/articles/grain/",
    "/articles/arabic/",
    "/authors/ann/",
    "/publications/low-water/",
    "/about/",
    "/search/?q=water",
]
NARROW, MIDDLE = {"width": 320, "height": 256}, {"width": 768, "height": 1024}  # 1280 by 1024 at 400 %, and a tablet
# https://www.w3.org/TR/WCAG22/#text-spacing: nothing may be lost when a reader sets these.
SPACED = "* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-block-end: 2em !important }"
OVERFLOWING = """() => [...document.querySelectorAll("main *, header *, footer *")].filter(node => {
    const box = node.getBoundingClientRect(), style = getComputedStyle(node);
    const scrolls = node.closest(".table-scroll");
    const cut = style.overflow === "hidden" && node.scrollWidth > node.clientWidth + 1 && !node.closest(".skip-link");
    return box.width && !scrolls && (box.right > document.documentElement.clientWidth + 1 || box.left < -1 || cut);
}).map(node => node.outerHTML.slice(0, 120))"""
SMALL = """() => [...document.querySelectorAll("a, button, select, input")].filter(node => {
    const box = node.getBoundingClientRect();
    const stands_in_a_line = getComputedStyle(node).display === "inline" && node.closest("p, dd, li, figcaption, h1, h2, h3, td");
    return node.checkVisibility() && !node.matches(".skip-link") && node.tabIndex >= 0 && box.width && !stands_in_a_line && Math.min(box.width, box.height) < 24;
}).map(node => node.outerHTML.slice(0, 120))"""
FOCUSED = """() => {
    const node = document.activeElement, box = node.getBoundingClientRect(), style = getComputedStyle(node);
    const x = Math.min(Math.max(box.left + 2, 0), innerWidth - 1), y = Math.min(Math.max(box.top + 2, 0), innerHeight - 1);
    const over = document.elementFromPoint(x, y);
    const covered = over && over !== node && !node.contains(over) && !over.contains(node);
    const hidden = box.bottom <= 0 || box.top >= innerHeight || !box.width;
    const ringless = style.outlineStyle === "none" || !parseFloat(style.outlineWidth);
    return {html: node.outerHTML.slice(0, 120), is_body: node === document.body, wrong: covered || hidden || ringless};
}"""
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def page(browser, request):
    context = browser.new_context(**getattr(request, "param", {"viewport": NARROW, "reduced_motion": "reduce"}))
    yield context.new_page()
    context.close()


def test_nothing_is_lost_at_four_hundred_percent_or_with_spaced_text(page, live_server, journal):  # noqa: F811
    for path in PATHS:
        page.goto(live_server.url + path)
        assert page.evaluate(OVERFLOWING) == [], path
        page.evaluate(
            "style => { const sheet = new CSSStyleSheet(); sheet.replaceSync(style); document.adoptedStyleSheets = [sheet] }",
            SPACED,
        )
        assert page.evaluate(OVERFLOWING) == [], f"{path}, spaced"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@pytest.mark.parametrize("page", [{"viewport": MIDDLE}], indirect=True)
def test_a_tablet_shows_no_barrier_and_no_target_that_is_too_small(page, live_server, journal):  # noqa: F811
    for path in PATHS:
        page.goto(live_server.url + path)
        assert barriers(page) == [], path
        assert page.evaluate(SMALL) == [], path


def test_the_keyboard_goes_through_a_page_and_is_always_seen(page, live_server, journal):  # noqa: F811
    for path in ("/", "/articles/?year=2016", "/articles/grain/", "/search/?q=water"):
        page.goto(live_server.url + path)
        stops = page.evaluate(
            "[...document.querySelectorAll('a[href], button, select, input, [tabindex]')].filter(node => node.tabIndex >= 0 && node.checkVisibility()).length"
        )
        seen = []
        for _ in range(stops + 2):
            page.keyboard.press("Tab")
            stop = page.evaluate(FOCUSED)
            if stop["is_body"]:
                break
            assert not stop["wrong"], (path, stop["html"])
            seen.append(stop["html"])
        assert len(seen) >= stops, path


# On paper


def printed(page, url):
    page.goto(url)
    reader = pypdf.PdfReader(
        BytesIO(page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "2cm")))
    )
    return reader, " ".join(" ".join(sheet.extract_text() for sheet in reader.pages).split())


def test_paper_has_the_text_the_credit_and_where_links_lead(page, live_server, journal):  # noqa: F811
    words = " ".join(f"word{n}" for n in range(1200))
    make_article(
        slug="printed", title="On paper", lead_image=make_image(900, 500, source="img.example.org", accessed_on="2016-03-09"), lead_image_caption="The quay",
        background=f'<p>See <a href="https://other.example/a?b=1">the report</a>. {words}</p>', conclusions="<p>The last sentence.</p>",
    )  # fmt: skip
    reader, text = printed(page, f"{live_server.url}/articles/printed/")
    assert len(reader.pages) >= 2
    for kept in (
        "On paper",
        "the report (https://other.example/a?b=1)",
        "The last sentence.",
        "Image Attribution: img.example.org, accessed on March 9, 2016",
        "/articles/printed/",
    ):
        assert kept in text, kept
    for left_out in ("Skip to the text", "All pages", "Staff Publications", "Visit also", "Menu", "Authors"):
        assert left_out not in text, left_out
    missing = [n for n in range(1200) if f"word{n} " not in text]
    assert missing == []
    for sheet in reader.pages:  # no line stands across the edge of the paper
        top, edge = float(sheet.mediabox.height), float(sheet.mediabox.width)
        at = []
        sheet.extract_text(
            visitor_text=lambda text, cm, tm, font, size, at=at: (
                at.append((cm[4] + tm[4] * cm[0], cm[5] + tm[5] * cm[3])) if text.strip() else None
            )
        )
        assert all(0 <= x < edge and 0 < y < top for x, y in at)


# Without script


@pytest.mark.parametrize("page", [{"java_script_enabled": False, "accept_downloads": True}], indirect=True)
def test_a_reader_without_script_searches_leafs_through_and_cites(page, live_server, journal):  # noqa: F811
    page.goto(live_server.url)
    page.get_by_role("navigation", name="Site").get_by_role("link", name="Search").click()
    page.get_by_role("searchbox").fill("water")
    page.get_by_role("button", name="Search").click()
    assert "found" in page.locator("h2").first.inner_text().lower()
    page.get_by_text("Narrow and sort").click()
    page.get_by_label("Year").select_option("2016")
    page.get_by_role("button", name="Search").click()
    assert "year=2016" in page.url
    page.goto(f"{live_server.url}/articles/")
    page.get_by_label("Year").select_option("2016")
    page.get_by_role("button", name="Show").click()
    page.locator("h3 a").first.click()
    assert page.locator("article h1").is_visible()
    page.goto(f"{live_server.url}/articles/grain/")
    page.get_by_role("link", name="Background", exact=True).first.click()
    assert page.url.endswith("#background")
    for name in ("BibTeX", "RIS", "CSL-JSON"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name, exact=True).click()
        assert download.value.suggested_filename.startswith("grain.")
    page.goto(f"{live_server.url}/issues/")
    page.locator(".issues a").first.click()
    assert page.locator("h1").is_visible()
