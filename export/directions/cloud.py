"""The training cloud: where a model's own samples lie, so that a slider can tell how far out it has gone."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from export.adapters.base import DirectionSet
from export.directions.pca import components

_MOST_AXES = 64
_KEPT = 0.99
"""Axes beyond this share of the variance are left out: there a small step would count as far."""


def with_cloud(found: DirectionSet, samples: NDArray[np.floating]) -> DirectionSet:
    """The same directions with the cloud of samples [n, dim] of their space.

    `cloud` is [1 + k, dim]: the mean, then k principal axes times their sigma. `cloud_typical` is the distance that
    half of the samples stay under and the one that 99 of 100 do.
    """
    axes = components(samples, _MOST_AXES)
    kept = int(np.searchsorted(np.cumsum(axes.shares), _KEPT)) + 1
    cloud = np.concatenate([axes.mean[None], axes.rows[:kept] * axes.sigmas[:kept, None]])
    far = distances(cloud, samples)
    return replace(found, cloud=cloud, cloud_typical=(float(np.median(far)), float(np.quantile(far, 0.99))))


def distances(cloud: NDArray[np.float32], points: NDArray[np.floating]) -> NDArray[np.float32]:
    """The distance [n] of points [n, dim]: the root mean square of their coordinates along the axes, in sigma."""
    axes = cloud[1:]
    inside = (np.asarray(points, np.float32) - cloud[0]) @ (axes / (axes ** 2).sum(axis=1, keepdims=True)).T
    return np.asarray(np.sqrt((inside ** 2).mean(axis=1)), np.float32)
