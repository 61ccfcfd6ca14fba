"""What people build to move things: cranes, containers, rails, viaducts, power lines."""

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
    Colour,
    Point,
    Sheet,
    clear,
    evening,
    mix,
    ridge,
    swell,
)

STEELWORK = mix(INK, DUSK, 0.25)
BOXES = (OXBLOOD, SLATE, OCHRE, DUSK, RUST, STEEL, mix(BONE, STEEL, 0.2), mix(SLATE, OCHRE, 0.4))


def port_cranes(sheet: Sheet) -> None:
    """Ship-to-shore cranes against a low sun."""
    rng = sheet.rng
    evening(sheet, mix(MIST, STEEL, 0.3), mix(SAND, PAPER, 0.35), 700)
    sheet.disc(rng.uniform(300, 640), 520, 150, mix(OXBLOOD, RUST, 0.45))
    haze, hills = mix(SAND, PAPER, 0.45), mix(MIST, STEEL, 0.5)
    if sheet.seed % 2 == 0:
        haze, hills = clear(SAND, 90), mix(SLATE, DUSK, 0.4)
    for y in range(470, 680, 26):
        sheet.box(0, y, 1600, (y - 440) / 26, haze)
    sheet.under(ridge(rng, 640, 26, 0.5), hills, 760)
    for x, size, tone in (
        (1390, 0.62, mix(SLATE, MIST, 0.35)),
        (1130, 0.76, mix(SLATE, DUSK, 0.4)),
        (800, 0.92, DUSK),
        (400, 1.1, STEELWORK),
    ):
        _crane(sheet, x, 742, size, tone)
    _yard(sheet, 742)
    sheet.box(0, 742, 1600, 34, INK)
    sheet.wash(mix(SLATE, STEEL, 0.25), DUSK, 776, 1000)
    for _ in range(60):
        glint, depth = 470 + rng.gauss(0, 90), rng.uniform(784, 990)
        sheet.line([(glint - 50, depth), (glint + 50, depth)], clear(mix(RUST, SAND, 0.3), 120), 3)
    sheet.ripples(780, 1000, clear(PAPER, 80), 170)
    sheet.ripples(780, 1000, clear(NIGHT, 90), 150)


def _crane(sheet: Sheet, x: float, ground: float, size: float, tone: Colour) -> None:
    def bar(ax: float, ay: float, bx: float, by: float, width: float) -> None:
        sheet.line([(x + ax * size, ground - ay * size), (x + bx * size, ground - by * size)], tone, width * size)

    for base, head in ((0, 14), (150, 136)):
        bar(base, 0, head, 400, 13)
    for level in (110, 300):
        bar(4, level, 146, level, 9)
    bar(6, 110, 140, 300, 6)
    bar(10, 300, 140, 400, 6)
    bar(-330, 404, 250, 404, 15)
    bar(-330, 384, 250, 384, 4)
    for step in range(-330, 250, 34):
        bar(step, 404, step + 17, 384, 3)
        bar(step + 17, 384, step + 34, 404, 3)
    bar(20, 400, 70, 560, 11)
    bar(136, 400, 70, 560, 9)
    for far, width in ((-310, 4), (-160, 4), (240, 5)):
        bar(70, 556, far, 404, width)
    trolley = sheet.rng.uniform(-270, -60)
    drop = sheet.rng.uniform(150, 330)
    bar(trolley - 12, 384, trolley - 12, drop, 2)
    bar(trolley + 12, 384, trolley + 12, drop, 2)
    left, top = x + (trolley - 42) * size, ground - drop * size
    sheet.box(left, top, 84 * size, 34 * size, mix(sheet.rng.choice(BOXES), tone, 0.15))
    sheet.box(x + 160 * size, ground - 440 * size, 70 * size, 40 * size, tone)


def _yard(sheet: Sheet, ground: float) -> None:
    rng = sheet.rng
    x = -30.0
    while x < 1620:
        high = rng.choice([0, 1, 1, 2, 2, 3])
        for level in range(high):
            _container(sheet, x, ground - 40 * (level + 1), 96, 38, rng.choice(BOXES), 11)
        x += 100 if high else rng.uniform(60, 150)


def _container(sheet: Sheet, x: float, y: float, wide: float, high: float, tone: Colour, ribs: int) -> None:
    sheet.box(x, y, wide, high, tone)
    for i in range(1, ribs):
        sheet.line(
            [(x + wide * i / ribs, y + high * 0.1), (x + wide * i / ribs, y + high * 0.9)], clear(INK, 52), wide / 70
        )
    sheet.box(x, y, wide, high * 0.07, clear(PAPER, 60))
    sheet.box(x, y + high * 0.92, wide, high * 0.08, clear(INK, 110))


def containers(sheet: Sheet) -> None:
    """A wall of boxes with a gap in it."""
    rng = sheet.rng
    evening(sheet, mix(MIST, STEEL, 0.4), mix(PAPER, SAND, 0.3), 1000)
    wide, high = 330.0, 142.0
    gap = (rng.randrange(1, 4), rng.randrange(1, 4))
    for row in range(6):
        shift = -120 + 64 * (row % 2)
        for column in range(6):
            if (column, row) == gap or (row > 4 and column in (0, 3)):
                continue
            x, y = shift + column * (wide + 6), 1000 - (row + 1) * (high + 5)
            _container(sheet, x, y, wide, high, rng.choice(BOXES), 24)
            _markings(sheet, x, y, wide, high)


def _markings(sheet: Sheet, x: float, y: float, wide: float, high: float) -> None:
    rng = sheet.rng
    if rng.random() < 0.6:
        code = "".join(rng.choice("BDHKLQSV") for _ in range(4)) + f" {rng.randrange(100000, 999999)}"
        sheet.letters(x + wide - 118, y + 16, code, 15, clear(PAPER, 190))
    if rng.random() < 0.3:
        sheet.box(x + 26, y + high * 0.34, 96, high * 0.3, clear(PAPER, 200))
        sheet.disc(x + 52, y + high * 0.49, 13, OXBLOOD)
    if rng.random() < 0.4:
        for _ in range(5):
            stain = x + rng.uniform(10, wide - 10)
            sheet.line([(stain, y + high * 0.1), (stain, y + high * rng.uniform(0.3, 0.9))], clear(RUST, 90), 3)


def rails(sheet: Sheet) -> None:
    """Tracks of two gauges that meet at the horizon."""
    rng = sheet.rng
    sheet.wash(mix(DUSK, SLATE, 0.5), mix(SAND, PAPER, 0.2), 0, 440)
    sheet.under(ridge(rng, 392, 44, 0.52), mix(SLATE, MIST, 0.35), 460)
    sheet.under(ridge(rng, 424, 22, 0.5), mix(SLATE, DUSK, 0.5), 460)
    sheet.wash(mix(SAND, STEEL, 0.35), mix(RUST, INK, 0.55), 440, 1000)
    vanish = (rng.uniform(660, 940), 440.0)
    for _ in range(2600):
        near = rng.random() ** 0.6
        sheet.disc(rng.uniform(0, 1600), 442 + 558 * near, 0.8 + 2.6 * near, clear(rng.choice([INK, PAPER, SAND]), 60))
    for offset, gauge in ((-1150, 210), (-620, 210), (-60, 250), (560, 250), (1140, 210)):
        _track(sheet, vanish, vanish[0] + offset, gauge)
    _masts(sheet, vanish)


def _track(sheet: Sheet, vanish: Point, foot: float, gauge: float) -> None:
    def on(side: float, depth: float) -> Point:
        return vanish[0] + (foot + side * gauge / 2 - vanish[0]) * depth, vanish[1] + 580 * depth

    depth = 0.014
    while depth < 1.05:
        thick = 0.028 * depth
        sheet.polygon(
            [on(-1.5, depth), on(1.5, depth), on(1.5, depth + thick), on(-1.5, depth + thick)], mix(INK, RUST, 0.3)
        )
        depth *= 1.09
    for side in (-1, 1):
        sheet.polygon([vanish, on(side - 0.05, 1.05), on(side + 0.07, 1.05)], INK)
        sheet.polygon([vanish, on(side - 0.02, 1.05), on(side + 0.035, 1.05)], MIST)


def _masts(sheet: Sheet, vanish: Point) -> None:
    for depth in (0.05, 0.08, 0.125, 0.2, 0.32, 0.52, 0.86):
        foot = vanish[1] + 580 * depth * 0.9
        for side, reach in ((-1, 560), (1, 600)):
            x = vanish[0] + side * reach * 1.45 * depth
            top = foot - 1150 * depth
            sheet.line([(x, foot), (x, top)], INK, 13 * depth + 1)
            sheet.line([(x, top + 60 * depth), (x - side * 330 * depth, top + 60 * depth)], INK, 8 * depth + 0.8)
            sheet.line([(x, top), (x - side * 220 * depth, top + 60 * depth)], INK, 4 * depth + 0.6)
    for side in (-1, 1):
        for height in (1020, 900):
            x = vanish[0] + side * 560 * 1.1 * 1.2
            sheet.line([vanish, (x, vanish[1] + 580 * 0.9 * 1.2 - height * 1.2)], INK, 2)


def viaduct(sheet: Sheet) -> None:
    """A short train on a long bridge."""
    rng = sheet.rng
    sheet.wash(mix(SAND, PAPER, 0.2), mix(PAPER, MIST, 0.35), 0, 800)
    sheet.disc(rng.uniform(1080, 1340), 210, 70, mix(OXBLOOD, RUST, 0.3))
    for y, rise, shade in ((380, 90, 0.05), (490, 80, 0.3)):
        sheet.under(ridge(rng, y, rise, 0.55), mix(MIST, SLATE, shade))
    _arches(sheet)
    for i, (y, rise) in enumerate(((820, 40), (890, 36), (960, 22))):
        sheet.under(swell(rng, y, rise, 0.9 + i * 0.4), mix(SLATE, INK, 0.3 + 0.33 * i))
        for _ in range(30):
            x = rng.uniform(0, 1600)
            sheet.polygon(
                [(x - 12, y + 16), (x, y - rng.uniform(24, 60)), (x + 12, y + 16)], mix(SLATE, INK, 0.36 + 0.33 * i)
            )


def _arches(sheet: Sheet) -> None:
    deck, span = 520.0, 150.0
    stone, shade = mix(BONE, SAND, 0.4), mix(STEEL, SAND, 0.3)
    sheet.box(-5, deck, 1610, 34, stone)
    sheet.box(-5, deck + 26, 1610, 8, clear(INK, 70))
    for i in range(-1, 12):
        x = i * span + 10
        sheet.polygon([(x - 6, 1000), (x, deck + 30), (x + 30, deck + 30), (x + 36, 1000)], stone)
        sheet.polygon([(x + 20, 1000), (x + 20, deck + 30), (x + 30, deck + 30), (x + 36, 1000)], shade)
        crown = [(x + 90 + 60 * cos(t), deck + 112 - 74 * sin(t)) for t in (pi * k / 20 for k in range(21))]
        sheet.polygon(
            [(x + 150, deck + 30), (x + 30, deck + 30), (x + 30, deck + 112), *reversed(crown), (x + 150, deck + 112)],
            stone,
        )
        sheet.line(crown, clear(INK, 110), 3)
    sheet.line([(-5, deck - 2), (1605, deck - 2)], INK, 5)
    x = sheet.rng.uniform(420, 760)
    for i in range(5):
        tone = OXBLOOD if i == 0 else BOXES[1 + i]
        sheet.box(x + 96 * i, deck - 52, 88, 44, tone)
        for wheel in (14, 32, 58, 76):
            sheet.disc(x + 96 * i + wheel, deck - 7, 6, INK)
    sheet.box(x + 8, deck - 44, 18, 14, PAPER)


def pylons(sheet: Sheet) -> None:
    """A power line that walks away over the hills."""
    rng = sheet.rng
    sheet.wash(mix(SLATE, DUSK, 0.6), mix(SAND, OCHRE, 0.25), 0, 760)
    sheet.disc(rng.uniform(250, 450), 600, 88, mix(PAPER, OCHRE, 0.3))
    for i, (y, rise) in enumerate(((640, 40), (720, 44), (810, 40), (910, 34))):
        sheet.under(swell(rng, y, rise, 0.9 + 0.2 * i), mix(mix(SLATE, OCHRE, 0.3), INK, 0.08 + 0.3 * i))
    route = [
        (1640.0, 1120.0, 1.75),
        (1250.0, 985.0, 1.1),
        (955.0, 885.0, 0.72),
        (740.0, 805.0, 0.48),
        (590.0, 745.0, 0.32),
        (480.0, 700.0, 0.21),
        (400.0, 668.0, 0.14),
    ]
    for near, far in zip(route, route[1:], strict=False):
        _wires(sheet, near, far)
    for x, foot, size in reversed(route):
        _pylon(sheet, x, foot, size)


ARMS = ((430, 150), (520, 118), (600, 88))


def _pylon(sheet: Sheet, x: float, foot: float, size: float) -> None:
    def bar(ax: float, ay: float, bx: float, by: float, width: float) -> None:
        sheet.line([(x + ax * size, foot - ay * size), (x + bx * size, foot - by * size)], INK, max(0.7, width * size))

    def half(height: float) -> float:
        return 92 - height * 0.19 if height < 400 else 16 - (height - 400) * 0.05

    levels = [0, 110, 210, 300, 370, 430, 475, 520, 560, 600, 660]
    for low, high in zip(levels, levels[1:], strict=False):
        for side in (-1, 1):
            bar(side * half(low), low, side * half(high), high, 7)
            bar(side * half(low), low, -side * half(high), high, 3.4)
        bar(-half(high), high, half(high), high, 3.4)
    for height, reach in ARMS:
        for side in (-1, 1):
            bar(0, height + 26, side * reach, height, 5)
            bar(0, height, side * reach, height, 5)
            bar(side * reach, height, side * reach, height - 34, 3)


def _wires(sheet: Sheet, near: tuple[float, float, float], far: tuple[float, float, float]) -> None:
    for height, reach in ARMS:
        for side in (-1, 1):
            (x0, y0), (x1, y1) = (
                (x + side * reach * size, foot - (height - 34) * size) for x, foot, size in (near, far)
            )
            sag = hypot(x1 - x0, y1 - y0) * 0.1
            wire = [
                (x0 + (x1 - x0) * t, y0 + (y1 - y0) * t + sag * 4 * t * (1 - t)) for t in (i / 16 for i in range(17))
            ]
            sheet.line(wire, clear(INK, 200), 0.8 + 1.3 * near[2])
