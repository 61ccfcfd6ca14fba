"""Images: checked by content, stripped, turned upright, and made in the widths and formats that pages ask for."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import IO

from django.core.exceptions import ValidationError
from PIL import Image as Pillow
from PIL import ImageOps, UnidentifiedImageError

MAX_BYTES = 25 * 1024 * 1024
MAX_PIXELS = 50_000_000
MAX_FRAMES = 100
MASTER_EDGE = 3200  # px; nothing on the site or in print asks for more
WIDTHS = (400, 800, 1200, 1600)
FIRST_WIDTH = 800  # px; made while the editor waits, so that no page ever lacks it
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
_SAVE: dict[str, dict[str, object]] = {
    "avif": {"format": "AVIF", "quality": 60, "speed": 8},
    "webp": {"format": "WEBP", "quality": 78, "method": 4},
    "jpg": {"format": "JPEG", "quality": 82, "optimize": True, "progressive": True},
}
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
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, OverflowError, MemoryError) as problem:
        raise ValidationError(_UNREADABLE) from problem
    except Pillow.DecompressionBombError as problem:
        raise ValidationError("This image has more than 50 million pixels. Save it smaller.") from problem


def _reencoded(data: bytes) -> Master:
    with Pillow.open(BytesIO(data), formats=FORMATS) as image:
        if image.width * image.height > MAX_PIXELS:
            raise Pillow.DecompressionBombError
        if getattr(image, "n_frames", 1) > MAX_FRAMES:
            raise ValidationError("This animation has more than 100 frames. Choose one picture of it.")
        keeps_alpha = image.has_transparency_data
        image.thumbnail((MASTER_EDGE, MASTER_EDGE))
        upright = ImageOps.exif_transpose(image).convert("RGBA" if keeps_alpha else "RGB")
    out = BytesIO()
    if keeps_alpha:
        extension = "png"
        upright.save(out, "PNG", optimize=True)
    else:
        extension = "jpg"
        # A fresh picture of the same pixels carries no EXIF, no GPS, no colour profile, no comment.
        upright.save(out, "JPEG", quality=92, exif=b"", icc_profile=None, comment=b"")
    return Master(out.getvalue(), extension, *upright.size, hashlib.sha256(data).hexdigest())


def widths_for(width: int) -> list[int]:
    """The closed list of widths for an image of this width, in px."""
    fitting = [step for step in WIDTHS if step < width]
    return [*fitting, min(width, WIDTHS[-1])] if width not in fitting else fitting


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


def _on_white(image: Pillow.Image) -> Pillow.Image:
    if image.mode != "RGBA":
        return image
    paper = Pillow.new("RGB", image.size, "white")
    paper.paste(image, mask=image.getchannel("A"))
    return paper
