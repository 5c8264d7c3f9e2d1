"""Signed distance fields: from a bitmap to a field, and between floats and the bytes they are stored as."""

from __future__ import annotations

from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from export.train.glyphs.geometry import OVERSAMPLE, SIZE, SPREAD

_LEVELS: Final = 127.0


def distance_field(ink: NDArray[np.bool_], top: int, left: int, size: int = SIZE) -> NDArray[np.float32]:
    """Field [size, size] in units of the spread, +inside, clamped to -1..1, of a bitmap drawn OVERSAMPLE times finer.

    `top` and `left` place the bitmap's first pixel on the fine grid of the whole frame; ink outside the frame is lost.
    Distances are exact Euclidean ones to the border between pixels, read at the centre of every field pixel.
    """
    margin = int(SPREAD * OVERSAMPLE) + OVERSAMPLE
    # The crop starts on a whole field pixel, so that reading centres below needs no resampling.
    row = (top - margin) // OVERSAMPLE * OVERSAMPLE
    column = (left - margin) // OVERSAMPLE * OVERSAMPLE
    height = -(-(top + ink.shape[0] + margin - row) // OVERSAMPLE) * OVERSAMPLE
    width = -(-(left + ink.shape[1] + margin - column) // OVERSAMPLE) * OVERSAMPLE
    canvas = np.zeros((height, width), np.uint8)
    canvas[top - row : top - row + ink.shape[0], left - column : left - column + ink.shape[1]] = ink
    inside = cv2.distanceTransform(canvas, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    outside = cv2.distanceTransform(1 - canvas, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    # Pixel centres are half a fine pixel away from the border that the transform measures to.
    signed = np.where(canvas > 0, inside - 0.5, 0.5 - outside) / (SPREAD * OVERSAMPLE)
    return _place(_at_centres(signed.astype(np.float32)), row // OVERSAMPLE, column // OVERSAMPLE, size)


def _at_centres(fine: NDArray[np.float32]) -> NDArray[np.float32]:
    """Values at the centres of coarse pixels: the mean of the fine pixels that touch the centre."""
    half = OVERSAMPLE // 2
    near = [fine[a::OVERSAMPLE, b::OVERSAMPLE] for a in (half - 1, half) for b in (half - 1, half)]
    return np.mean(near, axis=0, dtype=np.float32)


def _place(patch: NDArray[np.float32], row: int, column: int, size: int) -> NDArray[np.float32]:
    """The patch in a frame that is otherwise as far outside as the spread can tell."""
    frame = np.full((size, size), -1.0, np.float32)
    top, left = max(row, 0), max(column, 0)
    bottom, right = min(row + patch.shape[0], size), min(column + patch.shape[1], size)
    if bottom > top and right > left:
        frame[top:bottom, left:right] = patch[top - row : bottom - row, left - column : right - column]
    return np.clip(frame, -1.0, 1.0, out=frame)


def to_bytes(field: NDArray[np.float32]) -> NDArray[np.int8]:
    """Store a field as int8: 0.08 field pixels a step."""
    return np.rint(field * _LEVELS).astype(np.int8)


def from_bytes(stored: NDArray[np.int8]) -> NDArray[np.float32]:
    """Undo `to_bytes`."""
    return stored.astype(np.float32) / np.float32(_LEVELS)
