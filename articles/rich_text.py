"""Rich text as it is stored: the HTML that a text may have, cleaned on every write, and its plain text."""

import re
from collections.abc import Callable
from functools import lru_cache
from html import escape
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import nh3
from django.core.validators import MaxLengthValidator
from django.db import models

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.utils.functional import _StrOrPromise

INLINE = {"a", "em", "strong", "sub", "sup", "small", "br"}
SUMMARY_TAGS = {"p", "em", "strong", "a"}
TAGS = INLINE | {
    "p", "h3", "h4", "ul", "ol", "li", "blockquote", "figure", "figcaption",
    "table", "caption", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href"},
    "ol": {"start"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan", "scope"},
    "figure": {"data-image", "data-alt"},
    "small": {"data-note"},
}
# What other editors call the same thing. They are kept through the first pass, so that no paragraph break is lost.
RENAMED = {"b": "strong", "i": "em", "h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4", "div": "p", "center": "p"}
LINK_SCHEMES = {"http", "https", "mailto"}
BLOCKS = TAGS - INLINE
LONGEST = 500_000  # characters of one field: a book; cleaning them takes a second at most
_RENAME = re.compile(rf"<(/?)({'|'.join(RENAMED)})>")
_VALUE = {
    "data-image": re.compile(r"[A-Za-z0-9_-]{1,64}"),
    "colspan": re.compile(r"[1-9]\d?"),
    "rowspan": re.compile(r"[1-9]\d?"),
    "start": re.compile(r"\d{1,4}"),
    "scope": re.compile(r"row|col|rowgroup|colgroup"),
}
# HTML cannot carry these, PostgreSQL refuses the first, and feeds break on the rest.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
_BLOCK = re.compile(rf"<(?:{'|'.join(sorted(BLOCKS))})[ >]")
_EMPTY = re.compile(r"<(p|h3|h4|em|strong|sub|sup)>(?:\s|&nbsp;|<br>)*</\1>")


_START_OR_END = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)([^<>]*>)?")
_NEVER_NEST = {"br", "img", "hr", "wbr", "col", "input", "meta", "link"}
_DEEPEST = 40  # no text needs more; a parser's time grows with the square of it


def _flattened(html: str) -> str:
    """Tags nested beyond all reason go; one that does not end becomes <wbr>, which does not nest and is not kept."""
    if html.count("<") <= _DEEPEST:
        return html
    depth = 0

    def bounded(tag: re.Match[str]) -> str:
        nonlocal depth
        depth = max(0, depth + (-1 if tag[1] else 1))
        if tag[2].lower() in _NEVER_NEST:
            depth -= not tag[1]
        if depth <= _DEEPEST:
            return tag[0]
        return "" if tag[3] else "<wbr"

    return _START_OR_END.sub(bounded, html)


def _attribute(tag: str, name: str, value: str) -> str | None:
    if name == "data-note":
        return ""
    allowed = _VALUE.get(name)
    return value if allowed is None or allowed.fullmatch(value) else None


# nh3's time grows with the square of these in one run of text. So they go through it as characters that no text has.
_AMPERSAND, _SPACE = "\ufdd0", "\ufdd1"
_BARE = re.compile(r"&(?:amp;|(?![A-Za-z#]))")


def _nh3(html: str, tags: set[str]) -> str:
    veiled = _BARE.sub(_AMPERSAND, html).replace("\xa0", _SPACE).replace("&nbsp;", _SPACE)
    cleaned = nh3.clean(
        veiled,
        tags=tags,
        clean_content_tags={"script", "style", "template", "title", "noscript", "iframe", "textarea"} - tags,
        # "*" stands for those of every tag; without it nh3 lets `title` and `lang` through.
        attributes={"*": set()} | {tag: names for tag, names in ATTRIBUTES.items() if tag in tags},
        attribute_filter=_attribute,
        url_schemes=LINK_SCHEMES,
        link_rel=None,
        strip_comments=True,
    )
    return cleaned.replace(_AMPERSAND, "&amp;").replace(_SPACE, "&nbsp;")


def _cleaned(html: str, tags: set[str]) -> str:
    html = _CONTROL.sub("", html).replace("\r\n", "\n").replace("\r", "\n")
    if "<" not in html and "&" not in html:
        return _paragraphs(html)
    wide = _nh3(_flattened(html), TAGS | set(RENAMED))
    text = _RENAME.sub(lambda tag: f"<{tag[1]}{RENAMED[tag[2]]}>", wide)
    # Moving one tag can move another: clean until nothing moves, so that clean(clean(x)) == clean(x).
    for _ in range(10):
        before, text = text, _in_paragraphs(_EMPTY.sub("", _nh3(text, tags)).strip())
        if text == before:
            return text
    return _paragraphs(text_of(text))


def _in_paragraphs(html: str) -> str:
    """Loose text becomes paragraphs, unless blocks stand in it."""
    return html if _BLOCK.search(html) else _paragraphs(html, escaped=True)


def _paragraphs(text: str, *, escaped: bool = False) -> str:
    """Plain text with blank lines becomes paragraphs."""
    parts = (part.strip() for part in re.split(r"\n\s*\n", text))
    return "".join(f"<p>{part if escaped else escape(part, quote=False)}</p>" for part in parts if part)


def clean(html: str) -> str:
    """Return the text with only the tags and attributes that an article may have. Idempotent."""
    return _cleaned(html, TAGS)


def clean_summary(html: str) -> str:
    """Return the text as prose of paragraphs, emphasis and links: for summaries and bios. Idempotent."""
    return _cleaned(html, SUMMARY_TAGS)


class ProseField(models.TextField):  # type: ignore[type-arg]
    """Rich text that is stored clean, whatever path it was written on."""

    default_validators = [
        MaxLengthValidator(LONGEST, "This text is longer than a book: at most %(limit_value)d characters.")
    ]

    def __init__(self, *args: Any, cleaner: Callable[[str], str] = clean, **kwargs: Any) -> None:
        self.cleaner = cleaner
        kwargs.setdefault("blank", True)
        kwargs.setdefault("default", "")
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, "django.db.models.TextField", args, kwargs

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = super().pre_save(model_instance, add)
        if isinstance(value, str):
            value = _Clean(self.cleaner(value))
            setattr(model_instance, self.attname, value)
        return value

    def get_db_prep_save(self, value: Any, connection: "BaseDatabaseWrapper") -> Any:
        if isinstance(value, str):  # QuerySet.update() does not pass pre_save()
            value = str(value if isinstance(value, _Clean) else self.cleaner(value))
        return super().get_db_prep_save(value, connection)


class _Clean(str):
    """A text that has just been cleaned: there is no need to do it twice in one save."""

    __slots__ = ()


def summary_field(verbose_name: "_StrOrPromise", **kwargs: Any) -> ProseField:
    return ProseField(verbose_name, cleaner=clean_summary, **kwargs)


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs: list[str] = [""]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("td", "th", "small", "br"):
            self.paragraphs[-1] += " "
        elif tag in BLOCKS:
            self.paragraphs.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "small":
            self.paragraphs[-1] += " "
        elif tag in BLOCKS and tag not in ("td", "th"):
            self.paragraphs.append("")

    def handle_data(self, data: str) -> None:
        self.paragraphs[-1] += data


_SPACES = re.compile(r"[ \t\n\r\f\v]+")


def text_of(html: str) -> str:
    """The plain text: a blank line between paragraphs, a footnote where it is cited."""
    parser = _Text()
    parser.feed(html)
    parser.close()
    paragraphs = (_SPACES.sub(" ", paragraph).strip() for paragraph in parser.paragraphs)
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


summary_text = lru_cache(maxsize=500)(text_of)  # of what is shown with each of its names: on its page, in lists
_TAG = re.compile(r"<[^>]*>")


def word_count(html: str) -> int:
    return len(_TAG.sub(" ", html).split())


_IMAGE_KEY = re.compile(r'<figure [^>]*?data-image="([A-Za-z0-9_-]+)"')


def image_keys(html: str) -> list[str]:
    """The keys of the images that stand in a text, in order."""
    return _IMAGE_KEY.findall(html)
