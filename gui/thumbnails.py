"""Small pictures that the studio made itself, as files in its state folder.

Only files that the studio wrote are read here, and only as PNG: pictures of strangers are never opened with Qt.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter

from gui.scribe import Scribe

BOX = QSize(208, 152)
MAX_BYTES = 2_000_000
_KEY = re.compile(r"[A-Za-z0-9._-]{1,100}")


def image_of_png(data: bytes) -> QImage:
    """A PNG of our own; a null image when it is none (the content is never guessed)."""
    buffer = QBuffer()
    buffer.setData(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, b"png")
    reader.setAutoDetectImageFormat(False)
    return reader.read() if data else QImage()


def png_of(image: QImage) -> bytes:
    """A picture that this program drew, as a PNG."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    QImageWriter(buffer, b"png").write(image)
    return bytes(buffer.data().data())


def read_png(path: Path) -> QImage:
    """A PNG file of our own; a null image when it is missing, too large or not a PNG."""
    try:
        return QImage() if path.stat().st_size > MAX_BYTES else image_of_png(path.read_bytes())
    except OSError:
        return QImage()


def point_key(value: str) -> str:
    """The name under which the picture of a latent point is kept."""
    return hashlib.sha256(value.encode()).hexdigest()[:32]


class Thumbnails:
    """A folder of small PNGs by key (a recipe's fingerprint, a package's digest)."""

    def __init__(self, folder: Path, scribe: Scribe) -> None:
        """`folder` is made by the scribe when it is first needed."""
        self._folder = folder
        self._scribe = scribe

    def put(self, key: str, image: QImage) -> QImage:
        """Store `image`, scaled down to fit; returns the small picture."""
        small = image.scaled(BOX, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        self._scribe.write(self._path(key), png_of(small))
        return small

    def get(self, key: str) -> QImage:
        """The stored picture, or a null image."""
        return read_png(self._path(key))

    def drop(self, key: str) -> None:
        """Forget a picture."""
        self._scribe.drop(self._path(key))

    def _path(self, key: str) -> Path:
        name = key.replace(":", "-")
        if not _KEY.fullmatch(name):
            raise ValueError(f"{key!r} does not name a thumbnail")
        return self._folder / f"{name}.png"
