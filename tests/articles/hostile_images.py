"""Images that nobody should send: each a name and a maker of bytes. Made here, so that none lies in the repository."""

import random
import struct
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from io import BytesIO
from typing import Any

from PIL import Image as Pillow

Maker = Callable[[], bytes]
Makers = Iterator[tuple[str, Maker]]


def picture(format: str, mode: str = "RGB", size: tuple[int, int] = (60, 40), **save: Any) -> bytes:
    out = BytesIO()
    Pillow.new(mode, size, 0 if mode in ("P", "L", "1", "I;16") else None).save(out, format, **save)
    return out.getvalue()


def png(width: int, height: int, *, bits: int = 8, colour: int = 2, body: bytes = b"", extra: bytes = b"") -> bytes:
    """A PNG that says what it likes about itself."""
    head = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + extra + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def zeros(count: int) -> bytes:
    squeezed = zlib.compressobj(9)
    block = bytes(1 << 20)
    return b"".join(squeezed.compress(block) for _ in range(count >> 20)) + squeezed.flush()


def gif(frames: int, size: tuple[int, int] = (1, 1)) -> bytes:
    head = b"GIF89a" + struct.pack("<HHBBB", *size, 0x80, 0, 0) + bytes(6)
    frame = b"\x2c" + struct.pack("<HHHHB", 0, 0, 1, 1, 0) + b"\x02\x02\x44\x01\x00"
    return head + frame * frames + b"\x3b"


def animation(format: str, frames: int) -> bytes:
    out = BytesIO()
    pictures = [Pillow.new("RGB", (8, 8), (n % 256, n * 7 % 256, n * 13 % 256)) for n in range(frames)]
    pictures[0].save(out, format, save_all=True, append_images=pictures[1:], duration=10)
    return out.getvalue()


def resized_header(format: str, width: int, height: int) -> bytes:
    """A small image whose header says that it is a large one."""
    data = bytearray(picture(format))
    if format == "JPEG":
        at = data.index(b"\xff\xc0") + 5
        data[at : at + 4] = struct.pack(">HH", min(height, 65535), min(width, 65535))
    elif format == "GIF":
        data[6:10] = struct.pack("<HH", min(width, 65535), min(height, 65535))
    elif format == "WEBP":
        at = data.index(b"VP8 ") + 14
        data[at : at + 4] = struct.pack("<HH", min(width, 16383), min(height, 16383))
    elif format == "AVIF":
        at = data.index(b"ispe") + 8
        data[at : at + 8] = struct.pack(">II", width, height)
    return bytes(data)


FORMATS = ("JPEG", "PNG", "WEBP", "AVIF", "GIF")
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'
HTML = b"<!doctype html><html><body><script>alert(document.domain)</script></body></html>"
NOT_IMAGES: dict[str, bytes] = {
    "svg": SVG,
    "svg with an XML head": b'<?xml version="1.0"?>' + SVG,
    "gzipped svg": zlib.compress(SVG),
    "html": HTML,
    "html after spaces": b" " * 600 + HTML,
    "javascript": b"alert(1)//",
    "css": b"body{background:url(javascript:alert(1))}",
    "pdf": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n(/etc/passwd) (r) file",
    "xml with an entity": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><svg>&e;</svg>',
    "zip": b"PK\x03\x04" + bytes(60),
    "elf": b"\x7fELF" + bytes(60),
    "php": b"<?php system($_GET[0]); ?>",
    "mvg": b"push graphic-context\nimage over 0,0 0,0 'https://example.org/x'\npop graphic-context",
    "one byte": b"\xff",
    "nulls": bytes(4096),
    "text": "Grüße aus Ismere".encode(),
    "shell": b"#!/bin/sh\nrm -rf /",
    "mp4": b"\x00\x00\x00\x18ftypmp42" + bytes(40),
    "heic": b"\x00\x00\x00\x18ftypheic" + bytes(40),
    "riff of sound": b"RIFF\x24\x00\x00\x00WAVEfmt " + bytes(24),
    "pickle": b"\x80\x04cos\nsystem\n(S'id'\ntR.",
}
OTHER_FORMATS = ("BMP", "TIFF", "ICO", "PPM", "TGA", "PCX", "SGI", "DDS", "JPEG2000", "EPS", "PDF")


def _not_images() -> Makers:
    for name, data in NOT_IMAGES.items():
        yield f"not an image: {name}", partial(bytes, data)
    for format in OTHER_FORMATS:
        yield f"not allowed: {format}", partial(picture, format)


def _broken() -> Makers:
    """Every format cut off at several places, and with bytes changed."""
    for format in FORMATS:
        for share in (5, 20, 50, 90):
            yield f"{format} cut off after {share} %", partial(_cut, format, share)
        for seed in (1, 2, 3):
            yield f"{format} damaged, {seed}", partial(_damage, format, seed)
        yield f"{format}, only its first bytes", partial(_first, format)
        yield f"{format}, then nothing but noise", partial(_then_noise, format)


def _first(format: str) -> bytes:
    return picture(format)[:12]


def _then_noise(format: str) -> bytes:
    return picture(format)[:40] + random.Random(1).randbytes(4000)


def _followed_by(format: str, more: bytes) -> bytes:
    return picture(format) + more


def _cut(format: str, share: int) -> bytes:
    data = picture(format)
    return data[: len(data) * share // 100]


def _damage(format: str, seed: int) -> bytes:
    dice, changed = random.Random(seed), bytearray(picture(format))
    for _ in range(12):
        changed[dice.randrange(12, len(changed))] = dice.randrange(256)
    return bytes(changed)


def _bombs() -> Makers:
    for width, height in ((60000, 60000), (2**31 - 1, 2**31 - 1), (8000, 7000), (50_000_001, 1)):
        yield f"PNG that says {width} × {height}", partial(png, width, height)
    yield "PNG of no width", lambda: png(0, 10)
    yield "PNG of impossible bits", lambda: png(10, 10, bits=3)
    yield "PNG with a full 60 million pixels", lambda: png(10000, 6000, body=zeros(180_000_000))
    yield "PNG of 49 million pixels", lambda: png(7000, 7000, body=zeros(147_500_000))
    yield "PNG with 200 MB too many", lambda: png(10, 10, body=zeros(200_000_000))
    yield (
        "PNG with a text of 200 MB",
        lambda: png(10, 10, extra=chunk(b"zTXt", b"a\0\0" + zeros(200_000_000)), body=zlib.compress(bytes(310))),
    )
    yield (
        "PNG with a profile of 200 MB",
        lambda: png(10, 10, extra=chunk(b"iCCP", b"a\0\0" + zeros(200_000_000)), body=zlib.compress(bytes(310))),
    )
    yield (
        "PNG with ten thousand texts",
        lambda: png(10, 10, extra=chunk(b"tEXt", b"a\0" + b"x" * 200) * 10_000, body=zlib.compress(bytes(310))),
    )
    for format in ("JPEG", "GIF", "WEBP", "AVIF"):
        for width, height in ((65000, 65000), (16000, 16000), (7000, 7000)):
            yield (
                f"{format} that says {width} × {height}",
                partial(resized_header, format, width, height),
            )
    yield "WebP of 30 million pixels", lambda: picture("WEBP", size=(6000, 5000))
    yield "progressive JPEG of 49 million pixels", lambda: picture("JPEG", size=(7000, 7000), progressive=True)
    yield "26 MB of JPEG", lambda: picture("JPEG") + bytes(26 << 20)
    yield "GIF of 101 frames", lambda: gif(101)
    yield "GIF of a million frames", lambda: gif(1_000_000)
    yield "GIF of 101 frames of 30 million pixels", lambda: gif(101, (6000, 5000))
    yield "WebP of 101 frames", lambda: animation("WEBP", 101)
    yield "PNG of 101 frames", lambda: animation("PNG", 101)
    yield "AVIF of 101 frames", lambda: animation("AVIF", 101)


def _sound_but_odd() -> Makers:
    """These may become images, of their pixels alone."""
    for format in FORMATS:
        yield f"{format} with HTML after it", partial(_followed_by, format, HTML)
        yield f"{format} with a zip after it", partial(_followed_by, format, b"PK\x03\x04" + bytes(200))
    yield "JPEG with HTML as its comment", lambda: picture("JPEG", comment=HTML)
    yield (
        "PNG with SVG as its text",
        lambda: png(10, 10, extra=chunk(b"tEXt", b"a\0" + SVG), body=zlib.compress(bytes(310))),
    )
    yield "GIF with a script as its comment", lambda: picture("GIF", mode="P", comment=HTML[:200])
    yield "JPEG with EXIF that lies about its length", lambda: _with_exif(b"Exif\0\0MM\0*\xff\xff\xff\xff")
    yield "JPEG with EXIF of noise", lambda: _with_exif(b"Exif\0\0" + random.Random(2).randbytes(400))
    yield (
        "JPEG with EXIF that points to itself",
        lambda: _with_exif(b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08\0\0\0\x08"),
    )
    yield "JPEG with a profile of noise", lambda: picture("JPEG", icc_profile=random.Random(3).randbytes(70_000))
    yield "GIF of 100 frames", lambda: gif(100)
    yield "WebP of 5 frames", lambda: animation("WEBP", 5)
    yield "JPEG of 49 million pixels", lambda: picture("JPEG", size=(7000, 7000))
    yield "PNG of 38 million pixels with transparency", lambda: picture("PNG", "RGBA", (6200, 6200))
    yield "one pixel", lambda: picture("PNG", size=(1, 1))
    yield "a line of 20,000 pixels", lambda: picture("PNG", size=(20_000, 1))
    yield "a column of 20,000 pixels", lambda: picture("PNG", size=(1, 20_000))
    for mode in ("1", "L", "LA", "P", "RGB", "RGBA", "I;16"):
        yield f"PNG of mode {mode}", partial(picture, "PNG", mode)
    yield "CMYK", lambda: picture("JPEG", "CMYK")
    yield "grey JPEG", lambda: picture("JPEG", "L")
    yield "palette with transparency", lambda: picture("PNG", "P", transparency=0)
    yield "GIF with transparency", lambda: picture("GIF", "P", transparency=0)


def _with_exif(exif: bytes) -> bytes:
    data = picture("JPEG")
    return data[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + data[2:]


# Pillow fills up what is missing in these, or leaves the surplus: their pixels may be kept.
HARMLESS = (
    "GIF that says 7000 × 7000", "JPEG that says 7000 × 7000", "PNG with 200 MB too many", "PNG with ten thousand texts",
)  # fmt: skip
_ALL = dict([*_not_images(), *_bombs()])
REFUSED = {name: make for name, make in _ALL.items() if name not in HARMLESS}
BROKEN = dict(_broken()) | {name: _ALL[name] for name in HARMLESS}
TAKEN = dict(_sound_but_odd())
