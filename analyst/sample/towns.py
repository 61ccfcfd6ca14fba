"""Where people live and keep things: doorways, windows, shelves, the lamps of a town at night."""

from math import cos, hypot, pi, sin

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
    Sheet,
    clear,
    mix,
    swell,
)


def doorways(sheet: Sheet) -> None:
    """Doors within doors, and someone about to leave."""
    tones = [
        NIGHT,
        DUSK,
        mix(DUSK, SLATE, 0.6),
        SLATE,
        STEEL,
        mix(STEEL, MIST, 0.6),
        MIST,
        mix(SAND, PAPER, 0.3),
        PAPER,
    ]
    centre, floor = sheet.rng.uniform(640, 960), 690.0
    sheet.box(0, 0, 1600, 1000, tones[0])
    for i, tone in enumerate(tones[1:], 1):
        near = 0.74**i
        half, top, bottom = 760 * near, floor - 1060 * near, floor + 480 * near
        x = centre + (800 - centre) * near
        sheet.polygon(
            [(x - half - 18 * near, bottom), (x - half, top), (x + half, top), (x + half, bottom)], clear(INK, 120)
        )
        sheet.box(x - half + 14 * near, top + 14 * near, 2 * half - 14 * near, bottom - top - 14 * near, tone)
        if i == 3:
            sheet.box(x - half, top, 2 * half, 20, OXBLOOD)
    _lit_floor(sheet, centre, floor)
    _traveller(sheet, centre + 60, 842)


def _lit_floor(sheet: Sheet, centre: float, floor: float) -> None:
    sheet.polygon(
        [(centre - 66, floor + 38), (centre + 66, floor + 38), (centre + 420, 1005), (centre - 300, 1005)],
        clear(PAPER, 120),
    )


def _traveller(sheet: Sheet, x: float, foot: float) -> None:
    sheet.polygon([(x - 16, foot - 4), (x + 20, foot - 4), (x + 190, 1005), (x + 60, 1005)], clear(NIGHT, 170))
    sheet.polygon(
        [
            (x - 22, foot),
            (x - 29, foot - 124),
            (x - 16, foot - 158),
            (x + 16, foot - 158),
            (x + 29, foot - 124),
            (x + 23, foot),
        ],
        INK,
    )
    sheet.disc(x, foot - 178, 19, INK)
    sheet.box(x + 32, foot - 62, 52, 48, OXBLOOD)
    sheet.line([(x + 48, foot - 62), (x + 48, foot - 74), (x + 68, foot - 74), (x + 68, foot - 62)], OXBLOOD, 4)


def facade(sheet: Sheet) -> None:
    """A block of flats by night; each lit window is somebody who sends money home."""
    sheet.wash(NIGHT, DUSK)
    wide, high = 118.0, 142.0
    for row in range(8):
        for column in range(14):
            x, y = -24 + column * wide, -60 + row * high
            tone = mix(NIGHT, DUSK, 0.35 + 0.2 * ((row + column) % 2))
            sheet.box(x, y, wide - 5, high - 5, tone)
            _window(sheet, x + 20, y + 20, wide - 46, high - 50, (row, column) == (4, 9))
    for row in range(1, 8):
        sheet.box(0, -68 + row * high, 1600, 6, mix(DUSK, SLATE, 0.5))


def _window(sheet: Sheet, x: float, y: float, wide: float, high: float, chosen: bool) -> None:
    rng = sheet.rng
    lit = rng.random() < 0.3
    pane = (
        OXBLOOD
        if chosen
        else rng.choice([OCHRE, SAND, mix(SAND, PAPER, 0.5)])
        if lit
        else mix(DUSK, SLATE, rng.uniform(0.1, 0.5))
    )
    sheet.box(x, y, wide, high, pane)
    if chosen or (lit and rng.random() < 0.35):
        _sitter(sheet, x + wide * rng.uniform(0.35, 0.65), y + high, wide)
    elif lit and rng.random() < 0.5:
        sheet.polygon([(x, y), (x + wide * 0.4, y), (x + wide * 0.18, y + high), (x, y + high)], clear(RUST, 90))
    sheet.line([(x + wide / 2, y), (x + wide / 2, y + high)], NIGHT, 3)
    sheet.line([(x, y + high * 0.4), (x + wide, y + high * 0.4)], NIGHT, 3)
    sheet.box(x - 5, y + high, wide + 10, 5, clear(PAPER, 60))


def _sitter(sheet: Sheet, x: float, sill: float, wide: float) -> None:
    sheet.polygon(
        [
            (x - wide * 0.24, sill),
            (x - wide * 0.15, sill - wide * 0.34),
            (x + wide * 0.15, sill - wide * 0.34),
            (x + wide * 0.24, sill),
        ],
        NIGHT,
    )
    sheet.disc(x, sill - wide * 0.47, wide * 0.14, NIGHT)


def shelves(sheet: Sheet) -> None:
    """A registry: bound files to the ceiling, one of them red."""
    rng = sheet.rng
    sheet.wash(mix(INK, RUST, 0.18), mix(INK, RUST, 0.32))
    marked = (2, rng.uniform(500, 1000))
    for row in range(5):
        base = 188 + row * 200
        x = -20.0
        while x < 1610:
            wide = rng.uniform(20, 62)
            red = row == marked[0] and x <= marked[1] < x + wide
            _spine(sheet, x, base, wide, rng.uniform(118, 164), red)
            x += wide + rng.choice([1.5, 1.5, 1.5, 1.5, 1.5, 34])
        sheet.box(0, base, 1600, 16, mix(RUST, INK, 0.35))
        sheet.box(0, base, 1600, 3, mix(RUST, SAND, 0.4))
    _ladder(sheet, rng.uniform(1080, 1240))


def _spine(sheet: Sheet, x: float, base: float, wide: float, high: float, red: bool) -> None:
    rng = sheet.rng
    tone = (
        OXBLOOD
        if red
        else rng.choice([BONE, SAND, mix(SAND, OCHRE, 0.5), SLATE, DUSK, mix(STEEL, BONE, 0.4), mix(BONE, OCHRE, 0.3)])
    )
    high = 172 if red else high
    sheet.box(x, base - high, wide, high, tone)
    sheet.box(x + wide * 0.74, base - high, wide * 0.26, high, clear(INK, 44))
    label = PAPER if tone in (OXBLOOD, SLATE, DUSK) else INK
    if wide > 34:
        sheet.box(x + wide * 0.18, base - high * 0.8, wide * 0.5, high * 0.22, clear(PAPER, 210))
        for i in range(3):
            sheet.line(
                [(x + wide * 0.25, base - high * (0.75 - 0.05 * i)), (x + wide * 0.6, base - high * (0.75 - 0.05 * i))],
                clear(INK, 150),
                1.6,
            )
    for share in (0.12, 0.9):
        sheet.line([(x + 2, base - high * share), (x + wide - 2, base - high * share)], clear(label, 130), 2)


def _ladder(sheet: Sheet, x: float) -> None:
    for side in (0, 74):
        sheet.line([(x + side, 1010), (x + side + 120, -10)], mix(SAND, OCHRE, 0.4), 11)
    for i in range(13):
        y = 950 - 80 * i
        left = x + 120 * (1010 - y) / 1020
        sheet.line([(left, y), (left + 74, y)], mix(SAND, OCHRE, 0.2), 8)


def night_grid(sheet: Sheet) -> None:
    """Towns at night, seen from orbit."""
    rng = sheet.rng
    sheet.box(0, 0, 1600, 1000, mix(NIGHT, INK, 0.3))
    shore = swell(rng, 700, 60, 1.1)
    sheet.under(shore, mix(NIGHT, DUSK, 0.5))
    towns = [(rng.uniform(80, 1520), rng.uniform(60, 640), rng.uniform(0.25, 0.6)) for _ in range(16)]
    towns += [(x, y - 24, rng.uniform(0.3, 0.7)) for x, y in shore[12:150:26]]
    towns.append((rng.uniform(500, 1000), rng.uniform(280, 420), 1.6))
    sheet.glow([(x, y, 70 * size**0.6, mix(mix(RUST, OCHRE, 0.5), NIGHT, 0.25)) for x, y, size in towns], 50)
    for one, other in zip(towns, towns[1:], strict=False):
        _road(sheet, one, other)
    for x, y, size in towns:
        _town(sheet, x, y, size)
    for _ in range(420):
        sheet.disc(rng.uniform(0, 1600), rng.uniform(0, 650), rng.uniform(0.8, 1.8), clear(SAND, 120))


def _road(sheet: Sheet, one: tuple[float, float, float], other: tuple[float, float, float]) -> None:
    far = hypot(other[0] - one[0], other[1] - one[1])
    for i in range(int(far / 13)):
        t = i * 13 / far
        bend = 26 * sin(pi * t * 2)
        sheet.disc(one[0] + (other[0] - one[0]) * t, one[1] + (other[1] - one[1]) * t + bend, 1.5, clear(OCHRE, 150))


def _town(sheet: Sheet, x: float, y: float, size: float) -> None:
    rng = sheet.rng
    turn = rng.uniform(0, pi / 2)
    for _ in range(int(520 * size)):
        u, v = rng.gauss(0, 44 * size), rng.gauss(0, 44 * size)
        u, v = (round(u / 11) * 11.0, v) if rng.random() < 0.5 else (u, round(v / 11) * 11.0)
        bright = rng.random()
        tone = PAPER if bright > 0.86 else mix(OCHRE, SAND, bright)
        spot = (x + u * cos(turn) - v * sin(turn), y + u * sin(turn) + v * cos(turn))
        sheet.disc(*spot, 1.1 + 1.5 * bright, clear(tone, 215))
