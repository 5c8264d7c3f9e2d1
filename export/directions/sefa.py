"""SeFa (Shen and Zhou 2021): the directions that the weights after a latent amplify most, found without one picture."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from export.adapters.base import DirectionSet
from export.directions.naming import OVERALL, Group, entry, joined

Array = NDArray[np.float32]

REACH_W = 5.0
"""How many sigma a slider reaches in w: a few layers bear more than all of them do."""
REACH_Z = 3.0


@dataclass(frozen=True)
class Factors:
    """Unit `rows` [k, dim], the strongest first, and `shares` [k] of the whole response that each holds."""

    rows: Array
    shares: Array


def factors(weights: Sequence[NDArray[np.floating]], count: int) -> Factors:
    """The first `count` factors of weights [channels, dim], stacked, every channel scaled to unit length.

    Eigenvectors of A A^T for A [dim, channels] (Shen and Zhou 2021, equation 6), sorted by falling eigenvalue, signs
    fixed as `signed` says.
    """
    stacked = np.concatenate([np.asarray(weight, np.float64) for weight in weights])
    lengths = np.linalg.norm(stacked, axis=1, keepdims=True)
    stacked /= np.where(lengths > 0, lengths, 1.0)
    values, vectors = np.linalg.eigh(stacked.T @ stacked)
    order = np.argsort(values)[::-1][:count]
    total = max(float(values.sum()), float(np.finfo(np.float64).tiny))
    return Factors(signed(vectors.T[order]), (values[order] / total).astype(np.float32))


def signed(rows: NDArray[np.floating]) -> Array:
    """The rows turned so that the component of largest magnitude is positive: a saved slider keeps its sense.

    Among magnitudes that differ by less than rounding the first one decides.
    """
    magnitudes = np.abs(rows)
    nearly = magnitudes >= magnitudes.max(axis=1, keepdims=True) * (1 - 1e-6)
    leading = np.take_along_axis(rows, nearly.argmax(axis=1)[:, None], axis=1)
    return np.asarray(rows * np.where(leading < 0, -1.0, 1.0), np.float32)


def sefa_layers(styles: Sequence[Sequence[NDArray[np.floating]]], groups: Sequence[Group],
                samples: NDArray[np.floating]) -> DirectionSet:
    """SeFa in w, one set of directions for each group of layers.

    `styles[row]` are the style weights [channels, w_dim] which that row of w+ drives. `samples` [n, w_dim] are points
    of w: sigma is their spread along a direction.
    """
    return joined([_group(styles, group, samples) for group in groups])


def _group(styles: Sequence[Sequence[NDArray[np.floating]]], group: Group,
           samples: NDArray[np.floating]) -> DirectionSet:
    """The directions of one group of layers."""
    first, last = group.layers or (0, len(styles) - 1)
    found = factors([weight for row in styles[first:last + 1] for weight in row], group.count)
    spread = (samples @ found.rows.T).std(axis=0)
    words = f"SeFa: {{:.1%}} of what layers {first + 1} to {last + 1} answer to"
    return DirectionSet(found.rows, tuple(
        entry(group, number, "sefa", "w", row=number - 1, sigma=sigma, reach=REACH_W, evidence=words.format(share))
        for number, (share, sigma) in enumerate(zip(found.shares, spread, strict=True), 1)))


def sefa_first_layer(weight: NDArray[np.floating], latent_axis: int, count: int = 8) -> DirectionSet:
    """SeFa in z for a network without w: from the one weight that the latent meets first.

    `latent_axis` is the axis of `weight` as long as z: 1 for a linear layer [out, z], 0 for a transposed convolution
    [z, out, height, width]. The prior is N(0, I), so sigma is 1 in every direction.
    """
    turned = np.moveaxis(np.asarray(weight), latent_axis, -1)
    found = factors([turned.reshape(-1, turned.shape[-1])], count)
    group = replace(OVERALL, count=count)
    return DirectionSet(found.rows, tuple(
        entry(group, number, "sefa", "z", row=number - 1, sigma=1.0, reach=REACH_Z,
              evidence=f"SeFa: {share:.1%} of what the first layer answers to")
        for number, share in enumerate(found.shares, 1)))
