"""Dry land: dunes, fields, highlands."""

from math import cos, sin

from .paper import (
    BONE,
    DUSK,
    INK,
    MIST,
    OCHRE,
    PAPER,
    RUST,
    SAND,
    SLATE,
    STEEL,
    Colour,
    Point,
    Sheet,
    clear,
    curve,
    evening,
    mix,
    swell,
)


def dunes(sheet: Sheet) -> None:
    """Dunes behind dunes, and one bare tree."""
    rng = sheet.rng
    sheet.wash(mix(SAND, BONE, 0.5), mix(PAPER, SAND, 0.3), 0, 560)
    sheet.disc(1130, 250, 92, clear(PAPER, 200))
    sheet.disc(1130, 250, 64, PAPER)
    for step in range(7):
        near = step / 6
        crest = swell(rng, 400 + 88 * step, 26 + 14 * step, 0.7 + 0.25 * rng.random())
        sheet.under(crest, mix(mix(BONE, SAND, near * 1.4 if near < 0.7 else 1), RUST, near * 0.55))
        _lee(sheet, crest, near)
    _bare_tree(sheet, 380, 735, 150)
    for _ in range(170):
        x, y = rng.uniform(-50, 1600), rng.uniform(300, 780)
        sheet.line([(x, y), (x + rng.uniform(50, 240), y - rng.uniform(2, 14))], clear(PAPER, 60), 1.6)


def _lee(sheet: Sheet, crest: list[Point], near: float) -> None:
    """Darken the side of each dune that the sun does not reach, and comb the other."""
    tops = [i for i in range(1, len(crest) - 1) if crest[i - 1][1] > crest[i][1] <= crest[i + 1][1]]
    for top in tops:
        low = next((i for i in range(top + 1, len(crest) - 1) if crest[i][1] > crest[i + 1][1]), len(crest) - 1)
        (x, y), (far, dip) = crest[top], crest[low]
        reach = 190 + 130 * near
        edge = curve(
            [
                (x, y),
                (x + 26, y + reach * 0.22),
                (x - 34, y + reach * 0.5),
                (x - 6, y + reach * 0.78),
                (x - 90, y + reach),
            ],
            10,
        )
        hem = curve([(x - 90, y + reach), ((x + far) / 2 + 20, (y + dip) / 2 + reach * 0.62), (far, dip)], 10)
        sheet.polygon([*crest[top : low + 1], *reversed(hem), *reversed(edge)], clear(mix(RUST, DUSK, 0.4), 74))
    for offset in range(1, 7):
        comb = [(x, y + offset * (9 + 10 * near)) for x, y in crest]
        sheet.line(comb, clear(mix(RUST, INK, 0.3), 30 - 3 * offset), 1.4)


def _bare_tree(sheet: Sheet, x: float, y: float, height: float) -> None:
    def grow(x: float, y: float, length: float, lean: float, left: int) -> None:
        tip = (x + length * sin(lean), y - length * cos(lean))
        sheet.line([(x, y), tip], INK, 1.4 + left * 1.7)
        for turn in (-0.5, 0.15, 0.62) if left else ():
            grow(*tip, length * sheet.rng.uniform(0.55, 0.75), lean + turn * sheet.rng.uniform(0.6, 1.2), left - 1)

    grow(x, y, height * 0.42, 0.1, 4)


def furrows(sheet: Sheet) -> None:
    """Ploughland running to the horizon."""
    rng = sheet.rng
    evening(sheet, mix(MIST, STEEL, 0.3), mix(PAPER, SAND, 0.2), 420)
    for _ in range(7):
        x, y = rng.uniform(0, 1600), rng.uniform(60, 300)
        for i in range(5):
            sheet.oval(x + 60 * i, y + rng.uniform(-10, 10), rng.uniform(60, 130), rng.uniform(8, 20), clear(PAPER, 90))
    sheet.under(swell(rng, 400, 22, 1.1), mix(STEEL, SLATE, 0.2), 440)
    sheet.under(swell(rng, 418, 10, 2.0), mix(SLATE, DUSK, 0.3), 440)
    vanish = rng.uniform(520, 1080)
    sheet.box(0, 430, 1600, 580, mix(SAND, OCHRE, 0.5))
    tones = [mix(OCHRE, RUST, 0.35), mix(SAND, OCHRE, 0.5), mix(RUST, INK, 0.35), mix(SAND, BONE, 0.3)]
    for i in range(-150, 151):
        left, right = vanish + i * 96, vanish + (i + 1) * 96
        sheet.polygon(
            [(vanish + i * 2.0, 430), (vanish + (i + 1) * 2.0, 430), (right, 1010), (left, 1010)], tones[i % 4]
        )
        sheet.line([(vanish + i * 2.0, 430), (left, 1010)], clear(INK, 70), 1.6)
    _seedlings(sheet, vanish)
    for x in (210, 262, 300, 1240, 1410, 1446):
        tree(sheet, x, 434, rng.uniform(60, 130))


def _seedlings(sheet: Sheet, vanish: float) -> None:
    for row in range(-9, 10, 2):
        for k in range(26):
            near = (k / 25) ** 2.2
            y = 436 + 570 * near
            x = vanish + (row + 0.5) * (2 + 94 * near)
            size = 1.2 + 15 * near
            sheet.line([(x, y), (x - size * 0.7, y - size)], mix(SLATE, INK, 0.35), 1 + 3 * near)
            sheet.line([(x, y), (x + size * 0.7, y - size * 1.1)], mix(SLATE, INK, 0.35), 1 + 3 * near)


def highlands(sheet: Sheet) -> None:
    """Snow, slopes, and a village with its lamps lit."""
    rng = sheet.rng
    evening(sheet, mix(SLATE, STEEL, 0.5), mix(PAPER, SAND, 0.45), 560)
    sheet.disc(rng.uniform(240, 1360), 190, 52, mix(PAPER, SAND, 0.25))
    for shade, low, high, count in ((0.12, 150, 300, 7), (0.5, 270, 400, 6)):
        for i in sorted(range(count), key=lambda _: rng.random()):
            _peak(sheet, (i + rng.uniform(0.1, 0.9)) * 1600 / count, rng.uniform(low, high), mix(MIST, SLATE, shade))
    sheet.under(swell(rng, 600, 30, 1.3), mix(SLATE, MIST, 0.25))
    for y, shade, size in ((655, 0.15, 22), (740, 0.55, 30), (835, 0.95, 40)):
        slope = swell(rng, y, 34, 1.1)
        sheet.under(slope, mix(SLATE, mix(DUSK, INK, 0.4), shade))
        _houses(sheet, slope, size)
    sheet.under(swell(rng, 950, 22, 0.8), INK)


def _peak(sheet: Sheet, x: float, top: float, tone: Colour) -> None:
    """One mountain: a lit face, a dark face, a cap of snow."""
    rng, foot = sheet.rng, 700.0
    left = _flank(sheet, (x, top), (x - (foot - top) * rng.uniform(0.8, 1.15), foot))
    right = _flank(sheet, (x, top), (x + (foot - top) * rng.uniform(0.8, 1.15), foot))
    spine = _flank(sheet, (x, top), (x + rng.uniform(10, 90), foot), 26)
    sheet.polygon([*reversed(left), *right], tone)
    sheet.polygon([*spine, *reversed(right)], clear(DUSK, 92))
    cut = len(left) // 4
    hem = [
        (a + rng.uniform(-8, 8), y + (34 if i % 2 else -14)) for i, (a, y) in enumerate(_between(left[cut], right[cut]))
    ]
    sheet.polygon([*reversed(left[: cut + 1]), *right[1 : cut + 1], *reversed(hem)], mix(PAPER, MIST, 0.1))
    sheet.polygon([*spine[:cut], *reversed(right[: cut + 1])], clear(SLATE, 70))
    for i in range(cut, len(spine) - 2, 2):
        a, b = spine[i], right[i]
        sheet.line([a, (a[0] + (b[0] - a[0]) * 0.5, a[1] + 60)], clear(INK, 42), 2)


def _between(one: Point, other: Point, steps: int = 9) -> list[Point]:
    return [
        (one[0] + (other[0] - one[0]) * i / steps, one[1] + (other[1] - one[1]) * i / steps) for i in range(steps + 1)
    ]


def _flank(sheet: Sheet, top: Point, foot: Point, rough: float = 13) -> list[Point]:
    straight = _between(top, foot, 28)
    return [top, *((x + sheet.rng.uniform(-rough, rough), y) for x, y in straight[1:])]


def _houses(sheet: Sheet, slope: list[Point], size: float) -> None:
    rng = sheet.rng
    walls = mix(DUSK, INK, 0.7)
    spots = [slope[i] for i in range(24, 140, 1 + round(size / 8)) if rng.random() < 0.42]
    for x, y in spots:
        foot, wide = y + rng.uniform(8, size * 0.9), size * rng.uniform(1.5, 2.0)
        sheet.box(x, foot - size, wide, size + 10, walls)
        sheet.polygon(
            [(x - 6, foot - size), (x + wide / 2, foot - size * 1.75), (x + wide + 6, foot - size)],
            mix(PAPER, MIST, 0.35),
        )
        for pane in (0.2, 0.62):
            sheet.box(
                x + wide * pane, foot - size * 0.7, wide * 0.18, size * 0.4, OCHRE if rng.random() < 0.8 else DUSK
            )
    for x, y in spots[::3]:
        top = y - size * 1.2
        smoke = curve([(x + size * 1.2 + 10 * sin(i * 1.1) + i * 5, top - i * 22) for i in range(8)], 6)
        for i, (a, b) in enumerate(zip(smoke, smoke[1:], strict=False)):
            sheet.line([a, b], clear(PAPER, max(0, 110 - 2 * i)), 3 + i * 0.12)


def hatch(sheet: Sheet, crest: list[Point], colour: Colour, reach: float) -> None:
    """Shade the falling side of a crest with slanted strokes."""
    for (x0, y0), (_, y1) in zip(crest, crest[1:], strict=False):
        if y1 > y0:
            length = sheet.rng.uniform(0.3, 1) * reach
            sheet.line([(x0, y0 + 2), (x0 + length * 0.55, y0 + length)], colour, 2)


def tree(sheet: Sheet, x: float, foot: float, height: float) -> None:
    sheet.oval(x, foot - height / 2, height * 0.13, height / 2, mix(SLATE, DUSK, sheet.rng.random()))
