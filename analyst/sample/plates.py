"""Book covers and the marks of partner sites."""

from collections.abc import Callable
from math import sin

from .paper import (
    BONE,
    DUSK,
    INK,
    MIST,
    OCHRE,
    OXBLOOD,
    PAPER,
    RUST,
    SAND,
    SLATE,
    STEEL,
    Colour,
    Sheet,
    curve,
    mix,
    swell,
)


def cover(sheet: Sheet) -> None:
    """A book cover: "Series|Title|Last line" typeset over a motif."""
    series, title, last = sheet.text.split("|")
    ground, band, accent = COVERS[sheet.seed % len(COVERS)]
    sheet.box(0, 0, 1600, sheet.height, ground)
    MOTIFS[sheet.seed % len(MOTIFS)](sheet, band, accent)
    ink = PAPER if sum(ground) < 420 else INK
    sheet.letters(130, 118, series.upper(), 40, ink, 9)
    sheet.box(130, 190, 1340, 4, ink)
    y = 244.0
    for words in _wrapped(sheet, title, 128, 1340):
        sheet.letters(126, y, words, 128, ink)
        y += 146
    sheet.box(0, sheet.height - 200, 1600, 200, ground)
    sheet.box(130, sheet.height - 204, 1340, 4, ink)
    sheet.letters(130, sheet.height - 148, last, 52, ink)


def _wrapped(sheet: Sheet, text: str, size: float, width: float) -> list[str]:
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if sheet.measure(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


COVERS = (
    (DUSK, STEEL, OCHRE),
    (mix(BONE, PAPER, 0.5), SLATE, OXBLOOD),
    (OXBLOOD, mix(OXBLOOD, SAND, 0.4), SAND),
    (mix(OCHRE, SAND, 0.4), RUST, INK),
    (mix(SLATE, DUSK, 0.3), MIST, PAPER),
    (mix(MIST, PAPER, 0.3), SLATE, RUST),
)


def _waves(sheet: Sheet, band: Colour, accent: Colour) -> None:
    for i in range(16):
        sheet.line(swell(sheet.rng, 1180 + i * 62, 24, 2.2), accent if i == 5 else mix(band, INK, i / 40), 8 + i)


def _circles(sheet: Sheet, band: Colour, accent: Colour) -> None:
    for i in range(15, 0, -1):
        sheet.ring(1130, 1560, 54 * i, 54 * i, band, 9)
    sheet.disc(1130, 1560, 96, accent)


def _steps(sheet: Sheet, band: Colour, accent: Colour) -> None:
    for i in range(13):
        high = 120 + 60 * i + sheet.rng.uniform(-20, 70)
        sheet.box(130 + i * 104, sheet.height - 250 - high, 78, high, accent if i == 10 else band)


def _crossing(sheet: Sheet, band: Colour, accent: Colour) -> None:
    for i in range(11):
        sheet.line([(130 + i * 134, 1150), (800 + (i - 5) * 22, 2200)], band, 13)
    sheet.line([(0, 1700), (1600, 1480)], accent, 30)


def _seeds(sheet: Sheet, band: Colour, accent: Colour) -> None:
    for row in range(8):
        for column in range(10):
            x, y = 210 + column * 132, 1190 + row * 112
            tone = accent if (row, column) == (3, 6) else band
            sheet.polygon(curve([(x, y - 40), (x + 22, y), (x, y + 40), (x - 22, y), (x, y - 40)], 8), tone)


MOTIFS: tuple[Callable[[Sheet, Colour, Colour], None], ...] = (_waves, _circles, _steps, _crossing, _seeds)


def logo(sheet: Sheet) -> None:
    """The mark and name of a partner site: "mark|First line|Second line"."""
    mark, first, second = sheet.text.split("|")
    sheet.box(0, 0, 1600, 800, PAPER)
    MARKS[mark](sheet)
    sheet.letters(610, 262, first, 116, INK)
    sheet.letters(610, 408, second, 116, INK)


def _mark_coast(sheet: Sheet) -> None:
    sheet.disc(330, 400, 220, DUSK)
    for i in range(4):
        wave = [(330 + x, 380 + i * 58 + 22 * sin(x / 44 + i)) for x in range(-200 + i * 22, 201 - i * 22, 8)]
        sheet.line(wave, PAPER, 22)
    sheet.disc(400, 288, 50, mix(OXBLOOD, RUST, 0.3))


def _mark_basin(sheet: Sheet) -> None:
    sheet.polygon(
        curve(
            [
                (330, 150),
                (430, 320),
                (500, 470),
                (450, 600),
                (330, 650),
                (210, 600),
                (160, 470),
                (230, 320),
                (330, 150),
            ],
            10,
        ),
        SLATE,
    )
    sheet.polygon(
        curve(
            [
                (170, 470),
                (250, 440),
                (330, 470),
                (410, 500),
                (490, 470),
                (450, 600),
                (330, 650),
                (210, 600),
                (170, 470),
            ],
            10,
        ),
        STEEL,
    )
    sheet.line(curve([(170, 470), (250, 440), (330, 470), (410, 500), (492, 470)], 10), PAPER, 16)


def _mark_dry(sheet: Sheet) -> None:
    sheet.disc(330, 330, 120, OCHRE)
    sheet.polygon(curve([(110, 520), (220, 400), (330, 470), (450, 380), (550, 520)], 10), mix(RUST, SAND, 0.2))
    sheet.polygon(curve([(110, 600), (260, 490), (400, 550), (550, 600)], 10), RUST)
    sheet.box(110, 596, 440, 14, INK)


MARKS: dict[str, Callable[[Sheet], None]] = {"coast": _mark_coast, "basin": _mark_basin, "dry": _mark_dry}
