"""Pictures that come with a saved page: written into it, or lying in the folder that the browser saved with it."""

from binascii import Error as NotBase64
from binascii import a2b_base64
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

Files = Callable[[str], bytes]  # from an address on the page to the picture, empty when there is none
MOST_BYTES = 25 * 1024 * 1024


def no_files(address: str) -> bytes:
    return b""


def files_beside(folder: Path) -> Files:
    """The pictures in the folders beside a page. An address that leads anywhere else finds nothing."""
    root = folder.resolve()

    def find(address: str) -> bytes:
        relative = unquote(address.partition("?")[0])
        if not relative or "\0" in relative or ":" in relative.split("/")[0] or relative.startswith("/"):
            return b""
        try:
            path = (root / relative).resolve()
            saved_with_it = path.is_relative_to(root) and path.parent != root and path.is_file()
            return path.read_bytes() if saved_with_it and path.stat().st_size <= MOST_BYTES else b""
        except OSError:  # a name too long for the file system, a file that may not be read
            return b""

    return find


def embedded(address: str) -> bytes:
    """The picture that an address itself contains."""
    kind, comma, data = address.partition(";base64,")
    if not comma or not kind.startswith("data:image/"):
        return b""
    try:
        return a2b_base64(unquote(data))
    except NotBase64:
        return b""
