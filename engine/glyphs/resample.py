"""Resampling along one axis as a small matrix: which field samples each output sample is made from, and how much.

Positions are snapped to 1/PHASES pixel, so that all letters of a line share a handful of matrices, built in one go when
they are first needed and kept while the size stays.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]
Whole = NDArray[np.int64]

_BEYOND = 3  # columns: a cubic's four taps, wholly beyond an edge but one

PHASES = 8
"""Sub-pixel positions: a letter stands at most 1/16 pixel from where it should."""

_KEPT_WEIGHTS = 1 << 20   # larger tables (pictures of thousands of pixels) are made letter by letter instead


class Span(NamedTuple):
    """Output pixels first..last (absolute), made from field samples low..high; the field's edge is at edge + phase.

    Empty (first not below last) where all of it falls outside the picture.
    """

    first: int
    last: int
    low: int
    high: int
    edge: int
    phase: int


class Axis:
    """One axis of fields with `size` samples shown at `scale` output pixels per sample, `factor` samples per pixel."""

    def __init__(self, size: int, scale: float, factor: int) -> None:
        self._size, self._scale, self._factor = size, scale, factor
        self._pixels = math.ceil(size * scale) + 1
        self._keeping = PHASES * self._pixels * factor * size <= _KEPT_WEIGHTS
        self._kept: dict[int, Matrix] = {}   # [samples, size] by phase, made when a letter stands there

    def spans(self, offsets: Sequence[float], begins: Sequence[int], ends: Sequence[int], room: int) -> list[Span]:
        """Per letter where ink in field samples begin..end falls in 0..room, the field's edge being at its offset.

        All letters at once: the same arithmetic one by one would cost more than the drawing.
        """
        steps = np.rint(np.asarray(offsets, np.float64) * PHASES).astype(np.int64)
        snapped = steps / PHASES
        starts = np.maximum((np.asarray(begins) - 0.5) * self._scale, 0.0)
        stops = np.minimum((np.asarray(ends) + 0.5) * self._scale, self._size * self._scale)
        first = np.maximum(np.floor(snapped + starts), 0).astype(np.int64)
        last = np.minimum(np.ceil(snapped + stops), room).astype(np.int64)
        phases = steps % PHASES
        self._keep(phases)
        return self._reading(first, last, steps // PHASES, phases)

    def pieces(self, span: Span, longest: int) -> list[tuple[Span, int, int]]:
        """The span in pieces of at most `longest` pixels, each with a pixel more on either side where there is one.

        Per piece: the span with its neighbours, and the first and last pixel that are its own.
        """
        if span.last - span.first <= longest:
            return [(span, span.first, span.last)]
        first = np.arange(span.first, span.last, longest)
        last = np.minimum(first + longest, span.last)
        around = self._reading(np.maximum(first - 1, span.first), np.minimum(last + 1, span.last),
                               np.full_like(first, span.edge), np.full_like(first, span.phase))
        return list(zip(around, first.tolist(), last.tolist(), strict=True))

    def matrix(self, span: Span) -> Matrix:
        """[samples of the span, high - low] weights; rows sum to 1."""
        first, last = span.first - span.edge, span.last - span.edge
        if not self._keeping:
            (only,) = self._weights(np.array([span.phase]), first, last, span.low, span.high)
            return np.asarray(only, np.float32)
        return self._kept[span.phase][first * self._factor:last * self._factor, span.low:span.high]

    def _keep(self, phases: Whole) -> None:
        """Make the matrices of those phases that are new: the lines of a text share one, its letters a handful."""
        new = sorted(set(phases.tolist()) - self._kept.keys()) if self._keeping else []
        if new:
            self._kept.update(zip(new, self._weights(np.array(new), 0, self._pixels, 0, self._size), strict=True))

    def _reading(self, first: Whole, last: Whole, edge: Whole, phase: Whole) -> list[Span]:
        """The spans of those pixels with the samples that their cubic reads."""
        half = 0.5 / self._factor
        origin = edge + phase / PHASES
        begin = np.floor((first - origin + half) / self._scale - 0.5).astype(np.int64) - 1
        end = np.floor((last - origin - half) / self._scale - 0.5).astype(np.int64) + 3
        low = np.clip(begin, 0, self._size - 1)
        high = np.maximum(np.minimum(end, self._size), low + 1)
        columns = (first, last, low, high, edge, phase)
        return [Span(*values) for values in zip(*(column.tolist() for column in columns), strict=True)]

    def _weights(self, phases: NDArray[np.intp], first: int, last: int, low: int, high: int) -> Matrix:
        """[phases, samples, high - low]: the cubic's weights; beyond its edge a field goes on as it ends."""
        samples = (last - first) * self._factor
        centres = first + (np.arange(samples) + 0.5) / self._factor
        positions = (centres[None] - phases[:, None] / PHASES) / self._scale - 0.5
        base = np.floor(positions)
        taps = _cubic((positions - base).astype(np.float32))
        width = high - low
        # Room for what falls beyond either edge: it is folded onto the edge afterwards.
        matrix = np.zeros((len(phases), samples, width + 2 * _BEYOND), np.float32)
        columns = np.clip(base.astype(np.intp).ravel() - low, 1 - _BEYOND, width) + (_BEYOND - 1)
        starts = np.arange(columns.size) * matrix.shape[2] + columns
        flat = matrix.reshape(-1)
        for tap, weight in enumerate(taps):
            flat[starts + tap] = weight.ravel()
        for step in range(_BEYOND):
            matrix[:, :, step + 1] += matrix[:, :, step]
        for step in range(1, _BEYOND + 1):
            matrix[:, :, _BEYOND + width - 1] += matrix[:, :, _BEYOND + width - 1 + step]
        return matrix[:, :, _BEYOND:_BEYOND + width]


@functools.lru_cache(maxsize=16)
def axis(size: int, scale: float, factor: int) -> Axis:
    """The axis of these measures; the recent ones are kept."""
    return Axis(size, scale, factor)


def _cubic(t: Matrix) -> Matrix:
    """[4, ...]: the weights of Keys' cubic (1981, a = -1/2) at fraction t between the two middle samples."""
    return np.stack([
        t * (t * (1.0 - 0.5 * t) - 0.5),
        1.0 + t * t * (1.5 * t - 2.5),
        t * (0.5 + t * (2.0 - 1.5 * t)),
        t * t * (0.5 * t - 0.5),
    ]).astype(np.float32)
