"""Words set in type on an image: in the journal's letters, and in the system's where those lack one.

FreeType reads the very files that the pages use. Joining and turning letters, as Arabic and Devanagari need it, is done
by HarfBuzz and FriBiDi; where the machine has no FriBiDi, such words are not set at all.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any
from unicodedata import bidirectional, category, normalize

from django.contrib.staticfiles import finders
from PIL import ImageFont, features
from PIL.ImageDraw import ImageDraw
from PIL.ImageFont import FreeTypeFont, Layout

_SCRIPTS = ("latin", "latin-ext", "cyrillic", "cyrillic-ext")
FAMILIES = {
    "serif": [f"fonts/source-serif-4-{script}-wght-normal.woff2" for script in _SCRIPTS],
    "sans": [f"fonts/inter-{script}-wght-normal.woff2" for script in _SCRIPTS],
}
SYSTEM_FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts",
    "/Library/Fonts", "/System/Library/Fonts",
)  # fmt: skip
MOST = 200  # files of the system that are looked into; a machine may have thousands
_SPECIAL = re.compile(r"(?i)bold|italic|oblique|mono|condensed|light|thin|medium|black|display|emoji|icon|math")
_KNOWN = ("noto", "dejavu")
_SHAPES = bool(features.check("raqm"))
_MEASURED_AT = 100  # px
_IDEOGRAPH = "\u2e80-\u2fdf\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff"
# A line may end after each of these: a character of Chinese or Japanese with its marks, a word, a part with its hyphen.
_PIECE = re.compile(
    rf"[“‘《「『【（]*[{_IDEOGRAPH}][”’》」』】）、。，．！？：；…—]*"
    rf"|[^{_IDEOGRAPH}]+?(?:[-–—/]+(?=\w)|(?=[“‘《「『【（]*[{_IDEOGRAPH}])|$)"
)
# Letters of either direction, with all between them that has none: marks, digits, signs.
_TURNED = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe\U00010800-\U00010fff\U0001e800-\U0001efff"
_FROM_RIGHT = re.compile(rf"[{_TURNED}](?:[\W\d_]*[{_TURNED}])*")
_FROM_LEFT = re.compile(rf"(?![{_TURNED}])[^\W_](?:(?:(?![{_TURNED}])[\W\d_])*(?![{_TURNED}])[^\W_])*")


@dataclass(frozen=True)
class Type:
    """A manner of setting words."""

    family: str
    size: int
    leading: float = 1.3
    language: str = "en"
    from_right: bool = False

    @property
    def line(self) -> int:
        return round(self.size * self.leading)


@dataclass(frozen=True)
class Lines:
    """Words that fit, with the type that they fit in."""

    type: Type
    texts: tuple[str, ...]
    is_shortened: bool = False


# Which file has a letter


@lru_cache(maxsize=1)
def _of_the_system() -> list[Path]:
    folders = [Path(folder).expanduser() for folder in SYSTEM_FOLDERS]
    files = [file for folder in folders for file in folder.rglob("*.[ot]t[fc]") if not _SPECIAL.search(file.stem)]
    return sorted(files, key=lambda file: (not file.stem.lower().startswith(_KNOWN), file.stem))


@lru_cache(maxsize=len(FAMILIES))
def _files(family: str) -> list[str]:
    """Where to look for a letter: the journal's own files, then the system's, those of its kind first."""
    own = [found for name in FAMILIES[family] if isinstance(found := finders.find(name), str)]
    is_serif = family == "serif"
    system = sorted(_of_the_system(), key=lambda file: ("serif" in file.stem.lower()) != is_serif)
    return own + [str(file) for file in system[:MOST]]


@lru_cache(maxsize=512)
def _font(file: str, size: int, shapes: bool = _SHAPES) -> FreeTypeFont | None:
    try:
        return ImageFont.truetype(file, size, layout_engine=Layout.RAQM if shapes else Layout.BASIC)
    except OSError:  # gone, or of a kind that this FreeType does not read
        return None


@lru_cache(maxsize=20_000)
def _has(file: str, letter: str) -> bool:
    """Whether the file draws this letter as anything but the sign for a letter that it lacks."""
    font = _font(file, 16, shapes=False)
    if font is None:
        return False
    drawn, lacking = font.getmask(letter), font.getmask("\U0010fffd")
    return drawn.size[0] > 0 and (drawn.size, bytes(drawn)) != (lacking.size, bytes(lacking))


def _has_all(file: str, letters: str) -> bool:
    return all(letter.isspace() or category(letter) == "Cf" or _has(file, letter) for letter in letters)


def _clusters(text: str) -> Iterator[str]:
    """Letters, each with the marks over and under it."""
    cluster = ""
    for letter in text:
        if cluster and not category(letter).startswith("M"):
            yield cluster
            cluster = ""
        cluster += letter
    if cluster:
        yield cluster


def runs_from_right(text: str) -> bool:
    """Whether a paragraph does: its first letter with a direction decides."""
    return next((side != "L" for side in map(bidirectional, text) if side in ("L", "R", "AL")), False)


def _turns(text: str, from_right: bool) -> Iterator[tuple[str, bool]]:
    """(words, whether they run from the right), in the order in which they are read."""
    against, at = (_FROM_LEFT if from_right else _FROM_RIGHT), 0
    for found in against.finditer(text):
        yield text[at : found.start()], from_right
        yield found[0], not from_right
        at = found.end()
    yield text[at:], from_right


@lru_cache(maxsize=4096)
def _files_of(text: str, family: str) -> tuple[tuple[str, str], ...] | None:
    """(words, file) one after the other; None if some letter is in no file of this machine."""
    runs: list[tuple[str, str]] = []
    for cluster in _clusters(text):
        before = [runs[-1][1]] if runs else []
        file = next((file for file in [*before, *_files(family)] if _has_all(file, cluster)), None)
        if file is None:
            return None
        if before == [file]:
            cluster = runs.pop()[0] + cluster
        runs.append((cluster, file))
    return tuple(runs)


def can_set(text: str, family: str) -> bool:
    if not _SHAPES and any(bidirectional(letter) in ("R", "AL") or category(letter)[0] == "M" for letter in text):
        return False
    return bool(text) and _files_of(text, family) is not None


# Measuring, breaking and drawing


def _fonts(text: str, type: Type) -> Iterator[tuple[str, FreeTypeFont, dict[str, Any]]]:
    """(words, font, manner) from left to right."""
    turns = [turn for turn in _turns(text, type.from_right) if turn[0]]
    for words, from_right in reversed(turns) if type.from_right else turns:
        manner = {"language": type.language, "direction": "rtl" if from_right else "ltr"} if _SHAPES else {}
        runs = _files_of(words, type.family) or ()
        for part, file in reversed(runs) if from_right else runs:
            font = _font(file, type.size)
            if font is not None:
                yield part, font, manner


def width(text: str, type: Type) -> float:
    return sum(font.getlength(words, **manner) for words, font, manner in _fonts(text, type))


@lru_cache(maxsize=4096)
def _measured(text: str, type: Type) -> float:
    return width(text, type)


def _about(text: str, type: Type) -> float:
    """Its width, from that in another size: a font is loaded anew for each."""
    return _measured(text, replace(type, size=_MEASURED_AT)) * type.size / _MEASURED_AT


def plain(text: str) -> str:
    """In one line, composed, without what nobody sees."""
    spaced = " ".join(normalize("NFC", text).split())
    return "".join(letter for letter in spaced if category(letter) not in ("Cc", "Cs", "Co", "Cn"))


def draw(canvas: ImageDraw, at: tuple[float, float], text: str, type: Type, colour: str) -> None:
    """Set one line with its baseline at this height, from this left edge."""
    x, y = at
    for words, font, manner in _fonts(text, type):
        canvas.text((x, y), words, fill=colour, font=font, anchor="ls", **manner)
        x += font.getlength(words, **manner)


def fit(text: str, type: Type, sizes: Iterable[int], room: tuple[int, int]) -> Lines | None:
    """The words in the largest of these sizes that they have room in; shortened if need be; None if unsettable."""
    text = plain(text)
    if not can_set(text, type.family):
        return None
    type = replace(type, from_right=runs_from_right(text))
    for size in sizes:
        type = replace(type, size=size)
        lines = _broken(text, type, room[0])
        if len(lines) * type.line <= room[1] and all(_about(line, type) <= room[0] for line in lines):
            return Lines(type, tuple(_balanced(text, type, room[0])))
    return Lines(type, tuple(_shortened(text, type, room)), is_shortened=True)


def _broken(text: str, type: Type, most: float) -> list[str]:
    """Filled line by line. A word that is too wide for any line stands alone on its own."""
    lines, taken, space = [""], 0.0, _about("n n", type) - _about("nn", type)
    for word in text.split(" "):
        glue = " " if lines[-1] else ""
        for piece in _PIECE.findall(word):
            wide = _about(piece, type)
            if lines[-1] and taken + (space if glue else 0) + wide > most:
                lines.append("")
                taken, glue = 0.0, ""
            lines[-1] += glue + piece
            taken += wide + (space if glue else 0)
            glue = ""
    return lines


def _balanced(text: str, type: Type, most: int) -> list[str]:
    """As many lines, but of about the same length."""
    lines = _broken(text, type, most)
    for narrower in range(most, most // 3, -24):
        tried = _broken(text, type, narrower)
        if len(tried) > len(lines) or any(_about(line, type) > narrower for line in tried):
            break
        lines = tried
    return lines


def _shortened(text: str, type: Type, room: tuple[int, int]) -> list[str]:
    """A word that is too wide is cut where the line ends; and what has no room is left out."""
    lines: list[str] = []
    for line in _broken(text, type, room[0]):
        lines += [line] if _about(line, type) <= room[0] else _cut(line, type, room[0])
    most = max(1, room[1] // type.line)
    return lines if len(lines) <= most else [*lines[: most - 1], _with_dots(lines[most - 1], type, room[0])]


def _cut(word: str, type: Type, most: int) -> list[str]:
    lines = [""]
    for cluster in _clusters(word):
        if lines[-1] and _about(lines[-1] + cluster, type) > most:
            lines.append("")
        lines[-1] += cluster
    return lines


def _with_dots(line: str, type: Type, most: int) -> str:
    """Cut after a word, if there is one."""
    while _about(line + " …", type) > most:
        line = line[:-1]
    return (line.rpartition(" ")[0] or line).rstrip(" ,;:.-–—") + " …"
