"""What a page's head and frame say: its address, its dates, and which element is the article."""

import re
from urllib.parse import urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(https?://[^\s<>\"]+)")
_K2_ID = re.compile(r"(?:startOfPageId|itemRatingForm|itemRatingLog)(\d+)")
_K2_LINK = re.compile(r"/item/(\d+)(?:-|$|[/?#.])|[?&]view=item&(?:amp;)?id=(\d+)")
_POST_ID = re.compile(r"post-(\d+)")
_LONGEST_ADDRESS = 500
# The first that exists is the article; of several alike the one with the most text.
_ARTICLES = (".itemView", "#k2Container", ".item-page", "article", '[itemprop="articleBody"]', ".entry-content", "main")


def meta(tree: LexborHTMLParser, *names: str) -> str | None:
    """The first of these meta tags that says something; "title" is the element."""
    for name in names:
        if name == "title":
            node = tree.css_first("head title")
            said = node.text() if node else ""
        else:
            node = tree.css_first(f'meta[name="{name}"], meta[property="{name}"], meta[itemprop="{name}"]')
            said = (node.attributes.get("content") or "") if node else ""
        if said.strip():
            return " ".join(said.split())
    return None


def address_of(tree: LexborHTMLParser, html: str = "") -> str | None:
    """Where the page lives: its canonical address, else what it was saved from, else its id in K2 or WordPress."""
    canonical = tree.css_first('link[rel="canonical"]')
    saved_from = _SAVED_FROM.search(html[:2000])
    said = [canonical.attributes.get("href") if canonical else None, meta(tree, "og:url"), saved_from and saved_from[1]]
    return next((address for address in said if address and _is_an_article(address)), None) or _system_id(tree)


def _is_an_article(address: str) -> bool:
    """Some sites name their front page as the canonical address of every page."""
    try:
        parts = urlsplit(address.strip())
    except ValueError:
        return False
    has_path = parts.path.strip("/") not in ("", "index.php") or bool(parts.query)
    return parts.scheme in ("http", "https") and bool(parts.hostname) and has_path and len(address) <= _LONGEST_ADDRESS


def _system_id(tree: LexborHTMLParser) -> str | None:
    for node in tree.css('[id^="startOfPageId"], [id^="itemRatingForm"], [id^="itemRatingLog"]'):
        found = _K2_ID.fullmatch(node.attributes.get("id") or "")
        if found:
            return f"k2:{found[1]}"
    title = tree.css_first(".itemView .itemTitle a[href], .itemView a.itemPrintLink[href]")
    link = _K2_LINK.search((title.attributes.get("href") or "") if title else "")
    if link:
        return f"k2:{link[1] or link[2]}"
    post = tree.css_first("article[id^=post-]")
    number = _POST_ID.fullmatch((post.attributes.get("id") or "") if post else "")
    return f"wordpress:{number[1]}" if number else None


def article_of(tree: LexborHTMLParser) -> LexborNode | None:
    """The element that holds the article, or nothing when the whole page is it."""
    for selector in _ARTICLES:
        nodes = tree.css(selector)
        if nodes:
            return max(nodes, key=_length)
    return None


def _length(node: LexborNode) -> int:
    return len(node.text(deep=True))
