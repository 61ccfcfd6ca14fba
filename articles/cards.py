"""A card: what a page is known by, set in the journal's letters on its paper, for where a link to it is shown."""

import hashlib
from collections.abc import Sequence
from dataclasses import astuple, dataclass, replace

from django.conf import settings
from PIL import Image as Pillow
from PIL import ImageDraw

from .lettering import Lines, Type, draw, fit, width

SIZE = WIDTH, HEIGHT = 1200, 630  # px; what all who follow https://ogp.me show whole
DESIGN = 1  # another number, and every card is drawn anew
PAPER, INK, QUIET, RULE, ACCENT = "#fcf9f5", "#221b19", "#58514e", "#cbc8c4", "#771c22"  # tokens.css, by day

_MARGIN = 76
_MEASURE = WIDTH - 2 * _MARGIN
_BAR = 14
_NAME_AT, _RULE_AT = 92, 122  # the journal's name, and the line under it
_TITLE_AT = 158
_FOOT_AT = 566  # the last line
_TITLE = Type("serif", 0, leading=1.14)
_TITLES = (108, 96, 84, 76, 68, 60, 54, 48, 44, 40, 37)
_JOURNAL = Type("serif", 42)
_NAMES = Type("serif", 0, leading=1.3)
_MOST_NAMES = 12
_SMALL = Type("sans", 27)
_MARK: list[list[tuple[float, float]]] = [  # as in favicon.svg, on a ground of 32 × 32
    [(16, 2), (20.5, 11), (11.5, 11)],
    [(10.5, 13), (21.5, 13), (25, 20), (7, 20)],
    [(6, 22), (13, 22), (9, 30), (2, 30)],
    [(26, 22), (19, 22), (23, 30), (30, 30)],
]
_FINER = 8  # the mark is drawn so many times larger, so that its slopes are smooth


@dataclass(frozen=True)
class Card:
    """Whatever is empty, or has a letter that this machine cannot draw, is left out."""

    title: str = ""  # the journal's name, if there is none
    label: str = ""
    names: tuple[str, ...] = ()
    foot: str = ""  # its date, most often
    language: str = "en"

    @property
    def digest(self) -> str:
        """Another one whenever it looks otherwise."""
        said = (DESIGN, settings.JOURNAL_NAME, settings.JOURNAL_PUBLISHER, astuple(self))
        return hashlib.sha256(repr(said).encode("utf-8", "backslashreplace")).hexdigest()[:16]

    @property
    def alt(self) -> str:
        by = f"by {_joined(self.names)}" if self.names else ""
        return ", ".join(filter(None, [self.title or settings.JOURNAL_NAME, by, self.label, self.foot]))

    def draw(self) -> Pillow.Image:
        image = Pillow.new("RGB", SIZE, PAPER)
        canvas = ImageDraw.Draw(image)
        canvas.rectangle((0, 0, WIDTH, _BAR - 1), fill=ACCENT)
        names = self._names_that_fit()
        above = _FOOT_AT - 44 - (names.type.line * len(names.texts) if names else 0)
        title = fit(self.title, replace(_TITLE, language=self.language), _TITLES, (_MEASURE, above - 28 - _TITLE_AT))
        if title is None:
            self._draw_journal(image, canvas)
            return image
        self._draw_head(image, canvas)
        _draw_lines(canvas, title, _TITLE_AT + round(title.type.size * 0.86), INK, title.type.from_right)
        if names:
            _draw_lines(canvas, names, above + round(names.type.size * 0.86), INK, title.type.from_right)
        self._draw_foot(canvas, title.type.from_right)
        return image

    def _draw_head(self, image: Pillow.Image, canvas: ImageDraw.ImageDraw) -> None:
        """The journal's name with its mark, and at the other end what this is."""
        _draw_mark(image, (_MARGIN, _NAME_AT - 29), 30)
        label = fit(self.label, _SMALL, (27,), (_MEASURE // 3, 40))
        taken = width(label.texts[0], label.type) + 40 if label else 0
        name = fit(settings.JOURNAL_NAME, _JOURNAL, (42, 38, 34, 30), (round(_MEASURE - taken - 44), 56))
        if name:
            draw(canvas, (_MARGIN + 44, _NAME_AT), name.texts[0], name.type, INK)
        if label:
            x = WIDTH - _MARGIN - width(label.texts[0], label.type)
            draw(canvas, (x, _NAME_AT), label.texts[0], label.type, QUIET)
        canvas.rectangle((_MARGIN, _RULE_AT, WIDTH - _MARGIN, _RULE_AT + 1), fill=RULE)

    def _draw_foot(self, canvas: ImageDraw.ImageDraw, from_right: bool) -> None:
        """Its last line where lines begin, and at the other end who publishes it."""
        publisher = fit(settings.JOURNAL_PUBLISHER, _SMALL, (27,), (_MEASURE // 2, 40))
        taken = width(publisher.texts[0], publisher.type) + 40 if publisher else 0
        said_once = "" if self.foot == settings.JOURNAL_PUBLISHER else self.foot  # as of many an author
        foot = fit(said_once, _SMALL, (27,), (round(_MEASURE - taken), 40))
        for lines, at_right in ((foot, from_right), (publisher, not from_right)):
            if lines:
                _draw_lines(canvas, lines, _FOOT_AT, QUIET, at_right)

    def _names_that_fit(self) -> Lines | None:
        """All of them, or as many as two lines hold and how many others there are."""
        type, found = replace(_NAMES, language=self.language), None
        for count in range(min(len(self.names), _MOST_NAMES), 0, -1):
            others = len(self.names) - count
            names = [*self.names[:count], *([f"{others} others"] if others > 1 else self.names[count:])]
            found = fit(_joined(names), type, (38, 34, 30), (_MEASURE, 80))
            if found is None or not found.is_shortened:
                return found
        return found

    def _draw_journal(self, image: Pillow.Image, canvas: ImageDraw.ImageDraw) -> None:
        """The journal's own card: its name, who publishes it, and what is known of the page beside."""
        _draw_mark(image, (_MARGIN, 176), 84)
        name = fit(settings.JOURNAL_NAME, _TITLE, (132, *_TITLES), (_MEASURE, 250))
        if name:
            _draw_lines(canvas, name, 300 + round(name.type.size * 0.72), INK)
        canvas.rectangle((_MARGIN, 506, WIDTH - _MARGIN, 507), fill=RULE)
        about = fit(self.foot or settings.JOURNAL_PUBLISHER, _SMALL, (30, 27), (_MEASURE, 40))
        if about:
            _draw_lines(canvas, about, _FOOT_AT, QUIET)


def _joined(names: Sequence[str]) -> str:
    """'A', 'A and B', 'A, B and C'"""
    return " and ".join(filter(None, [", ".join(names[:-1]), names[-1]])) if names else ""


def _draw_lines(canvas: ImageDraw.ImageDraw, lines: Lines, baseline: int, colour: str, at_right: bool = False) -> None:
    for number, text in enumerate(lines.texts):
        x = WIDTH - _MARGIN - width(text, lines.type) if at_right else _MARGIN
        draw(canvas, (x, baseline + number * lines.type.line), text, lines.type, colour)


def _draw_mark(image: Pillow.Image, at: tuple[int, int], size: int) -> None:
    shape = Pillow.new("L", (size * _FINER, size * _FINER))
    finely = ImageDraw.Draw(shape)
    scale = size * _FINER / 32
    for corners in _MARK:
        finely.polygon([(x * scale, y * scale) for x, y in corners], fill=255)
    image.paste(ACCENT, at, shape.resize((size, size), Pillow.Resampling.LANCZOS))
