"""How text looks: bold, italic, raised, hidden; said directly or by a style. And which style is a heading or a list."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import NamedTuple
from xml.etree.ElementTree import Element

from .markup import inside, switch, value

HEADING = re.compile(r"heading ([1-9])\b")
LEVELS = set("012345678")
QUOTES = {"quote", "intense quote", "block text", "quotations", "block quotation"}


class Marks(NamedTuple):
    """What one rPr says; None is "not said"."""

    bold: bool | None = None
    italic: bool | None = None
    hidden: bool | None = None
    script: str | None = None

    def over(self, base: "Marks") -> "Marks":
        return Marks(
            base.bold if self.bold is None else self.bold,
            base.italic if self.italic is None else self.italic,
            base.hidden if self.hidden is None else self.hidden,
            self.script or base.script,
        )


NOTHING = Marks()


@dataclass(frozen=True)
class Style:
    """A style with everything it inherits."""

    key: str = ""
    kind: str = "p"  # what a paragraph of this style is: p, h1 … h4, quote
    marks: Marks = NOTHING
    list_id: str | None = None
    list_level: str | None = None


PLAIN = Style()


def marks_of(properties: Element | None) -> Marks:
    if properties is None:
        return NOTHING
    said = [switch(properties, tag) for tag in ("w:vanish", "w:specVanish")]
    hidden = True if True in said else False if False in said else None
    script = value(properties, "w:vertAlign")
    return Marks(switch(properties, "w:b"), switch(properties, "w:i"), hidden, script)


class Styles:
    def __init__(self, root: Element | None) -> None:
        self._found: dict[tuple[str, str], Element] = {}
        self._usual: dict[str, str] = {}
        self._resolved: dict[tuple[str, str], Style] = {}
        self._looks: dict[tuple[Style, str | None, Style], Marks] = {}
        self._defaults = NOTHING
        if root is not None:
            self._defaults = marks_of(inside(root, "w:docDefaults", "w:rPrDefault", "w:rPr"))
            for element in root.iter("w:style"):
                self._add(element)

    def _add(self, element: Element) -> None:
        kind, key = element.get("w:type", "paragraph"), element.get("w:styleId", "")
        self._found.setdefault((kind, key), element)
        if element.get("w:default") in ("1", "true", "on"):
            self._usual.setdefault(kind, key)

    def style(self, kind: str, key: str | None) -> Style:
        """The style a document names, or the usual one of its kind where it names none or one that is not there."""
        if key is None or (kind, key) not in self._found:
            key = self._usual.get(kind, "")
        if (kind, key) not in self._resolved:
            self._resolved[kind, key] = self._resolve(kind, key)
        return self._resolved[kind, key]

    def _resolve(self, kind: str, key: str) -> Style:
        style = replace(PLAIN, key=key)
        for element in reversed(list(self._ancestry(kind, key))):
            numbering = inside(element, "w:pPr", "w:numPr")
            style = Style(
                key=key,
                kind=_kind(element) or style.kind,
                marks=marks_of(element.find("w:rPr")).over(style.marks),
                list_id=value(numbering, "w:numId") or style.list_id,
                list_level=value(numbering, "w:ilvl") or style.list_level,
            )
        return style

    def _ancestry(self, kind: str, key: str | None) -> Iterator[Element]:
        seen: set[str] = set()
        while key and key not in seen and (kind, key) in self._found:
            seen.add(key)
            yield self._found[kind, key]
            key = value(self._found[kind, key], "w:basedOn")

    def marks(self, direct: Marks, paragraph: Style, character: str | None, table: Style = PLAIN) -> Marks:
        """What the reader sees (ECMA-376 17.7.3): styles toggle one another, what is said directly wins."""
        key = paragraph, character, table
        if key not in self._looks:
            self._looks[key] = self._look([table.marks, paragraph.marks, self.style("character", character).marks],
                                          heading=paragraph.kind not in ("p", "quote"))  # fmt: skip
        return direct.over(self._looks[key])

    def _look(self, levels: list[Marks], heading: bool) -> Marks:
        loud = levels[2:] if heading else levels  # a heading is bold by its style anyway
        return Marks(
            bold=self._toggled("bold", loud),
            italic=self._toggled("italic", loud),
            hidden=self._toggled("hidden", levels),
            script=levels[2].script or levels[1].script,
        )

    def _toggled(self, name: str, levels: list[Marks]) -> bool:
        return bool(getattr(self._defaults, name)) or sum(bool(getattr(level, name)) for level in levels) % 2 == 1


def _kind(element: Element) -> str | None:
    name = (value(element, "w:name") or "").casefold()
    heading = HEADING.match(name)
    if heading:
        return f"h{min(int(heading[1]), 4)}"
    if name in ("title", "heading"):  # Apple Pages calls its first heading just "Heading"
        return "h1"
    if name in QUOTES:
        return "quote"
    outline = value(element.find("w:pPr"), "w:outlineLvl") or ""
    if outline == "9":  # Word's name for "no heading", as of the title above a table of contents
        return "p"
    return f"h{min(int(outline) + 1, 4)}" if outline in LEVELS else None


@dataclass(frozen=True)
class Item:
    """A place in a list. Items of one series count on; another series begins anew."""

    ordered: bool
    level: int
    series: str


class Numbering:
    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._items: dict[tuple[str | None, str | None, Style], Item | None] = {}
        nums, kinds = ([], []) if root is None else (root.findall("w:num"), root.findall("w:abstractNum"))
        self._nums = {num.get("w:numId", ""): num for num in nums}
        self._kinds = {kind.get("w:abstractNumId", ""): kind for kind in kinds}

    def item(self, properties: Element | None, style: Style) -> Item | None:
        """Where a paragraph stands in a list, by itself or by its style."""
        said = inside(properties, "w:numPr")
        key = value(said, "w:numId") or style.list_id, value(said, "w:ilvl"), style
        if key not in self._items:
            self._items[key] = self._item(*key)
        return self._items[key]

    def _item(self, num_id: str | None, number: str | None, style: Style) -> Item | None:
        num = self._nums.get(num_id or "")
        kind = self._kind(num)
        if num is None or kind is None:
            return None
        number = number or self._level_of_style(kind, style) or style.list_level or "0"
        level = _level(num, kind, number)
        form = value(level, "w:numFmt") or "decimal"
        if level is None or form == "none":
            return None
        anew = any(override.find("w:startOverride") is not None for override in num.findall("w:lvlOverride"))
        series = f"{kind.get('w:abstractNumId')} {num_id if anew else ''}"
        return Item(form != "bullet", int(number) + 1, series)

    def _kind(self, num: Element | None, links: int = 9) -> Element | None:
        kind = self._kinds.get(value(num, "w:abstractNumId") or "")
        link = value(kind, "w:numStyleLink")
        if link is None or not links:
            return kind
        return self._kind(self._nums.get(self._styles.style("numbering", link).list_id or ""), links - 1)

    def _level_of_style(self, kind: Element, style: Style) -> str | None:
        for level in kind.findall("w:lvl"):
            if style.key and value(level, "w:pStyle") == style.key:
                return level.get("w:ilvl")
        return None


def _level(num: Element, kind: Element, number: str) -> Element | None:
    if number not in LEVELS:
        return None
    for override in num.findall("w:lvlOverride"):
        level = override.find("w:lvl")
        if override.get("w:ilvl") == number and level is not None:
            return level
    levels = kind.findall("w:lvl")
    return next((level for level in levels if level.get("w:ilvl", "0") == number), None)
