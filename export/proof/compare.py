"""Compares what ONNX Runtime yields with what torch yielded, run by run, without keeping either."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from export.proof.figures import OutputFigures, PictureFigures

Real = NDArray[np.float64]
STEPS = 255.0
SIGNED = 2.0
"""A picture whose nominal range is 2 wide is -1 .. 1; every other one starts at 0."""


@dataclass
class Tally:
    """The running comparison of one output."""

    scale: float
    max_abs: float = 0.0
    total: float = 0.0
    numbers: int = 0
    samples: int = 0
    lowest: tuple[float, float] = (math.inf, math.inf)      # torch, ONNX Runtime
    highest: tuple[float, float] = (-math.inf, -math.inf)

    def add(self, torch: NDArray[Any], onnx: NDArray[Any]) -> None:
        """Count one run; both arrays have the same shape."""
        theirs, ours = torch.astype(np.float64), onnx.astype(np.float64)
        error = np.abs(ours - theirs)
        if error.size:
            self.max_abs = max(self.max_abs, float(error.max()))
            self.total += float(error.sum())
            self.numbers += error.size
            self.lowest = (min(self.lowest[0], float(theirs.min())), min(self.lowest[1], float(ours.min())))
            self.highest = (max(self.highest[0], float(theirs.max())), max(self.highest[1], float(ours.max())))
        self.samples += torch.shape[0] if torch.ndim else 1

    @property
    def constant(self) -> tuple[bool, bool]:
        """Whether torch's and ONNX Runtime's numbers are all one and the same number."""
        return (self.lowest[0] == self.highest[0], self.lowest[1] == self.highest[1])

    def figures(self) -> OutputFigures:
        """The sums as figures."""
        return OutputFigures(self.max_abs, self.total / max(self.numbers, 1), self.scale, self.samples)


@dataclass
class PictureTally:
    """The visible difference of the output that is a picture, and a few pairs to look at."""

    output: str
    low: float
    width: float
    worst_mean: float = 0.0
    worst: float = 0.0
    pairs: list[tuple[NDArray[np.uint8], NDArray[np.uint8], NDArray[np.uint8]]] = field(default_factory=list)

    def add(self, torch: NDArray[Any], onnx: NDArray[Any], wanted: int) -> None:
        """Count one run of shape [batch, ...]; keep its first picture until `wanted` are there."""
        for theirs, ours in zip(torch, onnx, strict=True):
            difference = np.abs(self._seen(ours) - self._seen(theirs))
            self.worst_mean = max(self.worst_mean, float(difference.mean()))
            self.worst = max(self.worst, float(difference.max()))
        if len(self.pairs) < wanted and len(torch):
            sides = [upright(self._seen(side[0])) for side in (torch, onnx)]
            if sides[0] is not None and sides[1] is not None:
                self.pairs.append((_small(sides[0]), _small(sides[1]), _loudest(np.abs(sides[1] - sides[0]))))

    def figures(self) -> PictureFigures:
        """The worst of what was seen."""
        return PictureFigures(self.output, self.worst_mean, self.worst)

    def _seen(self, values: NDArray[Any]) -> Real:
        """The steps a screen would show, not rounded: 0 .. 255."""
        return np.clip((values.astype(np.float64) - self.low) / self.width, 0.0, 1.0) * STEPS


def scale_of(nominal: float | None, low: float, high: float) -> float:
    """What an error is measured against: the nominal width, else what torch yielded; never zero."""
    if nominal:
        return nominal
    return (high - low) or abs(high) or 1.0


def picture_low(nominal: float | None, low: float) -> float:
    """Where the range of a picture begins."""
    if nominal is None:
        return low
    return -1.0 if nominal == SIGNED else 0.0


def upright(values: Real) -> Real | None:
    """A picture as [height, width, 1 or 3] from [c, h, w], [h, w] or a square written as one row; else None."""
    if values.ndim == 3 and values.shape[0] in (1, 3, 4):  # noqa: PLR2004 - grey, RGB, RGBA
        return values[:3].transpose(1, 2, 0)
    if values.ndim == 2:  # noqa: PLR2004
        return values[..., None]
    side = math.isqrt(values.size)
    return values.reshape(side, side, 1) if values.ndim == 1 and side * side == values.size else None


def ranges(outputs: Mapping[str, NDArray[Any]], known: dict[str, tuple[float, float]]) -> None:
    """Widen `known` (output -> lowest, highest) by one run of torch's."""
    for role, value in outputs.items():
        if value.size:
            low, high = known.get(role, (math.inf, -math.inf))
            known[role] = (min(low, float(value.min())), max(high, float(value.max())))


_SIDE = 256


def _blocks(picture: Real) -> Real:
    """Blocks of k × k pixels as [h, k, w, k, c], so that the longer side has at most 256 of them."""
    k = max(1, math.ceil(max(picture.shape[:2]) / _SIDE))
    height, width = (size - size % k for size in picture.shape[:2])
    return picture[:height, :width].reshape(height // k, k, width // k, k, -1)


def _small(picture: Real) -> NDArray[np.uint8]:
    """At most 256 pixels a side, averaged."""
    return np.rint(_blocks(picture).mean((1, 3))).astype(np.uint8)


def _loudest(difference: Real) -> NDArray[np.uint8]:
    """The same for a difference, by its largest value and in 1/64 steps: shrinking must not hide a fault."""
    return np.minimum(np.rint(_blocks(difference).max((1, 3)) * 64), 255).astype(np.uint8)
