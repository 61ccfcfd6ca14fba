"""Pictures made of figures: a band, a tide gauge, orbits, a census, a ring of power lines, a river's old beds."""

from math import cos, pi, sin

from .paper import (
    BONE,
    DUSK,
    INK,
    MIST,
    NIGHT,
    OCHRE,
    OXBLOOD,
    PAPER,
    RUST,
    SAND,
    SLATE,
    STEEL,
    Point,
    Sheet,
    clear,
    curve,
    mix,
    swell,
)


def _ruled(sheet: Sheet, step: float = 40) -> None:
    """Rule the sheet like an engineer's pad."""
    for i in range(1, int(1600 / step)):
        strong = i % 5 == 0
        sheet.line([(i * step, 0), (i * step, 1000)], clear(SLATE, 62 if strong else 28), 1.6 if strong else 1)
        if i * step < 1000:
            sheet.line([(0, i * step), (1600, i * step)], clear(SLATE, 62 if strong else 28), 1.6 if strong else 1)


def exchange_band(sheet: Sheet) -> None:
    """A rate that leans on the edge of its band while the reserves shrink."""
    rng = sheet.rng
    sheet.box(0, 0, 1600, 1000, mix(PAPER, SAND, 0.12))
    _ruled(sheet)
    top, bottom = 250.0, 390.0
    sheet.box(0, top, 1600, bottom - top, clear(STEEL, 120))
    sheet.line([(0, top), (1600, top)], DUSK, 4)
    sheet.line([(0, bottom), (1600, bottom)], DUSK, 4)
    sheet.dashes([(float(x), (top + bottom) / 2) for x in range(0, 1601, 8)], DUSK, 2)
    for i in range(40):
        high = 420 * (1 - i / 46) ** 1.15 * rng.uniform(0.9, 1.06) + 14
        sheet.box(14 + i * 40, 960 - high, 27, high, mix(OCHRE, SAND, 0.25) if i < 31 else mix(RUST, OCHRE, 0.3))
    sheet.line([(0, 961), (1600, 961)], INK, 4)
    gap, points = 0.0, []
    for x in range(0, 1604, 8):
        gap = gap * 0.93 + rng.gauss(0, 4.4)
        rate = 350 - 86 * (x / 1600) ** 0.8 + gap * (1 - x / 2200)
        points.append((float(x), min(bottom - 6, max(top + 6, rate))))
    sheet.line([(x, y + 4) for x, y in points], clear(INK, 60), 7)
    sheet.line(points, OXBLOOD, 6)
    sheet.disc(*points[-8], 13, PAPER)
    sheet.ring(*points[-8], 13, 13, OXBLOOD, 5)


def tide_chart(sheet: Sheet) -> None:
    """A century on a tide gauge: the swing, the mean, the pencil."""
    rng = sheet.rng
    sheet.box(0, 0, 1600, 1000, mix(PAPER, MIST, 0.22))
    _ruled(sheet, 32)
    for trace in range(5):
        phase, base = rng.uniform(0, 6), 300 + 105 * trace
        water = [
            (float(x), base + (46 + 12 * sin(x / 410 + phase)) * sin(x / 23 + phase) + 9 * sin(x / 90) - x / 34)
            for x in range(-10, 1612, 4)
        ]
        sheet.line(water, clear(mix(SLATE, DUSK, trace / 4), 235), 3.2)
    mean = [(float(x), 600 - (max(x, 0) / 1600) ** 1.7 * 250 + rng.gauss(0, 5)) for x in range(-10, 1640, 26)]
    sheet.line(curve(mean, 6), OXBLOOD, 8)
    for x, _ in mean[6::12]:
        sheet.line([(x, 60), (x, 92)], INK, 3)
        sheet.letters(x - 26, 26, str(1911 + round(x / 14.6)), 24, INK)
    for _ in range(16):
        x, y = rng.uniform(120, 1500), rng.uniform(760, 940)
        scrawl = [(x + i * 7, y + rng.gauss(0, 5)) for i in range(rng.randrange(8, 26))]
        sheet.line(curve(scrawl, 4), clear(INK, 130), 2)
    _pencil(sheet, 1130, 880)


def _pencil(sheet: Sheet, x: float, y: float) -> None:
    def turned(points: list[Point]) -> list[Point]:
        c, s = cos(-0.5), sin(-0.5)
        return [(x + a * c - b * s, y + a * s + b * c) for a, b in points]

    sheet.polygon(turned([(14, 26), (500, 22), (500, 50), (14, 40)]), clear(INK, 50))
    sheet.polygon(turned([(0, 0), (56, -17), (56, 17)]), SAND)
    sheet.polygon(turned([(0, 0), (18, -5), (18, 5)]), INK)
    sheet.polygon(turned([(56, -17), (520, -17), (520, 17), (56, 17)]), OCHRE)
    sheet.polygon(turned([(56, -17), (520, -17), (520, -6), (56, -6)]), mix(OCHRE, SAND, 0.5))
    sheet.polygon(turned([(56, 7), (520, 7), (520, 17), (56, 17)]), mix(OCHRE, RUST, 0.6))


def orbits(sheet: Sheet) -> None:
    """Few satellites, many filings."""
    rng = sheet.rng
    sheet.wash(mix(NIGHT, INK, 0.5), mix(NIGHT, DUSK, 0.6))
    for _ in range(330):
        sheet.disc(
            rng.uniform(0, 1600), rng.uniform(0, 1000), rng.uniform(0.6, 2), clear(PAPER, rng.randrange(50, 210))
        )
    x, y = 800.0, 1240.0
    sheet.disc(x, y, 640, mix(SLATE, DUSK, 0.3))
    sheet.disc(x + 24, y + 34, 626, mix(DUSK, NIGHT, 0.35))
    for i in range(13):
        across, squeeze = 705 + 50 * i, 0.85 - 0.004 * i
        path = [(x + across * cos(t), y - 30 - across * squeeze * sin(t)) for t in (pi * k / 150 for k in range(151))]
        real = i in (2, 6, 9)
        if real:
            sheet.line(path, mix(SAND, OCHRE, 0.4), 3.4)
        else:
            sheet.dashes(path, clear(MIST, 130), 2, 13, 15)
        for _ in range(1 if real else 3):
            at = path[rng.randrange(22, 128)]
            if real:
                _satellite(sheet, at)
            else:
                sheet.ring(*at, 7, 7, clear(MIST, 210), 2)


def _satellite(sheet: Sheet, at: Point) -> None:
    x, y = at
    sheet.disc(x, y, 24, clear(OXBLOOD, 130))
    sheet.box(x - 9, y - 9, 18, 18, PAPER)
    sheet.line([(x - 42, y), (x + 42, y)], PAPER, 2)
    for side in (-44, 16):
        sheet.box(x + side, y - 7, 28, 14, OCHRE)
        for i in range(1, 4):
            sheet.line([(x + side + 7 * i, y - 7), (x + side + 7 * i, y + 7)], INK, 1)


def dot_map(sheet: Sheet) -> None:
    """A population, one dot for a hundred people; one in eight is red."""
    rng = sheet.rng
    sheet.box(0, 0, 1600, 1000, mix(PAPER, SAND, 0.18))
    for i in range(15):
        sheet.line(swell(rng, 30 + i * 68, 26, 1.3), clear(STEEL, 90), 1.8)
    valleys = [
        (rng.uniform(60, 1540), rng.uniform(60, 940), rng.uniform(50, 150), rng.uniform(30, 90), rng.random())
        for _ in range(17)
    ]
    for x, y, wide, high, mood in valleys:
        red = 0.62 if mood > 0.78 else 0.05
        for _ in range(int(wide * 2.4)):
            tone = OXBLOOD if rng.random() < red else rng.choice([SLATE, DUSK, DUSK, STEEL])
            sheet.disc(x + rng.gauss(0, wide), y + rng.gauss(0, high), 4.6, clear(tone, 225))
    for _ in range(420):
        sheet.disc(
            rng.uniform(0, 1600), rng.uniform(0, 1000), 4.2, clear(OXBLOOD if rng.random() < 0.09 else STEEL, 190)
        )


def ring_map(sheet: Sheet) -> None:
    """The lines around an inland sea, with one piece missing."""
    rng = sheet.rng
    sheet.box(0, 0, 1600, 1000, mix(PAPER, SAND, 0.22))
    around = [(2 * pi * i / 14, rng.uniform(0.86, 1.12)) for i in range(14)]
    coast = [(800 + 400 * r * cos(t), 500 + 215 * r * sin(t)) for t, r in around]
    coast = curve([*coast, *coast[:3]], 14)[14 : 14 * 15 + 1]
    for swellings in range(5, 0, -1):
        sheet.polygon(
            [(800 + (x - 800) * (1 + swellings * 0.035), 500 + (y - 500) * (1 + swellings * 0.05)) for x, y in coast],
            clear(STEEL, 22),
        )
    sheet.polygon(coast, mix(MIST, STEEL, 0.35))
    sheet.line([*coast, coast[0]], DUSK, 4)
    for i in range(1, 6):
        inner = [(800 + (x - 800) * (1 - i * 0.11), 500 + (y - 500) * (1 - i * 0.13)) for x, y in coast]
        sheet.line([*inner, inner[0]], clear(PAPER, 150 - 20 * i), 2)
    nodes = [(800 + 560 * cos(a), 500 + 335 * sin(a)) for a in (-2.6, -1.75, -0.95, -0.2, 0.75, 1.75, 2.6)]
    for i, (one, other) in enumerate(zip(nodes, [*nodes[1:], nodes[0]], strict=True)):
        _circuit(sheet, one, other, i == 4, 5 + 3 * (i % 3))
    for name, (x, y) in zip(
        ("Oronda", "Tolmet", "Stenna", "Asterhal", "Port Sabel", "Ismere", "Halmet"), nodes, strict=True
    ):
        sheet.disc(x, y, 24, PAPER)
        sheet.ring(x, y, 24, 24, INK, 6)
        sheet.disc(x, y, 9, OXBLOOD)
        wide = sheet.measure(name, 32)
        sheet.letters(x - wide / 2 + (x - 800) / 590 * (wide / 2 + 44), y - 20 + (y - 500) / 345 * 56, name, 32, INK)


def _circuit(sheet: Sheet, one: Point, other: Point, missing: bool, width: float) -> None:
    middle = ((one[0] + other[0]) / 2, (one[1] + other[1]) / 2)
    bulge = (800 + (middle[0] - 800) * 1.2, 500 + (middle[1] - 500) * 1.2)
    path = curve([one, bulge, other], 60)
    if missing:
        sheet.dashes(path, OXBLOOD, 8, 22, 18)
    else:
        sheet.line(path, INK, width + 4)
        sheet.line(path, OCHRE, width)


def meanders(sheet: Sheet) -> None:
    """Where a river runs, and all the places where it used to."""
    rng = sheet.rng
    sheet.box(0, 0, 1600, 1000, mix(BONE, PAPER, 0.5))
    for i in range(9):
        sheet.line(swell(rng, 40 + i * 120, 40, 0.9), clear(RUST, 46), 1.8)
    beds = (
        mix(SAND, PAPER, 0.3),
        mix(STEEL, PAPER, 0.5),
        mix(OCHRE, SAND, 0.4),
        mix(RUST, SAND, 0.5),
        mix(SLATE, MIST, 0.4),
        mix(OCHRE, PAPER, 0.4),
        mix(SLATE, SAND, 0.4),
    )
    valley = (rng.uniform(-120, 120), rng.uniform(0, 6))
    for tone in beds:
        path = _wandering(sheet, valley, 1.0)
        sheet.line(path, mix(tone, INK, 0.4), 40)
        sheet.line(path, tone, 35)
    river = _wandering(sheet, valley, 0.85)
    sheet.line(river, INK, 50)
    sheet.line(river, mix(STEEL, MIST, 0.35), 43)
    sheet.line([(x, y + 7) for x, y in river], clear(PAPER, 120), 3)
    sheet.dashes(_wandering(sheet, valley, 0.5), OXBLOOD, 8, 34, 24)


def _wandering(sheet: Sheet, valley: Point, reach: float) -> list[Point]:
    """Return a bed that swings from side to side of the valley, never twice by the same amount."""
    rng, side = sheet.rng, sheet.rng.choice([-1, 1])
    points, x = [(-90.0, 500.0)], -60.0
    while x < 1660:
        side = -side
        swing = side * rng.choice([30, 70, 110, 170, 230, 300]) * reach * rng.uniform(0.8, 1.1)
        y = 500 + valley[0] * sin(x / 300 + valley[1]) + swing
        lobe = abs(swing) * 0.3
        points += [(x - lobe, y - swing * 0.25), (x + 36, y), (x + 72 + lobe, y - swing * 0.25)]
        x += rng.uniform(110, 190) + lobe
    return curve(points, 6)
