"""What every test stands on: files of its own."""

import gc
from pathlib import Path
from typing import Any

import pytest

from articles import pdf

pdf.SECONDS = 120  # a machine that runs tests has much else to do
gc.set_threshold(100_000, 50, 100)  # four thousand tests make much that lives on, and is looked through again and again
LOCAL = "django.core.files.storage.FileSystemStorage"


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    """Files of one test are not seen by another, and nothing is written into the journal's folder."""
    settings.VAR = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": LOCAL, "OPTIONS": {"location": tmp_path / "public", "base_url": None}},
        "private": {"BACKEND": LOCAL, "OPTIONS": {"location": tmp_path / "private", "base_url": None}},
    }
