"""Where a picture is painted anew: soft masks, the same in the latent space, and canvases larger than the picture.

Masks are float32 [height, width], 0 keeps and 1 paints.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.float32]
Picture = NDArray[np.float32]
"""[height, width, channels] float32"""

_HALF = 0.5


@dataclass(frozen=True)
class Edges:
    """How many pixels a canvas grows by, on each side."""

    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0


def hard(mask: Mask) -> Mask:
    """Each pixel kept or painted, nothing between: what inpainting networks were trained with."""
    return (mask >= _HALF).astype(np.float32)


def feathered(mask: Mask, radius: float) -> Mask:
    """The mask with soft edges: blurred like a Gaussian of about `radius` pixels to either side, 0 changes nothing."""
    reach = round(radius / 2)
    if reach < 1:
        return mask
    for axis in (0, 1, 0, 1, 0, 1):          # three boxes along each axis are nearly a Gaussian
        mask = _box(mask, reach, axis)
    return np.clip(mask, 0, 1)


def grown(mask: Mask, radius: int) -> Mask:
    """The mask larger by `radius` pixels on all sides, so that a soft edge lies outside of what was painted."""
    for axis in (0, 1):
        wide = np.pad(mask, [(radius, radius) if axis == other else (0, 0) for other in (0, 1)], mode="edge")
        mask = np.lib.stride_tricks.sliding_window_view(wide, 2 * radius + 1, axis=axis).max(axis=-1)
    return np.asarray(mask, np.float32)


def to_latent(mask: Mask, height: int, width: int) -> Mask:
    """[1, 1, height, width] for the latent space: the pixel at each cell's corner, as PyTorch's "nearest" takes it."""
    rows = np.floor(np.arange(height) * (mask.shape[0] / height)).astype(np.int64)
    columns = np.floor(np.arange(width) * (mask.shape[1] / width)).astype(np.int64)
    return np.ascontiguousarray(mask[rows[:, None], columns])[None, None]


def blended(kept: Picture, painted: Picture, mask: Mask) -> Picture:
    """The picture that was, with what was painted where the mask says."""
    share = mask[:, :, None]
    return kept + share * (painted - kept)


def outpainted(picture: Picture, edges: Edges, overlap: int = 0) -> tuple[Picture, Mask]:
    """A larger canvas with the picture on it, and the mask of what is new, reaching `overlap` pixels into the picture.

    The new margin holds the picture's mirror image, growing smoother outwards: a better start than a flat colour.
    """
    height, width = picture.shape[:2]
    sides = ((edges.top, edges.bottom), (edges.left, edges.right))
    canvas = np.pad(picture, (*sides, (0, 0)), mode="symmetric")
    mask = np.ones(canvas.shape[:2], np.float32)
    reach = [[min(overlap, length // 4) if side else 0 for side in pair]
             for pair, length in zip(sides, (height, width), strict=True)]
    mask[edges.top + reach[0][0]:edges.top + height - reach[0][1],
         edges.left + reach[1][0]:edges.left + width - reach[1][1]] = 0
    smooth = canvas
    for axis in (0, 1, 0, 1):
        smooth = _box(smooth, max(max(edges.left, edges.top, edges.right, edges.bottom) // 4, 1), axis)
    outside = np.ones(canvas.shape[:2], np.float32)
    outside[edges.top:edges.top + height, edges.left:edges.left + width] = 0
    return blended(canvas, smooth, outside), mask


def _box(values: NDArray[np.float32], reach: int, axis: int) -> NDArray[np.float32]:
    """The mean over 2 reach + 1 neighbours along an axis, the edge repeated."""
    widths = [(reach + 1, reach) if axis == other else (0, 0) for other in range(values.ndim)]
    sums = np.cumsum(np.pad(values.astype(np.float64), widths, mode="edge"), axis=axis)
    length = values.shape[axis]
    ahead = np.take(sums, np.arange(length) + 2 * reach + 1, axis=axis)
    return ((ahead - np.take(sums, np.arange(length), axis=axis)) / (2 * reach + 1)).astype(np.float32)
