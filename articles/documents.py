"""Files that are kept privately: manuscripts as they came, originals of images, PDFs that a view serves."""

import hashlib
from typing import BinaryIO, Protocol

from django.core.exceptions import ValidationError
from django.core.files.storage import Storage, storages
from django.http import FileResponse, Http404
from django.utils.http import quote_etag

MAX_BYTES = 100 * 1024 * 1024


def private_storage() -> Storage:
    """Where nothing is served from."""
    return storages["private"]


def send_pdf(storage: Storage, path: str | None, name: str) -> FileResponse:
    """A PDF under the name of its page. Caches ask each time whether it still is the one."""
    path = path or ""
    try:
        tag = f"{path} {storage.size(path)} {storage.get_modified_time(path)}"
        response = FileResponse(storage.open(path), content_type="application/pdf", filename=f"{name}.pdf")
    except FileNotFoundError as problem:
        raise Http404 from problem
    response["Cache-Control"] = "no-cache"
    response["ETag"] = quote_etag(hashlib.sha256(tag.encode()).hexdigest()[:32])
    return response


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
