"""Small pictures that the studio made itself, as files in its state folder.

Only files that the studio wrote are read here, and only as PNG: pictures of strangers are never opened with Qt.
"""

from __future__ import annotations

import logging
import re
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QImageWriter

from engine.atomic import write_file
from engine.errors import FileProblem

BOX = QSize(208, 152)
MAX_BYTES = 2_000_000
_KEY = re.compile(r"[A-Za-z0-9._-]{1,100}")
_log = logging.getLogger(__name__)


def read_png(path: Path) -> QImage:
    """A PNG of our own; a null image when it is missing, too large or not a PNG (the content is never guessed)."""
    try:
        if path.stat().st_size > MAX_BYTES:
            return QImage()
        data = QByteArray(path.read_bytes())
    except OSError:
        return QImage()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, b"png")
    reader.setAutoDetectImageFormat(False)
    return reader.read()


class Thumbnails:
    """A folder of small PNGs by key (a recipe's fingerprint, a package's digest)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, key: str, image: QImage) -> QImage:
        """Store `image`, scaled down to fit; returns the small picture."""
        small = image.scaled(BOX, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        QImageWriter(buffer, b"png").write(small)
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            write_file(self._path(key), bytes(buffer.data().data()), overwrite=True)
        except (FileProblem, OSError) as error:
            _log.warning("a thumbnail could not be stored: %s", error)
        return small

    def get(self, key: str) -> QImage:
        """The stored picture, or a null image."""
        return read_png(self._path(key))

    def drop(self, key: str) -> None:
        """Forget a picture."""
        self._path(key).unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        name = key.replace(":", "-")
        if not _KEY.fullmatch(name):
            raise ValueError(f"{key!r} does not name a thumbnail")
        return self._folder / f"{name}.png"
