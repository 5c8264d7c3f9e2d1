"""Named directions: what of the measured typography is linear in the style, each made to mean one thing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from export.train.glyphs.measure import NAMES

ORDER: Final = (
    "weight", "slant", "width", "serif", "contrast", "x_height", "spacing", "mono", "square", "descent", "ascent",
)  # fmt: skip
"""Earlier directions are kept whole; later ones give up what they share with them."""

_RIDGE: Final = 0.02


@dataclass(frozen=True)
class Direction:
    """A unit vector in whitened style space, the correlation of its regression, and how much of it was its own."""

    name: str
    row: NDArray[np.float64]
    correlation: float
    own: float


def find(z: NDArray[np.float64], measured: NDArray[np.float64], weights: NDArray[np.float64]) -> list[Direction]:
    """Directions from whitened styles z [faces, dim] and measures [faces, len(NAMES)], in ORDER.

    A measure is regressed on z (ridge) and the gradient, made a unit vector, is the direction: it changes the measure
    most per step of plausibility. Correlations are of five-fold predictions, so they are not flattered by 128 numbers.
    """
    found: list[Direction] = []
    for name in ORDER:
        column = measured[:, NAMES.index(name)]
        gradient = _ridge(z, column, weights)
        correlation = _cross_validated(z, column, weights)
        row = gradient / np.linalg.norm(gradient)
        for earlier in found:
            row = row - (row @ earlier.row) * earlier.row
        own = float(np.linalg.norm(row))
        found.append(Direction(name, row / own, correlation, own))
    return found


def _ridge(z: NDArray[np.float64], values: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slope [dim] of a weighted ridge regression of standardised, clipped values."""
    share = weights / weights.sum()
    mean = share @ values
    deviation = np.sqrt(share @ (values - mean) ** 2)
    target = np.clip((values - mean) / deviation, -3.0, 3.0)
    centred = z - share @ z
    gram = (centred * share[:, None]).T @ centred
    pull = (centred * share[:, None]).T @ target
    slope: NDArray[np.float64] = np.linalg.solve(gram + _RIDGE * np.eye(z.shape[1]), pull)
    return slope


def _cross_validated(z: NDArray[np.float64], values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    """Correlation of five-fold predictions with the measure."""
    folds = np.random.default_rng(0).integers(0, 5, len(values))
    guess = np.zeros(len(values))
    for fold in range(5):
        taught = folds != fold
        slope = _ridge(z[taught], values[taught], weights[taught])
        guess[~taught] = z[~taught] @ slope
    return float(np.corrcoef(guess, values)[0, 1])
