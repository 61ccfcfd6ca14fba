"""Files that are kept privately: manuscripts as they came, originals of images, PDFs that a view serves."""

from typing import BinaryIO, Protocol

from django.core.exceptions import ValidationError
from django.core.files.storage import Storage, storages

MAX_BYTES = 100 * 1024 * 1024


def private_storage() -> Storage:
    """Where nothing is served from."""
    return storages["private"]


class _Upload(Protocol):
    size: int

    def open(self, mode: str = "rb") -> BinaryIO: ...
    def seek(self, offset: int) -> int: ...
    def read(self, size: int = -1) -> bytes: ...


def validate_pdf(upload: _Upload) -> None:
    """Raise a ValidationError unless the file is a PDF by its content."""
    if upload.size > MAX_BYTES:
        raise ValidationError("This PDF is larger than 100 MB. Save it again with smaller images.")
    upload.seek(0)
    if not upload.read(1024).lstrip().startswith(b"%PDF-"):
        raise ValidationError("This file is not a PDF, whatever its name says. Choose the PDF.")
    upload.seek(0)
