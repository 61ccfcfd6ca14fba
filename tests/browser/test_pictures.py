"""Which rendition Chromium takes: one of each image, and at most twice as wide as it is shown."""

from typing import Any
from urllib.parse import urlsplit

import pytest

from articles.models import Image
from tests.factories import make_article, make_author, make_image, make_partner, make_publication

SHOWN = """async () => {
    for (const image of document.images) image.loading = "eager"
    await Promise.all([...document.images].map(image => image.decode()))
    return [...document.images].filter(image => image.checkVisibility())
        .map(image => [new URL(image.currentSrc).pathname, image.getBoundingClientRect().width])
}"""
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]


@pytest.fixture
def journal() -> None:
    wide, cover, logo = make_image(1250, 735), make_image(600, 900), make_image(300, 100)
    for image in (wide, cover, logo):
        image.make_renditions()
        image.refresh_from_db()
    author = make_author(name="Ann Lee", slug="ann", photo=cover)
    figure = f'<figure data-image="{cover.key}" data-alt="A dam"></figure>'
    make_article(slug="grain", lead_image=wide, authors=[author], body=figure)
    make_publication(slug="low-water", authors=["Ann Lee"], cover=cover)
    make_partner(logo=logo)


def asked(url: str) -> list[str]:
    """The key of an image, if it is the address of one."""
    path = urlsplit(url).path
    return [path.split("/")[2]] if path.startswith("/media/") else []


@pytest.mark.parametrize("width", [360, 1440])
def test_each_image_is_fetched_once_and_little_wider_than_it_is_shown(browser: Any, live_server, journal, width):
    lead = Image.objects.get(width=1250)
    for path in ("/", "/articles/grain/", "/articles/", "/authors/ann/", "/publications/low-water/"):
        page = browser.new_page(viewport={"width": width, "height": 800})  # it knows no larger one from another page
        fetched: list[str] = []
        page.on("request", lambda request, fetched=fetched: fetched.extend(asked(request.url)))
        page.goto(live_server.url + path, wait_until="load")
        assert fetched.count(lead.key) <= 1, (path, "the lead image was fetched twice")
        for source, shown in page.evaluate(SHOWN):
            chosen = int(source.rpartition("/")[2].partition(".")[0])
            assert source.endswith(".avif")
            assert chosen <= 2 * shown, (path, source, shown)
        page.close()


def test_a_missing_file_leaves_no_hole_and_no_error(browser: Any, live_server, journal, tmp_path):
    for file in (tmp_path / "public" / "renditions").rglob("*.*"):
        file.unlink()
    page = browser.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text))
    page.goto(f"{live_server.url}/articles/grain/", wait_until="load")
    assert page.evaluate("[...document.images].filter(image => image.complete && !image.naturalWidth).length") == 0
    box = page.locator(".lead-figure img").bounding_box()
    assert box is not None
    assert round(box["width"] / box["height"], 1) == 1.7
    assert errors == []
    page.close()
