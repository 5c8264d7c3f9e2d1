"""Resampling along one axis as a small matrix: which field samples each output sample is made from, and how much.

Positions are snapped to 1/PHASES pixel, so that all letters of a line share a handful of matrices, built in one go and
kept while the size stays.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float32]

PHASES = 8
"""Sub-pixel positions: a letter stands at most 1/16 pixel from where it should."""

_KEPT_WEIGHTS = 1 << 20   # larger tables (pictures of thousands of pixels) are made letter by letter instead


@dataclass(frozen=True)
class Span:
    """Output pixels first..last (absolute), made from field samples low..high; the field's edge is at edge + phase."""

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
        small = PHASES * self._pixels * factor * size <= _KEPT_WEIGHTS
        self._table = self._weights(np.arange(PHASES), 0, self._pixels, 0, size) if small else None

    def span(self, offset: float, begin: int, end: int, room: int) -> Span | None:
        """Where ink in field samples begin..end falls, the field's edge being at `offset`; None outside 0..room."""
        steps = round(offset * PHASES)
        edge, phase = divmod(steps, PHASES)
        snapped = steps / PHASES
        scale = self._scale
        first = max(0, math.floor(snapped + max((begin - 0.5) * scale, 0.0)))
        last = min(room, math.ceil(snapped + min((end + 0.5) * scale, self._size * scale)))
        return self._between(first, last, edge, phase) if first < last else None

    def pieces(self, span: Span, longest: int) -> list[tuple[Span, int, int]]:
        """The span in pieces of at most `longest` pixels, each with a pixel more on either side where there is one.

        Per piece: the span with its neighbours, and the first and last pixel that are its own.
        """
        if span.last - span.first <= longest:
            return [(span, span.first, span.last)]
        result = []
        for first in range(span.first, span.last, longest):
            last = min(first + longest, span.last)
            around = self._between(max(first - 1, span.first), min(last + 1, span.last), span.edge, span.phase)
            result.append((around, first, last))
        return result

    def matrix(self, span: Span) -> Matrix:
        """[samples of the span, high - low] weights; rows sum to 1."""
        first, last = span.first - span.edge, span.last - span.edge
        if self._table is None:
            (only,) = self._weights(np.array([span.phase]), first, last, span.low, span.high)
            return np.asarray(only, np.float32)
        part: Matrix = self._table[span.phase, first * self._factor:last * self._factor, span.low:span.high]
        return part

    def _between(self, first: int, last: int, edge: int, phase: int) -> Span:
        """The span of those pixels with the samples that its cubic reads."""
        half = 0.5 / self._factor
        begin = (first - edge - phase / PHASES + half) / self._scale - 0.5
        end = (last - edge - phase / PHASES - half) / self._scale - 0.5
        low = min(max(math.floor(begin) - 1, 0), self._size - 1)
        high = max(min(math.floor(end) + 3, self._size), low + 1)
        return Span(first, last, low, high, edge, phase)

    def _weights(self, phases: NDArray[np.intp], first: int, last: int, low: int, high: int) -> Matrix:
        """[phases, samples, high - low]: the cubic's weights; beyond its edge a field goes on as it ends."""
        samples = (last - first) * self._factor
        centres = first + (np.arange(samples) + 0.5) / self._factor
        positions = (centres[None] - phases[:, None] / PHASES) / self._scale - 0.5
        base = np.floor(positions)
        taps = _cubic((positions - base).astype(np.float32))
        columns = base.astype(np.intp) - low
        matrix = np.zeros((len(phases) * samples, high - low), np.float32)
        rows = np.arange(len(matrix))
        for tap, weight in enumerate(taps, start=-1):
            # Within one tap every row occurs once, so that += through an index loses nothing.
            matrix[rows, np.clip(columns.ravel() + tap, 0, high - low - 1)] += weight.ravel()
        return matrix.reshape(len(phases), samples, high - low)


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
