"""Where there is water: reservoir, strait, ferry, delta."""

from math import hypot, pi, sin

from .landscapes import hatch, tree
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
    WIDTH,
    Colour,
    Point,
    Sheet,
    clear,
    curve,
    evening,
    mix,
    ridge,
    swell,
)


def reservoir(sheet: Sheet) -> None:
    """A dam between two slopes, the lake behind it."""
    rng = sheet.rng
    evening(sheet, mix(MIST, SLATE, 0.25), mix(PAPER, SAND, 0.35), 520)
    sheet.disc(rng.uniform(560, 1060), rng.uniform(180, 250), 74, mix(PAPER, OCHRE, 0.18))
    for y, rise, shade in ((330, 60, 0.15), (400, 66, 0.4), (470, 60, 0.65)):
        crest = ridge(rng, y, rise, 0.58)
        sheet.under(crest, mix(MIST, SLATE, shade))
        hatch(sheet, crest, clear(INK, 26), 90)
    sheet.wash(mix(MIST, PAPER, 0.25), mix(STEEL, SLATE, 0.4), 520, 690)
    sheet.ripples(528, 680, clear(PAPER, 120), 130)
    _bank(sheet, [(-10, 430), (170, 480), (330, 560), (420, 655), (470, 800), (520, 1010)], mix(DUSK, INK, 0.25), -1)
    _bank(
        sheet, [(1610, 400), (1440, 470), (1290, 540), (1190, 650), (1140, 800), (1090, 1010)], mix(DUSK, INK, 0.45), 1
    )
    _dam(sheet)


def _dam(sheet: Sheet) -> None:
    crest = [(410 + 790 * t, 648 + 46 * sin(pi * t)) for t in (i / 40 for i in range(41))]
    foot = [(505 + 600 * t, 905 + 62 * sin(pi * t)) for t in (i / 40 for i in range(41))]
    sheet.polygon([*crest, *reversed(foot)], BONE)
    sheet.polygon([*crest[:16], *reversed(foot[:16])], clear(SLATE, 60))
    for top, bottom in zip(crest[::3], foot[::3], strict=True):
        sheet.line([top, bottom], clear(INK, 55), 1.6)
    for share in (0.2, 0.4, 0.6, 0.8):
        level = [(a + (c - a) * share, b + (d - b) * share) for (a, b), (c, d) in zip(crest, foot, strict=True)]
        sheet.line(level, clear(INK, 40), 1.4)
    for start in (17, 20, 23):
        (a, b), (c, d) = crest[start], foot[start]
        sheet.polygon([(a, b), (a + 26, b + 1), (c + 40, d + 2), (c - 14, d)], clear(PAPER, 215))
    sheet.line(crest, INK, 7)
    sheet.line([(x, y - 13) for x, y in crest], INK, 1.6)
    for x, y in crest[::2]:
        sheet.line([(x, y), (x, y - 13)], INK, 1.4)
    sheet.box(590, 610, 26, 62, OXBLOOD)
    sheet.polygon([(584, 610), (603, 592), (622, 610)], INK)
    sheet.polygon([*foot, (1120, 1010), (480, 1010)], mix(SLATE, DUSK, 0.6))
    sheet.ripples(975, 1000, clear(PAPER, 150), 60, (520, 1090))


def _bank(sheet: Sheet, points: list[Point], fill: Colour, side: int) -> None:
    edge = [(x + sheet.rng.uniform(-7, 7), y) for x, y in curve(points)]
    corner = WIDTH + 10 if side > 0 else -10
    sheet.polygon([(corner, edge[0][1]), *edge, (corner, edge[-1][1])], fill)
    for x, y in edge[::2]:
        reach = sheet.rng.uniform(40, 260)
        sheet.line([(x + side * 14, y + 12), (x + side * (14 + reach), y + 12 + reach * 0.8)], clear(PAPER, 26), 2)


def strait(sheet: Sheet) -> None:
    """A narrow passage, a light, a ship."""
    rng = sheet.rng
    evening(sheet, mix(PAPER, SAND, 0.55), PAPER, 470)
    for y in range(40, 440, 18):
        sheet.line([(p, y + 2 * sin(p / 130 + y)) for p in range(-10, 1620, 40)], clear(OCHRE, 34), 1.6)
    sheet.under(ridge(rng, 440, 26, 0.5), mix(MIST, PAPER, 0.2), 480)
    sheet.wash(mix(MIST, STEEL, 0.35), mix(SLATE, DUSK, 0.7), 470, 1000)
    sheet.ripples(474, 1000, clear(PAPER, 90), 330)
    sheet.ripples(500, 1000, clear(NIGHT, 60), 200)
    _headland(
        sheet,
        [(-20, 330), (120, 345), (260, 380), (390, 420), (500, 462), (560, 505), (380, 560), (200, 640), (-20, 700)],
        SLATE,
    )
    _headland(
        sheet,
        [
            (1620, 280),
            (1500, 300),
            (1380, 370),
            (1250, 400),
            (1130, 462),
            (1040, 530),
            (1180, 600),
            (1400, 690),
            (1620, 730),
        ],
        DUSK,
    )
    _lighthouse(sheet, 330, 402)
    _ship(sheet, 760, 560, 1.0)


def _headland(sheet: Sheet, points: list[Point], fill: Colour) -> None:
    outline = curve(points)
    sheet.polygon(outline, fill)
    count = len(points) // 2 * 16
    for inset in range(1, 9):
        pulled = [(x, y + inset * inset * 2.1) for x, y in outline[:count]]
        sheet.line(pulled, clear(PAPER, 62 - 5 * inset), 2)


def _lighthouse(sheet: Sheet, x: float, y: float) -> None:
    lamp = y - 196
    sheet.polygon([(x, lamp), (WIDTH + 20, lamp - 150), (WIDTH + 20, lamp + 70)], clear(PAPER, 105))
    sheet.polygon([(x - 30, y), (x - 18, lamp + 26), (x + 18, lamp + 26), (x + 30, y)], PAPER)
    sheet.polygon([(x - 26, y - 60), (x - 22, y - 110), (x + 22, y - 110), (x + 26, y - 60)], OXBLOOD)
    sheet.polygon([(x + 6, y), (x + 4, lamp + 26), (x + 18, lamp + 26), (x + 30, y)], clear(INK, 70))
    sheet.box(x - 26, lamp + 18, 52, 8, INK)
    sheet.box(x - 13, lamp - 14, 26, 32, INK)
    sheet.box(x - 8, lamp - 10, 16, 24, SAND)
    sheet.polygon([(x - 17, lamp - 14), (x, lamp - 38), (x + 17, lamp - 14)], INK)


def _ship(sheet: Sheet, x: float, y: float, scale: float) -> None:
    def s(points: list[Point]) -> list[Point]:
        return [(x + a * scale, y + b * scale) for a, b in points]

    sheet.polygon(s([(-10, 0), (250, 0), (268, -30), (-22, -30)]), INK)
    sheet.polygon(s([(-14, -10), (254, -10), (250, 0), (-10, 0)]), OXBLOOD)
    sheet.polygon(s([(0, -30), (0, -86), (44, -86), (44, -30)]), BONE)
    sheet.polygon(s([(12, -86), (12, -112), (30, -112), (30, -86)]), OXBLOOD)
    for i in range(5):
        for j in range(2 if i in (1, 4) else 3):
            tone = sheet.rng.choice([OCHRE, SLATE, RUST, STEEL, BONE])
            sheet.polygon(
                s(
                    [
                        (58 + 37 * i, -31 - 17 * j),
                        (92 + 37 * i, -31 - 17 * j),
                        (92 + 37 * i, -46 - 17 * j),
                        (58 + 37 * i, -46 - 17 * j),
                    ]
                ),
                tone,
            )
    for i in range(9):
        wide = (130 - 9 * i) * scale
        sheet.line(
            [(x + 120 * scale - wide, y + 8 + 9 * i), (x + 120 * scale + wide, y + 8 + 9 * i)],
            clear(NIGHT, 90 - 8 * i),
            2.4,
        )


def ferry(sheet: Sheet) -> None:
    """A cable ferry on a wide flat river."""
    rng = sheet.rng
    sheet.wash(mix(STEEL, MIST, 0.6), mix(PAPER, SAND, 0.5), 0, 430)
    for _ in range(26):
        x, y = rng.uniform(0, 1600), rng.uniform(60, 300)
        sheet.oval(x, y, rng.uniform(70, 240), rng.uniform(3, 9), clear(PAPER, 80))
    sheet.under(swell(rng, 405, 9, 1.2), mix(STEEL, SLATE, 0.3), 440)
    for _ in range(64):
        _poplar(sheet, rng.uniform(-10, 1610), 428, rng.uniform(26, 96))
    sheet.box(0, 425, 1600, 9, mix(SLATE, INK, 0.5))
    sheet.wash(mix(SAND, MIST, 0.45), mix(SLATE, STEEL, 0.2), 434, 1000)
    sheet.ripples(438, 990, clear(PAPER, 120), 300)
    sheet.ripples(470, 1000, clear(DUSK, 50), 240)
    cable = [(x, 556 + 26 * (1 - ((x - 800) / 800) ** 2)) for x in range(-20, 1640, 20)]
    _ferry_boat(sheet, 560, 690)
    sheet.line([(float(x), y) for x, y in cable], INK, 2.6)
    _reeds(sheet)


def _poplar(sheet: Sheet, x: float, foot: float, height: float) -> None:
    tree(sheet, x, foot, height)
    sheet.oval(x, foot + 8 + height * 0.3, height * 0.13, height * 0.28, clear(DUSK, 45))


def _ferry_boat(sheet: Sheet, x: float, y: float) -> None:
    for i in range(16):
        sheet.line([(x + 20 + 6 * i, y + 10 + 8 * i), (x + 470 - 7 * i, y + 10 + 8 * i)], clear(NIGHT, 100 - 6 * i), 3)
    sheet.polygon([(x - 40, y - 22), (x + 530, y - 22), (x + 490, y + 12), (x, y + 12)], INK)
    sheet.polygon([(x - 30, y - 14), (x + 520, y - 14), (x + 511, y - 6), (x - 20, y - 6)], OXBLOOD)
    sheet.box(x + 215, y - 128, 92, 106, BONE)
    sheet.box(x + 275, y - 128, 32, 106, clear(SLATE, 70))
    sheet.box(x + 205, y - 138, 112, 11, INK)
    for i in range(3):
        sheet.box(x + 224 + 27 * i, y - 116, 19, 30, DUSK)
    for post in (60, 440):
        sheet.line([(x + post, y - 22), (x + post, y - 122)], INK, 5)
        sheet.disc(x + post, y - 122, 9, INK)
        sheet.disc(x + post, y - 122, 4, PAPER)
    for i in range(17):
        spot = x + sheet.rng.uniform(-20, 200) if i % 2 else x + sheet.rng.uniform(322, 505)
        _passenger(sheet, spot, y - 22, sheet.rng.uniform(34, 44))
    sheet.line([(x - 40, y - 50), (x + 206, y - 50)], INK, 2)
    sheet.line([(x + 318, y - 50), (x + 530, y - 50)], INK, 2)


def _passenger(sheet: Sheet, x: float, foot: float, height: float) -> None:
    tone = sheet.rng.choice([INK, DUSK, SLATE, RUST, OXBLOOD, OCHRE])
    sheet.polygon([(x - 7, foot), (x - 8, foot - height * 0.72), (x + 8, foot - height * 0.72), (x + 7, foot)], tone)
    sheet.disc(x, foot - height * 0.86, height * 0.14, mix(tone, INK, 0.6))


def _reeds(sheet: Sheet) -> None:
    for _ in range(150):
        x = sheet.rng.choice([sheet.rng.uniform(-20, 420), sheet.rng.uniform(1180, 1620)])
        far = min(abs(x), abs(1600 - x)) / 420
        height = sheet.rng.uniform(90, 270) * (1.1 - 0.7 * far)
        lean = sheet.rng.uniform(-24, 40)
        sheet.line(
            curve([(x, 1010), (x + lean * 0.3, 1000 - height / 2), (x + lean, 1000 - height)], 6),
            mix(INK, DUSK, sheet.rng.random() * 0.6),
            4,
        )
        if sheet.rng.random() < 0.25:
            sheet.oval(x + lean, 1000 - height, 6, 24, RUST)


def delta(sheet: Sheet) -> None:
    """A river that divides, seen from far above."""
    rng = sheet.rng
    sheet.box(0, 0, 1600, 1000, mix(SAND, BONE, 0.35))
    for _ in range(1500):
        x, y = rng.uniform(0, 1600), rng.uniform(0, 860)
        sheet.line([(x, y), (x + 5, y - 7)], clear(mix(SLATE, OCHRE, 0.6), 110), 2)
    arms: list[tuple[list[Point], float]] = []
    _divide(sheet, (rng.uniform(700, 900), -30.0), (90.0, 1510.0), 58, arms)
    shore = swell(rng, 838, 26, 1.4)
    for arm, width in arms:
        _long_lots(sheet, arm, width)
    sheet.line(shore, mix(DUSK, SLATE, 0.2), 9)
    for casing, tone in ((9.0, mix(DUSK, SLATE, 0.2)), (0.0, mix(STEEL, SLATE, 0.5))):
        for arm, width in arms:
            sheet.line(arm, tone, width + casing)
            sheet.disc(*arm[-1], (width + casing) / 2 - 1, tone)
    for arm, width in arms:
        sheet.line([(x - width * 0.16, y) for x, y in arm], clear(PAPER, 60), width * 0.1)
    sheet.under([(x, y + 3) for x, y in shore], mix(STEEL, SLATE, 0.5))
    for i in range(3, 9):
        sheet.line([(x, y + i * i * 2.4) for x, y in shore], clear(PAPER, 100 - 11 * i), 2)


def _divide(sheet: Sheet, start: Point, span: Point, width: float, arms: list[tuple[list[Point], float]]) -> None:
    """Let one arm of the river wander down, then give each half of the shore an arm of its own."""
    rng = sheet.rng
    level = start[1] + (400 if start[1] < 0 else rng.uniform(120, 190))
    last = level > 780 or span[1] - span[0] < 130
    end = ((span[0] + span[1]) / 2 + rng.uniform(-0.16, 0.16) * (span[1] - span[0]), 880 if last else level)
    steps = 4
    path = [
        (
            start[0] + (end[0] - start[0]) * (i / steps) ** 0.85 + rng.uniform(-26, 26) * (0 < i < steps),
            start[1] + (end[1] - start[1]) * i / steps,
        )
        for i in range(steps + 1)
    ]
    arms.append((curve(path, 10), width))
    if not last:
        middle = end[0] + rng.uniform(-0.1, 0.1) * (span[1] - span[0])
        share = rng.uniform(0.5, 0.78)
        _divide(sheet, end, (span[0], middle), width * share, arms)
        _divide(sheet, end, (middle, span[1]), width * (1.25 - share), arms)


def _long_lots(sheet: Sheet, arm: list[Point], width: float) -> None:
    """Lay narrow fields along both banks."""
    rng = sheet.rng
    tones = [
        mix(SLATE, OCHRE, 0.5),
        mix(STEEL, SAND, 0.5),
        mix(OCHRE, SAND, 0.3),
        mix(SLATE, SAND, 0.35),
        mix(RUST, SAND, 0.45),
    ]
    for side in (-1, 1):
        for (x0, y0), (x1, y1) in zip(arm[::2], arm[2::2], strict=False):
            reach = (width * 0.6 + rng.uniform(40, 96)) * side / (hypot(x1 - x0, y1 - y0) or 1)
            across, down = (y1 - y0) * reach, (x0 - x1) * reach
            sheet.polygon(
                [(x0, y0), (x1, y1), (x1 + across, y1 + down), (x0 + across, y0 + down)], clear(rng.choice(tones), 225)
            )
            sheet.line([(x0, y0), (x0 + across, y0 + down)], clear(PAPER, 150), 2)
