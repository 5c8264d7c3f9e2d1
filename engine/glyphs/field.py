"""Distance fields to pictures: resample each letter where it stands, turn distance into coverage, unite by maximum.

The resampling is two small matrix products per letter (rows, then columns), each only over the part that holds ink.
Coverage is in [0, 255]: 0 paper, 255 ink. Mixing colours by coverage happens in sRGB values, not in linear light: a
transparent export laid over the same colour in any design program (they mix in sRGB) must equal the opaque export, and
dark-on-light and light-on-dark type then keep the same weight.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FieldImage = NDArray[np.float32]
"""[height, width] float32; positive inside; 1.0 is `spread` field pixels"""

Coverage = NDArray[np.uint8]
"""[height, width] uint8"""

PHASES = 16
"""Sub-pixel positions per pixel: letters stand at most 1/32 pixel from where they should, and matrices are reused."""

BAND = 1024
_MINIFIED = 1.0
_MAX_OVERSAMPLING = 8
_CACHED = 1 << 16   # weights; larger matrices are built each time rather than kept


@dataclass(frozen=True)
class Tile:
    """One letter's field and where its top left corner goes, in output pixels (may be outside)."""

    field: FieldImage
    x: float
    y: float


def paint(tiles: Iterable[Tile], scale: float, spread: float, width: int, height: int) -> Coverage:
    """The coverage picture of all tiles. `scale` is output pixels per field pixel, `spread` as in the manifest."""
    canvas = np.zeros((height, width), np.uint8)
    factor = oversampling(scale)
    for tile in tiles:
        _paint_tile(canvas, tile, scale, spread, factor)
    return canvas


def oversampling(scale: float) -> int:
    """Samples per output pixel and axis: one when enlarging; more when shrinking, so that hairlines keep their grey."""
    if scale >= _MINIFIED:
        return 1
    return min(_MAX_OVERSAMPLING, math.ceil(_MINIFIED / scale))


def ink_box(field: FieldImage, threshold: float) -> tuple[int, int, int, int] | None:
    """Rows and columns (first, past the last) where the field exceeds `threshold`; None without any."""
    inside = field > threshold
    rows = np.flatnonzero(inside.any(axis=1))
    if not rows.size:
        return None
    columns = np.flatnonzero(inside.any(axis=0))
    return int(rows[0]), int(rows[-1]) + 1, int(columns[0]), int(columns[-1]) + 1


def _paint_tile(canvas: Coverage, tile: Tile, scale: float, spread: float, factor: int) -> None:
    """Resample one letter's ink and unite it with the canvas."""
    pixels = spread * scale * factor          # samples that a field value of 1.0 stands for
    box = ink_box(tile.field, -1.0 / pixels)  # ink reaches half a sample over the edge; the rest is for rounding
    if box is None:
        return
    height, width = tile.field.shape
    top, bottom, left, right = box
    down = _Span.of(tile.y, scale, factor, (top, bottom, height), canvas.shape[0])
    across = _Span.of(tile.x, scale, factor, (left, right, width), canvas.shape[1])
    if down is None or across is None:
        return
    columns = across.matrix().T
    for band in down.bands():
        field = tile.field[band.low:band.high, across.low:across.high]
        grey = _coverage(band.matrix() @ field @ columns, pixels, factor)
        target = canvas[band.first:band.last, across.first:across.last]
        np.maximum(target, grey, out=target)


def _coverage(part: FieldImage, pixels: float, factor: int) -> Coverage:
    """Distance to coverage over one sample (a ramp one sample wide), averaged over the samples of a pixel."""
    part *= np.float32(pixels * 255)
    part += np.float32(128)  # half of 255, and the half that rounds
    np.clip(part, 0, 255, out=part)
    if factor > 1:
        rows, columns = part.shape[0] // factor, part.shape[1] // factor
        part = part.reshape(rows, factor, columns, factor).mean(axis=(1, 3), dtype=np.float32)
    return part.astype(np.uint8)


@dataclass(frozen=True)
class _Span:
    """Output pixels first..last of one axis, and the field samples low..high that they are made from."""

    first: int
    last: int
    low: int
    high: int
    size: int          # of the field along this axis
    scale: float
    factor: int
    offset: float      # of the field's edge, in output pixels, on the 1/PHASES grid

    @classmethod
    def of(cls, offset: float, scale: float, factor: int, ink: tuple[int, int, int], room: int) -> _Span | None:
        """The span that shows field samples ink[0]..ink[1] of ink[2], cut to `room` pixels; None when all is outside."""
        begin, end, size = ink
        snapped = round(offset * PHASES) / PHASES
        first = max(0, math.floor(snapped + max((begin - 0.5) * scale, 0)))
        last = min(room, math.ceil(snapped + min((end + 0.5) * scale, size * scale)))
        return cls._between(first, last, size, scale, factor, snapped) if first < last else None

    @classmethod
    def _between(cls, first: int, last: int, size: int, scale: float, factor: int, offset: float) -> _Span:
        """The span of those pixels with the field samples that its cubic reads."""
        step = 1 / (scale * factor)
        start = (first - offset) / scale + step / 2 - 0.5
        stop = (last - offset) / scale - step / 2 - 0.5
        low = min(max(math.floor(start) - 1, 0), size - 1)
        high = max(min(math.floor(stop) + 3, size), low + 1)
        return cls(first, last, low, high, size, scale, factor, offset)

    def bands(self) -> list[_Span]:
        """The span in pieces of at most BAND pixels, which bound the memory of very large pictures."""
        if self.last - self.first <= BAND:
            return [self]
        edges = [*range(self.first, self.last, BAND), self.last]
        return [self._between(a, b, self.size, self.scale, self.factor, self.offset)
                for a, b in zip(edges[:-1], edges[1:], strict=True)]

    def matrix(self) -> FieldImage:
        """[samples, high - low]: row k weighs the field samples that sample k of the span is made from."""
        whole = math.floor(self.offset)  # the same letter one pixel further has the same matrix
        key = (self.first - whole, self.last - whole, self.low, self.high, self.size, self.scale, self.factor,
               self.offset - whole)
        build = _matrix if (self.last - self.first) * self.factor * (self.high - self.low) > _CACHED else _cached_matrix
        return build(*key)


def _matrix(first: int, last: int, low: int, high: int, size: int, scale: float, factor: int,
            phase: float) -> FieldImage:
    """Weights of Keys' cubic for the samples of pixels first..last; beyond its edge the field goes on as it ends."""
    samples = (last - first) * factor
    positions = (first + (np.arange(samples) + 0.5) / factor - phase) / scale - 0.5
    base = np.floor(positions).astype(np.intp)
    t = (positions - base).astype(np.float32)
    matrix = np.zeros((samples, high - low), np.float32)
    rows = np.arange(samples)
    for tap, weight in zip((-1, 0, 1, 2), _cubic(t), strict=True):
        # += through an index drops repeated pairs, but here every row occurs once per tap.
        matrix[rows, np.clip(base + tap, low, high - 1) - low] += weight
    return matrix


_cached_matrix = functools.lru_cache(maxsize=128)(_matrix)


def _cubic(t: NDArray[np.float32]) -> tuple[NDArray[np.float32], ...]:
    """The four weights of Keys' cubic (1981, a = -1/2) at fraction t between the two middle samples."""
    return (
        t * (-0.5 + t * (1.0 - 0.5 * t)),
        1.0 + t * t * (-2.5 + 1.5 * t),
        t * (0.5 + t * (2.0 - 1.5 * t)),
        t * t * (-0.5 + 0.5 * t),
    )
