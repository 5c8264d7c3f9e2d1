"""Noise on a torus: spectral noise by FFT and Voronoi cells of jittered lattices; everything closes at the edges."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from export.train.textures.classes import Field

Size = tuple[int, int]
"""Height and width in pixels."""


def smooth(low: float, high: float, value: Field) -> Field:
    """0 below `low`, 1 above `high`, Hermite between."""
    t = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def spectral(rng: np.random.Generator, size: Size, wave: tuple[float, float], slope: float = 1.6) -> Field:
    """Noise of mean 0 and deviation 1 whose longest waves are `wave` pixels down and across.

    Amplitudes fall with frequency to the power `slope` above the corner, and vanish below it; large slopes are smooth.
    """
    height, width = size
    down = np.fft.fftfreq(height)[:, None] * wave[0]
    across = np.fft.rfftfreq(width)[None] * wave[1]
    radius = np.hypot(down, across)
    gain = np.where(radius < 0.5, radius * 2, 1.0) / np.maximum(radius, 0.5) ** slope  # noqa: PLR2004 - the corner
    gain[0, 0] = 0
    spectrum = np.fft.rfft2(rng.standard_normal(size)) * gain
    field = np.fft.irfft2(spectrum, s=size)
    return np.asarray(field / (field.std() + 1e-9), np.float32)


def band(rng: np.random.Generator, size: Size, wave: float) -> Field:
    """Noise of mean 0 and deviation 1 whose waves are all about `wave` pixels long."""
    height, width = size
    radius = np.hypot(np.fft.fftfreq(height)[:, None], np.fft.rfftfreq(width)[None]) * wave
    spectrum = np.fft.rfft2(rng.standard_normal(size)) * np.exp(-((radius - 1) / 0.35) ** 2)
    field = np.fft.irfft2(spectrum, s=size)
    return np.asarray(field / (field.std() + 1e-9), np.float32)


@dataclass(frozen=True)
class Cells:
    """Voronoi cells: per pixel the cell's number, and pixels to its border and its centre."""

    number: NDArray[np.intp]
    border: Field
    centre: Field
    count: int

    def each(self, rng: np.random.Generator) -> Field:
        """A number 0..1 for each cell, looked up."""
        return rng.random(self.count).astype(np.float32)[self.number]


def voronoi(rng: np.random.Generator, x: Field, y: Field, lattice: Size, jitter: float, *,
            staggered: bool = False) -> Cells:
    """Cells of a `lattice` (rows, columns) of points over the torus, each moved by up to `jitter` of half a cell.

    `x` and `y` are where each pixel looks, in pixels, beyond the edges too; border distances are exact.
    """
    (height, width), (rows, columns) = x.shape, lattice
    moved = rng.uniform(-0.5, 0.5, (rows, columns, 2)).astype(np.float32) * np.float32(jitter)
    step_y, step_x = height / rows, width / columns
    row, column = np.floor(y / step_y).astype(np.intp), np.floor(x / step_x).astype(np.intp)
    around = [(i, j) for i in range(-2, 3) for j in range(-2, 3)]
    dx, dy = np.empty((2, len(around), *x.shape), np.float32)
    number = np.empty((len(around), *x.shape), np.intp)
    for place, (i, j) in enumerate(around):
        r, c = row + i, column + j
        wrapped = np.mod(r, rows) * columns + np.mod(c, columns)
        shift = moved.reshape(-1, 2)[wrapped]
        lean = 0.5 * np.mod(r, 2) if staggered else 0.0
        dx[place] = (c + 0.5 + lean - (0.25 if staggered else 0.0) + shift[..., 0]) * step_x - x
        dy[place] = (r + 0.5 + shift[..., 1]) * step_y - y
        number[place] = wrapped
    far = dx * dx + dy * dy
    nearest = far.argmin(axis=0)[None]
    near_x, near_y = (np.take_along_axis(part, nearest, 0) for part in (dx, dy))
    apart = np.sqrt((dx - near_x) ** 2 + (dy - near_y) ** 2)
    np.put_along_axis(apart, nearest, 1e9, 0)
    towards = ((dx + near_x) * (dx - near_x) + (dy + near_y) * (dy - near_y)) / (2 * apart)
    np.put_along_axis(towards, nearest, 1e9, 0)
    return Cells(np.take_along_axis(number, nearest, 0)[0], towards.min(axis=0),
                 np.sqrt(np.take_along_axis(far, nearest, 0)[0]), rows * columns)
