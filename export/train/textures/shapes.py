"""What a spectrum cannot see: edges, flat places, and what belongs together; statistics of oriented bands of a tile.

Noise with the spectrum and the tones of a brick wall is no brick wall. Magnitudes of complex bands, four octaves in
four directions, tell them apart: how unevenly they are spread, and which bands are strong in the same places (after
Portilla and Simoncelli 2000).
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from export.train.textures.features import Numbers, Stack

_OCTAVES, _DIRECTIONS = 4, 4
_BREADTH: Final = 0.55
"""Of a band in octaves."""
_FINEST: Final = 1.6
"""Octaves of the finest band below one cycle a pixel."""
_LEAST: Final = 1e-3

Gains = NDArray[np.float32]


def shapes(tiles: Stack) -> Numbers:
    """[n, features] of tiles [n, 2, side, side]: unchanged by where the tile begins."""
    fine, coarse = _bands(tiles.shape[-1])
    return np.stack([np.concatenate([_told(_strengths(part, fine, coarse)) for part in tile]) for tile in tiles])


def _bands(side: int) -> tuple[Gains, Gains]:
    """[bands, side, side] and [bands, side / 2, side / 2] gains: the two finer octaves, the coarser ones.

    One half of the plane each, so that the answers are analytic and their magnitudes are smooth.
    """
    octaves = []
    for octave in range(_OCTAVES):
        size = side if octave < _OCTAVES // 2 else side // 2
        fy, fx = np.meshgrid(*2 * (np.fft.fftfreq(size, side / size),), indexing="ij")
        radius, angle = np.log2(np.maximum(np.hypot(fx, fy), 1e-9)), np.arctan2(fy, fx)
        ring = 2 * np.exp(-(((radius + _FINEST + octave) / _BREADTH) ** 2))
        octaves += [ring * np.clip(np.cos(angle - np.pi * direction / _DIRECTIONS), 0, 1) ** 3
                    for direction in range(_DIRECTIONS)]
    cut = len(octaves) // 2
    return np.stack(octaves[:cut]).astype(np.float32), np.stack(octaves[cut:]).astype(np.float32)


def _strengths(part: NDArray[np.float32], fine: Gains, coarse: Gains) -> Gains:
    """[bands, side / 2, side / 2] magnitudes of one channel."""
    spectrum = np.fft.fft2(part)
    near = coarse.shape[-1] // 2
    rows = np.r_[0:near, -near:0]
    low = spectrum[rows[:, None], rows] / 4
    return np.abs(np.concatenate((np.fft.ifft2(spectrum * fine)[:, ::2, ::2], np.fft.ifft2(low * coarse))))


def _told(strengths: Gains) -> Numbers:
    """Of magnitudes [bands, side, side]: mean, unevenness, peaks; and how any two bands go together."""
    flat = strengths.reshape(len(strengths), -1)
    mean = flat.mean(axis=1)
    rest = flat - mean[:, None]
    spread = rest.std(axis=1)
    peaks = (rest**3).mean(axis=1) / (spread + _LEAST) ** 3
    rest /= np.maximum(spread, _LEAST)[:, None]
    together = rest @ rest.T / flat.shape[1]
    return np.concatenate((np.log(mean + _LEAST), spread / (mean + _LEAST), np.clip(peaks, -2, 8) / 3,
                           together[np.triu_indices(len(flat), 1)]))
