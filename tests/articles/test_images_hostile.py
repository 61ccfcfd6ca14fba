"""Images that lie, burst, or are none: refused with a sentence, or taken as pixels and nothing else."""

import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from PIL import Image as Pillow

from articles.images import MASTER_EDGE, Master, read_master, renditions

from .hostile_images import BROKEN, HTML, REFUSED, SVG, TAKEN

SECONDS = 5
MEGABYTES = 256


def _looked_at(master: Master) -> None:
    """What is kept is a JPEG or a PNG of a sensible size, with nothing in it but its pixels."""
    assert master.data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))
    for foreign in (b"<script", b"<svg", b"<html", b"PK\x03\x04", b"Exif", b"alert(", HTML, SVG):
        assert foreign not in master.data
    with Pillow.open(BytesIO(master.data)) as picture:
        assert picture.size == (master.width, master.height)
        assert max(picture.size) <= MASTER_EDGE
        assert not picture.getexif()
        assert "icc_profile" not in picture.info


def _in_time(data: bytes) -> Master:
    begun = time.process_time()
    try:
        return read_master(BytesIO(data))
    finally:
        assert time.process_time() - begun < SECONDS


def test_there_are_a_hundred_and_more() -> None:
    assert len(REFUSED) + len(BROKEN) + len(TAKEN) >= 140


@pytest.mark.parametrize("name", REFUSED)
def test_it_refuses_with_a_sentence(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        _in_time(REFUSED[name]())
    assert refused.value.messages[0].endswith(".")
    assert any(advice in refused.value.messages[0] for advice in ("Save it", "save it", "Choose"))


@pytest.mark.parametrize("name", BROKEN)
def test_it_refuses_what_is_broken_or_keeps_its_pixels(name: str) -> None:
    try:
        master = _in_time(BROKEN[name]())
    except ValidationError as refused:
        assert "damaged" in refused.messages[0] or "Save it" in refused.messages[0]  # noqa: PT017
    else:
        _looked_at(master)


@pytest.mark.parametrize("name", TAKEN)
def test_it_takes_the_pixels_and_nothing_else(name: str) -> None:
    master = _in_time(TAKEN[name]())
    _looked_at(master)
    made = list(renditions(BytesIO(master.data), [min(400, master.width)], ["avif", "webp", "jpg"]))
    assert [extension for _, extension, _ in made] == ["avif", "webp", "jpg"]


MEASURE = """
import re, sys
from io import BytesIO
from pathlib import Path
import django
django.setup()
from django.core.exceptions import ValidationError
from articles.images import first_width, read_master, renditions

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1]) / 1024

def read(path):
    with open(path, "rb") as upload:
        master = read_master(upload)
        list(renditions(BytesIO(master.data), [first_width(master.width)], ["jpg"]))

read(sys.argv[2])  # what any image takes: the readers themselves
Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
before = peak()
try:
    read(sys.argv[1])
except ValidationError:
    pass
print(peak() - before)
"""


def _grown_by(path: Path, small: Path) -> float:
    """How much the memory of a new process grows by reading this image, in MB."""
    run = subprocess.run([sys.executable, "-c", MEASURE, str(path), str(small)], check=True, capture_output=True)
    return float(run.stdout)


LARGE = [
    "PNG with a full 60 million pixels", "PNG of 49 million pixels", "PNG with 200 MB too many",
    "PNG with a text of 200 MB", "PNG with a profile of 200 MB", "WebP of 30 million pixels",
    "progressive JPEG of 49 million pixels", "GIF of 101 frames of 30 million pixels", "GIF of a million frames",
    "26 MB of JPEG", "JPEG of 49 million pixels", "PNG of 38 million pixels with transparency",
    "WEBP that says 16000 × 16000", "AVIF that says 16000 × 16000",
]  # fmt: skip


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="the peak is read from /proc")
@pytest.mark.parametrize("name", LARGE)
def test_it_grows_by_less_than_256_megabytes(name: str, tmp_path: Path) -> None:
    image, small = tmp_path / "image", tmp_path / "small"
    image.write_bytes((REFUSED | BROKEN | TAKEN)[name]())
    small.write_bytes(TAKEN["one pixel"]())
    grown = _grown_by(image, small)
    assert grown < MEGABYTES
    if name == "PNG of 38 million pixels with transparency":
        assert grown > 100  # so the measure measures


def test_sixteen_bits_of_grey_keep_their_light() -> None:
    out = BytesIO()
    Pillow.new("I;16", (10, 10), 0x8000).save(out, "PNG")
    with Pillow.open(BytesIO(read_master(out).data)) as picture:
        grey = picture.convert("L").getpixel((5, 5))
    assert 120 < grey < 136  # type: ignore[operator]


def test_it_is_turned_upright() -> None:
    out, exif = BytesIO(), Pillow.Exif()
    exif[0x0112] = 6
    Pillow.new("RGB", (40, 20)).save(out, "JPEG", exif=exif.tobytes())
    master = read_master(out)
    assert (master.width, master.height) == (20, 40)


def test_transparency_stays() -> None:
    out = BytesIO()
    Pillow.new("RGBA", (10, 10), (200, 0, 0, 90)).save(out, "PNG")
    with Pillow.open(BytesIO(read_master(out).data)) as picture:
        assert picture.getpixel((5, 5)) == (200, 0, 0, 90)


def test_a_large_one_looks_as_it_did() -> None:
    """It is shrunk strip by strip, and no seam shows."""
    gradient = Pillow.linear_gradient("L").resize((4200, 4200)).convert("RGB")
    out = BytesIO()
    gradient.save(out, "PNG", compress_level=1)
    with Pillow.open(BytesIO(read_master(out).data)) as picture:
        column = [picture.getpixel((5, y))[0] for y in range(0, picture.height, 10)]  # type: ignore[index]
        assert picture.width == picture.height == 2100
    assert all(abs(b - a) <= 6 for a, b in zip(column, column[1:], strict=False))
    assert column[0] < 5
    assert column[-1] > 250
