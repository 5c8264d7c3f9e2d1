"""Principal components of latent samples (Härkönen et al. 2020, GANSpace): mapped points, or what an encoder yields."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from export.adapters.base import DirectionSet
from export.directions.naming import OVERALL, Group, entry
from export.directions.sefa import signed

REACH = 3.0


@dataclass(frozen=True)
class Components:
    """`mean` [dim]; unit `rows` [k, dim] by falling `sigmas` [k]; `shares` [k] of the whole variance."""

    mean: NDArray[np.float32]
    rows: NDArray[np.float32]
    sigmas: NDArray[np.float32]
    shares: NDArray[np.float32]


def components(samples: NDArray[np.floating], count: int) -> Components:
    """The first `count` principal components of samples [n, dim], n at least 2, signs fixed as in `sefa.signed`.

    Components without any spread are left out, so that there may be fewer.
    """
    points = np.asarray(samples, np.float64)
    mean = points.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(points - mean, rowvar=False).reshape(points.shape[1], points.shape[1]))
    order = np.argsort(values)[::-1][:count]
    total = max(float(values.sum()), float(np.finfo(np.float64).tiny))
    order = order[values[order] > total * 1e-9]
    return Components(mean.astype(np.float32), signed(vectors.T[order]), np.sqrt(values[order]).astype(np.float32),
                      (values[order] / total).astype(np.float32))


def pca_directions(samples: NDArray[np.floating], space: Literal["z", "w"], group: Group = OVERALL) -> DirectionSet:
    """One slider a component: the strongest `group.count` of samples [n, dim], each with its sigma."""
    found = components(samples, group.count)
    return DirectionSet(found.rows, tuple(
        entry(group, number, "pca", space, row=number - 1, sigma=sigma, reach=REACH,
              evidence=f"PCA: {share:.1%} of the variance of {len(samples)} samples")
        for number, (sigma, share) in enumerate(zip(found.sigmas, found.shares, strict=True), 1)))
