"""The seed plane: seeds as the crossings of a sheet that has no end, and everything between them. numpy only.

The sheet of NVIDIA's viewer: one step to the right is the next seed, one step down is the seed 100 further on, and a
place between four crossings is their mixture by nearness. So position (x, y) = (7, 0) is seed 7 exactly.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

STEP_DOWN = 100
SEEDS = 2**32


def corners(seed: int, x: float, y: float) -> list[tuple[int, float]]:
    """Seeds with their weights (above 0, in sum 1) at `x` steps right and `y` steps down of `seed`, largest first."""
    left, top = math.floor(x), math.floor(y)
    found: dict[int, float] = {}
    for down in (top, top + 1):
        for right in (left, left + 1):
            weight = (1 - abs(x - right)) * (1 - abs(y - down))
            if weight > 0:
                corner = (seed + right + STEP_DOWN * down) % SEEDS
                found[corner] = found.get(corner, 0.0) + weight
    return sorted(found.items(), key=lambda entry: (-entry[1], entry[0]))


def mixed(points: Sequence[NDArray[np.float32]], weights: Sequence[float]) -> NDArray[np.float32]:
    """The weighted sum of points of w, where straight lines are the natural ones."""
    return _sum(points, weights)


def mixed_normal(points: Sequence[NDArray[np.float32]], weights: Sequence[float]) -> NDArray[np.float32]:
    """The mixture of independent normal points, itself as normal as each of them.

    A plain sum of four would be half as long, which a decoder draws as a pale average; dividing by the root of the
    squared weights keeps every number's variance at 1.
    """
    return np.asarray(_sum(points, weights) / np.float32(math.sqrt(sum(weight**2 for weight in weights))), np.float32)


def _sum(points: Sequence[NDArray[np.float32]], weights: Sequence[float]) -> NDArray[np.float32]:
    if len(points) == 1:
        return points[0]
    total = np.zeros(points[0].shape, np.float64)
    for point, weight in zip(points, weights, strict=True):
        total += weight * point.astype(np.float64)
    return total.astype(np.float32)
