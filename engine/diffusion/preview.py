"""A look at a picture while it forms, without the decoder: each latent cell becomes one pixel by a small matrix.

For latent spaces that are widely known the matrices are written down; for any other, and where they prove wrong, one
is fitted by least squares to a latent and its decoded picture. Before that its three strongest components serve as
colours.
"""

from __future__ import annotations

from types import MappingProxyType

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Matrix = NDArray[np.float32]
"""[channels + 1, 3] float32: what each channel adds to red, green and blue (-1 .. 1), and an offset."""

_SD1 = ((0.298, 0.207, 0.208), (0.187, 0.286, 0.173), (-0.158, 0.189, 0.264), (-0.184, -0.271, -0.473), (0, 0, 0))
_SDXL = ((0.3920, 0.4054, 0.4549), (-0.2634, -0.0196, 0.0653), (0.0568, 0.1687, -0.0755), (-0.3112, -0.2359, -0.2076),
         (0, 0, 0))
KNOWN = MappingProxyType({"sd1": np.array(_SD1, np.float32), "sd2": np.array(_SD1, np.float32),
                          "sdxl": np.array(_SDXL, np.float32)})
"""Kind of package -> the matrix of its latent space (values that users of these models fitted and published)."""


def pictured(latent: NDArray[np.float32], matrix: Matrix | None = None) -> NDArray[np.uint8]:
    """[height, width, 3] of a latent [1, channels, height, width]; without a matrix, its strongest components."""
    cells = np.moveaxis(latent[0], 0, -1)
    if matrix is None or len(matrix) != cells.shape[-1] + 1:
        return _bytes(_components(cells))
    return _bytes(np.asarray(cells @ matrix[:-1] + matrix[-1], np.float32))


def fitted(latent: NDArray[np.float32], picture: NDArray[np.float32]) -> Matrix:
    """The matrix that comes nearest to a decoded picture [1, 3, height * k, width * k] (-1 .. 1), by least squares.

    A little ridge keeps it tame where the latent has fewer different cells than numbers to find.
    """
    cells, small = _pairs(latent, picture)
    channels = latent.shape[1]
    ridge = 1e-3 * cells.shape[1] * np.diag([1.0] * channels + [0.0])
    found = np.linalg.solve(cells @ cells.T + ridge, cells @ small.T)
    return np.asarray(found, np.float32)


def agreement(latent: NDArray[np.float32], picture: NDArray[np.float32], matrix: Matrix) -> float:
    """How much of a decoded picture's variation the matrix explains: 1 all of it, 0 or less nothing."""
    cells, small = _pairs(latent, picture)
    if len(matrix) != len(cells):
        return 0.0
    left = np.square(small - matrix.T.astype(np.float64) @ cells).sum()
    there = np.square(small - small.mean(axis=1, keepdims=True)).sum()
    return float(1 - left / there) if there > 0 else 1.0


def _pairs(latent: NDArray[np.float32], picture: NDArray[np.float32]) -> tuple[Numbers, Numbers]:
    """[channels + 1, cells] the latent and ones; [3, cells] the mean colours of what each cell became."""
    channels, height, width = latent.shape[1:]
    scale_y, scale_x = picture.shape[2] // height, picture.shape[3] // width
    small = picture[0].reshape(3, height, scale_y, width, scale_x).mean(axis=(2, 4))
    cells = np.concatenate((latent[0].reshape(channels, -1), np.ones((1, height * width))), axis=0)
    return cells.astype(np.float64), small.reshape(3, -1).astype(np.float64)


def _components(cells: NDArray[np.float32]) -> NDArray[np.float32]:
    """Brightness from the strongest component and two colour differences from the next, each within about -1 .. 1."""
    height, width, channels = cells.shape
    flat = cells.reshape(-1, channels).astype(np.float64)
    flat = flat - flat.mean(axis=0)
    _, axes = np.linalg.eigh(flat.T @ flat)
    axes = axes[:, ::-1][:, :3]
    # An axis and its opposite are equally good; the larger part of each points up, so that steps do not flicker.
    axes = axes * np.sign(axes[np.argmax(np.abs(axes), axis=0), np.arange(axes.shape[1])])
    parts = flat @ axes
    parts = parts / np.maximum(np.std(parts[:, :1]), 1e-6) / 2
    parts = np.pad(parts, ((0, 0), (0, max(0, 3 - parts.shape[1]))))
    mix = np.array([[1, 1, 1], [0.6, 0, -0.6], [-0.3, 0.6, -0.3]])
    return np.asarray((parts @ mix).reshape(height, width, 3), np.float32)


def _bytes(values: NDArray[np.float32]) -> NDArray[np.uint8]:
    """-1 .. 1 as 0 .. 255; what is no number is middle grey."""
    return np.asarray(np.clip(np.nan_to_num(values) * 127.5 + 127.5, 0, 255).round(), np.uint8)
