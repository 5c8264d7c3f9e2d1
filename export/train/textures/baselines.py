"""What a tile can be made into without learning: random-phase noise and quilting, both from one taught tile.

Both close on a torus as their source does, and both need that source: the package would hold thousands of tiles.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from export.train.textures.dataset import Tiles
from export.train.textures.tile import Tile

_STEP, _OVERLAP = 32, 8
"""Pixels from patch to patch of a quilt, and how far a patch reaches over the next."""
_GOOD: Final = 1.1
"""A patch may fit that much worse than the best one, as in the paper, plus the smallest error that is one:"""
_LEAST: Final = 1e-4
_MATERIAL: Final = 3.0
"""How much more a share of a material weighs than a setting where descriptions are compared."""


def twins(tiles: Tiles, places: NDArray[np.int64]) -> NDArray[np.int64]:
    """The taught tiles nearest to the descriptions of these: what looking them up would give."""
    return nearest(tiles, tiles.mix[places], tiles.settings[places])


def nearest(tiles: Tiles, mix: NDArray[np.float32], settings: NDArray[np.float32]) -> NDArray[np.int64]:
    """The taught tile whose description is nearest, for every row of shares and settings."""
    known = np.concatenate((_MATERIAL * tiles.mix, tiles.settings), axis=1)[tiles.taught]
    wanted = np.concatenate((_MATERIAL * mix, settings), axis=1)
    return tiles.taught[[int(((known - said) ** 2).sum(axis=1).argmin()) for said in wanted]]


def random_phase(tile: Tile, rng: np.random.Generator) -> Tile:
    """The tile's spectrum with other phases and the tile's own tones (Galerne, Gousseau and Morel 2011).

    One field of phases is added to both channels, so that they keep belonging together; tones by rank.
    """
    noise = np.fft.rfft2(rng.standard_normal(tile.shape[1:]))
    turn = noise / np.maximum(np.abs(noise), 1e-12)
    turn[0, 0] = 1
    made = np.fft.irfft2(np.fft.rfft2(tile) * turn, s=tile.shape[1:])
    for channel, source in zip(made, tile, strict=True):
        channel.flat[np.argsort(channel, axis=None)] = np.sort(source, axis=None)
    return made.astype(np.float32)


def quilted(tile: Tile, rng: np.random.Generator) -> Tile:
    """Patches of the tile that fit together, cut where they differ least (Efros and Freeman 2001), on a torus."""
    side = _STEP + _OVERLAP
    height, width = tile.shape[1:]
    made, filled = np.zeros_like(tile), np.zeros((height, width), bool)
    spectrum = np.fft.rfft2(tile)
    power = np.fft.rfft2((tile**2).sum(axis=0))
    for top in range(0, height, _STEP):
        for left in range(0, width, _STEP):
            rows, columns = np.arange(top, top + side) % height, np.arange(left, left + side) % width
            there, known = made[:, rows[:, None], columns], filled[rows[:, None], columns]
            down, across = _fitting(spectrum, power, there, known, rng)
            patch = tile[:, (down + np.arange(side))[:, None] % height, (across + np.arange(side)) % width]
            taken = _taken(((patch - there) ** 2).sum(axis=0), known)
            made[:, rows[:, None], columns] = np.where(taken, patch, there)
            filled[rows[:, None], columns] = True
    return made


def _fitting(spectrum: NDArray[np.complex128], power: NDArray[np.complex128], there: Tile, known: NDArray[np.bool_],
             rng: np.random.Generator) -> tuple[int, int]:
    """Where in the tile a patch begins that is like what is known already; one of the best, by chance."""
    height, half = spectrum.shape[1:]
    size = (height, 2 * (half - 1))
    if not known.any():
        return int(rng.integers(size[0])), int(rng.integers(size[1]))
    wanted = np.fft.rfft2(there * known, s=size)
    mask = np.fft.rfft2(known.astype(float), s=size)
    across = np.fft.irfft2((spectrum * wanted.conj()).sum(axis=0), s=size)
    apart = (np.fft.irfft2(power * mask.conj(), s=size) - 2 * across + (there**2 * known).sum()) / known.sum()
    good = np.flatnonzero(apart <= max(float(apart.min()), 0.0) * _GOOD + _LEAST)
    place = int(rng.choice(good))
    return place // size[1], place % size[1]


def _taken(apart: NDArray[np.float32], known: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which pixels come from the new patch: beyond the cheapest cut through every strip that was there before."""
    taken = np.ones(known.shape, bool)
    for turn in range(4):               # left, and the other sides as the left of a turned patch
        turned, cost, was = np.rot90(taken, turn), np.rot90(apart, turn), np.rot90(known, turn)
        if was[:, :_OVERLAP].mean() > 0.99:  # noqa: PLR2004 - all of the strip, but for the first patch of a row
            turned &= np.arange(was.shape[1]) > _cut(cost[:, :_OVERLAP])[:, None]
    return taken | ~known


def _cut(cost: NDArray[np.float32]) -> NDArray[np.intp]:
    """[rows] the columns of the cheapest way from top to bottom."""
    total = cost.astype(np.float64)
    for row in range(1, len(total)):
        above = np.pad(total[row - 1], 1, constant_values=np.inf)
        total[row] += np.minimum(np.minimum(above[:-2], above[1:-1]), above[2:])
    way = np.empty(len(total), np.intp)
    way[-1] = int(total[-1].argmin())
    for row in range(len(total) - 2, -1, -1):
        low = max(int(way[row + 1]) - 1, 0)
        way[row] = low + int(total[row, low:way[row + 1] + 2].argmin())
    return way
