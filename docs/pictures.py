"""Takes the pictures of the pages from a journal that runs with the sample texts: `python docs/pictures.py http://localhost:8000`.

One sheet a page: at the widths of a desk, a tablet and a telephone, in light and dark, and as it is printed.
"""

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

FOLDER = Path(__file__).parent / "images" / "pages"
WIDTHS, HEIGHT, PAPER = (1440, 768, 360), 1100, 794
SCALE, GAP, GROUND = 0.5, 16, "#8a8a8a"
PAGES = {
    "front": "/",
    "article": "/articles/{article}/",
    "long-title": "/articles/{long}/",
    "list": "/articles/",
    "issue": "/issues/{issue}/",
    "archive": "/issues/",
    "author": "/authors/{author}/",
    "search": "/search/?q=grain",
    "publications": "/publications/",
    "newsletter": "/newsletter/",
}


def main(site: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        known = _addresses(browser, site)
        for name, path in PAGES.items():
            sheet = _sheet(_looks(browser, site + path.format(**known)))
            sheet.save(FOLDER / f"{name}.webp", quality=60, method=6)
            print(f"{name}.webp  {(FOLDER / f'{name}.webp').stat().st_size // 1024} KB")
        browser.close()


def _addresses(browser: Browser, site: str) -> dict[str, str]:
    """The sample's longest title, its newest article, and what that is linked with."""
    page = browser.new_page()

    def links(path: str, prefix: str) -> list[tuple[str, str]]:
        page.goto(site + path)
        found = page.locator(f"main a[href^='{prefix}']").all()
        pairs = [((link.get_attribute("href") or "").split("/")[2], link.inner_text()) for link in found]
        return [(slug, text) for slug, text in pairs if slug and text.strip()]

    articles = links("/articles/", "/articles/")
    known = {"article": articles[0][0], "long": max(articles, key=lambda pair: len(pair[1]))[0]}
    known["author"] = links(f"/articles/{known['article']}/", "/authors/")[0][0]
    known["issue"] = links("/issues/", "/issues/")[0][0]
    page.close()
    return known


def _looks(browser: Browser, url: str) -> list[Image.Image]:
    ways = [(width, scheme, "screen") for width in WIDTHS for scheme in ("light", "dark")] + [(PAPER, "light", "print")]
    return [_look(browser, url, *way) for way in ways]


def _look(browser: Browser, url: str, width: int, scheme: str, medium: str) -> Image.Image:
    page = browser.new_page(viewport={"width": width, "height": HEIGHT}, color_scheme=scheme)  # type: ignore[arg-type]
    page.emulate_media(media=medium)  # type: ignore[arg-type]
    page.goto(url, wait_until="networkidle")
    shot = Image.open(BytesIO(page.screenshot()))
    page.close()
    return shot.resize((round(width * SCALE), round(HEIGHT * SCALE)), Image.Resampling.LANCZOS)


def _sheet(looks: list[Image.Image]) -> Image.Image:
    width = sum(look.width for look in looks) + GAP * (len(looks) + 1)
    sheet, left = Image.new("RGB", (width, looks[0].height + 2 * GAP), GROUND), GAP
    for look in looks:
        sheet.paste(look, (left, GAP))
        left += look.width + GAP
    return sheet


if __name__ == "__main__":
    main(sys.argv[1].rstrip("/"))
