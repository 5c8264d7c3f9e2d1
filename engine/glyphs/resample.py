"""Resampling along one axis as a small matrix: which field samples each output sample is made from, and how much.

Positions are snapped to 1/PHASES pixel, so that all letters of a line share a handful of matrices, built in one go when
they are first needed and kept while the size stays.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

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
        """Per letter where ink in field samples begins..ends falls in 0..room, the field's edge being at its offset."""
        return [self._span(*letter, room) for letter in zip(offsets, begins, ends, strict=True)]

    def _span(self, offset: float, begin: int, end: int, room: int) -> Span:
        """In Python's own numbers: for the letters of a line numpy's many small calls cost twice as much."""
        steps = round(offset * PHASES)
        snapped = steps / PHASES
        start = max((begin - 0.5) * self._scale, 0.0)
        stop = min((end + 0.5) * self._scale, self._size * self._scale)
        edge, phase = divmod(steps, PHASES)
        return self._reading(max(math.floor(snapped + start), 0), min(math.ceil(snapped + stop), room), edge, phase)

    def pieces(self, span: Span, longest: int) -> list[tuple[Span, int, int]]:
        """The span in pieces of at most `longest` pixels, each with a pixel more on either side where there is one.

        Per piece: the span with its neighbours, and the first and last pixel that are its own.
        """
        if span.last - span.first <= longest:
            return [(span, span.first, span.last)]
        own = [(begin, min(begin + longest, span.last)) for begin in range(span.first, span.last, longest)]
        return [(self._reading(max(begin - 1, span.first), min(end + 1, span.last), span.edge, span.phase), begin, end)
                for begin, end in own]

    def matrix(self, span: Span) -> Matrix:
        """[samples of the span, high - low] weights; rows sum to 1."""
        first, last = span.first - span.edge, span.last - span.edge
        if not self._keeping:
            (only,) = self._weights(np.array([span.phase]), first, last, span.low, span.high)
            return np.asarray(only, np.float32)
        if span.phase not in self._kept:
            self.keep([span])
        return self._kept[span.phase][first * self._factor:last * self._factor, span.low:span.high]

    def keep(self, *spans: Iterable[Span]) -> None:
        """Make the matrices that are new for these: the lines of a text share one, its letters a handful."""
        phases = {span.phase for some in spans for span in some}
        new = sorted(phases - self._kept.keys()) if self._keeping else []
        if new:
            self._kept.update(zip(new, self._weights(np.array(new), 0, self._pixels, 0, self._size), strict=True))

    def _reading(self, first: int, last: int, edge: int, phase: int) -> Span:
        """The span of those pixels with the samples that their cubic reads."""
        half = 0.5 / self._factor
        origin = edge + phase / PHASES
        begin = math.floor((first - origin + half) / self._scale - 0.5) - 1
        end = math.floor((last - origin - half) / self._scale - 0.5) + 3
        low = min(max(begin, 0), self._size - 1)
        return Span(first, last, low, max(min(end, self._size), low + 1), edge, phase)

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
    weights = np.empty((4, *t.shape), np.float32)
    square, half, more = t * t, 0.5 * t, 1.5 * t
    weights[0] = t * (t * (1.0 - half) - 0.5)
    weights[1] = 1.0 + square * (more - 2.5)
    weights[2] = t * (0.5 + t * (2.0 - more))
    weights[3] = square * (half - 0.5)
    return weights
