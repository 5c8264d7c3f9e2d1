"""What a tile looks like, as numbers: its spectrum, its tones, its edges; and what can be told from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from export.train.textures.classes import CLASSES

_RINGS, _SECTORS, _TONES = 10, 6, 8
_FIRM: Final = 3.0
_PATCH: Final = 32
_FLAT: Final = 0.02
"""Deviation below which a patch has nothing to be recognised by."""

Numbers = NDArray[np.float64]
Stack = NDArray[np.float32]
"""[n, 2, side, side] tiles in 0..1."""


def features(tiles: Stack) -> Numbers:
    """[n, features]: unchanged by where the tile begins."""
    side = tiles.shape[-1]
    fy, fx = np.meshgrid(np.fft.fftfreq(side), np.fft.fftfreq(side), indexing="ij")
    ring = np.clip(np.log2(np.maximum(np.hypot(fx, fy) * side, 1)) / np.log2(side / 2) * _RINGS, 0, _RINGS - 1)
    sector = (np.arctan2(fy, fx) % np.pi) / np.pi * _SECTORS
    place = (ring.astype(int) * _SECTORS + np.minimum(sector.astype(int), _SECTORS - 1)).ravel()
    sizes = np.maximum(np.bincount(place, minlength=_RINGS * _SECTORS), 1)
    rows = []
    for tile in tiles.astype(np.float64):
        power = np.abs(np.fft.fft2(tile - tile.mean(axis=(1, 2), keepdims=True))) ** 2 / side**2
        spectrum = [np.log(np.bincount(place, part.ravel(), _RINGS * _SECTORS) / sizes + 1e-5) for part in power]
        tones = [np.histogram(part, _TONES, (0, 1))[0] / side**2 for part in tile]
        steps = [np.quantile(np.abs(np.diff(part, axis=axis)), (0.5, 0.9, 0.98)) for part in tile for axis in (0, 1)]
        rows.append(np.concatenate((*spectrum, *(3 * part for part in tones), *(10 * part for part in steps))))
    return np.stack(rows)


@dataclass(frozen=True)
class Eye:
    """Tells materials by a linear rule on features, and how far apart two sets of tiles are."""

    mean: Numbers
    spread: Numbers
    rule: Numbers

    def scaled(self, found: Numbers) -> Numbers:
        """Features in units of their spread over the taught tiles."""
        return np.asarray((found - self.mean) / self.spread)

    def named(self, found: Numbers) -> Numbers:
        """[n, classes] how much each looks like each material."""
        x = self.scaled(found)
        return np.asarray(np.column_stack((x, _squares(x), np.ones(len(x)))) @ self.rule)


def open_eye(found: Numbers, mix: NDArray[np.float32]) -> Eye:
    """An eye taught by the tiles' features and shares: ridge regression on features and their squares."""
    mean, spread = found.mean(axis=0), found.std(axis=0) + 1e-6
    x = (found - mean) / spread
    x = np.column_stack((x, _squares(x), np.ones(len(x))))
    rule = np.linalg.solve(x.T @ x + _FIRM * len(CLASSES) * np.eye(x.shape[1]), x.T @ mix)
    return Eye(mean, spread, rule)


def _squares(x: Numbers) -> Numbers:
    return np.asarray(np.clip(x, -3, 3) ** 2)


def frechet(first: Numbers, second: Numbers) -> float:
    """Frechet distance of two sets of scaled features as if every feature were a Gaussian of its own."""
    means = ((first.mean(axis=0) - second.mean(axis=0)) ** 2).sum()
    return float(means + ((first.std(axis=0) - second.std(axis=0)) ** 2).sum())


def spread_within(found: Numbers) -> float:
    """Mean distance between two of a set of scaled features."""
    apart = np.sqrt(np.maximum(((found[:, None] - found[None]) ** 2).sum(axis=2), 0))
    return float(apart[np.triu_indices(len(found), 1)].mean())


def likeness(tile: NDArray[np.float32], others: Stack) -> float:
    """The greatest correlation of the tile's tone with any of the others, at any place of the torus, at half size."""
    def spectrum(stack: NDArray[np.float32]) -> NDArray[np.complexfloating]:
        small = _half(stack)
        small = small - small.mean(axis=(-2, -1), keepdims=True)
        norm = np.sqrt((small**2).sum(axis=(-2, -1), keepdims=True)) + np.float32(1e-9)
        return np.asarray(np.fft.rfft2(small / norm))

    both = spectrum(others[:, 0]) * spectrum(tile[0]).conj()
    return float(np.fft.irfft2(both, s=(tile.shape[1] // 2, tile.shape[2] // 2)).max())


def found_again(tile: NDArray[np.float32], others: Stack) -> float:
    """The greatest correlation of a patch of 32 pixels of the tile's tone with any place of the others, at half size.

    What is put together from pieces of others scores near 1 here, however new the whole is.
    """
    small = _half(others[:, 0])
    size, side = small.shape[1:], _PATCH // 2
    patch = _half(tile[0, :_PATCH, :_PATCH])
    patch = patch - patch.mean()
    across = np.fft.rfft2(small) * np.fft.rfft2(patch, s=size).conj()
    window = np.fft.rfft2(np.ones((side, side), np.float32), s=size).conj()
    mean, power = (np.fft.irfft2(np.fft.rfft2(part) * window, s=size) / side**2 for part in (small, small**2))
    spread = np.sqrt(np.maximum(power - mean**2, _FLAT**2) * max(float((patch**2).mean()), _FLAT**2)) * side**2
    return float((np.fft.irfft2(across, s=size) / spread).max())


def _half(stack: NDArray[np.float32]) -> NDArray[np.float32]:
    """Both sides halved."""
    return np.asarray(stack.reshape(*stack.shape[:-2], stack.shape[-2] // 2, 2, stack.shape[-1] // 2, 2)
                      .mean(axis=(-3, -1)))
