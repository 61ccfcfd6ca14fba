"""What elements of a page mean: which make a block, which set type, which are hidden, which say what they hold."""

import re
from collections.abc import Mapping

from .blocks import NOTE
from .headers import SECTIONS

Attributes = Mapping[str, str | None]

INVISIBLE = frozenset((
    "script", "style", "template", "noscript", "iframe", "object", "embed", "audio", "video", "canvas", "svg", "head",
    "title", "datalist", "meta", "link",
))  # fmt: skip
CONTROLS = frozenset(["button", "select", "option", "textarea", "input", "label"])
BLOCKS = frozenset((
    "p", "div", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "table", "caption", "thead", "tbody", "tfoot",
    "tr", "td", "th", "blockquote", "section", "article", "header", "footer", "aside", "nav", "main", "figure",
    "figcaption", "dl", "dt", "dd", "pre", "address", "form", "fieldset", "center", "hr", "details", "summary",
    "body",
))  # fmt: skip
CONTAINERS = {
    "ul": "ul", "ol": "ol", "li": "li", "table": "table", "caption": "caption", "thead": "thead", "tbody": "tbody",
    "tfoot": "tbody", "tr": "tr", "td": "td", "th": "th", "blockquote": "blockquote", "figure": "figure",
    "figcaption": "figcaption",
}  # fmt: skip
CELLS = ("td", "th")
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
MARKS = {"b": "strong", "strong": "strong", "i": "em", "em": "em", "cite": "em", "sub": "sub", "sup": "sup"}
_KEPT = {"ol": ("start",), "td": ("colspan", "rowspan"), "th": ("colspan", "rowspan", "scope")}

# K2 (item…), Joomla, WordPress, and pages of this product.
_ROLES = {
    "itemDateCreated": "date", "posted-on": "date", "entry-date": "date", "published": "date",
    "itemTitle": "title", "entry-title": "title", "post-title": "title",
    "itemCategory": "category", "cat-links": "category", "category-name": "category",
    "itemAuthor": "byline", "byline": "byline", "createdby": "byline",
    "itemHits": "reads", "hits": "reads",
    "itemDateModified": "modified", "modified": "modified", "updated": "modified",
    "itemTagsBlock": "tags", "tags-links": "tags", "tags": "tags",
    "itemImageCredits": "credit", "credit": "credit",
}  # fmt: skip
_FURNITURE = frozenset((
    "itemToolbar", "itemRatingBlock", "itemSocialSharing", "itemAuthorBlock", "itemAuthorLatest", "itemRelated",
    "article-info-term", "itemVideoBlock", "itemImageGallery", "itemNavigation", "itemBackToTop", "itemComments",
    "itemCommentsForm", "itemAttachmentsBlock", "itemEditLink", "itemTwitterButton", "itemFacebookButton",
    "itemGooglePlusOneButton", "sharedaddy", "jp-relatedposts", "post-navigation", "navigation", "comments-area",
    "comment-respond", "pager", "icons", "breadcrumb", "breadcrumbs", "skip-link",
))  # fmt: skip
_ENTRIES = {"publication": "publication"}  # of the staff, on our own pages
_FIGURES = {"itemImageBlock": "figure", "wp-caption": "figure", "wp-block-image": "figure"}
_LEADS = frozenset(("itemImageBlock", "lead-figure", "post-thumbnail"))
_CAPTIONS = {"itemImageCaption": "figcaption", "itemImageCredits": "figcaption", "wp-caption-text": "figcaption"}
_PROPERTIES = {
    "headline": "title", "datePublished": "date", "dateModified": "modified", "author": "byline", "keywords": "tags",
    "articleSection": "category",
}  # fmt: skip
_IDS = {
    **{name: name for name in (*SECTIONS, "body")},
    "about-the-author": "bios",
    "staff-publications": "staff",
    "visit-also": "visit",
    "newsletter-signup": "newsletter",
}
_DATA = {"data-summary": "summary", "data-dateline": "dateline"}
_HIDDEN_STYLE = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|font-size\s*:\s*0(?![.\d])", re.IGNORECASE
)
_HIDDEN_CLASSES = frozenset((
    "visually-hidden", "sr-only", "screen-reader-text", "screen-reader-only", "d-none", "hidden",
    "element-invisible",
))  # fmt: skip
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_ITALIC = re.compile(r"font-style\s*:\s*italic", re.I)
_LINK = re.compile(r"(?:https?://|mailto:)[^\s\"<>]+", re.I)


def classes(attributes: Attributes) -> list[str]:
    return (attributes.get("class") or "").split()


def is_hidden(attributes: Attributes) -> bool:
    if not attributes:
        return False
    return bool(
        "hidden" in attributes
        or _HIDDEN_STYLE.search(attributes.get("style") or "")
        or _HIDDEN_CLASSES.intersection(classes(attributes))
    )


def is_unspoken(attributes: Attributes) -> bool:
    """Kept from those who listen to a page. Who looks at it sees it, so it may be a word's first letter, or an icon."""
    return bool(attributes) and (attributes.get("aria-hidden") or "").lower() == "true"


def is_written(tag: str, text: str) -> bool:
    """Letters or digits; one alone in a block is a sign, such as the x that closes it."""
    return sum(map(str.isalnum, text)) > (tag in BLOCKS)


def role(tag: str, attributes: Attributes) -> str | None:
    """What an element says that it holds."""
    if not attributes:
        return "furniture" if tag in CONTROLS or tag == "nav" else None
    names = classes(attributes)
    said = next((_DATA[name] for name in _DATA if name in attributes), None)
    if tag in ("section", "aside", "form") and not said:
        said = _IDS.get(attributes.get("id") or "")
    said = said or next((_ROLES[name] for name in names if name in _ROLES), None)
    said = said or _PROPERTIES.get(attributes.get("itemprop") or "")
    said = said or ("record" if tag == "footer" and "record" in names else None)
    if said:
        return said
    # A paragraph is a text, whatever its class is called, unless it stands in furniture.
    is_furniture = tag in CONTROLS or tag == "nav" or (tag != "p" and _FURNITURE.intersection(names))
    return "furniture" if is_furniture else None


def told(tag: str, attributes: Attributes) -> str:
    """What an element says for machines."""
    if not attributes:
        return ""
    name = "datetime" if tag == "time" else "data-read-count"
    return attributes.get(name) or ""


def is_lead(attributes: Attributes) -> bool:
    return any(name in _LEADS for name in classes(attributes))


def marks(tag: str, attributes: Attributes) -> list[str]:
    """How an element sets its text, as opening tags."""
    found = [MARKS[tag]] if tag in MARKS else []
    if not attributes:
        return found
    style = attributes.get("style") or ""
    found += ["strong"] if _BOLD.search(style) else []
    found += ["em"] if _ITALIC.search(style) else []
    if tag == "small" and "data-note" in attributes:
        found.append(NOTE)
    if tag == "a":
        found += _link(attributes)
    return found


def _link(attributes: Attributes) -> list[str]:
    rel = (attributes.get("rel") or "").split()
    address = (attributes.get("href") or "").strip()
    found = ["link", *(name for name in ("author", "tag") if name in rel)]  # these help to read, and are not written
    return [*found, f'a href="{address.replace("&", "&amp;")}"'] if _LINK.fullmatch(address) else found


def container(tag: str, attributes: Attributes) -> str | None:
    """The opening tag of a list, table, quotation or figure, with what the stored text keeps of it."""
    if not attributes:
        return CONTAINERS.get(tag)
    names = classes(attributes)
    caption = next((_CAPTIONS[name] for name in names if name in _CAPTIONS), None)
    kept = caption or next((_FIGURES[name] for name in names if name in _FIGURES), None)
    kept = kept or next((_ENTRIES[name] for name in names if name in _ENTRIES), None) or CONTAINERS.get(tag)
    if kept is None:
        return None
    extra = [f' {name}="{attributes[name]}"' for name in _KEPT.get(kept, ()) if (attributes.get(name) or "").isalnum()]
    return kept + "".join(extra)
