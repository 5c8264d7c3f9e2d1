"""From an asset to what a window can draw: made on the engine's own thread, so that no frame holds up the window."""

from __future__ import annotations

import functools
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from engine.api import Asset
from gui.widgets.view import REACH

AVERAGE_BELOW = 0.55
"""Shown smaller than this share of its size a picture is averaged down: bilinear drawing would drop thin strokes."""
_FORMATS = {1: QImage.Format.Format_Grayscale8, 3: QImage.Format.Format_RGB888, 4: QImage.Format.Format_RGBA8888}
_ALPHA = 4
_ENDS = slice(None, REACH), slice(-REACH, None)
THUMB = QSize(160, 160)
"""Room for a small picture in device pixels: a filmstrip's, on a sharp screen."""


@dataclass(frozen=True)
class Picture:
    """An asset ready to be drawn; `shown` is the size it is averaged down to, empty where it is not.

    With `before` on the canvas only `strip` has to be drawn: the image of the rows from `first` on that may differ.
    `inside` says that its ends are paper as they were before.
    """

    asset: Asset
    shown: QSize
    before: Asset | None = None
    strip: QImage = field(default_factory=QImage)
    first: int = 0
    inside: bool = False

    @functools.cached_property
    def image(self) -> QImage:
        """All of it, in memory of its own."""
        return image_of(self.asset.pixels, self.asset.palette)

    @functools.cached_property
    def small(self) -> QImage:
        """The image at the size it is shown at, or null."""
        return QImage() if self.shown.isEmpty() else averaged(self.image, self.shown)

    def least(self) -> QImage:
        """The smaller of the two, for thumbnails."""
        return self.image if self.small.isNull() else self.small


def image_of(pixels: NDArray[np.uint8], palette: NDArray[np.uint8] | None = None) -> QImage:
    """A QImage with memory of its own from uint8 [height, width, 1 | 3 | 4], straight alpha. Safe on any thread.

    With a palette of [256, 3 | 4] the pixels are [height, width, 1] rows of it.
    """
    height, width, channels = pixels.shape
    flat = np.ascontiguousarray(pixels)
    shared = QImage(flat.data, width, height, width * channels, _FORMATS[channels])
    if palette is not None:
        shared = QImage(flat.data, width, height, width, QImage.Format.Format_Indexed8)
        shared.setColorTable(_table(palette.tobytes(), palette.shape[1]))
        channels = palette.shape[1]
    wanted = QImage.Format.Format_ARGB32_Premultiplied if channels == _ALPHA else QImage.Format.Format_RGB32
    return shared.convertToFormat(wanted)


@functools.lru_cache(maxsize=16)
def _table(palette: bytes, channels: int) -> tuple[int, ...]:
    """Qt's 0xAARRGGBB of 256 colours."""
    colors = np.frombuffer(palette, np.uint8).reshape(-1, channels).astype(np.uint32)
    alpha = colors[:, 3] if channels == _ALPHA else np.uint32(255)
    return tuple((alpha << 24 | colors[:, 0] << 16 | colors[:, 1] << 8 | colors[:, 2]).tolist())


def averaged(image: QImage, size: QSize) -> QImage:
    """`image` at `size`, each pixel the mean of those it covers."""
    return image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)


def thumbnail(asset: Asset) -> QImage:
    """A small copy of an asset's picture that fits `THUMB`."""
    image = image_of(asset.pixels, asset.palette)
    if image.width() <= THUMB.width() and image.height() <= THUMB.height():
        return image
    return image.scaled(THUMB, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)


def changed_rows(before: Asset, after: Asset) -> tuple[int, int] | None:
    """The first row that may differ and the one past the last, or None when all may."""
    if before.rows is None or after.rows is None or before.pixels.shape != after.pixels.shape:
        return None
    if before.full is not None or after.full is not None or not _same_colors(before, after):
        return None
    first, last = min(before.rows[0], after.rows[0]), max(before.rows[1], after.rows[1])
    return (first, last) if first < last else None


def _same_colors(one: Asset, other: Asset) -> bool:
    if one.palette is None or other.palette is None:
        return one.palette is other.palette
    return one.palette.tobytes() == other.palette.tobytes()


def prepare(asset: Asset, shown: QSize, before: Asset | None = None) -> Picture:
    """The picture of an asset that will probably be shown at `shown` device pixels, in the place of `before`."""
    width = asset.pixels.shape[1]
    if asset.full is not None or shown.width() >= AVERAGE_BELOW * width:
        shown = QSize()                    # a draft is drawn larger than it is
    rows = changed_rows(before, asset) if before is not None and shown.isEmpty() else None
    if before is not None and rows is not None:
        inside = not any(bool(one.pixels[slice(*rows), ends].any()) for one in (before, asset) for ends in _ENDS)
        return Picture(asset, shown, before, image_of(asset.pixels[slice(*rows)], asset.palette), rows[0], inside)
    picture = Picture(asset, shown)
    _ = picture.image, picture.small       # made here and kept: this thread holds nobody up
    return picture
