"""How far out a point is, measured by the cloud of the model's own samples. numpy only."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.errors import PackageError
from engine.latent.directions import read_plain

_MOST_AXES = 4096


class Cloud:
    """Mean and principal axes of samples; see `engine.packages.parts.Cloud`."""

    def __init__(self, numbers: NDArray[np.float32], far: float) -> None:
        """`numbers` [1 + k, dim]: the mean, then k axes times their sigma. `far`: where 99 of 100 samples end."""
        axes = numbers[1:].astype(np.float64)
        self._mean = numbers[0].astype(np.float64)
        self._to_sigma = (axes / (axes**2).sum(axis=1, keepdims=True)).T   # [dim, k]
        self._far = far

    def distance(self, points: NDArray[np.float32]) -> float:
        """Of a point [dim], or the farthest of some [n, dim]: 1.0 is the edge that 99 of 100 samples stay within."""
        inside = (np.atleast_2d(points) - self._mean) @ self._to_sigma
        return float(np.sqrt((inside**2).mean(axis=1)).max() / self._far)


def load_cloud(path: Path, dim: int, far: float) -> Cloud:
    """Read cloud.npy: float32 [1 + k, `dim`], finite, no axis of length 0. Raises PackageError."""
    numbers = read_plain(path, "training cloud")
    if numbers.ndim != 2 or numbers.shape[1] != dim or not 1 < len(numbers) <= _MOST_AXES:  # noqa: PLR2004
        raise _faulty(path, f"it holds {list(numbers.shape)} numbers, not [2 or more, {dim}]")
    if not (numbers[1:].astype(np.float64)**2).sum(axis=1).all():
        raise _faulty(path, "one of its axes has no length")
    return Cloud(numbers, far)


def _faulty(path: Path, reason: str) -> PackageError:
    return PackageError(f"The training cloud of the package cannot be used: {reason}.",
                        "Get the package again, or ask its author to correct it.", str(path))
