"""The rows of w+: one point of w for every layer of a style-based generator, so that layers can differ. numpy only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.float32]
"""[rows, w_dim] float32, from the coarsest layer to the finest"""

Range = tuple[int, int]
"""First and last row, both counted, in any order."""


def spread(point: NDArray[np.float32], count: int) -> Rows:
    """The same point of w [w_dim] on every one of `count` rows; w+ [count, w_dim] as it is. Always a fresh array."""
    rows = np.broadcast_to(point, (count, point.shape[-1])) if point.ndim == 1 else point
    return np.array(rows, np.float32)


def chosen(layers: Range | None, count: int) -> slice:
    """The rows of a range (None: all), cut to those that there are."""
    if layers is None:
        return slice(0, count)
    return slice(max(0, min(layers)), min(count, max(layers) + 1))


def crossed(rows: Rows, other: Rows, layers: Range, amount: float) -> Rows:
    """Style mixing (Karras et al. 2019): within `layers` the rows go `amount` (0 .. 1) of the way to `other`."""
    part = chosen(layers, len(rows))
    result = rows.copy()
    result[part] += (other[part] - rows[part]) * np.float32(amount)
    return result


def pulled(rows: Rows, mean: NDArray[np.float32], psi: float, cutoff: int) -> Rows:
    """The truncation trick: the first `cutoff` rows as mean + psi (row - mean); 1 changes nothing, 0 is the mean."""
    if psi == 1:
        return rows
    result = rows.copy()
    result[:cutoff] = mean + (rows[:cutoff] - mean) * np.float32(psi)
    return result


def shifted(rows: Rows, direction: NDArray[np.float32], distance: float, layers: Range | None) -> Rows:
    """The rows of a range moved `distance` along `direction` [w_dim]."""
    if not distance:
        return rows
    result = rows.copy()
    result[chosen(layers, len(rows))] += np.float32(distance) * direction
    return result
