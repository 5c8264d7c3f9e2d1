"""Changes a whole face as a type designer would: width, slant, weight, contrast and x-height, alphabet-wide."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from export.train.glyphs.geometry import BASELINE, CAP_HEIGHT, CHARACTERS, ORIGIN, SIZE, SPREAD

_SLANTED, _CONTRASTED, _RESTACKED = 0.4, 0.6, 0.6
"""Shares of changed faces whose slant, contrast and x-height change."""

_ASCENT = 1.05
"""Above this height (in cap heights) a changed x-height no longer moves anything."""


@dataclass(frozen=True)
class Change:
    """One change of a face. The defaults change nothing."""

    width: float = 1.0
    slant: float = 0.0
    growth: float = 0.0
    upright: float = 0.0
    lower: float = 1.0

    @staticmethod
    def random(rng: np.random.Generator) -> Change:
        """A change that leaves a face a plausible face: growths in field pixels a side, slant as a tangent."""
        slant = float(rng.uniform(-0.06, 0.24)) if rng.random() < _SLANTED else 0.0
        upright = float(rng.uniform(-0.7, 1.6)) if rng.random() < _CONTRASTED else 0.0
        lower = float(rng.uniform(0.9, 1.12)) if rng.random() < _RESTACKED else 1.0
        return Change(float(np.exp(rng.uniform(-0.2, 0.2))), slant, float(rng.uniform(-0.6, 1.3)), upright, lower)


def change_of(item: int, round_: int) -> Change:
    """The change of one face in one round of augmentation; round 0 is the face itself."""
    return Change() if round_ == 0 else Change.random(np.random.default_rng([7, round_, item]))


def changed_advances(advances: NDArray[np.float32], change: Change) -> NDArray[np.float32]:
    """Advances in cap heights under a change."""
    grown = 2.0 * (change.growth + change.upright) / CAP_HEIGHT
    return (advances * change.width + grown).astype(np.float32)


def warp(field: NDArray[np.float32], change: Change, x_height: float = 0.0) -> NDArray[np.float32]:
    """The field [128, 128] under a change; growing keeps cap height and baseline where they are.

    `x_height` in cap heights is given for the glyphs that follow it (lower case), else 0.
    """
    if x_height and change.lower != 1.0:
        field = _restack(field, x_height, change.lower)
    moved = _affine(field, change)
    grow = np.float32(change.growth)
    if change.upright:
        # A sideways step moves an edge by the share of its normal that points sideways.
        slope = np.abs(cv2.Sobel(moved, cv2.CV_32F, 1, 0, ksize=3)) * np.float32(SPREAD / 8.0)
        grow = grow + np.float32(change.upright) * np.minimum(slope, 1.0)
    # Where the field is clamped the true distance is unknown and the background must stay background.
    grow = grow * np.clip((moved + 1.0) / np.float32(0.3), 0.0, 1.0)
    return np.clip(moved + grow / np.float32(SPREAD), -1.0, 1.0)


def _affine(field: NDArray[np.float32], change: Change) -> NDArray[np.float32]:
    """Width, slant, and room for the growth; pixel edges are the coordinates, hence the halves."""
    side = change.growth + change.upright
    tall = (CAP_HEIGHT - 2.0 * change.growth) / CAP_HEIGHT
    base = BASELINE - change.growth
    a, b = 1.0 / change.width, change.slant / change.width
    matrix = np.array(
        [
            [a, b, ORIGIN - a * (ORIGIN + side) - b * base + 0.5 * (a + b - 1.0)],
            [0.0, 1.0 / tall, BASELINE - base / tall + 0.5 * (1.0 / tall - 1.0)],
        ]
    )
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    moved: NDArray[np.float32] = cv2.warpAffine(
        field, matrix, (SIZE, SIZE), flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=-1.0
    )
    return moved


def _restack(field: NDArray[np.float32], x_height: float, factor: float) -> NDArray[np.float32]:
    """Stretch the rows from baseline to x-height, and squeeze those above by as much."""
    ascent = max(_ASCENT, x_height * factor + 0.15)
    knots = np.array([-2.0, 0.0, x_height * factor, ascent, 4.0])
    sources = np.array([-2.0, 0.0, x_height, ascent, 4.0])
    heights = (BASELINE - (np.arange(SIZE) + 0.5)) / CAP_HEIGHT
    rows = BASELINE - np.interp(heights, knots, sources) * CAP_HEIGHT - 0.5
    rows = np.clip(rows, 0, SIZE - 1)
    low = np.minimum(rows.astype(np.int64), SIZE - 2)
    share = (rows - low).astype(np.float32)[:, None]
    return field[low] * (1.0 - share) + field[low + 1] * share


def x_height_of(field_of_x: NDArray[np.int8]) -> float:
    """Height of the letter x in cap heights, from its stored field."""
    inked = np.flatnonzero((field_of_x > 0).any(1))
    return float(BASELINE - inked[0]) / CAP_HEIGHT if len(inked) else 0.7


FOLLOWS_X_HEIGHT = np.array([character.islower() for character in CHARACTERS])
"""Which characters a changed x-height changes."""
