"""What sort of thing was dropped, told by its first bytes: the name of a file promises nothing."""

from __future__ import annotations

from pathlib import Path

from engine import formats

HEAD = 16
LONGEST = 16 << 20
_MARK = b"latent_atelier"
_STARTS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"BM")
_BOXED = (b"avif", b"avis", b"heic", b"heix", b"mif1")


def is_kept(path: Path) -> bool:
    """Whether it may be a text or a palette that was kept: one of their endings, and our word in it."""
    try:
        if not formats.is_kept(path.name) or not path.is_file() or path.stat().st_size > LONGEST:
            return False
        return _MARK in path.read_bytes()
    except OSError:
        return False


def is_picture(path: Path) -> bool:
    """Whether the file begins as pictures do. Nothing is decoded."""
    try:
        if not path.is_file():
            return False
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:
        return False
    riff = head[:4] == b"RIFF" and head[8:12] == b"WEBP"
    boxed = head[4:8] == b"ftyp" and head[8:12] in _BOXED
    return riff or boxed or head.startswith(_STARTS)
