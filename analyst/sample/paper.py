"""The sheet the sample journal's pictures are drawn on: palette, pencils, paper."""

import io
from collections.abc import Iterable, Sequence
from math import hypot, pi, sin
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

Colour = tuple[int, ...]
Point = tuple[float, float]

PAPER: Colour = (245, 240, 229)
BONE: Colour = (231, 222, 203)
SAND: Colour = (219, 194, 150)
OCHRE: Colour = (194, 146, 74)
RUST: Colour = (160, 88, 52)
OXBLOOD: Colour = (122, 33, 38)
MIST: Colour = (190, 202, 207)
STEEL: Colour = (128, 150, 166)
SLATE: Colour = (76, 99, 122)
DUSK: Colour = (47, 64, 86)
NIGHT: Colour = (24, 32, 48)
INK: Colour = (30, 33, 42)

OVERSAMPLE = 2
WIDTH = 1600.0


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """Return the colour that lies `share` of the way from one to the other."""
    return tuple(round(a + (b - a) * share) for a, b in zip(one[:3], other[:3], strict=True))


def clear(colour: Colour, alpha: int) -> Colour:
    """Return the colour, thinned."""
    return (*colour[:3], alpha)


class Sheet:
    """A sheet of paper 1,600 units wide, whatever its size in pixels."""

    def __init__(self, size: tuple[int, int], seed: int, text: str = "") -> None:
        self.size = size
        self.seed = seed
        self.rng = Random(seed)
        self.text = text
        self.scale = size[0] * OVERSAMPLE / WIDTH
        self.height = WIDTH * size[1] / size[0]
        self.image = Image.new("RGB", (size[0] * OVERSAMPLE, size[1] * OVERSAMPLE), PAPER)
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    def at(self, points: Iterable[Point]) -> list[tuple[float, float]]:
        return [(x * self.scale, y * self.scale) for x, y in points]

    def polygon(self, points: Iterable[Point], fill: Colour) -> None:
        self.pen.polygon(self.at(points), fill=fill)

    def line(self, points: Iterable[Point], fill: Colour = INK, width: float = 2) -> None:
        self.pen.line(self.at(points), fill=fill, width=max(1, round(width * self.scale)), joint="curve")

    def box(self, x: float, y: float, width: float, height: float, fill: Colour) -> None:
        self.pen.rectangle(self.at([(x, y), (x + width, y + height)]), fill=fill)

    def disc(self, x: float, y: float, radius: float, fill: Colour) -> None:
        self.oval(x, y, radius, radius, fill)

    def oval(self, x: float, y: float, across: float, down: float, fill: Colour) -> None:
        self.pen.ellipse(self.at([(x - across, y - down), (x + across, y + down)]), fill=fill)

    def ring(self, x: float, y: float, across: float, down: float, colour: Colour, width: float = 2) -> None:
        corners = self.at([(x - across, y - down), (x + across, y + down)])
        self.pen.ellipse(corners, outline=colour, width=max(1, round(width * self.scale)))

    def wash(self, top: Colour, bottom: Colour, above: float = 0, below: float | None = None) -> None:
        """Lay one colour over into another, from one height to the other."""
        end = self.height if below is None else below
        box = (0, round(above * self.scale), self.image.width, round(end * self.scale))
        extent = (box[2] - box[0], box[3] - box[1])
        fade = Image.linear_gradient("L").resize((1, extent[1])).resize(extent)
        self.image.paste(
            Image.composite(Image.new("RGB", extent, bottom), Image.new("RGB", extent, top), fade), box[:2]
        )

    def under(self, crest: Sequence[Point], fill: Colour, floor: float | None = None) -> None:
        """Fill everything below a crest line."""
        base = self.height + 5 if floor is None else floor
        self.polygon([*crest, (crest[-1][0], base), (crest[0][0], base)], fill)

    def dashes(
        self, points: Sequence[Point], fill: Colour, width: float = 2, dash: float = 14, gap: float = 10
    ) -> None:
        """Draw a line that is interrupted at even distances."""
        walked = 0.0
        for (x0, y0), (x1, y1) in zip(points, points[1:], strict=False):
            length = hypot(x1 - x0, y1 - y0)
            if walked % (dash + gap) < dash:
                self.line([(x0, y0), (x1, y1)], fill, width)
            walked += length

    def ripples(
        self, above: float, below: float, colour: Colour, count: int, span: tuple[float, float] = (0, WIDTH)
    ) -> None:
        """Draw short level strokes that lengthen and thicken towards the viewer."""
        for _ in range(count):
            depth = self.rng.random() ** 1.6
            y = above + (below - above) * depth
            length = self.rng.uniform(20, 70) * (0.5 + 2.2 * depth)
            x = self.rng.uniform(span[0] - length / 2, span[1] - length / 2)
            x, end = max(x, span[0]), min(x + length, span[1])
            self.line([(x, y), (end, y)], colour, 1.2 + 2.4 * depth)

    def glow(self, spots: Iterable[tuple[float, float, float, Colour]], blur: float) -> None:
        """Add light around each spot (x, y, radius, colour)."""
        small = Image.new("RGB", (self.image.width // 8, self.image.height // 8))
        pen = ImageDraw.Draw(small)
        for x, y, radius, colour in spots:
            left, top, reach = x * self.scale / 8, y * self.scale / 8, radius * self.scale / 8
            pen.ellipse([left - reach, top - reach, left + reach, top + reach], fill=colour)
        light = small.filter(ImageFilter.GaussianBlur(blur * self.scale / 8)).resize(
            self.image.size, Image.Resampling.BILINEAR
        )
        self.image.paste(ImageChops.add(self.image, light))

    def letters(self, x: float, y: float, text: str, size: float, fill: Colour, tracking: float = 0) -> float:
        """Set a line of type, return where it ends."""
        font = ImageFont.load_default(size=size * self.scale)
        for letter in text if tracking else [text]:
            self.pen.text((x * self.scale, y * self.scale), letter, font=font, fill=fill)
            x += self.pen.textlength(letter, font=font) / self.scale + tracking
        return x

    def measure(self, text: str, size: float) -> float:
        return self.pen.textlength(text, font=ImageFont.load_default(size=size * self.scale)) / self.scale

    def finished(self, grain: int = 14) -> Image.Image:
        """Return the picture at its own size, with the tooth of the paper."""
        image = self.image.reduce(OVERSAMPLE)
        tile = Image.frombytes("L", (256, 256), self.rng.randbytes(256 * 256)).filter(ImageFilter.GaussianBlur(0.6))
        tooth = Image.new("L", image.size)
        for left in range(0, image.width, 256):
            for top in range(0, image.height, 256):
                tooth.paste(tile, (left, top))
        table = [round(128 + (value - 128) * grain / 128) for value in range(256)]
        return ImageChops.overlay(image, tooth.point(table).convert("RGB"))

    def encoded(self, kind: str = "JPEG") -> bytes:
        stream = io.BytesIO()
        if kind == "PNG":
            self.image.reduce(OVERSAMPLE).save(stream, "PNG")
        else:
            self.finished().save(stream, "JPEG", quality=88)
        return stream.getvalue()


def evening(sheet: Sheet, top: Colour, bottom: Colour, horizon: float) -> None:
    """Lay the sky: by day as given, and for an even seed as after sunset."""
    if sheet.seed % 2:
        sheet.wash(top, bottom, 0, horizon)
    else:
        sheet.wash(mix(DUSK, NIGHT, 0.3), mix(RUST, SAND, 0.35), 0, horizon)


def ridge(rng: Random, y: float, rise: float, roughness: float = 0.55, depth: int = 8) -> list[Point]:
    """Return a mountain crest across the sheet, by halving."""
    heights = [rng.uniform(-1, 1), rng.uniform(-1, 1)]
    spread = 1.0
    for _ in range(depth):
        between = [(a + b) / 2 + rng.uniform(-spread, spread) for a, b in zip(heights, heights[1:], strict=False)]
        heights = [h for pair in zip(heights, between, strict=False) for h in pair] + heights[-1:]
        spread *= roughness
    step = (WIDTH + 40) / (len(heights) - 1)
    return [(-20 + i * step, y - rise * h) for i, h in enumerate(heights)]


def swell(rng: Random, y: float, rise: float, waves: float = 1.5, steps: int = 160) -> list[Point]:
    """Return a gentle crest across the sheet, from a few sines."""
    parts = [(waves * k, rng.uniform(0, 2 * pi), rng.uniform(0.6, 1.1) / k**1.3) for k in (1, 2, 3)]
    xs = [-20 + (WIDTH + 40) * i / steps for i in range(steps + 1)]
    return [(x, y - rise * sum(a * sin(2 * pi * f * x / WIDTH + p) for f, p, a in parts)) for x in xs]


def curve(points: Sequence[Point], steps: int = 16) -> list[Point]:
    """Return a smooth line through the points (Catmull-Rom)."""
    ends = [points[0], *points, points[-1]]
    smooth: list[Point] = []
    for a, b, c, d in zip(ends, ends[1:], ends[2:], ends[3:], strict=False):
        smooth += [_between(a, b, c, d, i / steps) for i in range(steps)]
    return [*smooth, points[-1]]


def _between(a: Point, b: Point, c: Point, d: Point, t: float) -> Point:
    return _spline(a[0], b[0], c[0], d[0], t), _spline(a[1], b[1], c[1], d[1], t)


def _spline(a: float, b: float, c: float, d: float, t: float) -> float:
    return 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
