"""A file named as a picture is one: other programs look at the content, and would follow the links of an SVG."""

from __future__ import annotations

from pathlib import Path

from engine.errors import PackageError

_PNG, _JPEG, _RIFF, _WEBP = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF", b"WEBP"
_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp"})
_HEAD = 12


def check_picture(path: Path) -> None:
    """Raise PackageError when `path` is named as a picture and does not begin as one."""
    if path.suffix.lower() not in _SUFFIXES:
        return
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.startswith((_PNG, _JPEG)) and (head[:4], head[8:]) != (_RIFF, _WEBP):
        raise PackageError(f"“{path.name}” of the package is no picture, whatever its name says.",
                           "Ask the author for a package with a PNG preview.", str(path))
