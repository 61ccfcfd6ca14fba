"""Word's fields: an instruction nobody sees and a result everybody does, over any number of paragraphs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from .markup import inside, switch

HYPERLINK = re.compile(r'^\s*HYPERLINK\s+(?:"([^"]*)"|([^\\\s"]\S*))?', re.IGNORECASE)
ANCHOR = re.compile(r'\\l\s+"?([^"\s]+)"?')
WEB = re.compile(r"^(https?://|mailto:)[^\s\x00-\x1f<>\"]+$", re.IGNORECASE)

GONE = {"w:del", "w:moveFrom"}  # struck out by an editor: not there once changes are accepted
SHOWN = {"w:t", "m:t", "a:t", "w:sym", "a:blip", "v:imagedata", "c:chart", "dgm:relIds"}


def branch(alternate: Element) -> list[Element]:
    """The one version to read of something Word stores twice: the newest that shows anything."""
    choices = [child for child in alternate if child.tag == "mc:Choice"]
    fallback = [child for child in alternate if child.tag == "mc:Fallback"]
    showing = [choice for choice in choices + fallback if any(element.tag in SHOWN for element in choice.iter())]
    return (showing or fallback or choices)[:1]


def is_gone(element: Element) -> bool:
    """Whether this is struck out, or a row or cell that is struck out or hidden."""
    if element.tag == "w:tr":
        properties = element.find("w:trPr")
        return inside(properties, "w:del") is not None or bool(switch(properties, "w:hidden"))
    return element.tag in GONE or (element.tag == "w:tc" and inside(element, "w:tcPr", "w:cellDel") is not None)


def living(element: Element) -> Iterator[Element]:
    """Everything inside that is read, in order: nothing struck out, no second version."""
    waiting = [element]
    while waiting:
        element = waiting.pop()
        yield element
        children = branch(element) if element.tag == "mc:AlternateContent" else element
        waiting.extend(child for child in reversed(list(children)) if not is_gone(child))


def whole_fields(story: Element) -> dict[Element, Element]:
    """The marks of those fields that both begin and end, each with where its field begins; others mean nothing."""
    open_fields: list[list[Element]] = []
    whole: dict[Element, Element] = {}
    for mark in living(story):
        if mark.tag != "w:fldChar":
            continue
        kind = mark.get("w:fldCharType")
        if kind == "begin":
            open_fields.append([mark])
        elif open_fields:
            open_fields[-1].append(mark)
            if kind == "end":
                marks = open_fields.pop()
                whole.update(dict.fromkeys(marks, marks[0]))
    return whole


@dataclass
class Field:
    begin: Element
    instruction: str = ""
    shows: bool = False  # past the instruction, in the result
    link: int = 0


def address_in(instruction: str) -> str | None:
    """Where a HYPERLINK field leads, if it leads out of the document."""
    found = HYPERLINK.match(instruction)
    if not found:
        return None
    anchor = ANCHOR.search(instruction, found.end())
    return web_address(found[1] or found[2] or "", anchor[1] if anchor else "")


def web_address(target: str, anchor: str = "") -> str | None:
    target = target.strip()
    if anchor and "#" not in target:
        target = f"{target}#{anchor}"
    return target if WEB.match(target) else None
