"""Distance fields to coverage: resample each letter where it stands, turn distance into coverage, unite by maximum.

The resampling is two small matrix products per letter (rows, then columns), each only over the part that holds ink.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.glyphs.resample import axis

FieldImage = NDArray[np.float32]
"""[height, width] float32; positive inside; 1.0 is `spread` field pixels"""

Coverage = NDArray[np.uint8]
"""[height, width] uint8; 0 is paper, 255 ink"""

_BAND = 1024            # output rows worked on at once: bounds the memory of very large letters
_MAX_OVERSAMPLING = 8
_FLATTEST = 0.6         # below this slope no edge is made out of what may be a hairline's ridge


@dataclass(frozen=True)
class Stamp:
    """One letter of the picture: which field, and where its top left corner goes in output pixels (may be outside)."""

    field: int
    x: float
    y: float


class Fields:
    """The distinct letters of a picture, [n, height, width] float32, and how far their ink can reach."""

    def __init__(self, stack: NDArray[np.float32]) -> None:
        self.stack = stack
        self._rows = stack.max(axis=2)
        self._columns = stack.max(axis=1)

    def ink(self, threshold: float) -> NDArray[np.int64]:
        """[n, 4]: per letter the rows and columns (first, past the last) that exceed `threshold`; zeros without any."""
        return np.stack([*_extent(self._rows > threshold), *_extent(self._columns > threshold)], axis=1)


def paint(fields: Fields, stamps: Sequence[Stamp], scale: float, spread: float, width: int, height: int) -> Coverage:
    """The coverage picture of all stamps. `scale` is output pixels per field pixel, `spread` as in the manifest."""
    canvas = np.zeros((height, width), np.uint8)
    if not stamps:
        return canvas
    factor = oversampling(scale)
    pixels = spread * scale * factor               # samples that a field value of 1.0 stands for
    rows, columns = axis(fields.stack.shape[1], scale, factor), axis(fields.stack.shape[2], scale, factor)
    # Ink reaches half a sample over the edge; the rest is for rounding.
    top, bottom, left, right = fields.ink(-1.0 / pixels)[[stamp.field for stamp in stamps]].T.tolist()
    downs = rows.spans([stamp.y for stamp in stamps], top, bottom, height)
    acrosses = columns.spans([stamp.x for stamp in stamps], left, right, width)
    for stamp, inked, down, across in zip(stamps, bottom, downs, acrosses, strict=True):
        if not inked or down.first >= down.last or across.first >= across.last:
            continue
        turned = columns.matrix(across).T
        for band, first, last in rows.pieces(down, _BAND):
            ink = fields.stack[stamp.field, band.low:band.high, across.low:across.high]
            part = np.asarray(rows.matrix(band) @ ink @ turned, np.float32)
            grey = _coverage(part, pixels, factor)[first - band.first:last - band.first]
            target = canvas[first:last, across.first:across.last]
            np.maximum(target, grey, out=target)  # where letters touch, the darker of both counts
    return canvas


def oversampling(scale: float) -> int:
    """Samples per output pixel and axis: one when enlarging; more when shrinking, so that hairlines keep their grey."""
    return 1 if scale >= 1 else min(_MAX_OVERSAMPLING, math.ceil(1 / scale))


def _coverage(part: FieldImage, pixels: float, factor: int) -> Coverage:
    """Distance to coverage over one sample, averaged over the samples of a pixel.

    A learned field is not a true distance: where it is too flat an edge would smear over several pixels, where it is
    too steep it would be jagged. Dividing by the local slope makes every edge one sample wide, whatever the field.
    """
    np.divide(part, _double_slope(part, 2 * _FLATTEST / pixels), out=part)
    part *= np.float32(2 * 255)
    part += np.float32(128)  # half of 255, and the half that rounds
    np.maximum(part, np.float32(0), out=part)
    np.minimum(part, np.float32(255), out=part)
    if factor > 1:
        rows, columns = part.shape[0] // factor, part.shape[1] // factor
        part = part.reshape(rows, factor, columns, factor).mean(axis=(1, 3), dtype=np.float32)
    return part.astype(np.uint8)


def _double_slope(part: FieldImage, least: float) -> FieldImage:
    """Twice the change from sample to sample by central differences, but at least `least`."""
    height, width = part.shape
    if height < 3 or width < 3:  # noqa: PLR2004 - no middle with neighbours on both sides
        return np.full_like(part, least / _FLATTEST)
    square = np.empty_like(part)
    np.subtract(part[2:], part[:-2], out=square[1:-1])
    square[0], square[-1] = square[1], square[-2]
    square *= square
    across = part[:, 2:] - part[:, :-2]
    across *= across
    square[:, 1:-1] += across
    square[:, 0] += across[:, 0]
    square[:, -1] += across[:, -1]
    np.sqrt(square, out=square)
    return np.maximum(square, np.float32(least), out=square)


def _extent(inside: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Per row of [n, size] the first true index and one past the last; (0, 0) without any."""
    any_true = inside.any(axis=1)
    first = np.where(any_true, inside.argmax(axis=1), 0)
    last = np.where(any_true, inside.shape[1] - inside[:, ::-1].argmax(axis=1), 0)
    return first, last
