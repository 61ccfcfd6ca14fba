"""Portraits of authors, like woodcuts in two tones."""

from collections.abc import Callable
from math import cos, pi, sin

from PIL import Image

from .paper import (
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
    curve,
    mix,
)

GROUNDS = (
    (mix(STEEL, MIST, 0.3), DUSK),
    (mix(OCHRE, SAND, 0.35), INK),
    (mix(RUST, SAND, 0.25), NIGHT),
    (mix(SLATE, STEEL, 0.3), NIGHT),
    (SAND, OXBLOOD),
    (mix(MIST, PAPER, 0.3), DUSK),
)


def portrait(sheet: Sheet) -> None:
    """A head and shoulders in two tones, like a woodcut; the seed decides hair, dress and spectacles."""
    look = sheet.seed % len(GROUNDS)
    ground, dark = GROUNDS[look]
    sheet.box(0, 0, 1600, 1600, ground)
    _rays(sheet, ground, look)
    light = mix(PAPER, ground, 0.12)
    HAIR_BEHIND.get(look, _nothing)(sheet, dark)
    _shoulders(sheet, dark, look)
    sheet.polygon([(676, 940), (930, 940), (950, 1240), (800, 1330), (650, 1240)], light)
    sheet.polygon(
        curve([(664, 985), (720, 1085), (752, 1160), (764, 1260), (800, 1330), (950, 1240), (930, 940), (664, 985)], 8),
        dark,
    )
    face = _face(800, 760, 240, 330)
    sheet.polygon(face, light)
    _shadow(sheet, face, dark)
    _features(sheet, dark, light)
    HAIR[look](sheet, dark)
    if look in (1, 4):
        _spectacles(sheet, dark, light)
    edges = [round(edge * sheet.scale) for edge in (170, 270, 1430, 1530)]
    sheet.image = sheet.image.resize(
        sheet.image.size, Image.Resampling.BICUBIC, (edges[0], edges[1], edges[2], edges[3])
    )


def _nothing(sheet: Sheet, tone: Colour) -> None:
    """Leave the sheet as it is."""


def _rays(sheet: Sheet, ground: Colour, look: int) -> None:
    """Cut the background with the gouge."""
    for _ in range(240):
        x, y = sheet.rng.uniform(-40, 1600), sheet.rng.uniform(-40, 1600)
        lean = (look % 5 - 2) * 18
        sheet.line([(x, y), (x + lean, y + sheet.rng.uniform(50, 150))], clear(mix(ground, PAPER, 0.6), 150), 4)


def _face(x: float, y: float, wide: float, high: float) -> list[Point]:
    def reach(t: float) -> float:
        return 1 - 0.16 * max(0.0, sin(t)) ** 2

    return [(x + wide * cos(t) * reach(t), y + high * sin(t)) for t in (2 * pi * i / 90 for i in range(90))]


def _shadow(sheet: Sheet, face: list[Point], dark: Colour) -> None:
    """Cover the side of the face away from the light, along brow, nose and mouth."""
    profile = curve(
        [
            (812, 425),
            (850, 560),
            (832, 660),
            (800, 716),
            (818, 760),
            (846, 842),
            (806, 872),
            (820, 920),
            (838, 950),
            (806, 972),
            (838, 1010),
            (834, 1056),
            (812, 1092),
        ],
        8,
    )
    right = [p for p in face if p[0] > 806]
    above = sorted((p for p in right), key=lambda p: p[1])
    sheet.polygon([*profile, *reversed(above)], dark)


def _features(sheet: Sheet, dark: Colour, light: Colour) -> None:
    for x, tone in ((700, dark), (900, light)):
        brow = curve([(x - 62, 690), (x - 10, 662), (x + 56, 680)], 10)
        sheet.line(brow, tone, 17)
        sheet.polygon(curve([(x - 46, 738), (x, 718), (x + 46, 738), (x, 752), (x - 46, 738)], 8), tone)
    sheet.line(curve([(720, 946), (770, 936), (806, 944)], 8), dark, 12)
    sheet.line(curve([(822, 950), (848, 948), (874, 955)], 8), light, 11)
    sheet.line(curve([(748, 984), (800, 996), (812, 994)], 8), dark, 7)


def _shoulders(sheet: Sheet, dark: Colour, look: int) -> None:
    body = curve(
        [(180, 1640), (250, 1400), (470, 1270), (680, 1190), (920, 1190), (1130, 1270), (1350, 1400), (1420, 1640)], 10
    )
    sheet.polygon(body, mix(dark, INK, 0.2))
    cloth = (OXBLOOD, SLATE, PAPER, OCHRE, STEEL, RUST)[look]
    sheet.polygon([(640, 1205), (800, 1400), (960, 1205), (1030, 1240), (820, 1640), (780, 1640), (570, 1240)], cloth)
    sheet.polygon([(800, 1400), (960, 1205), (1030, 1240), (820, 1640), (800, 1640)], clear(INK, 70))
    for i in range(9):
        sheet.line([(330 + 34 * i, 1385 - 13 * i), (300 + 34 * i, 1600)], clear(PAPER, 46), 5)


def _cropped(sheet: Sheet, tone: Colour) -> None:
    sheet.polygon(
        curve(
            [
                (556, 760),
                (552, 560),
                (650, 420),
                (810, 385),
                (960, 425),
                (1046, 560),
                (1044, 770),
                (1010, 640),
                (960, 560),
                (800, 530),
                (640, 575),
                (590, 650),
                (556, 760),
            ],
            8,
        ),
        tone,
    )
    _strands(sheet, [(640 + 44 * i, 545, 655 + 40 * i, 430) for i in range(8)])


def _parted(sheet: Sheet, tone: Colour) -> None:
    sheet.polygon(
        curve(
            [
                (546, 900),
                (528, 600),
                (640, 410),
                (820, 370),
                (990, 430),
                (1074, 620),
                (1056, 900),
                (1022, 700),
                (940, 560),
                (700, 480),
                (600, 660),
                (570, 800),
                (546, 900),
            ],
            8,
        ),
        tone,
    )
    _strands(sheet, [(720 + 34 * i, 490 + 8 * i, 700 + 44 * i, 410 + 4 * i) for i in range(7)])


def _beard(sheet: Sheet, tone: Colour) -> None:
    _cropped(sheet, tone)
    sheet.polygon(
        curve(
            [
                (566, 840),
                (600, 1000),
                (690, 1120),
                (810, 1160),
                (930, 1110),
                (1010, 990),
                (1036, 830),
                (960, 900),
                (880, 905),
                (800, 890),
                (716, 908),
                (640, 905),
                (566, 840),
            ],
            8,
        ),
        tone,
    )
    sheet.line(curve([(744, 958), (800, 946), (858, 958)], 8), mix(PAPER, SAND, 0.4), 12)
    _strands(sheet, [(660 + 36 * i, 1000 + (i % 3) * 20, 668 + 34 * i, 1080 + (i % 3) * 18) for i in range(8)])


def _scarf(sheet: Sheet, tone: Colour) -> None:
    cloth = mix(OXBLOOD, tone, 0.15)
    outline = [
        (800, 330),
        (1010, 400),
        (1120, 640),
        (1110, 940),
        (1060, 1180),
        (1130, 1290),
        (800, 1370),
        (480, 1290),
        (545, 1180),
        (495, 940),
        (482, 640),
        (590, 400),
        (800, 330),
    ]
    inside = [
        (800, 500),
        (960, 560),
        (1020, 740),
        (985, 960),
        (800, 1112),
        (618, 960),
        (580, 740),
        (640, 560),
        (800, 500),
    ]
    sheet.polygon([*curve(outline, 9), *reversed(curve(inside, 9))], cloth)
    sheet.polygon([(800, 1112), (1000, 1000), (1080, 1190), (1130, 1290), (800, 1370)], clear(INK, 60))
    for i in range(6):
        sheet.line(
            curve([(620 - 16 * i, 470 + 26 * i), (540 - 4 * i, 700), (560 - 6 * i, 1000)], 8), clear(PAPER, 60), 4
        )


def _curls(sheet: Sheet, tone: Colour) -> None:
    for i in range(34):
        turn = pi * (0.93 + 1.14 * i / 33)
        sheet.disc(800 + 262 * cos(turn), 690 + 268 * sin(turn), sheet.rng.uniform(62, 92), tone)
    sheet.polygon(
        curve(
            [
                (556, 700),
                (620, 560),
                (800, 506),
                (980, 560),
                (1044, 700),
                (990, 420),
                (800, 380),
                (610, 420),
                (556, 700),
            ],
            8,
        ),
        tone,
    )
    for i in range(26):
        turn = pi * (0.96 + 1.08 * i / 25)
        sheet.ring(800 + 290 * cos(turn), 690 + 290 * sin(turn), 26, 26, clear(PAPER, 60), 5)


def _bald(sheet: Sheet, tone: Colour) -> None:
    sheet.polygon(curve([(560, 800), (552, 660), (584, 600), (604, 690), (590, 800), (560, 800)], 8), tone)
    sheet.polygon(curve([(1040, 800), (1050, 660), (1016, 590), (1000, 690), (1010, 800), (1040, 800)], 8), tone)
    sheet.polygon(curve([(706, 934), (800, 900), (892, 934), (870, 960), (800, 936), (730, 960), (706, 934)], 8), tone)


def _strands(sheet: Sheet, strokes: list[tuple[float, float, float, float]]) -> None:
    for x0, y0, x1, y1 in strokes:
        sheet.line([(x0, y0), (x1, y1)], clear(PAPER, 80), 5)


def _long_hair(sheet: Sheet, tone: Colour) -> None:
    sheet.polygon(
        curve(
            [(540, 700), (480, 1000), (470, 1260), (640, 1330), (960, 1330), (1130, 1260), (1120, 1000), (1060, 700)], 9
        ),
        tone,
    )


def _bun(sheet: Sheet, tone: Colour) -> None:
    sheet.disc(830, 388, 108, tone)


HAIR: tuple[Callable[[Sheet, Colour], None], ...] = (_parted, _bald, _beard, _curls, _parted, _scarf)
HAIR_BEHIND: dict[int, Callable[[Sheet, Colour], None]] = {0: _long_hair, 4: _bun}


def _spectacles(sheet: Sheet, dark: Colour, light: Colour) -> None:
    for x, tone in ((698, dark), (902, light)):
        sheet.ring(x, 738, 84, 70, tone, 11)
    sheet.line([(782, 728), (818, 728)], mix(dark, light, 0.5), 10)
