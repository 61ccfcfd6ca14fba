"""Images: checked by content, stripped, turned upright, and made in the widths and formats that pages ask for."""

import hashlib
import math
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import IO

from django.core.exceptions import ValidationError
from PIL import ExifTags, ImageOps
from PIL import Image as Pillow
from PIL.ImageFile import ImageFile

MAX_BYTES = 25 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_MEMORY = 160_000_000  # bytes of decoded pixels, so that a small server reads any image beside its work
AT_ONCE = 12_000_000  # pixels that are turned and shrunk in one piece
MAX_FRAMES = 100
MASTER_EDGE = 3200  # px; nothing on the site or in print asks for more
WIDTHS = (100, 200, 400, 800, 1200, 1600)  # each at most twice the one before, so nothing is sent twice too wide
SHEET = (233, 229, 223)  # between the sheet and the rule of tokens.css, by day: seen on the paper, and no alarm
FIRST_WIDTH = 800  # px; made while the editor waits, so that no page ever lacks it
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
_SAVE: dict[str, dict[str, object]] = {
    "avif": {"format": "AVIF", "quality": 52, "speed": 8},
    "webp": {"format": "WEBP", "quality": 78, "method": 4},
    "jpg": {"format": "JPEG", "quality": 82, "optimize": True, "progressive": True},
}
_TURNS = {
    2: Pillow.Transpose.FLIP_LEFT_RIGHT,
    3: Pillow.Transpose.ROTATE_180,
    4: Pillow.Transpose.FLIP_TOP_BOTTOM,
    5: Pillow.Transpose.TRANSPOSE,
    6: Pillow.Transpose.ROTATE_270,
    7: Pillow.Transpose.TRANSVERSE,
    8: Pillow.Transpose.ROTATE_90,
}
# All that Pillow's readers are known to raise on files that lie about themselves.
DAMAGE = (
    OSError, SyntaxError, ValueError, EOFError, ArithmeticError, LookupError, TypeError, AttributeError, RuntimeError,
    MemoryError, struct.error, zlib.error, Pillow.DecompressionBombError, Pillow.DecompressionBombWarning,
)  # fmt: skip
Pillow.MAX_IMAGE_PIXELS = None  # it would warn of half of what is allowed; see _refuse_what_is_too_much
_UNREADABLE = "This image is damaged or is not an image. Open it in an image program and save it as JPEG or PNG."


@dataclass(frozen=True)
class Master:
    """An image that may be kept: upright, without metadata, of a known size."""

    data: bytes
    extension: str
    width: int
    height: int
    sha256: str  # of the bytes as they came


def read_master(upload: IO[bytes]) -> Master:
    """Check and re-encode an uploaded image. Raises ValidationError with what to do."""
    upload.seek(0)
    data = upload.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise ValidationError("This image is larger than 25 MB. Save it smaller, about 3,000 pixels wide.")
    try:
        return _reencoded(data)
    except DAMAGE as problem:
        raise ValidationError(_UNREADABLE) from problem


def _reencoded(data: bytes) -> Master:
    with Pillow.open(BytesIO(data), formats=FORMATS) as image:
        _refuse_what_is_too_much(image, data)
        keeps_alpha = image.has_transparency_data
        upright = _upright(_shrunk(image, "RGBA" if keeps_alpha else "RGB"), image)
    out = BytesIO()
    if keeps_alpha:
        extension = "png"
        upright.save(out, "PNG", compress_level=3)
    else:
        extension = "jpg"
        # A fresh picture of the same pixels carries no EXIF, no GPS, no colour profile, no comment.
        upright.save(out, "JPEG", quality=92, exif=b"", icc_profile=None, comment=b"")
    return Master(out.getvalue(), extension, *upright.size, hashlib.sha256(data).hexdigest())


def _refuse_what_is_too_much(image: ImageFile, data: bytes) -> None:
    """All of it is known from the header, before a single pixel is decoded."""
    if image.width * image.height > MAX_PIXELS:
        raise ValidationError("This image has more than 50 million pixels. Save it smaller.")
    if _has_too_many_frames(image, data):
        raise ValidationError(f"This animation has more than {MAX_FRAMES} frames. Choose one picture of it.")
    beside = _kept_beside(image)
    image.draft(None, (MASTER_EDGE, MASTER_EDGE))  # a JPEG is decoded no larger than it is needed
    if image.width * image.height * _bytes_per_pixel(image) + beside > MAX_MEMORY:
        raise ValidationError("This image is too large to read in its format. Save it about 3,000 pixels wide.")


def _has_too_many_frames(image: ImageFile, data: bytes) -> bool:
    # Pillow counts the frames of a GIF by reading them all, and there may be a million.
    frames = _frames_of_gif(data) if image.format == "GIF" else getattr(image, "n_frames", 1)
    return bool(frames > MAX_FRAMES)


def _frames_of_gif(data: bytes) -> int:
    """How many there are; counting ends when they are too many."""
    at = 13 + _palette(data[10])
    frames = 0
    while at < len(data) and frames <= MAX_FRAMES:
        kind = data[at]
        if kind == 0x2C:  # a frame: its place, its own palette, how it is packed
            frames += 1
            at += 11 + _palette(data[at + 9])
        elif kind == 0x21:  # an extension and its name
            at += 2
        else:
            break
        while data[at]:  # blocks, each with its length before it
            at += data[at] + 1
        at += 1
    return frames


def _palette(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _bytes_per_pixel(image: ImageFile) -> int:
    """What Pillow keeps of it, and the decoders of the newer formats beside that."""
    if image.format in ("WEBP", "AVIF"):
        return 12
    return 1 if image.mode in ("1", "L", "P") else 4


def _kept_beside(image: ImageFile) -> int:
    """A progressive JPEG is held as a whole, two bytes a sample, until its last scan is read."""
    return image.width * image.height * 2 * len(image.getbands()) if image.info.get("progressive") else 0


def _shrunk(image: Pillow.Image, mode: str) -> Pillow.Image:
    """The pixels in this mode, at most MASTER_EDGE long. Large ones strip by strip, never all of them twice."""
    if image.width * image.height <= AT_ONCE:
        small = _in_mode(image, mode)
        small.thumbnail((MASTER_EDGE, MASTER_EDGE), Pillow.Resampling.LANCZOS)
        return small
    factor = max(1, math.ceil(max(image.size) / MASTER_EDGE))
    small = Pillow.new(mode, (math.ceil(image.width / factor), math.ceil(image.height / factor)))
    rows = max(1, AT_ONCE // 8 // image.width // factor) * factor
    for top in range(0, image.height, rows):
        strip = image.crop((0, top, image.width, min(top + rows, image.height)))
        small.paste(_in_mode(strip, mode).reduce(factor), (0, top // factor))
    return small


def _in_mode(image: Pillow.Image, mode: str) -> Pillow.Image:
    if image.mode.startswith("I"):  # 16 bits of grey: converted as they are, all but the darkest would be white
        image = image.point(lambda value: value * (1 / 256)).convert("L")
    return image.convert(mode)


def _upright(image: Pillow.Image, original: ImageFile) -> Pillow.Image:
    """As its EXIF says that it was held; as it is, when that cannot be read."""
    try:
        turn = _TURNS.get(original.getexif().get(ExifTags.Base.Orientation, 1))
    except DAMAGE:
        turn = None
    return image.transpose(turn) if turn is not None else image


def widths_for(width: int) -> list[int]:
    """The closed list of widths for an image of this width, in px."""
    fitting = [step for step in WIDTHS if step < width]
    return fitting if width > WIDTHS[-1] else [*fitting, width]


def first_width(width: int) -> int:
    return next((step for step in widths_for(width) if step >= FIRST_WIDTH), widths_for(width)[-1])


def renditions(master: IO[bytes], widths: list[int], extensions: list[str]) -> Iterator[tuple[int, str, bytes]]:
    """Make an image in every width and format: (width, extension, bytes)."""
    with Pillow.open(master, formats=("JPEG", "PNG")) as opened:
        image = opened.convert("RGBA" if opened.has_transparency_data else "RGB")
    for width in widths:
        height = max(1, round(image.height * width / image.width))
        smaller = image.resize((width, height), Pillow.Resampling.LANCZOS, reducing_gap=3.0)
        for extension in extensions:
            out = BytesIO()
            (_on_white(smaller) if extension == "jpg" else smaller).save(out, **_SAVE[extension])  # type: ignore[arg-type]
            yield width, extension, out.getvalue()


def middle(master: IO[bytes], size: tuple[int, int]) -> Pillow.Image:
    """As much of an image as fills this size. What matters in a picture is seldom below its middle."""
    with Pillow.open(master, formats=("JPEG", "PNG")) as opened:
        opened.draft("RGB", (size[0] * 2, size[1] * 2))
        image = _on_white(opened.convert("RGBA" if opened.has_transparency_data else "RGB"))
    return ImageOps.fit(image, size, Pillow.Resampling.LANCZOS, centering=(0.5, 0.42))


def as_jpeg(image: Pillow.Image) -> bytes:
    out = BytesIO()
    image.save(out, "JPEG", quality=86, optimize=True, progressive=True)
    return out.getvalue()


@lru_cache(maxsize=64)
def stand_in(width: int, height: int) -> bytes:
    """A quiet sheet in place of an image whose file is missing, as a PNG of a few hundred bytes."""
    out, sheet = BytesIO(), Pillow.new("P", (width, height))
    sheet.putpalette(SHEET)
    sheet.save(out, "PNG", bits=1)
    return out.getvalue()


def _on_white(image: Pillow.Image) -> Pillow.Image:
    if image.mode != "RGBA":
        return image
    paper = Pillow.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper
