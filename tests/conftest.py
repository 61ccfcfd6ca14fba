"""What every test stands on: files of its own."""

from pathlib import Path
from typing import Any

import pytest

LOCAL = "django.core.files.storage.FileSystemStorage"


@pytest.fixture(autouse=True)
def own_files(settings: Any, tmp_path: Path) -> None:
    """Files of one test are not seen by another, and nothing is written into the journal's folder."""
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": LOCAL, "OPTIONS": {"location": tmp_path / "public", "base_url": None}},
        "private": {"BACKEND": LOCAL, "OPTIONS": {"location": tmp_path / "private", "base_url": None}},
    }
