"""Points of the latent space: seeds, truncation, interpolation. numpy only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Point = NDArray[np.float32]
"""[dim] float32"""


def truncated(point: Point, amount: float, mean: Point | None = None) -> Point:
    """`point` pulled towards the mean: amount 0 is the mean itself, 1 the point, above 1 further out.

    StyleGAN's truncation trick; on a whitened normal space it trades typical for unusual.
    """
    if mean is None:
        return np.asarray(point * np.float32(amount), np.float32)
    return np.asarray(mean + (point - mean) * np.float32(amount), np.float32)


def slerp(start: Point, end: Point, t: float) -> Point:
    """The point at `t` (0 .. 1) on the great circle from `start` to `end`, lengths mixed linearly.

    A straight line between two normal samples passes through unlikely, washed-out points; the arc does not (Shoemake
    1985). Nearly parallel or opposite points, where the arc is not defined, fall back to the line.
    """
    lengths = float(np.linalg.norm(start)), float(np.linalg.norm(end))
    if min(lengths) < 1e-8:  # noqa: PLR2004 - no direction to turn from
        return np.asarray(start + (end - start) * np.float32(t), np.float32)
    cosine = float(np.clip(np.dot(start / lengths[0], end / lengths[1]), -1.0, 1.0))
    angle = float(np.arccos(cosine))
    if np.sin(angle) < 1e-4:  # noqa: PLR2004 - the division below would amplify rounding
        return np.asarray(start + (end - start) * np.float32(t), np.float32)
    unit = (np.sin((1 - t) * angle) * start / lengths[0] + np.sin(t * angle) * end / lengths[1]) / np.sin(angle)
    return np.asarray(unit * (lengths[0] + (lengths[1] - lengths[0]) * t), np.float32)
