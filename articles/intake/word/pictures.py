"""The pictures inside a Word file: those a browser shows, told by their first bytes and not by their names."""

from .package import Package, Relationship

MAX_BYTES = 25 * 1024 * 1024


def is_picture(data: bytes) -> bool:
    if data[:4] == b"RIFF":
        return data[8:12] == b"WEBP"
    if data[4:8] == b"ftyp":
        return b"avif" in data[8:32] or b"avis" in data[8:32]
    if data[:2] == b"BM":
        return data[6:10] == b"\0\0\0\0"
    starts = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*")
    return data.startswith(starts)


class Pictures:
    def __init__(self, package: Package) -> None:
        self.package = package
        self.names: dict[str, str] = {}  # part -> image-1 …
        self.alts: dict[str, str] = {}
        self.left_out: list[str] = []

    def take(self, found: Relationship | None, alt: str) -> str | None:
        """Its name, the same for the same picture; None, and the reason kept, where it cannot be shown."""
        reason = self._reason(found)
        if reason or found is None:
            self.left_out.append(f"A picture was left out: {reason}.")
            return None
        name = self.names.setdefault(found.target, f"image-{len(self.names) + 1}")
        self.alts[name] = self.alts.get(name) or alt
        return name

    def _reason(self, found: Relationship | None) -> str | None:
        if found is None:
            return "the file does not hold it"
        if found.external:
            return f"it is not in the file but at {found.target[:200]}"
        if not self.package.holds(found.target):
            return f"the file does not hold it ({found.target[:200]})"
        if self.package.size(found.target) > MAX_BYTES:
            return "it is larger than 25 MB"
        if not is_picture(self.package.beginning(found.target)):
            return f"browsers cannot show its format ({found.target.rpartition('.')[2][:20]})"
        return None
