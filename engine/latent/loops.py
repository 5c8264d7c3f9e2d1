"""Closed paths through a latent space: the last frame leads into the first without a seam. numpy only.

Frame i of N stands at t = i / N: at i / (N - 1) the first picture would come twice.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float32]
"""[n, ...] float32: points of any shape, z, w or rows of w+"""

_PARALLEL = 1e-6


def frames(count: int) -> NDArray[np.float64]:
    """[count] positions in 0 .. 1 (without 1) of the frames of a loop."""
    return np.arange(count) / count


def spline(keys: Points, at: NDArray[np.float64]) -> Points:
    """Points at `at` (0 .. 1, beyond it the loop goes on) of a smooth closed path through `keys`, evenly timed.

    The periodic cubic spline: speed and its change are continuous everywhere, the seam included. One key stands still.
    """
    count = len(keys)
    values = keys.astype(np.float64).reshape(count, -1)
    before, after = np.roll(values, 1, axis=0), np.roll(values, -1, axis=0)
    # Second derivatives m of uniform knots: m[i - 1] + 4 m[i] + m[i + 1] = 6 (y[i - 1] - 2 y[i] + y[i + 1]), cyclic.
    same = np.eye(count)
    system = 4 * same + np.roll(same, 1, axis=1) + np.roll(same, -1, axis=1)
    bends = np.linalg.solve(system, 6 * (before - 2 * values + after))
    place = np.asarray(at, np.float64) % 1.0 * count
    left = np.floor(place).astype(np.int64) % count
    right = (left + 1) % count
    b = (place - np.floor(place))[:, None]
    a = 1 - b
    path = a * values[left] + b * values[right] + ((a**3 - a) * bends[left] + (b**3 - b) * bends[right]) / 6
    return path.reshape(len(path), *keys.shape[1:]).astype(np.float32)


def circle(center: NDArray[np.float32], one: NDArray[np.float32], other: NDArray[np.float32], radius: float,
           at: NDArray[np.float64]) -> Points:
    """Points [n, dim] at `at` (0 .. 1) of the circle around `center` in the plane of two axes [dim].

    The axes are made orthonormal first; without that the path would be an ellipse that speeds up and slows down.
    Raises ValueError when they do not span a plane.
    """
    first = one.astype(np.float64) / _length(one)
    rest = other.astype(np.float64) / _length(other)
    rest -= np.dot(rest, first) * first
    if np.linalg.norm(rest) < _PARALLEL:
        raise ValueError("the two axes are parallel")
    second = rest / np.linalg.norm(rest)
    turn = 2 * np.pi * np.asarray(at, np.float64)[:, None]
    path = center + radius * (np.cos(turn) * first + np.sin(turn) * second)
    return np.asarray(path, np.float32)


def _length(axis: NDArray[np.float32]) -> float:
    length = float(np.linalg.norm(axis.astype(np.float64)))
    if length < _PARALLEL:
        raise ValueError("an axis has no direction")
    return length
